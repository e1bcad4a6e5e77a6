"""Frames without structure have no hash to be joined by; frames of tissue all have theirs, which is the published one."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.domain.images import NO_STRUCTURE
from endodesk.imaging.hashing import joining_hash, kept_hash, phash
from endodesk.imaging.synthetic.frames import FINDINGS, render_frame

HEIGHT, WIDTH = 288, 360
BARS = ((192, 192, 192), (192, 192, 0), (0, 192, 192), (0, 192, 0), (192, 0, 192), (192, 0, 0), (0, 0, 192))


def plain(*colour: int) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), colour, np.uint8)


def lines(ground: np.ndarray, *words: str, size: float = 0.4, at: tuple[int, int] = (8, 20)) -> np.ndarray:
    picture = ground.copy()
    for number, text in enumerate(words):
        place = (at[0], at[1] + int(number * 45 * size))
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, (255, 255, 255), max(1, round(2 * size)), cv2.LINE_AA)
    return picture


def noisy(picture: np.ndarray, sigma: float, seed: int = 0) -> np.ndarray:
    return np.clip(picture + np.random.default_rng(seed).normal(0, sigma, picture.shape), 0, 255).astype(np.uint8)


def as_jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    coded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])


def ramp(low: float, high: float, *, down: bool) -> np.ndarray:
    steps = np.linspace(low, high, HEIGHT if down else WIDTH)
    return np.broadcast_to((steps[:, None, None] if down else steps[None, :, None]), (HEIGHT, WIDTH, 3)).astype(np.uint8).copy()


def lens_cap() -> np.ndarray:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.where((np.hypot(y - HEIGHT / 2, x - WIDTH / 2) < 130)[..., None], plain(7, 5, 5), plain(0, 0, 0))


def curtain(share: float, *, down: bool) -> np.ndarray:
    picture = plain(0, 0, 0)
    picture[(slice(int(share * HEIGHT)),) if down else (slice(None), slice(int(share * WIDTH)))] = 255
    return picture


def bars() -> np.ndarray:
    picture = plain(0, 0, 0)
    for number, colour in enumerate(BARS):
        picture[:, number * WIDTH // 7 : (number + 1) * WIDTH // 7] = colour
    return picture


OVERLAY = ("ID: 0042", "Name:", "Age:", "Sex:", "30/11/2026", "10:42:17", "SCV: 12", "CVP: 3", "Gr: N", "Eh: A5", "Comment:")
BLANK = {
    "black": plain(0, 0, 0),
    "black of a video": plain(16, 16, 16),
    "blue": plain(0, 0, 255),
    "green": plain(0, 177, 64),
    "white": plain(255, 255, 255),
    "a ramp down": ramp(0, 255, down=True),
    "a ramp across": ramp(20, 60, down=False),
    "half a curtain": curtain(0.5, down=True),
    "a third of a curtain": curtain(1 / 3, down=False),
    "bars": bars(),
    "lens cap": lens_cap(),
    "a clock on black": lines(plain(0, 0, 0), "10:42:17", at=(280, 275)),
    "no signal on blue": lines(plain(0, 0, 200), "NO SIGNAL", size=0.8, at=(110, 150)),
    "no signal, large": lines(plain(0, 0, 200), "NO SIGNAL", size=1.7, at=(30, 160)),
    "no signal on a ramp": lines(ramp(20, 120, down=True), "NO SIGNAL", size=0.8, at=(110, 150)),
    "the console's text on black": lines(plain(0, 0, 0), *OVERLAY),
}


@pytest.mark.parametrize("name", BLANK)
def test_what_shows_nothing_has_no_hash_to_be_joined_by_also_with_noise_and_as_jpeg(name: str) -> None:
    picture = BLANK[name]
    for seen in (picture, noisy(picture, 2), noisy(picture, 12), as_jpeg(picture, 50), as_jpeg(noisy(picture, 6), 75)):
        assert joining_hash(seen) == ""
        assert kept_hash(seen) == NO_STRUCTURE


@pytest.mark.slow
@given(
    colour=st.tuples(*[st.integers(0, 255)] * 3),
    size=st.tuples(st.integers(8, 700), st.integers(8, 700)),
    sigma=st.floats(0, 25),
    quality=st.integers(20, 100),
    seed=st.integers(0, 99),
)
def test_one_colour_of_any_size_and_noise_has_none(colour, size, sigma, quality, seed) -> None:
    picture = np.full((*size, 3), colour, np.uint8)
    if min(size) >= 160:  # noise of fewer pixels does not even out in the 32 x 32 that are hashed: it is the picture then
        picture = noisy(picture, sigma, seed)
    assert joining_hash(as_jpeg(picture, quality)) == ""


@pytest.mark.slow
@pytest.mark.parametrize("finding", FINDINGS)
@pytest.mark.parametrize("width", [64, 333, 720])
def test_generated_frames_keep_the_published_hash_also_half_as_bright(finding: str, width: int) -> None:
    for case in range(4):
        image = render_frame(finding, case_seed=case, frame_seed=3, width=width).image
        for seen in (image, image // 2):
            assert joining_hash(seen) == phash(seen) == kept_hash(seen)
