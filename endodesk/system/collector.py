"""Python's cyclic garbage collector, and when it had better wait."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_waiting = 0
_was_on = True


@contextmanager
def collector_paused() -> Iterator[None]:
    """For work that makes hundreds of thousands of objects which all stay until it ends.

    The collector would go through all of them again with every quarter that is added, and holds the interpreter meanwhile: 0.2 to
    0.75 s a time at 100,000 frames, in which the window stands still. What is not in a circle is freed as ever. Any thread; may be nested.
    """
    global _waiting, _was_on
    with _lock:
        _waiting += 1
        if _waiting == 1:
            _was_on = gc.isenabled()  # it rests while the program starts
            gc.disable()
    try:
        yield
    finally:
        with _lock:
            _waiting -= 1
            if _waiting == 0 and _was_on:
                gc.enable()
