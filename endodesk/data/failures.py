"""What SQLite's refusals mean for the user, as sentences."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from endodesk.domain.errors import EndoDeskError
from endodesk.system import os_errors

_LOCKED = "another program is using the file. Close that program, then try again."
_READ_ONLY = "the file or its folder cannot be written to. Check the permissions, or copy the project to a folder of your own."
_DAMAGED = "the file is damaged or is not an EndoDesk project. Close EndoDesk first, then put a backup copy in its place."

_FULL = "the disk is full. Free some space, then try again."

_REASONS = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: "the disk reported an error. Check the disk and its free space, then try again.",
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _READ_ONLY,  # so does a read-only folder answer, in which WAL cannot make its two files
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}

_SYSTEM_REASONS = dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _FULL) | dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _READ_ONLY)


def reason_of(error: sqlite3.Error | DBAPIError | OSError | UnicodeDecodeError) -> str:
    """Why, and what to do; SQLite's or the system's own words where there are no better ones."""
    if isinstance(error, UnicodeDecodeError):  # what SQLite says of damage quotes it, and Python cannot decode that
        return _DAMAGED
    if isinstance(error, OSError):
        return _SYSTEM_REASONS.get(error.errno or 0, f"{os_errors.reason_of(error)}.")
    cause = error.orig if isinstance(error, DBAPIError) else error
    return _REASONS.get(code_of(error), f"the database says: {cause}.")


def code_of(error: BaseException | None) -> int:
    """SQLite's primary code of an error; 0 where it is none of SQLite's."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that a file is no database, or a damaged one."""
    return code_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def told_as(kind: type[EndoDeskError], what: str) -> Iterator[None]:
    """Turn any failure of the database, or of the files beside it, into `kind` with a sentence that begins with `what`."""
    try:
        yield
    except (sqlite3.Error, DBAPIError, OSError, UnicodeDecodeError) as error:
        raise kind(f"{what}: {reason_of(error)}") from error
