"""The one door to read a file by: plain files alone. A pipe, a socket or a device is never opened, for it may keep us waiting for ever."""

import errno
import os
import shutil
import stat
from io import BufferedReader
from pathlib import Path

_NOT_PLAIN = "it is a pipe, a socket or a device, not a file"
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
"""Not blocking: a plain file may be exchanged for a pipe between the look at it and its opening."""
_APPENDS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


# Why: docs/decisions/system.md 4
def open_plain(path: Path | str) -> BufferedReader:
    """A plain file, to read its bytes; links are followed. OSError if it cannot be read, IsADirectoryError for a folder among them.

    ValueError for what can be no file's name.
    """
    _refuse_special(path, os.stat(path))  # noqa: PTH116  # first: to open a device may do something to it
    descriptor = os.open(path, _FLAGS)
    try:
        _refuse_special(path, os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def plain_bytes(path: Path | str) -> bytes:
    """All bytes of a plain file; else as `open_plain`."""
    with open_plain(path) as stream:
        return stream.read()


def copy_plain(source: Path, target: Path) -> None:
    """The bytes of a plain file over those of another one, which keeps its rights where it is there. OSError, as `open_plain`."""
    with open_plain(source) as stream, target.open("wb") as copy:
        shutil.copyfileobj(stream, copy)


def append_to_plain(path: Path, mode: int = 0o666) -> int:
    """A descriptor to write to the end of a plain file, which is made with this mode if it is missing. OSError if it cannot be."""
    descriptor = os.open(path, _APPENDS, mode)
    try:
        _refuse_special(path, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _refuse_special(path: Path | str, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, _NOT_PLAIN, str(path))
