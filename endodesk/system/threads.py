"""Threads: the same work on many items, on all cores, and which thread may call what.

Work in threads is work that frees the interpreter: decoding, hashing, OpenCV, files.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import wraps
from typing import ParamSpec, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")
_P = ParamSpec("_P")
_given_up: list[threading.Thread] = []
_NICE = 10
_left_to_others = 0
"""Cores that nothing here uses, where the system itself cannot be told so."""


def in_threads(work: Callable[[_T], _R], items: Iterable[_T], *, workers: int = 0, depth: int = 0) -> Generator[_R, None, None]:
    """Results in the order of the items, at most `depth` of them made before they are asked for (else four for each worker).

    So memory stays bounded, and little goes on once the caller stops: what has not begun is dropped.
    """
    workers = workers or cores()
    depth = depth or 4 * workers
    waiting: deque[Future[_R]] = deque()
    with ThreadPoolExecutor(min(workers, depth), thread_name_prefix="frames") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > depth:  # the oldest is waited for before more is begun
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def join_within(threads: Sequence[threading.Thread], seconds: float) -> list[threading.Thread]:
    """Wait for all of them, but not longer than that altogether. Those that still run are given up: a share may not answer."""
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    running = [thread for thread in threads if thread.is_alive()]
    _given_up.extend(running)
    return running


def is_held_up() -> bool:
    """Whether a thread that was given up still runs: Python, which waits for those of its pools, might never end."""
    return any(thread.is_alive() for thread in _given_up)


def main_thread_only(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """What writes or reads a live object of the window: an AssertionError from any other thread, unless Python runs with -O.

    The GUI thread is the main thread. Jobs get frozen snapshots instead (`FrameList.snapshot` and the like).
    """
    if not __debug__:
        return method

    @wraps(method)
    def checked(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        assert threading.current_thread() is threading.main_thread(), f"{method.__qualname__} is for the main thread"  # noqa: S101
        return method(*args, **kwargs)

    return checked


def cores() -> int:
    """Processors that this process may use."""
    # Linux may grant fewer than the machine has
    granted = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, granted - _left_to_others)


# Why: docs/decisions/system.md 12
def make_way() -> None:
    """Others come first from now on: this process gets a lower priority, and leaves one core to them, if there are two.

    To be called before other threads are begun. (On Windows who starts the process sets its priority.)
    """
    global _left_to_others
    if hasattr(os, "nice"):
        os.nice(_NICE)
    if not hasattr(os, "sched_setaffinity"):
        _left_to_others = 1
    elif len(granted := sorted(os.sched_getaffinity(0))) > 1:
        os.sched_setaffinity(0, granted[1:])  # libraries in C, too, count what is left
