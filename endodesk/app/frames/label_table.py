"""A table of labels, as predictions.csv is one: which frames of a folder it labels, and how."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.frames.frame_names import FrameNames
from endodesk.dataset.csv_table import Asked, Table, TableRow, read_tables
from endodesk.domain.errors import BadRequest
from endodesk.domain.label_set import LabelSet

_Places = list[tuple[int | str | None, str | None]]
FILE, LABEL = "file", "label"
"""Columns of a table of labels; others are let be."""


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """What one row says."""

    line: int
    name: str
    """As the table has it."""
    label: str
    row: int | None
    """Of the frame; None if there is none of this name."""


@dataclass(frozen=True, slots=True)
class LabelTable:
    """Rows with a label, and what the table was read as."""

    rows: tuple[LabelledRow, ...]
    told: str
    """A sentence."""
    without: int
    """Rows without a label: they say nothing."""


def read_labels(path: Path, frames: FrameRows, classes: LabelSet) -> LabelTable:
    """The table, read so that most of its names are those of frames.

    BadRequest with a sentence that names the line: it is no such table, names what is no class, or a name that may be one frame or another.
    """
    names, known = FrameNames(frames), {_written(word): classes.class_of(word) for word in classes.words}
    best: Table | None = None
    score, places, sure = (-1, -1), _Places(), True
    for table in read_tables(path, Asked("table of labels", (FILE, LABEL), names.is_name)):
        found = _places(table, names, known)
        fits = sum(frame is not None and name is not None for frame, name in found), sum(name is not None for _, name in found)
        if fits > score:
            best, score, places, sure = table, fits, found, True
        elif fits == score and found != places:
            sure = False
    if best is None or not sure:
        raise BadRequest(f"It is not sure in which encoding {path.name} is: its names mean other frames in each. Save it as UTF-8.")
    return _meant(best, names, known)


def _meant(table: Table, names: FrameNames, known: Mapping[str, str]) -> LabelTable:
    rows = [_row(table.name, row, names, known) for row in table.rows if _written(row.cells[LABEL])]
    return LabelTable(tuple(rows), table.told, len(table.rows) - len(rows))


def _row(table: str, row: TableRow, names: FrameNames, known: Mapping[str, str]) -> LabelledRow:
    name, label = row.cells[FILE], known.get(_written(row.cells[LABEL]))
    if label is None:
        classes = ", ".join(dict.fromkeys(known.values()))
        raise BadRequest(
            f"{table}, line {row.line}: {row.cells[LABEL]!r} is not a class of this project ({classes}). Nothing was labelled."
        )
    if not name.strip():
        raise BadRequest(f"{table}, line {row.line}: there is a label, but no file. Nothing was labelled.")
    try:
        return LabelledRow(row.line, name, label, names.row_of(name))
    except BadRequest as error:
        raise BadRequest(f"{table}, line {row.line}: {error}. Nothing was labelled.") from error


def _places(table: Table, names: FrameNames, known: Mapping[str, str]) -> _Places:
    """Frame and class of each row, as far as there are such."""
    found = _Places()
    for row in table.rows:
        name = row.cells[FILE]
        try:
            frame: int | str | None = names.row_of(name)
        except BadRequest:  # two frames of this name
            frame = name
        label = _written(row.cells[LABEL])
        found.append((frame, known.get(label) if label else ""))
    return found


def _written(name: str) -> str:
    """A class's name without spaces around it, its accents as one letter."""
    return unicodedata.normalize("NFC", name).strip()
