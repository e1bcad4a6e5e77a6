"""What the C library does with memory that was let go of. On Linux with glibc; elsewhere nothing happens."""

import ctypes
import sys
from collections.abc import Callable
from functools import cache

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # of malloc.h
_ARENAS, _LARGE_BYTES = 2, 1 << 18


# Why: docs/decisions/system.md 9
def give_large_blocks_back() -> None:
    """Let frames of a long session not leave holes in the heap: what is above 256 kB is the system's again at once."""
    if set_option := _of_glibc("mallopt"):
        set_option(_MMAP_THRESHOLD, _LARGE_BYTES)
        set_option(_ARENA_MAX, _ARENAS)


# Why: docs/decisions/system.md 10
def give_holes_back() -> None:
    """Give the system back what lies free between what is in use: some 10 ms for 30 MB, in which other threads wait for memory."""
    if trim := _of_glibc("malloc_trim"):
        trim(0)


@cache
def _of_glibc(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
