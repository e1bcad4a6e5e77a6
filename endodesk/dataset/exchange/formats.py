"""All formats: what each holds, how it is written, and which of them a file is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from endodesk.dataset.exchange.coco import COCO_HOLDS, read_coco, write_coco
from endodesk.dataset.exchange.croissant import CARD, read_croissant, write_croissant
from endodesk.dataset.exchange.csv_acts import read_csv, write_csv
from endodesk.dataset.exchange.cvat import CVAT_HOLDS, labels_of, read_cvat, write_cvat
from endodesk.dataset.exchange.holding import Holds, held_acts, left_out
from endodesk.dataset.exchange.incoming import IncomingActs, json_of, refused_as
from endodesk.dataset.exchange.label_studio import LABEL_STUDIO_HOLDS, interface_of, read_label_studio, write_label_studio
from endodesk.dataset.exchange.picture_folders import (
    FOLDERS_HOLD,
    folders_left_out,
    read_folders,
    write_folders,
    write_hyper_kvasir,
    write_kvasir,
)
from endodesk.domain.acts import PortableRecord
from endodesk.domain.errors import BadRequest
from endodesk.system.atomic import folder_asked_for, whole_file
from endodesk.system.os_errors import reason_of
from endodesk.system.plain_files import open_plain
from endodesk.system.private import share_as_usual, share_folder_as_usual
from endodesk.system.task import TaskContext

LEFT_OUT = "left-out.txt"
_LOOKED_AT = 4096


@dataclass(frozen=True, slots=True)
class ExchangeFormat:
    """One way to write a record."""

    key: str
    """As the command line names it."""
    title: str
    ending: str
    """Of its file; empty for a folder."""
    holds: Holds
    write: Callable[[PortableRecord, Path, TaskContext], None]
    copies: bool = False
    """Whether it holds copies of the frames itself."""
    more_left_out: Callable[[PortableRecord], list[str]] = lambda _: []
    advice: Callable[[PortableRecord], str] = lambda _: ""
    """A sentence for whoever takes the file to the other program."""

    def left_out(self, record: PortableRecord) -> list[str]:
        """A sentence on each thing of the record that this format has no room for; none if it holds all."""
        return [*left_out(record, self.holds, held_acts(record, self.holds)), *self.more_left_out(record)]


EVERYTHING = Holds(everything=True)
# Why: docs/decisions/dataset.md 16
FORMATS = {
    one.key: one
    for one in (
        ExchangeFormat("csv", "CSV", ".csv", EVERYTHING, write_csv),
        ExchangeFormat("folders", "Class folders", "", FOLDERS_HOLD, write_folders, True, folders_left_out),
        ExchangeFormat("coco", "COCO", ".json", COCO_HOLDS, write_coco),
        ExchangeFormat(
            "labelstudio",
            "Label Studio",
            ".json",
            LABEL_STUDIO_HOLDS,
            write_label_studio,
            advice=lambda record: f"Labelling interface for Label Studio: {interface_of(record)}",
        ),
        ExchangeFormat(
            "cvat",
            "CVAT",
            ".xml",
            CVAT_HOLDS,
            write_cvat,
            advice=lambda record: f"Labels for CVAT (constructor, Raw), before this file is uploaded: {labels_of(record)}",
        ),
        ExchangeFormat("croissant", "Croissant", "", EVERYTHING, write_croissant),
        ExchangeFormat("kvasir", "Kvasir", "", FOLDERS_HOLD, write_kvasir, True, folders_left_out),
        ExchangeFormat("hyperkvasir", "HyperKvasir", "", FOLDERS_HOLD, write_hyper_kvasir, True, folders_left_out),
    )
}


def format_named(key: str) -> ExchangeFormat:
    """BadRequest naming those there are."""
    if key not in FORMATS:
        raise BadRequest(f"There is no format {key!r}; choose one of: {', '.join(FORMATS)}, pack.")
    return FORMATS[key]


def check_out(out: Path, ending: str) -> None:
    """For a file with that ending, or a folder if it is empty.

    BadRequest if there is something in that place, or no folder to make it in: before minutes of work.
    """
    there = out if ending or not out.is_dir() else next(out.iterdir(), None)
    if there is not None and (there.exists() or there.is_symlink()):
        raise BadRequest(f"{out} is there already; nothing is written over it. Name another place.")
    if not out.absolute().parent.is_dir():
        raise BadRequest(f"There is no folder {out.absolute().parent}. Make it, or name another place.")
    if ending and _beside(out).exists():
        raise BadRequest(f"{_beside(out)} is there already, of an earlier export; move it away, or name another place.")


def write_export(record: PortableRecord, form: ExchangeFormat, out: Path, task: TaskContext) -> list[str]:
    """Write the record; what the format has no room for comes back, and stands in a text beside it or in its folder.

    It appears whole or not at all. BadRequest as `check_out`, or if it cannot be written; UnreadableImage, Cancelled.
    """
    check_out(out, form.ending)
    told = form.left_out(record)
    text = left_out_text(record, form, told)
    if not form.ending:
        with folder_asked_for(out, "The export") as beside:
            form.write(record, beside, task)
            (beside / LEFT_OUT).write_text(text, "utf-8", errors="replace")
        share_folder_as_usual(out)
        return told
    try:
        with whole_file(_beside(out)) as words, whole_file(out) as beside:
            words.write_text(text, "utf-8", errors="replace")
            form.write(record, beside, task)
    except OSError as error:
        raise BadRequest(f"The export cannot be written to {out}: {reason_of(error)}.") from error
    share_as_usual(out)
    share_as_usual(_beside(out))
    return told


def _beside(out: Path) -> Path:
    return out.with_name(f"{out.name}.{LEFT_OUT}")


def left_out_text(record: PortableRecord, form: ExchangeFormat, told: Sequence[str]) -> str:
    """What stands beside an export: what the format had no room for, and what to do in the other program."""
    head = f"{record.name}: {len(record.frames):,} frames, {len(record.acts):,} acts of readers, as {form.title}."
    missing = ["What is not in it, though it is in the project:", *(f"- {one}" for one in told)] if told else ["Nothing was left out."]
    return "\n".join(filter(None, [head, "", *missing, "", form.advice(record)])) + "\n"


def read_import(path: Path, classes: tuple[str, ...], task: TaskContext) -> IncomingActs:
    """What a file or a folder of any of the formats says. BadRequest with a sentence if it is none, damaged or hostile; Cancelled."""
    if path.is_dir():
        return (read_croissant if (path / CARD).is_file() else read_folders)(path, classes, task)
    return _reader_of(path)(path, classes, task)


_Reader = Callable[[Path, tuple[str, ...], TaskContext], IncomingActs]


def _reader_of(path: Path) -> _Reader:
    try:
        with open_plain(path) as stream:
            beginning = stream.read(_LOOKED_AT).lstrip(b"\xef\xbb\xbf \t\r\n")
    except (OSError, ValueError) as error:
        raise BadRequest(f"{path} cannot be read: {reason_of(error)}.") from error
    if beginning.startswith(b"<"):
        return read_cvat
    if not beginning.startswith((b"[", b"{")):
        return read_csv
    with refused_as(path, "JSON file of COCO, Label Studio or Croissant"):
        told = json_of(path)
        if isinstance(told, list):
            return read_label_studio
        if "annotations" in told and "images" in told:
            return read_coco
        if "distribution" in told:
            return read_croissant
        raise BadRequest("it has neither images and annotations, nor tasks, nor a distribution")
