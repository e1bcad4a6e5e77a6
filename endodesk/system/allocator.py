"""What the C library does with memory that was let go of."""

import ctypes
import sys

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # of malloc.h
_ARENAS, _LARGE_BYTES = 2, 1 << 20


# Why: docs/decisions/system.md 9
def give_large_blocks_back() -> None:
    """Let frames of a long session not leave holes in the heap: what is above 1 MB is the system's again at once. Linux with glibc."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_ARENA_MAX, _ARENAS)
