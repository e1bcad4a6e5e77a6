"""Tables as CSV: our own as they are written, and back as spreadsheets and editors save them."""

import csv
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from endodesk.domain.errors import BadRequest
from endodesk.system.text_files import OTHER_ENCODINGS, FileText, read_text_file

BIGGEST_TABLE = 100 * 1024 * 1024
"""Bytes: some million frames."""
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEP_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_EXCEL_BLOCK = 16
_SHOWN = 60
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell begins with that spreadsheets run as a formula; the last four are the wide signs of East Asian keyboards."""
_NO_UNICODE = "UTF-8, with names that are no text"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its cells by the columns that were asked for."""

    line: int
    """The line that it begins in, counted from 1 as editors do."""
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What a CSV file says, and what it was read as."""

    name: str
    columns: tuple[str, ...]
    """All of them, as they are written."""
    rows: tuple[TableRow, ...]
    encoding: str
    separator: str

    @property
    def told(self) -> str:
        """What was read as what, as a sentence."""
        n = len(self.rows)
        return f"{self.name}: {n} {'row' if n == 1 else 'rows'}, read as {self.encoding}, separated by {_SEPARATORS[self.separator]}."


def write_table(path: Path, columns: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """With a header, to a name that `endodesk.system.atomic` gave. Names that are no text are written as the bytes they are."""
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:  # csv ends its lines itself
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(lines)


# Why: docs/decisions/dataset.md 12
def for_spreadsheets(name: str) -> str:
    """A relative name that no spreadsheet takes for a formula, which it would run or exchange for an error; it means the same file."""
    return f"./{name}" if name.startswith(_FORMULA) else name


def plain_cell(text: str) -> str:
    """Any other text, of a project or a model from elsewhere, that no spreadsheet takes for a formula. No class is called so."""
    return f"'{text}" if text.startswith(_FORMULA) else text


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table is read for."""

    kind: str
    """What the table is to be, for the sentences that say it is none: a table of labels."""
    columns: tuple[str, ...]
    """That it must have, perhaps among others."""
    is_real: Callable[[str], bool] = lambda _: False
    """Of a cell that goes over several lines and looks like swallowed rows, whether it is one nevertheless."""
    optional: tuple[str, ...] = ()
    """Columns that are read where the table has them."""


def read_table(path: Path, asked: Asked) -> Table:
    """Bytes that are no UTF-8 are taken for names that are no text, as we write them.

    BadRequest with a sentence that names the line, if a row has another shape than the first line or a quote is not closed.
    """
    return _parsed(read_text_file(path, BIGGEST_TABLE), path.name, asked)


# Why: docs/decisions/dataset.md 11
def read_tables(path: Path, asked: Asked) -> Iterator[Table]:
    """The same table once for each way that its bytes can be read: one, if it is Unicode, else the likeliest first.

    BadRequest as `read_table`, if it can be read in no way.
    """
    plain = read_text_file(path, BIGGEST_TABLE)
    codecs = [] if plain.encoding else list(OTHER_ENCODINGS)
    first: BadRequest | None = None
    found = False
    for codec in (*codecs[:1], "", *codecs[1:]):
        text = plain.in_encoding(codec) if codec else plain
        if text is None:
            continue
        try:
            table = _parsed(text, path.name, asked)
        except BadRequest as error:
            first = first or error
        else:
            found = True
            yield table
    if first and not found:
        raise first


def _parsed(file: FileText, name: str, asked: Asked) -> Table:
    needed, none = asked.columns, f"{name} is no {asked.kind}"
    said = _SEP_LINE.match(file.text)
    start, text = (1, file.text[said.end() :]) if said else (0, file.text)
    ways = [said.group(1)] if said and said.group(1) in _SEPARATORS else list(_SEPARATORS)
    heads = {separator: _head(text, separator) for separator in ways}
    fitting = [separator for separator, head in heads.items() if set(needed) <= {_plain(cell) for cell in head}]
    if len(fitting) != 1:
        raise BadRequest(f"{none}: it needs a first line with the columns {' and '.join(needed)}{_instead(text)}.")
    head = [cell.strip() for cell in heads[fitting[0]]]
    while not head[-1]:
        head.pop()
    there = {_plain(cell) for cell in head}
    places = [(column, _place_of(column, head, none)) for column in (*needed, *(name for name in asked.optional if name in there))]
    records = itertools.islice(_records(text, fitting[0], start, len(head), asked.is_real), 1, None)
    try:
        shaped = _of_one_shape(records, len(head))
        # a million rows of columns that nobody asked for would fill the memory
        rows = tuple(TableRow(line, {column: cells[place] for column, place in places}) for line, cells in shaped)
    except _WrongRow as error:
        raise BadRequest(f"{none}: {error}") from error
    return Table(name, tuple(head), rows, file.encoding or _NO_UNICODE, fitting[0])


class _WrongRow(Exception):
    """A sentence's end that names the line."""


def _place_of(column: str, head: Sequence[str], none: str) -> int:
    """Of the column that is written just so, else in other letters. BadRequest if there are two: a class may be called File, no more."""
    for same in (str, str.casefold):
        places = [place for place, name in enumerate(head) if same(name) == column]
        if len(places) > 1:
            raise BadRequest(f"{none}: it has the column {column} twice. Leave one.")
        if places:
            return places[0]
    raise BadRequest(f"{none}: it has no column {column}.")


def _head(text: str, separator: str) -> list[str]:
    try:
        return next((row for row in csv.reader(_lines(text), delimiter=separator, strict=True) if any(row)), [])
    except csv.Error:
        return []


def _plain(column: str) -> str:
    return column.strip().casefold()


def _instead(text: str) -> str:
    line = next((line for line in _LINE_END.split(text[: _SHOWN * 20]) if line.strip()), "")
    shown = "".join(c if c.isprintable() else " " for c in line[:_SHOWN])
    return f"; its first line is {shown!r}" if shown else "; it is empty"


def _lines(text: str) -> Iterator[str]:
    """With their ends. Not by `splitlines`, which ends them at letters that may stand in a name, nor by StringIO, four bytes a letter."""
    start = 0
    for end in _LINE_END.finditer(text):
        yield text[start : end.end()]
        start = end.end()
    if start < len(text):
        yield text[start:]


def _records(text: str, separator: str, start: int, width: int, is_real: Callable[[str], bool]) -> Iterator[tuple[int, int, list[str]]]:
    """Number, first line and cells of each row that is not blank. _WrongRow for a quote that is not closed, or closed rows later."""
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    for number in itertools.count():
        line = start + reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise _WrongRow(_quoted_wrongly(line, start + reader.line_num)) from error
        if row is None:
            return
        if start + reader.line_num > line and any(_swallows(cell, separator, width) and not is_real(cell) for cell in row):
            raise _WrongRow(_quoted_wrongly(line, start + reader.line_num))
        if any(cell.strip() for cell in row):
            yield number, line, row


def _swallows(cell: str, separator: str, width: int) -> bool:
    """Whether as many separators stand in a cell of several lines as if rows had been swallowed between two stray quotes."""
    breaks = len(_LINE_END.findall(cell))
    return breaks > 0 and cell.count(separator) >= breaks * (width - 1)


def _quoted_wrongly(first: int, last: int) -> str:
    lines = f"line {first}" if last <= first else f"lines {first} to {last}"
    return f'in {lines} a quotation mark (") is one too many or is missing, so where cells end is not sure. Mend it, then try again.'


def _of_one_shape(records: Iterable[tuple[int, int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    """Rows as wide as the first line. _WrongRow naming the line of one that is not, unless a spreadsheet writes it so.

    Excel leaves out the last cells of rows where they are empty in a whole block of 16, the first line counted.
    """
    for block, numbered in itertools.groupby(records, lambda record: record[0] // _EXCEL_BLOCK):
        rows = [(line, cells) for _, line, cells in numbered]
        alike = block > 0 and len(rows) > 1 and len({len(cells) for _, cells in rows}) == 1  # a single one may have been cut
        for line, cells in rows:
            if (len(cells) < width and not alike) or any(cell.strip() for cell in cells[width:]):
                count = f"{len(cells)} {'cell' if len(cells) == 1 else 'cells'}"
                raise _WrongRow(f"line {line} has {count}, but there are {width} columns. Mend it, then try again.")
            yield line, cells[:width] + [""] * (width - len(cells))
