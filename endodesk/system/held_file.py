"""A file that a process holds while it lives: whatever ends it, the system lets go.

So no number of a process has to be believed, which another one may have got since.
"""

import os
import sys
import time
from pathlib import Path

_HELD: list[int] = []
"""Descriptors, for as long as this process lives."""
_TRIES, _WAIT_S = 20, 0.05
"""Who only looks holds it, too, for a moment."""


def hold(path: Path) -> bool:
    """Hold the file, which is made if it is missing, until this process ends; False if another one has it. OSError if it cannot be made.

    Where the system has no such locks (some shares), it is held as far as anybody can tell.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(_TRIES):
        if _lock(descriptor):
            _HELD.append(descriptor)
            return True
        time.sleep(_WAIT_S)
    os.close(descriptor)
    return False


def is_held(path: Path) -> bool:
    """Whether a process that lives holds the file."""
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))
    except OSError:  # nobody ever did
        return False
    try:
        return not _lock(descriptor)
    finally:
        os.close(descriptor)  # which lets go


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # no locks there
            return True
        return True
