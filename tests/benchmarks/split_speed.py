"""How fast near duplicates are found among 100,000 perceptual hashes: friendly ones and such as make the search work hard."""

import itertools
import time

import numpy as np
from numpy.typing import NDArray

from endodesk.dataset.near_duplicates import near_groups, near_pairs

HASHES, NEAR = 100_000, 6


def split_rows() -> list[tuple[str, float]]:
    """(what, seconds) for pairs and groups of each kind of hashes."""
    rows = []
    for kind, bits in _kinds().items():
        hashes = [f"{int(value):016x}" for value in bits]
        for name, work in (("pairs", near_pairs), ("groups", near_groups)):
            started = time.perf_counter()
            work(hashes, NEAR)
            rows.append((f"{name} within {NEAR} bits among {HASHES:,} hashes, {kind}", time.perf_counter() - started))
    return rows


def _kinds() -> dict[str, NDArray[np.uint64]]:
    rng = np.random.default_rng(0)
    uniform = rng.integers(0, 2**64, HASHES, dtype=np.uint64)
    clustered = np.repeat(uniform[: HASHES // 10], 10)
    for _ in range(4):
        clustered = clustered ^ (np.uint64(1) << rng.integers(0, 64, HASHES, dtype=np.uint64))
    ball = np.array([sum(1 << bit for bit in bits) for size in range(4) for bits in itertools.combinations(range(64), size)], np.uint64)
    return {
        "even": uniform,
        "like perceptual hashes (32 bits set)": _half_set(rng),
        "ten near copies of each": clustered,
        "all equal": np.zeros(HASHES, np.uint64),
        "44 bits equal": rng.integers(0, 2**20, HASHES, dtype=np.uint64),
        "half within 3 bits of one": np.r_[ball, uniform][:HASHES],
    }


def _half_set(rng: np.random.Generator) -> NDArray[np.uint64]:
    """A perceptual hash compares with the median, so half of its bits are set."""
    order = rng.random((HASHES, 64)).argsort(axis=1) < 32
    return np.packbits(order, axis=1).view(np.uint64)[:, 0]
