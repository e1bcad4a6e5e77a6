"""Our perceptual hash is imagehash's own, on every frame and at every size; only faster."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import imagehash
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from endodesk.imaging.hashing import joining_hash, phash
from endodesk.imaging.lanczos import reduced
from endodesk.imaging.reading.read import read_image
from endodesk.imaging.synthetic.frames import FINDINGS, render_frame

REAL = Path(__file__).parents[3] / "shared" / "data"
PUBLISHED = "b23dddf81a994b0735a2165db5df8a0fdfd68523bf290f8c261ace9a4ab7b16c"
"""SHA-256 of the names of the 1,930 real JPEG files with what `by_imagehash` says of each (imagehash 4.3.2, Pillow 13)."""


def by_imagehash(path: Path) -> str:
    with Image.open(path) as picture:
        return str(imagehash.phash(picture.convert("RGB")))


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="the shared frames are not here")
def test_every_real_frame_has_a_hash_and_it_is_the_published_one() -> None:
    files = [path for path in sorted(REAL.rglob("*")) if path.suffix in (".jpg", ".png") and "masks" not in path.parts]
    assert len(files) >= 2097
    with ThreadPoolExecutor(2) as pool:
        ours = dict(zip(files, pool.map(lambda path: joining_hash(read_image(path)), files), strict=True))
    assert [path for path, found in ours.items() if not found] == []
    told = hashlib.sha256()
    for path in sorted(REAL.rglob("*.jpg")):
        told.update(f"{path.relative_to(REAL).as_posix()} {ours[path]}\n".encode())
    if told.hexdigest() != PUBLISHED:  # which they are takes as long again
        assert [path for path, found in ours.items() if path.suffix == ".jpg" and found != by_imagehash(path)] == []
        raise AssertionError(f"other frames lie in {REAL} than those that PUBLISHED was made of; now it is {told.hexdigest()}")


@pytest.mark.parametrize("width", [64, 333, 720])
@pytest.mark.parametrize("finding", FINDINGS)
def test_generated_frames_have_the_published_hash(finding: str, width: int) -> None:
    image = render_frame(finding, case_seed=1, frame_seed=3, width=width).image
    assert phash(image) == str(imagehash.phash(Image.fromarray(image)))


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 300), width=st.integers(1, 300), side=st.sampled_from([8, 32]), seed=st.integers(0, 10**6), extreme=st.booleans()
)
@example(height=32, width=32, side=32, seed=0, extreme=True)
@example(height=2, width=4999, side=32, seed=1, extreme=True)
@example(height=500, width=90, side=32, seed=1, extreme=True)
@example(height=3, width=5001, side=32, seed=2, extreme=True)
def test_the_reduction_is_pillows_bit_for_bit(height: int, width: int, side: int, seed: int, extreme: bool) -> None:
    grey = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    if extreme:
        grey = np.where(grey < 128, 0, 255).astype(np.uint8)
    assert np.array_equal(reduced(grey, side), np.asarray(Image.fromarray(grey).resize((side, side), Image.Resampling.LANCZOS)))


def test_a_part_of_a_frame_is_hashed_as_that_part() -> None:
    image = render_frame(FINDINGS[0], case_seed=1, frame_seed=3, width=333).image
    part = image[10:200, 20:300]
    assert phash(part) == phash(np.ascontiguousarray(part)) == str(imagehash.phash(Image.fromarray(part)))


@pytest.mark.parametrize("level", [0, 7, 255])
def test_a_frame_of_one_colour_has_the_published_hash(level: int) -> None:
    image = np.full((90, 120, 3), level, np.uint8)
    assert phash(image) == str(imagehash.phash(Image.fromarray(image)))
