"""Features on disk: what comes back, what a crash leaves, and what damage does."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import PAPER_CLASSES
from endodesk.domain.images import Sha256
from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER
from endodesk.inference.feature_file import FeatureFile

K = 8
HASH = "ab" * 32
BUNDLE = ModelBundle("one", PAPER_CLASSES, CLEAN, datetime(2025, 11, 23, tzinfo=UTC), {"backbone.tflite": HASH, "head.npz": HASH})


def sha(number: int) -> Sha256:
    return Sha256(f"{number:064x}")


def some(*numbers: int) -> dict[Sha256, np.ndarray]:
    return {sha(number): np.full(K, number / 7, np.float32) for number in numbers}


def opened(folder: Path, bundle: ModelBundle = BUNDLE) -> FeatureFile:
    return FeatureFile(folder, bundle, K)


def numbers_in(file: FeatureFile, *numbers: int) -> list[bool]:
    """Which of them are there, and right."""
    found = file.get([sha(number) for number in numbers])
    return [bool(np.allclose(row, number / 7, atol=1e-3)) for row, number in zip(found, numbers, strict=True)]


def test_features_come_back_in_the_order_asked_for_also_after_reopening(tmp_path: Path) -> None:
    file = opened(tmp_path / "new" / "folder")
    file.add(some(3, 1))
    file.add({})
    file.add(some(2))
    for known in (file, opened(tmp_path / "new" / "folder")):
        assert numbers_in(known, 1, 2, 3, 4) == [True, True, True, False]
        assert np.isnan(known.get([sha(4)])).all()
        assert (sha(3) in known, sha(4) in known, len(known)) == (True, False, 3)
    assert known.get([]).shape == (0, K)


def test_another_head_shares_them_another_backbone_or_recipe_does_not(tmp_path: Path) -> None:
    opened(tmp_path).add(some(1))
    head = replace(BUNDLE, files={"backbone.tflite": HASH, "head.npz": "cd" * 32}, temperature=2.0)
    backbone = replace(BUNDLE, files={"backbone.tflite": "cd" * 32, "head.npz": HASH})
    assert sha(1) in opened(tmp_path, head)
    assert sha(1) not in opened(tmp_path, backbone)
    assert sha(1) not in opened(tmp_path, replace(BUNDLE, recipe=PAPER))


@pytest.mark.parametrize("cut", [1, 2 * K - 1, 2 * K, 3 * 2 * K - 5])
@pytest.mark.parametrize("suffix", [".names", ".features"])
def test_what_a_crash_left_unfinished_is_cut_off_and_made_again(tmp_path: Path, suffix: str, cut: int) -> None:
    opened(tmp_path).add(some(1, 2, 3))
    [path] = tmp_path.glob(f"*{suffix}")
    path.write_bytes(path.read_bytes()[:-cut])
    file = opened(tmp_path)
    there = numbers_in(file, 1, 2, 3)
    assert there == sorted(there, reverse=True)
    assert not there[2]
    file.add(some(4, 3))
    again = opened(tmp_path)
    assert numbers_in(again, 3, 4) == [True, True]
    assert numbers_in(again, 1, 2) == there[:2]


def test_a_damaged_row_is_forgotten_and_made_again(tmp_path: Path) -> None:
    while_open = opened(tmp_path)
    while_open.add(some(1, 2))
    [path] = tmp_path.glob("*.features")
    data = bytearray(path.read_bytes())
    data[3] ^= 0x40
    path.write_bytes(data)
    file = opened(tmp_path)
    assert sha(1) not in file  # else who reopens it would never make it again
    for any_file in (while_open, file):
        assert numbers_in(any_file, 1, 2) == [False, True]
        assert sha(1) not in any_file
    file.add(some(1))
    assert numbers_in(opened(tmp_path), 1, 2) == [True, True]


def test_a_file_that_vanished_is_an_empty_one(tmp_path: Path) -> None:
    opened(tmp_path).add(some(1))
    next(tmp_path.glob("*.features")).unlink()
    assert numbers_in(opened(tmp_path), 1) == [False]


def test_files_from_elsewhere_that_would_fill_the_memory_begin_anew(tmp_path: Path) -> None:
    opened(tmp_path).add(some(1))
    for path in tmp_path.iterdir():
        os.truncate(path, 1 << 40)  # without a byte on the disk
    file = opened(tmp_path)
    assert len(file) == 0
    file.add(some(2))
    assert numbers_in(opened(tmp_path), 1, 2) == [False, True]
