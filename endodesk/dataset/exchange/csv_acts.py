"""CSV: one row an act, all of them."""

import re
from collections.abc import Iterator
from pathlib import Path

from endodesk.dataset.csv_table import Asked, TableRow, for_spreadsheets, read_table, write_table
from endodesk.dataset.exchange.incoming import IncomingActs, label_act, time_in, time_text
from endodesk.domain.acts import Act, PortableFrame, PortableRecord
from endodesk.domain.errors import BadRequest
from endodesk.domain.reviews import YES
from endodesk.system.task import TaskContext

COLUMNS = (
    "file", "sha256", "kind", "value", "reader", "at", "blind", "model", "answer", "case", "revoked_at", "revoked_by", "width", "height",
)  # fmt: skip
_DEFUSED = re.compile(r"['=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What a text begins with that gets an apostrophe before it: what spreadsheets would run, and the apostrophe itself, to be sure of it."""
_SWALLOWED = re.compile(r"[\r\n][^\r\n]*[,;\t|][0-9a-f]{64}[,;\t|]")
"""A row of ours within a cell: between two stray quotation marks."""


def write_csv(record: PortableRecord, path: Path, task: TaskContext) -> None:
    """All acts, as rows of COLUMNS; to a name that `endodesk.system.atomic` gave."""
    write_table(path, COLUMNS, _lines(record, task))


def _lines(record: PortableRecord, task: TaskContext) -> Iterator[tuple[str, ...]]:
    for done, act in enumerate(record.acts):
        if done % 1000 == 0:
            task.report(done, len(record.acts), "writing")
        size = (str(act.width or ""), str(act.height or ""))
        said = (act.kind, defused(act.value), defused(act.reader), time_text(act.at), YES if act.blind else "no")
        about = (defused(act.model), defused(act.answer), defused(act.case), time_text(act.revoked_at), defused(act.revoked_by))
        yield for_spreadsheets(act.file), act.sha256, *said, *about, *size


# Why: docs/decisions/dataset.md 16
def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula; `fused` undoes it exactly. NUL, which no CSV file holds, becomes U+FFFD."""
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return f"'{text}" if _DEFUSED.match(text) else text


def fused(text: str) -> str:
    """The text that `defused` was given."""
    return text.removeprefix("'")


def read_csv(path: Path, _classes: tuple[str, ...], task: TaskContext) -> IncomingActs:
    """A table as `write_csv` writes it, or one with the columns file and label. BadRequest that names the line."""
    try:
        table = read_table(path, Asked("table of acts", COLUMNS, lambda cell: not _SWALLOWED.search(cell)))
    except BadRequest as error:
        return _read_labels(path, error)
    acts: list[Act] = []
    for done, row in enumerate(table.rows):
        if done % 1000 == 0:
            task.report(done, len(table.rows), "reading")
        try:
            acts.append(_act(row))
        except (BadRequest, ValueError, OverflowError) as error:
            raise BadRequest(f"{path.name}, line {row.line}: {str(error).rstrip('.')}. Nothing was taken in.") from error
    return IncomingActs("CSV", tuple(acts), (table.told,))


def _act(row: TableRow) -> Act:
    cells = row.cells
    names = ("value", "reader", "model", "answer", "case", "revoked_by")
    value, reader, model, answer, case, revoked_by = (fused(cells[name]) for name in names)
    return Act(
        cells["kind"],
        value,
        sha256=cells["sha256"],
        file=cells["file"].removeprefix("./"),
        reader=reader,
        at=time_in(dict(cells), "at"),
        blind=cells["blind"] == YES,
        model=model,
        answer=answer,
        case=case,
        width=int(cells["width"] or 0),
        height=int(cells["height"] or 0),
        revoked_at=time_in(dict(cells), "revoked_at"),
        revoked_by=revoked_by,
    )


def _read_labels(path: Path, first: BadRequest) -> IncomingActs:
    """A table of labels; whatever is wrong with it is told as of a table of acts, unless it has the columns of one of labels."""
    try:
        table = read_table(path, Asked("table of labels", ("file", "label")))
    except BadRequest as error:
        if "first line" in str(error):
            raise first from error
        raise
    if "kind" in table.columns:
        raise first
    acts = [
        label_act(fused(row.cells["label"].strip()), PortableFrame(row.cells["file"], "", ""))
        for row in table.rows
        if row.cells["label"].strip()
    ]
    return IncomingActs("CSV", tuple(acts), (table.told,))
