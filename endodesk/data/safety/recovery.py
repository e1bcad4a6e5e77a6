"""Opening a project of which the database, or what lies beside it, is not what it was when EndoDesk had it open last."""

import contextlib
import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType

from endodesk.data.connections import guarded, is_sound
from endodesk.data.database import Database
from endodesk.data.failures import is_damage
from endodesk.data.safety.journal import Ending, ending_of, kept_journals
from endodesk.data.safety.record_file import RecordStamp
from endodesk.domain.errors import BadProject, DamagedProject
from endodesk.system.atomic import set_aside
from endodesk.system.os_errors import reason_of

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
_EVERY_ONE_HOLDS = 128  # this byte of the -shm file, shared: UNIX_SHM_DMS in SQLite's os_unix.c


# Why: docs/decisions/data.md 18
def open_record(path: Path, journal: Path) -> tuple[Database, str]:
    """Open a project's database, made anew from its journal where it is gone or damaged; and a sentence if it was.

    Raises as Database.open does.
    """
    ending = ending_of(journal)
    _set_foreign_wal_aside(path, ending)
    what = "" if RecordStamp.of(path) else "was missing"
    try:
        _require_sound(path, ending)
        database = Database.open(path, journal=journal)
    except BadProject as error:
        if not _is_damaged(error) or (ending.reach.is_nothing and not kept_journals(journal)):
            raise
        what = f"was damaged, and is kept as {_set_database_aside(path).name}"
        database = Database.open(path, journal=journal)
    try:
        return database, _made_anew(database, what)
    except BaseException:
        database.close()
        raise


def _made_anew(database: Database, what: str) -> str:
    """Take in what the journal holds of a record in which nobody has done anything. One that says something else is not touched unasked."""
    kept = database.kept_journals
    if not kept or database.has_acts:
        return ""
    acts = sum(database.take_in(journal, settings=True) for journal in kept)
    return (
        f"The file {database.path.name} of this project {what or 'held nothing that a reader did'}. {acts:,} labels, marks and other acts "
        "of readers are there again, from the journal beside it. Answers of models are made again where they are missing."
    )


def _is_damaged(error: BadProject) -> bool:
    cause: BaseException | None = error
    while cause and not isinstance(cause, DamagedProject) and not is_damage(cause):
        cause = cause.__cause__
    return cause is not None


def _require_sound(path: Path, ending: Ending) -> None:
    """DamagedProject if a database that is not as the journal left it is not sound throughout; one that is, is not looked through again."""
    found = RecordStamp.of(path)
    if found is None or ending.reach.is_nothing or ending.size_and_time == (found.size, found.mtime_ns):
        return
    with (
        contextlib.suppress(sqlite3.OperationalError),
        closing(guarded(sqlite3.connect(path))) as connection,
    ):  # what else is wrong, opening it tells
        if not is_sound(connection):
            raise DamagedProject(f"The project {path} is damaged.")


def _set_foreign_wal_aside(path: Path, ending: Ending) -> None:
    """A -wal file that a killed program left is of the database as it was then. SQLite would work it into any other of that name."""
    wal, found = path.with_name(f"{path.name}-wal"), RecordStamp.of(path)
    left = RecordStamp.of(wal)
    foreign = found and left and left.size and ending.size_and_time not in (None, (found.size, found.mtime_ns))
    if foreign and not _is_in_use(path):
        with contextlib.suppress(OSError):
            _set_wal_aside(path)


def _is_in_use(path: Path) -> bool:
    """Whether a program that lives has the database open. Only while this process has not: closing drops the locks of a process."""
    if fcntl is None:
        return False  # Windows renames no file that is open
    try:
        with path.with_name(f"{path.name}-shm").open("rb+") as index:
            fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _EVERY_ONE_HOLDS)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _set_database_aside(path: Path) -> Path:
    """Another name for a database that cannot be read. BadProject if it cannot be renamed."""
    try:
        _set_wal_aside(path)
        return set_aside(path, "damaged")
    except OSError as error:
        raise BadProject(f"The project {path} is damaged, and cannot be renamed to be made anew: {reason_of(error)}.") from error


def _set_wal_aside(path: Path) -> None:
    """No database has the name that belongs to it then."""
    with contextlib.suppress(FileNotFoundError):
        set_aside(path.with_name(f"{path.name}-wal"), "left")
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
