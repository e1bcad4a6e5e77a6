"""What comes out of the cache is what was put in, or nothing; and nothing is made again, pixel for pixel."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.recipes import Recipe
from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER
from endodesk.system.task import TaskContext
from training.inputs.examples import preprocessed
from training.inputs.frame_cache import RECIPES_KEPT, SHAPE, FrameCache, folder_of

FRAME, OTHER = Sha256("a" * 64), Sha256("b" * 64)
FINAL = np.random.default_rng(1).integers(0, 256, SHAPE, np.uint8)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The file of the only frame in the cache."""
    FrameCache(tmp_path, CLEAN).put(FRAME, FINAL)
    (file,) = (tmp_path / folder_of(CLEAN)).iterdir()
    return file


def test_a_frame_comes_back_for_its_own_recipe_and_name_only(kept: Path, tmp_path: Path) -> None:
    found = FrameCache(tmp_path, CLEAN).get(FRAME)
    assert found is not None
    assert np.array_equal(found, FINAL)
    assert FrameCache(tmp_path, PAPER).get(FRAME) is None
    kept.rename(kept.with_name(kept.name.replace(FRAME, OTHER)))
    assert FrameCache(tmp_path, CLEAN).get(OTHER) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bit=st.integers(0, 7), place=st.floats(0, 1, exclude_max=True))
def test_one_flipped_bit_is_noticed_wherever_it_is(kept: Path, tmp_path: Path, bit: int, place: float) -> None:
    whole = kept.read_bytes()
    damaged = bytearray(whole)
    damaged[int(place * len(whole))] ^= 1 << bit
    kept.write_bytes(damaged)
    assert FrameCache(tmp_path, CLEAN).get(FRAME) is None
    kept.write_bytes(whole)
    assert FrameCache(tmp_path, CLEAN).get(FRAME) is not None


def as_folder(file: Path) -> None:
    file.unlink()
    (file / "full").mkdir(parents=True)


DAMAGES = {
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"\0"),
    "text": lambda file: file.write_bytes(b"x" * file.stat().st_size),
    "of zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "a hole in it": lambda file: file.write_bytes(file.read_bytes()[:500] + bytes(200) + file.read_bytes()[700:]),
    "gone": lambda file: file.unlink(),
    "a folder": as_folder,
    "not to be read": lambda file: file.chmod(0),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_is_made_again(tmp_path: Path, frame_rows, damage) -> None:
    rows = frame_rows[:2]
    expected = preprocessed(rows, CLEAN, tmp_path, TaskContext())
    file = next((tmp_path / folder_of(CLEAN)).iterdir())
    whole = file.read_bytes()
    damage(file)
    assert (preprocessed(rows, CLEAN, tmp_path, TaskContext()) == expected).all()
    file.chmod(stat.S_IRUSR)
    assert file.read_bytes() == whole
    assert len(list(file.parent.iterdir())) == 2


def test_a_file_in_the_place_of_the_cache_is_told_and_stays(tmp_path: Path, frame_rows) -> None:
    (tmp_path / "cache").write_bytes(b"mine")
    with pytest.raises(BadRequest, match=r"^Preprocessed frames cannot be kept in .*cache: not a directory\. Move what is in the way"):
        preprocessed(frame_rows[:1], CLEAN, tmp_path / "cache", TaskContext())
    assert (tmp_path / "cache").read_bytes() == b"mine"


def test_recipes_that_were_not_used_for_long_are_forgotten(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    recipes = [Recipe("clean", (PAPER.steps[0], CLEAN.steps[number])) for number in range(4)] + [PAPER, CLEAN]
    for age, recipe in enumerate(recipes):
        FrameCache(tmp_path, recipe).put(FRAME, FINAL)
        os.utime(tmp_path / folder_of(recipe), (age, age))
    FrameCache(tmp_path, recipes[3])  # used again: the next to go is another
    FrameCache(tmp_path, recipes[0])
    kept = {folder_of(recipe) for recipe in (recipes[0], recipes[3], PAPER, CLEAN)}
    assert len(kept) == RECIPES_KEPT
    assert {path.name for path in tmp_path.iterdir()} == {*kept, "mine"}
