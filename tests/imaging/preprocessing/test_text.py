"""Text is found wherever it stands and whatever its colour; highlights, blood vessels and the field's edges are none."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.imaging.pixels import RGB, Bytes, Mask
from endodesk.imaging.preprocessing.steps import STEPS
from endodesk.imaging.preprocessing.text import find_text
from endodesk.imaging.synthetic.burnt_in_text import stamp_words
from endodesk.imaging.synthetic.frames import TEST, yardstick

CONTRAST = int(dict(STEPS["text"].step("text").knobs)["contrast"])
TISSUE = (190, 105, 85)
WHITE, YELLOW, GREEN = (222, 222, 222), (232, 222, 70), (140, 226, 150)


def tissue() -> RGB:
    return np.full((300, 384, 3), TISSUE, np.uint8)


def whole(image: RGB) -> Bytes:
    return np.ones(image.shape[:2], np.uint8)


def found(image: RGB, field: Bytes | None = None, contrast: int = CONTRAST) -> Mask:
    return find_text(image, whole(image) if field is None else field, contrast=contrast).astype(bool)


def written(words: str, x: int, y: int, colour: tuple[int, int, int] = WHITE, *, outlined: bool = False) -> tuple[RGB, Mask]:
    """A word on plain tissue in dots of a pixel, and all that was drawn."""
    image, strokes = tissue(), np.zeros((300, 384), bool)
    stamp_words(strokes, words, x, y, 1)
    drawn = cv2.dilate(strokes.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) if outlined else strokes
    image[drawn] = 0
    image[strokes] = colour
    return image, drawn


@pytest.mark.parametrize("place", [(6, 60), (150, 140), (280, 40), (200, 280)])
@pytest.mark.parametrize("colour", [WHITE, YELLOW, GREEN])
@pytest.mark.parametrize("outlined", [False, True])
def test_a_word_is_found_anywhere_in_any_colour(place: tuple[int, int], colour: tuple[int, int, int], outlined: bool) -> None:
    image, drawn = written("13/11/2026", *place, colour, outlined=outlined)
    text = found(image)
    assert text[drawn].mean() >= 0.95
    assert not (text & ~cv2.dilate(drawn.astype(np.uint8), np.ones((11, 13), np.uint8)).astype(bool)).any()  # kept tight


@pytest.mark.parametrize("blue", [160, 220])
def test_a_message_box_is_found_whole(blue: int) -> None:
    image = tissue()
    image[180:205, 30:220] = (5, 5, blue)
    cv2.putText(image, "SYNTHETIC MESSAGE", (40, 196), cv2.FONT_HERSHEY_PLAIN, 0.8, WHITE, 1)
    text = found(image)
    assert text[180:205, 30:220].all()
    assert text.sum() < 1.3 * 25 * 190


def test_a_blue_instrument_is_no_message_box() -> None:
    image = tissue()
    cv2.line(image, (380, 290), (200, 150), (10, 10, 160), 24)
    assert not found(image).any()


def test_lone_highlights_are_no_text() -> None:
    taken = 0
    for seed in range(100):
        rng, image = np.random.default_rng(seed), tissue()
        for _ in range(10):
            middle, axes = rng.integers((30, 30), (350, 270)), rng.integers(3, 14, 2)
            cv2.ellipse(image, middle.tolist(), axes.tolist(), float(rng.uniform(0, 180)), 0, 360, (255, 255, 250), -1, cv2.LINE_AA)
        taken += found(image).any()
    assert taken <= 2  # where several happen to stand in a row


def test_streaks_along_a_fold_are_no_text() -> None:
    image = tissue()
    for place in range(12):
        cv2.line(image, (150 + 9 * place, 80 + 5 * place), (153 + 9 * place, 92 + 5 * place), (250, 240, 235), 2, cv2.LINE_AA)
    assert not found(image).any()


def test_the_edge_of_the_field_is_no_line() -> None:
    image, field = tissue(), np.zeros((300, 384), np.uint8)
    field[40:260, 60:340] = 1
    image[field == 0] = 8
    assert not found(image, field).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**31))
def test_what_is_found_lies_in_the_field(height: int, width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    field = rng.integers(0, 2, (height, width), dtype=np.uint8)
    text = find_text(image, field, contrast=CONTRAST)
    assert text.shape == field.shape
    assert text.dtype == np.uint8
    assert not (text > field).any()


def test_text_goes_on_beside_the_field_but_only_the_field_is_erased() -> None:
    image, drawn = written("SYNTHETIC", 30, 60)
    field = whole(image)
    field[:, :50] = 0
    image[(field == 0) & ~drawn] = 4
    text = found(image, field)
    assert not text[:, :50].any()
    assert text[drawn & (field == 1)].mean() >= 0.9


def test_fainter_than_the_contrast_is_no_text() -> None:
    image, drawn = written("13/11/2026", 150, 140, (210, 150, 120))
    assert found(image, contrast=15)[drawn].mean() >= 0.9
    assert not found(image, contrast=60).any()


@pytest.mark.slow
def test_most_text_of_the_yardstick_is_found() -> None:
    """`python -m tests.benchmarks.recipes` measures the same, on more frames and through the whole recipe."""
    shares = []
    for frame in yardstick(60, seed=TEST):
        size = (384, round(384 * frame.image.shape[0] / frame.image.shape[1]))
        over = frame.text & frame.field & ~frame.box
        if over.sum() > 20 and size[1] <= 384:
            small = np.asarray(cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA), np.uint8)
            field = cv2.resize((frame.field & ~frame.box).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
            text = cv2.resize(find_text(small, np.asarray(field, np.uint8), contrast=CONTRAST), frame.text.shape[::-1])
            shares.append(float(text[over].mean()))
    assert len(shares) >= 20
    assert np.mean(shares) >= 0.7
