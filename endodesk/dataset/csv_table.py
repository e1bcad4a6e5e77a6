"""Tables of results as CSV."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_table(path: Path, columns: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """With a header, to a name that `endodesk.system.atomic` gave. Names that are no text are written as the bytes they are."""
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:  # csv ends its lines itself
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(lines)
