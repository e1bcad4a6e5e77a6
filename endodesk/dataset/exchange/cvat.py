"""CVAT for images 1.1: classes and marks as tags, outlines as polygons, in XML."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat  # entities and DTDs are refused, see _Reader
from xml.sax.saxutils import escape, quoteattr

from endodesk.dataset.exchange.holding import LABEL, VERDICT, Holds, held_acts
from endodesk.dataset.exchange.incoming import IncomingActs, OneLabelAFrame, act_of, bytes_of, label_act, refused_as, told_of
from endodesk.domain.acts import LONGEST_VALUE, OUTLINES, SAID_OF_FRAMES, Act, PortableFrame, PortableRecord
from endodesk.domain.errors import BadRequest
from endodesk.system.task import TaskContext

CVAT_HOLDS = Holds(SAID_OF_FRAMES | OUTLINES)
_ATTRIBUTES = ("kind", "value", "reader", "at", "blind", "model", "answer", "sha256")
_DEEPEST = 12
_SHAPES = frozenset({"tag", "polygon"})
_LINE_ENDS = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def write_cvat(record: PortableRecord, path: Path, task: TaskContext) -> None:
    """One file, as CVAT imports annotations for frames of the same names."""
    held: dict[str, list[Act]] = {}
    for act in held_acts(record, CVAT_HOLDS):
        held.setdefault(act.sha256, []).append(act)
    names = dict.fromkeys([*record.classes, *(_tag(act) for acts in held.values() for act in acts)])
    with path.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n')
        stream.writelines(_meta(record, names))
        for n, frame in enumerate(record.frames):
            task.report(n, len(record.frames), "writing")
            stream.writelines(_image(n, frame, held.get(frame.sha256, [])))
        stream.write("</annotations>\n")


def labels_of(record: PortableRecord) -> str:
    """What a task of CVAT must know for the file to be taken, as its page for labels reads it."""
    attributes = [{"name": name, "mutable": False, "input_type": "text", "values": [""]} for name in _ATTRIBUTES]
    tags = [*record.classes, *sorted(SAID_OF_FRAMES - {LABEL, VERDICT})]
    labels = [{"name": name, "type": "tag", "attributes": attributes} for name in tags]
    labels += [{"name": name, "type": "polygon", "attributes": attributes} for name in sorted(OUTLINES)]
    return json.dumps(labels)


def _meta(record: PortableRecord, names: Iterable[str]) -> Iterator[str]:
    yield f"<meta><task><name>{_text(record.name)}</name><size>{len(record.frames)}</size><labels>\n"
    for name in names:
        yield f"<label><name>{_text(name)}</name><type>{'polygon' if name in OUTLINES else 'tag'}</type><attributes>"
        for attribute in _ATTRIBUTES:
            yield f"<attribute><name>{attribute}</name><mutable>False</mutable><input_type>text</input_type>"
            yield "<default_value></default_value><values></values></attribute>"
        yield "</attributes></label>\n"
    yield "</labels></task></meta>\n"


def _image(number: int, frame: PortableFrame, acts: list[Act]) -> Iterator[str]:
    yield f'<image id="{number}" name={_quoted(frame.file)} width="{frame.width}" height="{frame.height}">\n'
    for act in acts:
        corners = act.drawn if act.kind in OUTLINES else None
        attributes = "".join(
            f'<attribute name="{name}">{_text(value)}</attribute>' for name, value in {**told_of(act), "sha256": frame.sha256}.items()
        )
        if corners:
            points = ";".join(f"{x * frame.width:.2f},{y * frame.height:.2f}" for x, y in corners)
            yield f'<polygon label="{act.kind}" source="manual" occluded="0" points="{points}" z_order="0">{attributes}</polygon>\n'
        else:  # also an outline that is not there, or is to be found: CVAT has no polygon without corners
            yield f'<tag label={_quoted(_tag(act))} source="manual">{attributes}</tag>\n'
    yield "</image>\n"


def _tag(act: Act) -> str:
    return act.value if act.kind == LABEL else act.kind


def _text(text: str) -> str:
    return escape(_possible(text), _LINE_ENDS)


def _quoted(text: str) -> str:
    return quoteattr(_possible(text), _LINE_ENDS)


def _possible(text: str) -> str:
    """XML has no way to write most control characters, nor names that are no text."""
    return "".join(
        c if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff") else "\ufffd" for c in text
    )


def read_cvat(path: Path, _classes: tuple[str, ...], task: TaskContext) -> IncomingActs:
    """Ours whole; of others the class of each frame that has one tag. Boxes and polygons of others are passed over. BadRequest."""
    with refused_as(path, "CVAT file"):
        reader = _Reader(task)
        reader.read(bytes_of(path))
        return IncomingActs("CVAT", (*reader.acts, *reader.others.acts()), reader.others.told())


class _Reader:
    """Hears of one element after the other. A DTD, and with it every entity, is refused: a few lines can stand for gigabytes."""

    def __init__(self, task: TaskContext) -> None:
        self.acts: list[Act] = []
        self.others = OneLabelAFrame()
        self._task, self._depth, self._images = task, 0, 0
        self._image: dict[str, str] = {}
        self._shape: dict[str, str] = {}
        self._label = ""
        self._attribute: str | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._hear

    def read(self, data: bytes) -> None:
        """BadRequest if it is no XML, has a DTD, or is nested too deep."""
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise BadRequest(f"it is no XML: {error}") from error
        if not self._images:
            raise BadRequest("it lists no images")

    def _refuse(self, *_: Any) -> None:
        raise BadRequest("it declares a document type or entities, which no file of CVAT does")

    def _begin(self, name: str, told: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadRequest("its elements are nested deeper than CVAT's")
        if name == "image":
            self._images += 1
            self._task.raise_if_cancelled()
            self._image = told
        elif name in _SHAPES and self._image:
            self._shape, self._label = {}, told.get("label", "")
        elif name == "attribute" and self._image:
            self._attribute = told.get("name", "")
            self._shape[self._attribute] = ""

    def _hear(self, text: str) -> None:
        if self._attribute is not None:
            self._shape[self._attribute] += text
            if len(self._shape[self._attribute]) > LONGEST_VALUE:
                raise BadRequest("a text in it is too long to be what a reader said")

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name == "image":
            self._image = {}
        elif name == "attribute":
            self._attribute = None
        elif name in _SHAPES and self._image:
            self._take(name)

    def _take(self, shape: str) -> None:
        width, height = (int(self._image.get(name) or 0) for name in ("width", "height"))
        frame = PortableFrame(self._image.get("name", ""), self._shape.get("sha256", ""), "", width, height)
        if "kind" in self._shape:
            self.acts.append(act_of(dict(self._shape), frame))
        elif shape == "tag":
            self.others.add(f"{self._images}", self._label, label_act(self._label, frame))
