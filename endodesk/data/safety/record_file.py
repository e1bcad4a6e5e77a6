"""RecordFile: whether the file of the project is still the one that was opened."""

import os
from pathlib import Path
from typing import NamedTuple

from endodesk.domain.errors import RecordLost


class RecordStamp(NamedTuple):
    """What a file looks like from outside. Never opened for it: closing would drop the locks that SQLite holds in this process."""

    device: int
    inode: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> "RecordStamp | None":
        """None where there is no file; OSError never."""
        try:
            found = os.stat(path)  # noqa: PTH116  (a third of the time of Path.stat, before and after each label)
        except (OSError, ValueError):
            return None
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    @property
    def identity(self) -> tuple[int, int]:
        """The same as long as it is one file, whatever is written to it."""
        return self.device, self.inode


class RecordFile:
    """The database and the two files that SQLite keeps beside it while it is open. Other programs may exchange any of them."""

    def __init__(self, path: Path) -> None:
        self.path, self.wal, self._shm = path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
        self._known: RecordStamp | None = None
        self._beside: tuple[tuple[Path, tuple[int, int]], ...] = ()

    def know(self) -> None:
        """As it looks now is how it is to look: after opening, and after each work of our own on the file itself."""
        self._known = RecordStamp.of(self.path)
        beside = ((path, RecordStamp.of(path)) for path in (self.wal, self._shm))
        self._beside = tuple((path, stamp.identity) for path, stamp in beside if stamp)

    @property
    def stamp(self) -> RecordStamp | None:
        """How the file is to look; None before it was opened."""
        return self._known

    def require_there(self) -> None:
        """RecordLost if another file, or none, has its name by now. Any thread may ask."""
        if self._known is None:
            return
        found = RecordStamp.of(self.path)
        if found is None:
            raise RecordLost(_told(self.path, "moved or deleted"))
        if found.identity != self._known.identity:
            raise RecordLost(_told(self.path, "exchanged"))
        for path, identity in self._beside:
            stamp = RecordStamp.of(path)
            if stamp is None or stamp.identity != identity:
                raise RecordLost(_told(path, "exchanged" if stamp else "moved or deleted"))

    @property
    def wal_bytes(self) -> int:
        """Size of the -wal file; 0 where there is none."""
        stamp = RecordStamp.of(self.wal)
        return stamp.size if stamp else 0

    @property
    def looks_changed(self) -> bool:
        """Whether somebody may have written to it past us. Within the turn of a writer: our own work changes it too."""
        return self._known is not None and RecordStamp.of(self.path) != self._known

    def changed(self) -> RecordLost:
        """The error where that is so."""
        return RecordLost(_told(self.path, "overwritten"))

    def disown_wal(self) -> None:
        """Empty our own -wal file: SQLite would work it into whatever file has the project's name when it is opened next."""
        stamp = RecordStamp.of(self.wal)
        if stamp and (self.wal, stamp.identity) in self._beside:
            os.truncate(self.wal, 0)  # fewer bytes than the index beside it says: closing then reads nothing and writes nothing


def _told(path: Path, what: str) -> str:
    return (
        f"Another program has {what} the file {path.name} in {path.parent} while EndoDesk had it open, so nothing more is stored in it. "
        "What was stored until then is kept. Open the project again."
    )
