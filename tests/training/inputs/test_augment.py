import numpy as np
import pytest

from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER, preprocess
from endodesk.imaging.reading.read import read_image
from endodesk.system.threads import in_threads
from training.inputs.augment import Augmenter, preprocessing_lambda, transforms
from training.inputs.colour_transfer import ColourTransfer
from training.inputs.examples import Examples
from training.plan.config import AUGMENTATIONS

A = pytest.importorskip("albumentations")


def colours_of(colour):
    """Of one class with one frame of a colour and some noise."""
    frame = np.clip(np.array(colour) + np.random.default_rng(0).normal(0, 30, (224, 224, 3)), 0, 255).astype(np.uint8)
    return ColourTransfer.of(Examples((None,), frame[None], np.array([0]), np.ones(1, np.float32)))


@pytest.fixture(scope="module")
def final(frame_rows):
    return preprocess(read_image(frame_rows[7].file), CLEAN)


@pytest.mark.parametrize("recipe", [PAPER, CLEAN], ids=lambda recipe: recipe.name)
def test_the_published_lambda_is_the_preprocessing(frame_rows, recipe):
    pipeline = A.Compose([preprocessing_lambda(recipe)])
    for row in frame_rows[::17]:
        image = read_image(row.file)
        assert (pipeline(image=image)["image"] == preprocess(image, recipe)).all()


def test_paper_preset_is_the_published_list():
    """method.md, "Augmentation"; vertical flips and hue shifts from the paper, section III.2."""
    chances = [(type(step).__name__, step.p) for step in transforms("paper")]
    assert chances == [
        ("RandomRotate90", 0.5),
        ("HorizontalFlip", 0.5),
        ("VerticalFlip", 0.5),
        ("Affine", 0.5),
        ("RandomBrightnessContrast", 0.5),
        ("GaussianBlur", 0.3),
        ("RandomGamma", 0.3),
        ("HueSaturationValue", 0.3),
    ]


@pytest.mark.parametrize("preset", [preset for preset in AUGMENTATIONS if preset != "none"])
def test_views_are_repeatable_differ_and_do_not_depend_on_threads(final, preset):
    frame = "0123456789abcdef" * 4
    colours = colours_of((150, 90, 80))
    views = [Augmenter(preset, 42, colours)(final, frame=frame, view=view) for view in range(8)]
    again = Augmenter(preset, 42, colours)
    threaded = list(in_threads(lambda view: again(final, frame=frame, view=view), [*range(8)] * 3, workers=4))
    assert all((threaded[i] == views[i % 8]).all() for i in range(24))
    assert all(v.shape == (224, 224, 3) and v.dtype == np.uint8 for v in views)
    assert len({v.tobytes() for v in views}) >= 7
    assert (Augmenter(preset, 43, colours)(final, frame=frame, view=1) != views[1]).any()
    assert (Augmenter(preset, 42, colours)(final, frame="f" * 64, view=1) != views[1]).any()


def test_the_presets_that_exchange_colours_take_them_from_the_looks(final):
    views = {}
    for name, colours in (("none", None), ("red", colours_of((200, 40, 40))), ("blue", colours_of((40, 40, 200)))):
        augment = Augmenter("source", 42, colours)
        views[name] = np.mean([augment(final, frame="ab" * 32, view=view).mean(axis=(0, 1)) for view in range(20)], axis=0)
    assert views["red"][0] - views["red"][2] > views["none"][0] - views["none"][2] + 20
    assert views["blue"][0] - views["blue"][2] < views["none"][0] - views["none"][2] - 20


def test_steps_act_independently(final):
    """albumentations' own set_random_seed makes all steps act together or not at all."""
    views = {Augmenter("paper", 42)(final, frame="ab" * 32, view=view).tobytes() for view in range(100)}
    assert len(views) > 90
    assert final.tobytes() not in views or len(views) > 95


def test_none_is_the_frame_itself(final):
    assert Augmenter("none", 42)(final, frame="0" * 64, view=3) is final
