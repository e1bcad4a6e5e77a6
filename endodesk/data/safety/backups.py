"""Backups: whole copies of a project's database in a folder beside it, made while readers work, and thinned out by their age."""

import contextlib
import os
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from endodesk.data.connections import guarded
from endodesk.data.failures import told_as
from endodesk.data.migration import uri_of
from endodesk.data.safety.glance import ReadersWork, glance
from endodesk.data.safety.journal import Reach, reach_of
from endodesk.domain.errors import BadProject, EndoDeskError
from endodesk.system.atomic import whole_file
from endodesk.system.plain_files import append_to_plain, copy_plain
from endodesk.system.private import private_folder

FOLDER = "backups"
"""Beside the database."""
MOST = 10
_NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{6})Z\.sqlite")
_TIME = "%Y-%m-%dT%H-%M-%S-%f"
_PAGES_AT_ONCE, _PAUSE_S = 256, 0.002
_YOUNG = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy, and when it was begun."""

    path: Path
    at: datetime
    size_bytes: int

    @property
    def work(self) -> ReadersWork | None:
        """What readers had done by then; None if the copy cannot be read. Takes up to a second for a large one."""
        with contextlib.suppress(BadProject), glance(self.path) as file:
            return file.work()
        return None

    @property
    def is_sound(self) -> bool:
        """Whether the copy is a database that is whole throughout."""
        return is_sound_file(self.path)


def is_sound_file(database: Path) -> bool:
    """Whether a database is whole throughout; nothing is written. A second for some 100 MB."""
    with contextlib.suppress(sqlite3.Error, OSError), closing(_read_only(database)) as file:
        return _is_whole(file, "integrity_check")
    return False


def backups_of(database: Path) -> list[Backup]:
    """The backups of a project's database, the newest first."""
    found: list[Backup] = []
    with contextlib.suppress(OSError):
        for path in (database.parent / FOLDER).iterdir():
            if (name := _NAME.fullmatch(path.name)) and path.is_file():
                with contextlib.suppress(OSError, ValueError):
                    at = datetime.strptime(name[1], _TIME).replace(tzinfo=UTC)
                    found.append(Backup(path, at, path.stat().st_size))
    return sorted(found, key=_time, reverse=True)


def restorable(database: Path) -> list[Backup]:
    """The backups, and what was replaced by one of them before, the newest first."""
    replaced: list[Backup] = []
    for path in database.parent.glob(f"{database.stem}.replaced*{database.suffix}"):
        with contextlib.suppress(OSError):
            found = path.stat()
            replaced.append(Backup(path, datetime.fromtimestamp(found.st_mtime, UTC), found.st_size))
    return sorted([*backups_of(database), *replaced], key=_time, reverse=True)


# Why: docs/decisions/data.md 23
def back_up(database: Path, at: datetime, pause: Callable[[], None] = lambda: None) -> Backup | None:
    """Copy a database that is open, as it is at this moment, and thin the copies out; None where readers did nothing since the newest.

    `pause` is called between pieces; what it raises ends the copying, of which nothing is left. EndoDeskError if it cannot be made, or
    the database is not sound: copies that are there stay then.
    """
    with told_as(EndoDeskError, "No backup was made"), closing(_read_only(database)) as source:
        source.execute("BEGIN")
        reach = reach_of(source)  # from here on what others write is not seen
        before = backups_of(database)
        if not reach.holds_work or (before and _reach_in(before[0].path) == reach):
            return None
        private_folder(database.parent / FOLDER)
        copy = database.parent / FOLDER / f"{at.astimezone(UTC).strftime(_TIME)}Z.sqlite"
        with whole_file(copy) as beside:
            os.close(append_to_plain(beside, 0o600))
            _copy(source, beside, pause)
        for old in surplus([copy_.at for copy_ in before], at):
            (database.parent / FOLDER / f"{old.strftime(_TIME)}Z.sqlite").unlink(missing_ok=True)
    return Backup(copy, at, copy.stat().st_size)


def surplus(kept: Sequence[datetime], now: datetime) -> list[datetime]:
    """Of backups of these times, beside a new one: those that go, so that few are near each other in age. The oldest stays."""
    times, gone = sorted([*kept, now]), list[datetime]()
    while len(times) > MOST:
        ages = [(now - time) + _YOUNG for time in times]
        # the one between neighbours of nearly one age: ages then grow by steps, minutes of today and months of last year
        nearest = min(range(1, len(times) - 1), key=lambda n: ages[n - 1] / ages[n + 1])
        gone.append(times.pop(nearest))
    return gone


def put_in_place(backup: Backup, database: Path) -> None:
    """A copy of a backup under the name of a database that is not there. OSError if it cannot be made."""
    with whole_file(database) as beside:
        os.close(append_to_plain(beside, 0o600))
        copy_plain(backup.path, beside)


def newest_sound(database: Path) -> Backup | None:
    """The newest backup that is whole throughout; None if there is none."""
    return next((backup for backup in backups_of(database) if backup.is_sound), None)


def _time(backup: Backup) -> datetime:
    return backup.at


def _copy(source: sqlite3.Connection, beside: Path, pause: Callable[[], None]) -> None:
    with closing(sqlite3.connect(beside)) as target:
        target.execute("PRAGMA journal_mode=OFF")  # nothing to go back to, and no second file to leave behind
        target.execute("PRAGMA synchronous=OFF")  # it is flushed as a whole, before it has its name
        source.backup(target, pages=_PAGES_AT_ONCE, progress=lambda *_: pause(), sleep=_PAUSE_S)
        if not _is_whole(target, "quick_check"):
            raise EndoDeskError("No backup was made: the project's file is damaged.")


def _is_whole(file: sqlite3.Connection, check: str) -> bool:
    try:
        return bool(file.execute(f"PRAGMA {check}(1)").fetchone()[0] == "ok")
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def _reach_in(path: Path) -> Reach | None:
    with contextlib.suppress(sqlite3.Error, OSError), closing(_read_only(path)) as file:
        return reach_of(file)
    return None


def _read_only(path: Path) -> sqlite3.Connection:
    """Where nobody has it open it is read as it stands, so that no file of SQLite's is left beside it."""
    alone = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    return guarded(sqlite3.connect(f"{uri_of(path.absolute())}?mode=ro{alone}", uri=True, isolation_level=None))
