"""A glance into the file of a project that is not open here: read only, without waiting, and nothing in it is believed."""

import contextlib
import json
import sqlite3
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from endodesk.data.connections import guarded
from endodesk.data.failures import told_as
from endodesk.data.foreign_schema import foreign_object
from endodesk.data.image_store import FileStamp
from endodesk.data.migration import uri_of
from endodesk.data.proven_rows import DAMAGED
from endodesk.data.setting_store import text_of
from endodesk.domain.errors import BadProject
from endodesk.domain.images import Sha256, sha256_of

_LONGEST_S = 2.0
"""For all questions to one file: a made-up one may take for ever."""
_STEPS_BETWEEN = 20_000
_AT_ONCE = 500
_STANDING = "coalesce((SELECT r.revoked FROM revocation r WHERE r.correction = c.id ORDER BY r.id DESC LIMIT 1), 0) = 0"
_LABELS = f"SELECT count(DISTINCT c.image) FROM correction c WHERE c.said = 'label' AND {_STANDING}"  # noqa: S608
_OLD_LABELS = "SELECT count(DISTINCT image) FROM correction WHERE id NOT IN (SELECT correction FROM revocation)"
_CONCLUSIONS = 'SELECT count(DISTINCT "case") FROM conclusion'
_READERS = f"""SELECT c.reader, count(DISTINCT c.image) FROM correction c WHERE c.said = 'label' AND {_STANDING}
    GROUP BY c.reader ORDER BY 2 DESC, 1"""  # noqa: S608
_STAMPS = "SELECT image, size_bytes, mtime_ns, inode, ctime_ns, 0 FROM image_path"


@dataclass(frozen=True, slots=True)
class ReadersWork:
    """How much readers did in a project."""

    labels: int = 0
    """Frames with a label that stands."""
    conclusions: int = 0
    by_reader: tuple[tuple[str, int], ...] = ()
    """Each reader's number of frames with a standing label, the busiest first."""


class Glance:
    """Questions to one file. sqlite3.Error out of any of them where it is damaged, or takes too long to answer."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file

    @property
    def source(self) -> str | None:
        """The project's folder of images as it is stored; None if there is none that can be read."""
        row = self._file.execute("SELECT value FROM setting WHERE key = 'source'").fetchone()
        try:
            return text_of(json.loads(row[0])) if row else None
        except DAMAGED:
            return None

    def holding(self, images: Sequence[Sha256]) -> set[Sha256]:
        """Those of these frames that the project knows."""
        found: set[Sha256] = set()
        for start in range(0, len(images), _AT_ONCE):
            some = images[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            found.update(name for (name,) in self._file.execute(f"SELECT sha256 FROM image WHERE sha256 IN ({marks})", some))  # noqa: S608
        return found

    def stamps(self) -> dict[FileStamp, Sha256]:
        """How each file looked when it was read (whichever version of the reading room that was: 0), and what it held."""
        found: dict[FileStamp, Sha256] = {}
        for image, *stamp in self._file.execute(_STAMPS):
            with contextlib.suppress(*DAMAGED):
                looked = FileStamp._make(int(number) for number in stamp)
                if looked.inode and looked.ctime_ns:  # an older program noted neither
                    found[looked] = sha256_of(image)
        return found

    def work(self) -> ReadersWork:
        """How much readers did; as far as an older program's file tells it."""
        try:
            labels = self._number(_LABELS)
            readers = tuple((str(reader), int(number)) for reader, number in self._file.execute(_READERS))
        except sqlite3.OperationalError:  # columns that it has not yet
            labels, readers = self._number(_OLD_LABELS), ()
        try:
            return ReadersWork(labels, self._number(_CONCLUSIONS), readers)
        except sqlite3.OperationalError:
            return ReadersWork(labels, 0, readers)

    def _number(self, query: str) -> int:
        return int(self._file.execute(query).fetchone()[0])


@contextmanager
def glance(path: Path) -> Iterator[Glance]:
    """Look into a project's database. BadProject, with why, if it cannot be read; also out of what is asked within the block."""
    with told_as(BadProject, f"The project {path} cannot be read"):
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadProject(f"{path} is no file.")
        with closing(guarded(sqlite3.connect(_uri(path), uri=True, timeout=0.1, check_same_thread=False))) as file:
            until = time.monotonic() + _LONGEST_S
            file.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN)
            if foreign := foreign_object(file):
                raise BadProject(f"The project {path} holds {foreign}, which is not as EndoDesk makes it.")
            yield Glance(file)


def _uri(path: Path) -> str:
    """A database that nobody has open is read as it stands, since SQLite would leave two files beside it; else with what is in -wal."""
    how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
    return f"{uri_of(path.absolute())}?{how}"


def work_in(path: Path) -> ReadersWork:
    """How much readers did in a project. BadProject if it cannot be read."""
    with glance(path) as file:
        return file.work()
