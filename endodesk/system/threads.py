"""The same work on many items, on all cores. For work that frees the interpreter: decoding, hashing, OpenCV, files."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


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
                if len(waiting) > depth:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
