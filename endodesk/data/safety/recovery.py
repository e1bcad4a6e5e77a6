"""Opening a project of which the database, or what lies beside it, is not what it was when EndoDesk had it open last."""

import contextlib
import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType

from endodesk.data.connections import guarded, is_sound
from endodesk.data.database import Database
from endodesk.data.failures import is_damage
from endodesk.data.safety.backups import Backup, backups_of, newest_sound, put_in_place
from endodesk.data.safety.journal import Ending, ending_of, kept_journals
from endodesk.data.safety.record_file import RecordStamp
from endodesk.domain.errors import BadProject, DamagedProject
from endodesk.system.atomic import put_back, set_aside
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
    found = RecordStamp.of(path)
    what = "" if found else "was missing"
    base = None if found and found.size else _from_backup(path)
    try:
        database = Database.open(path, journal=journal, proven=_is_proven(path, ending))
    except BadProject as error:
        if not _is_damaged(error) or (ending.reach.is_nothing and not kept_journals(journal) and not backups_of(path)):
            raise
        what = f"was damaged, and is kept as {set_record_aside(path, 'damaged').name}"
        base = _from_backup(path)
        database = Database.open(path, journal=journal)
    try:
        return database, _made_anew(database, what, base, journalled=not ending.reach.is_nothing)
    except BaseException:
        database.close()
        raise


def _from_backup(path: Path) -> Backup | None:
    """Put the newest backup that is sound in the place of a database that is not there, or is empty; None if there is none."""
    if (backup := newest_sound(path)) is None:
        return None
    try:
        _set_wal_aside(path)
        put_in_place(backup, path)
    except OSError as error:
        raise BadProject(f"The project {path} cannot be made anew from its backup: {reason_of(error)}.") from error
    return backup


def _made_anew(database: Database, what: str, base: Backup | None, *, journalled: bool) -> str:
    """Take in what the journal holds and the database lacks: over a backup, or where nobody has done anything in it.

    A record that says something else is not touched unasked.
    """
    kept = database.kept_journals
    if base is None and (not kept or database.has_acts):
        return ""
    acts = sum(database.take_in(journal, settings=True) for journal in kept)
    name = database.path.name
    if base is None:
        return (
            f"The file {name} of this project {what or 'held nothing that a reader did'}. {acts:,} labels, marks and other acts "
            "of readers are there again, from the journal beside it. Answers of models are made again where they are missing."
        )
    since = f"{acts:,} labels, marks and other acts of readers since then are there again, from the journal beside it."
    lost = "What readers did since then is lost: the journal beside it is gone, too."
    of = f"the backup of {base.at.astimezone():%Y-%m-%d %H:%M}"
    return f"The file {name} of this project {what or 'was empty'}. It was made anew from {of}. {since if journalled else lost}"


def _is_damaged(error: BadProject) -> bool:
    cause: BaseException | None = error
    while cause and not isinstance(cause, DamagedProject) and not is_damage(cause):
        cause = cause.__cause__
    return cause is not None


# Why: docs/decisions/data.md 29
def _is_proven(path: Path, ending: Ending) -> bool:
    """Whether a database is as the journal left it, or else sound throughout. DamagedProject if it is neither."""
    found = RecordStamp.of(path)
    if found is None or ending.reach.is_nothing:
        return False
    if ending.size_and_time == (found.size, found.mtime_ns):
        return True
    with contextlib.suppress(sqlite3.OperationalError), closing(guarded(sqlite3.connect(path))) as connection:
        if is_sound(connection):
            return True
        raise DamagedProject(f"The project {path} is damaged.")
    return False  # what else is wrong, opening it tells


def _set_foreign_wal_aside(path: Path, ending: Ending) -> None:
    """A -wal file that a killed program left is of the database as it was then. SQLite would work it into any other of that name."""
    wal, found = path.with_name(f"{path.name}-wal"), RecordStamp.of(path)
    left = RecordStamp.of(wal)
    foreign = found and left and left.size and ending.size_and_time not in (None, (found.size, found.mtime_ns))
    if foreign and not _is_in_use(path):
        with contextlib.suppress(OSError):
            _set_wal_aside(path)


def restore(path: Path, backup: Backup) -> Path | None:
    """Put a copy of a backup in the place of a database that nobody has open, which is kept under the name that comes back.

    What the backup lacks is offered at the next opening, from the journal. BadProject if it cannot be done; then all is as it was.
    """
    if not backup.is_sound:
        raise BadProject(f"The backup {backup.path.name} is damaged. Choose another one.")
    with contextlib.suppress(sqlite3.Error, UnicodeDecodeError), closing(guarded(sqlite3.connect(path))) as file:
        is_sound(file)  # the last one to close works in what a killed program left in -wal
    kept = set_record_aside(path, "replaced") if RecordStamp.of(path) else None
    try:
        put_in_place(backup, path)
    except OSError as error:
        where = _put_back(kept, path) if kept else ""
        raise BadProject(f"The backup {backup.path.name} cannot be put in place: {reason_of(error)}.{where}") from error
    return kept


def _put_back(kept: Path, path: Path) -> str:
    """The database as it was; a sentence on where it lies, if it cannot be put back."""
    try:
        put_back(kept, path)
    except OSError:
        return f" The project's file lies beside it as {kept.name}: give it the name {path.name} again."
    return ""


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


def set_record_aside(path: Path, what: str) -> Path:
    """Another name, with this word in it, for a database that nobody has open, and for its -wal. BadProject if it cannot be renamed."""
    try:
        _set_wal_aside(path)
        return set_aside(path, what)
    except OSError as error:
        raise BadProject(f"The project {path} is {what}, and cannot be renamed: {reason_of(error)}.") from error


def _set_wal_aside(path: Path) -> None:
    """No database has the name that belongs to it then."""
    with contextlib.suppress(FileNotFoundError):
        set_aside(path.with_name(f"{path.name}-wal"), "left")
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
