import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from endodesk.domain.errors import EndoDeskError, UnreadableImage
from endodesk.imaging.read import read_image
from endodesk.imaging.recipes import CLEAN, PAPER, apply_recipe
from endodesk.imaging.step_files import write_steps
from endodesk.imaging.synthetic import render_frame


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    image = render_frame("polyps", case_seed=2, frame_seed=1, width=200, box_kind="green", border="octagon").image
    path = tmp_path / "in" / "Größe [1].png"
    path.parent.mkdir()
    path.write_bytes(cv2.imencode(".png", image[..., ::-1])[1].tobytes())
    return path


@pytest.mark.parametrize("recipe", [PAPER, CLEAN], ids=lambda recipe: recipe.name)
def test_every_step_is_written_as_it_was(frame: Path, tmp_path: Path, recipe) -> None:
    folder = write_steps(frame, recipe, tmp_path / "out")
    assert folder == tmp_path / "out" / "Größe [1]"
    told = json.loads((folder / "steps.json").read_text("utf-8"))
    assert (told["source"], told["recipe"], told["fingerprint"]) == (str(frame), recipe.name, recipe.fingerprint)
    results = apply_recipe(read_image(frame), recipe)
    assert [step["name"] for step in told["steps"]] == [step.name for step in recipe.steps]
    for step, result in zip(told["steps"], results, strict=True):
        assert np.array_equal(read_image(folder / step["file"]), result.image)
        assert (step["height"], step["width"]) == result.image.shape[:2]
        assert step.get("crop") == (list(result.crop) if result.crop else None)
        assert step.get("pixels") == (None if result.mask is None else result.pixels)
    assert sum("crop" in step for step in told["steps"]) == 1
    assert sum("pixels" in step for step in told["steps"]) == 2
    assert np.array_equal(read_image(folder / "final.png"), results[-1].image)
    assert {path.name for path in folder.iterdir()} == {"steps.json", "final.png", *(step["file"] for step in told["steps"])}


def test_the_same_frame_is_written_over_without_leavings_of_another_recipe(frame: Path, tmp_path: Path) -> None:
    first = write_steps(frame, PAPER, tmp_path / "out")
    (first / "1-note.png").write_bytes(b"mine")
    assert write_steps(frame, CLEAN, tmp_path / "out") == first
    told = json.loads((first / "steps.json").read_text("utf-8"))
    assert {p.name for p in first.glob("?-*.png")} == {"1-note.png", *(step["file"] for step in told["steps"])}


@pytest.mark.parametrize("listing", ["", "{", "[]", '{"source": 3}', "\xff", '{"steps": []}', "[" * 100_000])
def test_another_frame_of_the_same_name_gets_its_own_folder(frame: Path, tmp_path: Path, listing: str) -> None:
    other = tmp_path / "other" / frame.name
    other.parent.mkdir()
    other.write_bytes(frame.read_bytes())
    first, second = write_steps(frame, PAPER, tmp_path / "out"), write_steps(other, PAPER, tmp_path / "out")
    assert second == first.with_name(f"{first.name}-2")
    (first / "steps.json").write_text(listing, "latin-1")  # damaged: nobody knows any more whose folder it is
    assert write_steps(frame, PAPER, tmp_path / "out") == first.with_name(f"{first.name}-3")


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text_finds_its_folder_again(frame: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xfffr\n.png"))
    odd.write_bytes(frame.read_bytes())
    assert write_steps(odd, PAPER, tmp_path / "out") == write_steps(odd, CLEAN, tmp_path / "out")


def test_failures_are_sentences(frame: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EndoDeskError, match=r"^The steps of Größe \[1\]\.png cannot be written to .*file: not a directory\.$"):
        write_steps(frame, PAPER, tmp_path / "file")
    with pytest.raises(UnreadableImage, match=r"^file cannot be read: the file is empty\.$"):
        write_steps(tmp_path / "file", PAPER, tmp_path / "out")
    assert not (tmp_path / "out").exists()
