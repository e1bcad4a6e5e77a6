"""Label Studio: a task a frame, an annotation a reader."""

from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from endodesk.dataset.exchange.holding import LABEL, VERDICT, Holds, held_acts
from endodesk.dataset.exchange.incoming import (
    IncomingActs,
    OneLabelAFrame,
    act_of,
    frame_in,
    json_of,
    refused_as,
    text_in,
    time_in,
    time_text,
    told_of,
    write_json,
)
from endodesk.domain.acts import OUTLINES, SAID_OF_FRAMES, Act, PortableFrame, PortableRecord
from endodesk.domain.images import IMAGE_SUFFIXES
from endodesk.domain.reviews import AnnotationKind
from endodesk.system.task import TaskContext

LABEL_STUDIO_HOLDS = Holds((SAID_OF_FRAMES - {VERDICT}) | OUTLINES, each_reader=True)
_NOTE = str(AnnotationKind.NOTE)


def write_label_studio(record: PortableRecord, path: Path, task: TaskContext) -> None:
    """One file of tasks with their annotations, as Label Studio imports them."""
    held: dict[str, list[Act]] = {}
    for act in held_acts(record, LABEL_STUDIO_HOLDS):
        held.setdefault(act.sha256, []).append(act)
    tasks = []
    for n, frame in enumerate(record.frames, 1):
        task.report(n, len(record.frames), "writing")
        tasks.append(_task(n, frame, held.get(frame.sha256, [])))
    write_json(path, tasks)


def interface_of(record: PortableRecord) -> str:
    """The labelling interface to be pasted into Label Studio's settings, in one line."""
    from xml.sax.saxutils import quoteattr

    choices = "".join(f"<Choice value={quoteattr(name)}/>" for name in record.classes)
    marks = "".join(f"<Choice value={quoteattr(kind)}/>" for kind in sorted(SAID_OF_FRAMES - {LABEL, VERDICT, _NOTE}))
    outlines = "".join(f"<Label value={quoteattr(kind)}/>" for kind in sorted(OUTLINES))
    return (
        f'<View><Image name="image" value="$image"/><Choices name="label" toName="image">{choices}</Choices>'
        f'<Choices name="marks" toName="image" choice="multiple">{marks}</Choices><TextArea name="note" toName="image"/>'
        f'<PolygonLabels name="outline" toName="image">{outlines}</PolygonLabels></View>'
    )


def _task(number: int, frame: PortableFrame, acts: list[Act]) -> dict[str, Any]:
    data = {"image": frame.file, "sha256": frame.sha256, "width": frame.width, "height": frame.height, "case": frame.case}
    by_reader = sorted(acts, key=lambda act: act.reader)
    annotations = [_annotation(list(own)) for _, own in groupby(by_reader, key=lambda act: act.reader)]
    return {"id": number, "data": data, "annotations": annotations}


def _annotation(acts: list[Act]) -> dict[str, Any]:
    """What one reader says of a frame. Who that is stands in `meta`: `completed_by` takes accounts of that Label Studio alone."""
    times = [act.at for act in acts if act.at]
    told: dict[str, Any] = {"was_cancelled": False, "result": [_result(act) for act in acts]}
    return {**told, "created_at": time_text(max(times))} if times else told


def _result(act: Act) -> dict[str, Any]:
    told: dict[str, Any] = {"to_name": "image", "original_width": act.width, "original_height": act.height, "meta": told_of(act)}
    if act.kind == LABEL:
        return {**told, "from_name": "label", "type": "choices", "value": {"choices": [act.value]}}
    if act.kind == _NOTE:
        return {**told, "from_name": "note", "type": "textarea", "value": {"text": [act.value]}}
    if act.kind in OUTLINES:
        points = [[100 * x, 100 * y] for x, y in act.drawn or ()]
        value = {"points": points, "closed": True, "polygonlabels": [act.kind]}
        return {**told, "from_name": "outline", "type": "polygonlabels", "value": value}
    return {**told, "from_name": "marks", "type": "choices", "value": {"choices": [act.kind] if act.value else []}}


def read_label_studio(path: Path, _classes: tuple[str, ...], task: TaskContext) -> IncomingActs:
    """Ours whole; of others the one choice of each annotation as its annotator's label. BadRequest."""
    with refused_as(path, "Label Studio file"):
        told = json_of(path)
        acts: list[Act] = []
        others = OneLabelAFrame()
        for n, one in enumerate(told, 1):
            task.report(n, len(told), "reading")
            data = one["data"]
            frame = frame_in(data, _file_in(data))
            for place, annotation in enumerate(one.get("annotations") or []):
                for result in annotation["result"] if not annotation.get("was_cancelled") else []:
                    given = result.get("meta")
                    if isinstance(given, dict) and "kind" in given:
                        acts.append(act_of(given, frame))
                    elif result.get("type") == "choices":
                        for choice in result["value"]["choices"]:
                            said = {"kind": LABEL, "value": choice, "reader": _annotator(annotation)}
                            act = act_of(said | {"at": time_text(time_in(annotation, "created_at"))}, frame)
                            others.add(f"{n} {place}", choice, act)
        return IncomingActs("Label Studio", (*acts, *others.acts()), others.told())


def _file_in(data: dict[str, Any]) -> str:
    """The frame's name, whatever the interface calls it; an upload's number before it is Label Studio's own."""
    texts = [value for value in (data.get("image"), *data.values()) if isinstance(value, str)]
    name = next((text for text in texts if PurePosixPath(text).suffix.lower() in IMAGE_SUFFIXES), text_in(data, "image"))
    return name.partition("/data/local-files/?d=")[2] or name


def _annotator(annotation: dict[str, Any]) -> str:
    who = annotation.get("completed_by")
    if isinstance(who, dict):
        return text_in(who, "email") or " ".join(filter(None, (text_in(who, "first_name"), text_in(who, "last_name"))))
    return f"annotator {who}" if type(who) is int else ""
