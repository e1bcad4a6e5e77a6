"""Tables of results as CSV."""

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_table(path: Path, columns: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """With a header, on the disk when it returns. Names that are no text are written as the bytes they are. OSError if it cannot be."""
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:  # csv ends its lines itself
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(lines)
        stream.flush()
        os.fsync(stream.fileno())
