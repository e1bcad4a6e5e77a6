import cv2
import numpy as np
import pytest
from evaluation_examples import a_bundle, some_answers
from frame_folders import put

from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import Cancelled
from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER
from endodesk.imaging.synthetic.frames import render_frame
from endodesk.system.task import TaskContext
from training.evaluation.shortcut_probe import (
    FLAT,
    PROBES,
    RIM_PX,
    blurred_away,
    box_only,
    outline_only,
    probe,
    probe_png,
    probed,
    rim_only,
)

CASE = 46
TWO = ClassSet(("round", "tight"))


class Reader:
    """A model of two classes that answers by one thing alone; it runs, and knows nothing else."""

    def __init__(self, speaks_for_the_first):
        self.bundle = a_bundle(TWO)
        self._speaks = speaks_for_the_first

    def predict_final(self, finals):
        return np.array([[0.9, 0.1] if self._speaks(final) else [0.1, 0.9] for final in finals], np.float32)


def dark_corners(final):
    return final[:6, :6].mean() < 40


def fine_centre(final):
    return final[80:144, 80:144].std() > 25


def frame(border, case, *, number=1, box=""):
    return render_frame("polyps", case_seed=case, frame_seed=number, box_kind=box, border=border, width=200).image


def write(folder, images):
    return [put(folder / f"{n:02}.png", cv2.imencode(".png", image[..., ::-1])[1].tobytes()) for n, image in enumerate(images)]


@pytest.fixture
def outlines(tmp_path):
    """12 frames whose class is their border."""
    return some_answers(write(tmp_path, [frame(("round", "tight")[n % 2], CASE, number=n) for n in range(12)]), classes=TWO)


@pytest.fixture
def textures(tmp_path):
    """12 frames of one border whose class is what lies in their middle."""
    chequered = np.kron(np.indices((40, 40)).sum(axis=0) % 2, np.ones((2, 2)))[..., None] * 120 + 60
    images = []
    for n in range(12):
        image = frame("round", 80 + n)
        y, x = image.shape[0] // 2 - 40, image.shape[1] // 2 - 40
        image[y : y + 80, x : x + 80] = chequered if n % 2 == 0 else 120
        images.append(image)
    return some_answers(write(tmp_path, images), classes=TWO)


def balanced(model, answers):
    told = probe(model, answers, TaskContext())
    assert (told["n"], told["chance"]) == (12, 0.5)
    return {name: told[name]["balanced_accuracy"] for name in ("whole", *PROBES)}


def test_a_model_that_reads_the_outline_is_caught(outlines):
    found = balanced(Reader(dark_corners), outlines)
    assert found["whole"] == found["outline"] == found["rim"] == 1
    assert found["box"] == 0.5


def test_a_model_that_reads_the_mucosa_is_not(textures):
    found = balanced(Reader(fine_centre), textures)
    assert found["whole"] == 1
    assert {name: found[name] for name in PROBES} == dict.fromkeys(PROBES, 0.5)


def test_outline_and_box_show_nothing_of_the_mucosa():
    rng = np.random.default_rng(0)
    image = frame("octagon", 3, box="green")
    field, box = (np.zeros(image.shape[:2], bool) for _ in range(2))
    field[20:120, 30:160] = True
    box[100:130, 20:60] = True  # half of it in the field
    noise = np.where((field & ~box)[..., None], rng.integers(0, 255, image.shape), image).astype(np.uint8)
    shown = outline_only(image, field, box)
    assert (shown == outline_only(noise, field, box)).all()
    assert (shown[field] == FLAT).all()
    assert (shown[box & ~field] == 0).all()
    assert (shown[~field & ~box] == image[~field & ~box]).all()
    alone = box_only(image, box)
    assert (alone == box_only(np.where(box[..., None], image, 7).astype(np.uint8), box)).all()
    assert (alone[box] == image[box]).all()
    assert (image == frame("octagon", 3, box="green")).all()  # the frame itself is left alone


def test_rim_and_blur_take_the_detail():
    final = np.random.default_rng(0).integers(0, 255, (224, 224, 3)).astype(np.uint8)
    rim = rim_only(final)
    assert np.abs(rim[: RIM_PX // 2].astype(int) - final[: RIM_PX // 2]).max() <= 12
    assert rim[60:160, 60:160].std() < 5
    grey = blurred_away(final)
    assert (grey[..., 0] == grey[..., 1]).all()
    assert grey.shape == (224, 224, 3)
    assert blurred_away(np.full_like(final, 90)).std() == 0


@pytest.mark.parametrize("recipe", [PAPER, CLEAN])
def test_every_probe_is_a_picture_that_the_model_can_take(recipe):
    shown = probed(frame("octagon", 5, box="black"), recipe)
    assert len(shown) == 1 + len(PROBES)
    assert {(picture.shape, picture.dtype) for picture in shown} == {((224, 224, 3), np.dtype(np.uint8))}


@pytest.mark.slow
def test_one_class_is_not_probed_and_lost_frames_do_not_count(outlines):
    one = some_answers([outlines.frames[0].path], classes=TWO)
    assert probe(Reader(dark_corners), one, TaskContext()) == {}
    for gone in outlines.frames[:2]:
        gone.path.unlink()
    assert probe(Reader(dark_corners), outlines, TaskContext())["n"] == 10
    assert probe_png(outlines, PAPER) is None  # the first frames of both classes
    assert probe_png(some_answers([f.path for f in outlines.frames[2:]], classes=TWO), PAPER).startswith(b"\x89PNG")


def test_a_probe_can_be_cancelled(outlines):
    task = TaskContext()
    task.cancel()
    with pytest.raises(Cancelled):
        probe(Reader(dark_corners), outlines, task)
