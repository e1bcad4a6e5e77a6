"""MemoryBudget: how much memory all threads of this process together may fill with pictures."""

import threading
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from endodesk.domain.errors import EndoDeskError
from endodesk.system.task import raise_if_cancelled_here

USUAL_MB = 1500
_SMALL_BYTES = 32 << 20
"""What takes less is neither counted nor kept waiting: a frame of 1920 x 1080 with all copies."""
_LOOK_S = 0.1
"""How often one who waits looks whether its task was cancelled."""


class NeverFits(EndoDeskError):
    """It would take more than all of the budget; words say how much is allowed."""


# Why: docs/decisions/system.md 8
class MemoryBudget:
    """Room for work on pictures, and for pictures that are kept. Any thread may ask.

    Who works on something large waits until it fits, first come, first served. What is kept (a picture as long as it lives) leaves less
    for work, but half of all at the least, and who works alone goes ahead: so nobody waits for what may never be let go of.
    """

    def __init__(self, limit_bytes: int = USUAL_MB * 1_000_000) -> None:
        self.limit_bytes = limit_bytes
        self._used = self._kept = 0
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()
        self._own = threading.local()

    @contextmanager
    def room(self, needed: int) -> Iterator[None]:
        """Within the block so many bytes may be filled. NeverFits if there never are so many; Cancelled while waiting.

        A thread that has room already gets more at once: it would else wait for itself.
        """
        if needed <= _SMALL_BYTES:
            yield
            return
        if needed > self.limit_bytes:
            raise NeverFits(f"it takes {needed / 1e6:,.0f} MB of memory, and {self.limit_bytes / 1e6:,.0f} MB are allowed")
        had: int = getattr(self._own, "has", 0)
        more = max(0, needed - had)
        if had:
            self._count(more)
        else:
            self._wait(more)
        self._own.has = had + more
        try:
            yield
        finally:
            self._own.has = had
            self._count(-more)

    def keep(self, owner: object, size: int) -> None:
        """Count so many bytes as kept until the owner is gone. It must be able to have weak references."""
        if size > _SMALL_BYTES:
            self._keep(size)
            weakref.finalize(owner, self._keep, -size).atexit = False

    @property
    def filled(self) -> int:
        """Bytes in work and kept."""
        return self._used + self._kept

    def _wait(self, needed: int) -> None:
        turn = object()
        with self._changed:
            self._waiting.append(turn)
            try:
                while not (self._waiting[0] is turn and self._fits(needed)):
                    self._changed.wait(_LOOK_S)
                    raise_if_cancelled_here()
                self._used += needed
            finally:
                self._waiting.remove(turn)
                self._changed.notify_all()

    def _fits(self, needed: int) -> bool:
        return not self._used or self._used + needed <= max(self.limit_bytes - self._kept, self.limit_bytes // 2)

    def _count(self, more: int) -> None:
        with self._changed:
            self._used += more
            self._changed.notify_all()

    def _keep(self, more: int) -> None:
        with self._changed:  # a lock that may be taken twice: an owner can go at any moment, also while this thread holds it
            self._kept += more
            self._changed.notify_all()


MEMORY = MemoryBudget()
"""The one of this process."""
