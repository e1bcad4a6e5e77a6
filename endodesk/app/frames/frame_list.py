"""FrameList: the frames of the open folder, with what is known of each; FrameRows: the same, frozen, for jobs.

Columns by row: 100,000 rows are made in a tenth of a second.
"""

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from endodesk.app.frames.frame_places import FramePlaces
from endodesk.app.frames.scan import case_of_folder, label_of_folder
from endodesk.domain.case_rules import CASE_FOLDER, DEEPEST_FOLDER, case_in_folders
from endodesk.domain.centre_rules import ABOVE_CLASS, BELOW_CLASS, CENTRE_FOLDERS, NO_CENTRE, folders_in_centre
from endodesk.domain.images import Sha256
from endodesk.system.threads import main_thread_only


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder that holds frames, by its names from the root on."""

    parts: tuple[str, ...]
    film: bool = False
    """Whether the folder stands for a film, whose frames lie in the project: it is a case, but no class folder."""
    centre_rule: str = NO_CENTRE
    """What tells the centre, as of `endodesk.domain.centre_rules`: by one of them the class folder is the second one."""

    @property
    def label(self) -> str:
        """The class folder: the first one, or the one in the centre's folder; empty where there is none."""
        return label_of_folder(self.parts[self._above : -1 if self.film else None])

    @property
    def case(self) -> str:
        """The folder by its whole name, for the eye; empty if it is no deeper than a class folder."""
        return "/".join(self.parts) if self.film or case_of_folder(self.parts[self._above :]) else ""

    def centre_below(self, start: int) -> str:
        """The folder that is the centre, `start` as of `class_depth`; empty where no folder tells it."""
        place = {ABOVE_CLASS: 0, BELOW_CLASS: start - 1}.get(self.centre_rule, -1)
        return self.parts[place] if 0 <= place < len(self.parts) - self.film else ""

    def case_below(self, start: int, rule: str = DEEPEST_FOLDER) -> str:
        """The case by a rule, of the folders from the one of that number on; of a film beside the class folders, the film."""
        folders = self.parts[start:] or (self.parts[-1:] if self.film else ())
        return case_in_folders(folders_in_centre(self.centre_below(start), "/".join(folders)), rule)

    @property
    def _above(self) -> int:
        return int(self.centre_rule == ABOVE_CLASS)


ROOT = Folder(())
"""The root itself."""


@dataclass(frozen=True, slots=True)
class FrameEntry:
    """One frame, put together when it is asked for."""

    place: str
    """Path of the file, as text: to build a Path for each of 100,000 frames takes seconds."""
    name: str
    """Relative to the folder, for the eye."""
    folder_label: str
    case: str
    sha256: Sha256 | None = None
    """None until the file was read."""
    unreadable: str = ""
    """The reason as a sentence; empty for a frame that can be shown."""
    folder: Folder = ROOT

    @property
    def path(self) -> Path:
        """The same as a Path, built anew each time."""
        return Path(self.place)


def class_depth(folders: Iterable[Folder], classes: Container[str]) -> int:
    """How many folders from the root on are no case: 1 where there are class folders, and 1 where a folder is the centre."""
    folders = list(folders)
    return any(folder.label in classes for folder in folders) + any(folder.centre_rule in CENTRE_FOLDERS for folder in folders)


class FrameRows:
    """Rows by number and by path, as they were when this was made. Any thread may read it; nobody changes it."""

    def __init__(
        self,
        root: Path,
        files: Sequence[Path | str],
        case_in: Callable[[str], str] | None = None,
        taken: Mapping[str, str] | None = None,
        case_rule: str = CASE_FOLDER,
        centre_rule: str = NO_CENTRE,
    ) -> None:
        """`files` are paths within the root, or names relative to it; `case_in` tells the case from a path with /, else `case_rule` does.

        `taken` as in FramePlaces; `centre_rule` as in Folder.
        """
        self.root, self.case_rule = root, case_rule
        self.places = FramePlaces(root, taken or {})
        prefix = self.places.prefix
        self.names: Sequence[str] = [file if isinstance(file, str) else str(file)[len(prefix) :] for file in files]
        """Name of each row's file, relative to the root."""
        self.sha256s: list[Sha256 | None] = [None] * len(self.names)
        """Content of each row's file; None until it was read."""
        self.folders: list[Folder]
        """The folders that hold frames, each once, in the order of the rows."""
        self.folder_of: NDArray[np.int32]
        """For each row the place of its folder in `folders`."""
        self.folders, self.folder_of = _folders(self.names, self.places.taken, centre_rule)
        self._row_of = dict(zip(self.names, range(len(self.names)), strict=True))
        self._reasons: dict[int, str] = {}
        self.cases: list[str] | None = None
        """Case of each row, where a pattern in the path tells it; None where the folder does."""
        if case_in:
            self.cases = [case_in((prefix + name).replace(os.sep, "/")) for name in self.names]

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, row: int) -> FrameEntry:
        folder = self.folders[self.folder_of[row]]
        reason = self._reasons.get(row % len(self.names), "")  # rows may be counted from the end, as in any sequence
        return FrameEntry(self.places.path(self.names[row]), self.names[row], folder.label, folder.case, self.sha256s[row], reason, folder)

    def __iter__(self) -> Iterator[FrameEntry]:
        return (self[row] for row in range(len(self)))

    def path(self, row: int) -> Path:
        """Where a row's file lies."""
        return Path(self.places.path(self.names[row]))

    def row_of(self, path: Path) -> int | None:
        """The row of a file; None if it is not listed."""
        name = self.places.name(str(path))
        return None if name is None else self._row_of.get(name)

    def is_unreadable(self, row: int) -> bool:
        """Whether a row is known to have no picture."""
        return row in self._reasons


class FrameList(FrameRows):
    """The live rows of the window, by content too. Learnt and read on the main thread alone; jobs get a `snapshot`."""

    films: tuple[str, ...] = ()
    """Videos of the folder, relative to the root: no rows, but frames can be taken from them."""

    def __init__(
        self,
        root: Path,
        files: Sequence[Path | str],
        case_in: Callable[[str], str] | None = None,
        taken: Mapping[str, str] | None = None,
        case_rule: str = CASE_FOLDER,
        centre_rule: str = NO_CENTRE,
    ) -> None:
        """Takes what FrameRows takes. No row is known by content at first."""
        super().__init__(root, files, case_in, taken, case_rule, centre_rule)
        self._rows_with: dict[Sha256, int | list[int]] = {}  # a bare number where there is one: 100,000 lists would take 10 MB
        self.changes = 0
        """Grows with whatever is learnt of a row."""

    @main_thread_only
    def snapshot(self) -> FrameRows:
        """The rows as they are now: names and folders are shared, since they never change; a millisecond for 100,000 rows."""
        frozen = FrameRows.__new__(FrameRows)  # without __init__, which would sort all names into folders again
        vars(frozen).update(vars(self), sha256s=self.sha256s.copy(), _reasons=self._reasons.copy(), _rows_with=None)
        return frozen

    @property
    def unreadable(self) -> Sequence[int]:
        """Rows that are known to have no picture."""
        return list(self._reasons)

    def rows_with(self, sha256: Sha256) -> list[int]:
        """Rows whose files have this content: copies of a frame share their label."""
        rows = self._rows_with.get(sha256, [])
        return [rows] if isinstance(rows, int) else rows

    def learn(self, path: Path, sha256: Sha256) -> int | None:
        """Note a file's content; the row, or None if nothing is new."""
        row = self.row_of(path)
        return row if row is not None and self.learn_row(row, sha256) else None

    @main_thread_only
    def learn_row(self, row: int, sha256: Sha256) -> bool:
        """Note a row's content; whether that is new."""
        old = self.sha256s[row]
        if old == sha256 and row not in self._reasons:  # a file may be readable again
            return False
        self.changes += 1
        self._reasons.pop(row, None)
        if old != sha256:
            if old is not None:
                self._rows_with[old] = [other for other in self.rows_with(old) if other != row]
            others = self.rows_with(sha256)
            if others:
                sha256 = self.sha256s[others[0]] or sha256  # one text for all copies
            self._add(sha256, row)
            self.sha256s[row] = sha256
        return True

    def _add(self, sha256: Sha256, row: int) -> None:
        kept = self._rows_with.get(sha256)
        if isinstance(kept, list):
            kept.append(row)
        else:
            self._rows_with[sha256] = row if kept is None else [kept, row]

    def refuse(self, path: Path, reason: str) -> int | None:
        """Note that a file cannot be shown; the row, or None if nothing is new."""
        row = self.row_of(path)
        return row if row is not None and self.refuse_row(row, reason) else None

    @main_thread_only
    def refuse_row(self, row: int, reason: str) -> bool:
        """Note that a row cannot be shown; whether that is new."""
        if self._reasons.get(row) == reason:
            return False
        self.changes += 1
        self._reasons[row] = reason
        return True

    @property
    def class_folders(self) -> list[str]:
        """Names of the folders that are, or could be, classes and hold frames; not where films alone lie, whose folder is seldom one."""
        return sorted({folder.label for folder in self.folders if not folder.film} - {""})


def _folders(names: Sequence[str], films: Mapping[str, str], centre_rule: str) -> tuple[list[Folder], NDArray[np.int32]]:
    numbers: dict[str, int] = {}
    of_rows = np.fromiter((numbers.setdefault(name.rpartition(os.sep)[0], len(numbers)) for name in names), np.int32, len(names))
    return [Folder(Path(text).parts, text in films, centre_rule) for text in numbers], of_rows
