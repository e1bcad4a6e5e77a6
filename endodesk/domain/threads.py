"""The same work on many items, on all cores. For work that frees the interpreter: decoding, hashing, OpenCV, files."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


def in_threads(work: Callable[[_T], _R], items: Iterable[_T], *, workers: int = 0) -> Iterator[_R]:
    """Results in the order of the items, a few items ahead; if the caller stops, what has not begun is dropped."""
    with ThreadPoolExecutor(workers or cores(), thread_name_prefix="frames") as pool:
        try:
            yield from pool.map(work, items)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
