"""FrameList: the frames of the open folder, with what is known of each. What the gallery shows, in its order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from endodesk.app.scan import case_of, folder_label
from endodesk.domain.images import Sha256


@dataclass(frozen=True, slots=True)
class FrameEntry:
    """One row of the gallery."""

    path: Path
    name: str
    """Relative to the folder, for the eye."""
    folder_label: str
    case: str
    sha256: Sha256 | None = None
    """None until the file was read."""
    unreadable: str = ""
    """The reason as a sentence; empty for a frame that can be shown."""


class FrameList:
    """Rows by number, by path and by content."""

    def __init__(self, root: Path, paths: Sequence[Path]) -> None:
        self.root = root
        self._entries = [FrameEntry(p, str(p.relative_to(root)), folder_label(p, root), case_of(p, root)) for p in paths]
        self._row_of = {entry.path: row for row, entry in enumerate(self._entries)}
        self._rows_with: dict[Sha256, list[int]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, row: int) -> FrameEntry:
        return self._entries[row]

    def __iter__(self) -> Iterator[FrameEntry]:
        return iter(self._entries)

    def row_of(self, path: Path) -> int | None:
        """The row of a file; None if it is not listed."""
        return self._row_of.get(path)

    def rows_with(self, sha256: Sha256) -> list[int]:
        """Rows whose files have this content: copies of a frame share their label."""
        return self._rows_with.get(sha256, [])

    def learn(self, path: Path, sha256: Sha256) -> int | None:
        """Note a file's content; the row, or None if nothing is new."""
        row = self._row_of.get(path)
        if row is None:
            return None
        old = self._entries[row].sha256
        if old == sha256 and not self._entries[row].unreadable:
            return None
        if old != sha256:
            if old is not None:
                self._rows_with[old].remove(row)
            self._rows_with[sha256].append(row)
        self._entries[row] = replace(self._entries[row], sha256=sha256, unreadable="")
        return row

    def refuse(self, path: Path, reason: str) -> int | None:
        """Note that a file cannot be shown; the row, or None if nothing is new."""
        row = self._row_of.get(path)
        if row is None or self._entries[row].unreadable == reason:
            return None
        self._entries[row] = replace(self._entries[row], unreadable=reason)
        return row

    @property
    def class_folders(self) -> list[str]:
        """Names of the folders right under the root that hold frames."""
        return sorted({entry.folder_label for entry in self._entries} - {""})
