"""The recipe `paper` is method.md to the pixel, and gives the crops that method.md describes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from published_method import bilinear, published

from endodesk.imaging.pixels import RGB
from endodesk.imaging.preprocessing.pipeline import PAPER, apply_recipe, place_of_final, preprocess
from endodesk.imaging.reading.read import read_image
from endodesk.imaging.synthetic.device import BORDERS, BOX_KINDS
from endodesk.imaging.synthetic.frames import FINDINGS, render_frame

REAL = Path(__file__).parents[4] / "shared" / "data"
REAL_FOLDERS = {"frames": 1339, "unlabelled": 4, "external-hospital": 57, "low-resolution-crops": 47}


def assert_published(frame: RGB, name: str = "") -> None:
    crop, painted, final = published(frame)
    steps = apply_recipe(frame, PAPER)
    assert list(place_of_final(frame, steps)) == crop, name
    mask = steps[2].mask
    assert mask is not None
    assert np.array_equal(mask, painted), name
    assert np.array_equal(steps[-1].image, final), name


@pytest.mark.slow
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("box_kind", BOX_KINDS)
def test_synthetic_frames_come_out_as_published(border: str, box_kind: str) -> None:
    for case, finding in enumerate(FINDINGS):
        for width in (150, 333):
            assert_published(render_frame(finding, case_seed=case, frame_seed=2, border=border, box_kind=box_kind, width=width).image)


@pytest.mark.slow
@pytest.mark.parametrize("folder", REAL_FOLDERS)
def test_every_real_frame_comes_out_as_published(folder: str) -> None:
    if not (REAL / folder).is_dir():
        pytest.skip(f"{REAL / folder} is not here")
    files = sorted((REAL / folder).rglob("*.jpg"))
    assert len(files) >= REAL_FOLDERS[folder]
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda path: assert_published(read_image(path), path.name), files):
            pass


def lit(height: int, width: int, x: int, y: int, w: int, h: int) -> RGB:
    """A dark frame with one lit rectangle, redder than any green."""
    frame = np.full((height, width, 3), 8, np.uint8)
    frame[y : y + h, x : x + w] = (190, 110, 90)
    return frame


@pytest.mark.parametrize(
    ("frame", "crop"),
    [
        (lit(200, 300, 50, 40, 120, 90), (40, 30, 140, 110)),  # ten pixels on every side
        (lit(200, 300, 0, 0, 120, 90), (0, 0, 140, 110)),  # the margin that the left lacks is given on the right
        (lit(200, 300, 4, 6, 120, 90), (0, 0, 140, 110)),
        (lit(200, 300, 180, 110, 120, 90), (170, 100, 130, 100)),  # clipped
        (lit(200, 300, 3, 3, 290, 190), (0, 0, 300, 200)),  # 91.8 % is cropped, with a margin that takes it all in
        (lit(200, 300, 2, 2, 294, 194), None),  # 95.06 % is not
        (np.zeros((200, 300, 3), np.uint8), None),
        (np.full((200, 300, 3), 255, np.uint8), None),
    ],
)
def test_the_crop_is_the_fields_box_with_its_margin(frame: RGB, crop: tuple[int, int, int, int] | None) -> None:
    field, cropped, *_ = apply_recipe(frame, PAPER)
    assert cropped.crop == crop
    assert field.image.shape == frame.shape
    assert cropped.image.shape[:2] == ((200, 300) if crop is None else (crop[3], crop[2]))


def test_the_field_is_the_largest_region_not_the_widest() -> None:
    frame = lit(200, 300, 100, 60, 80, 80)
    frame[20:24, 5:295] = 220  # a line of text
    assert apply_recipe(frame, PAPER)[1].crop == (90, 50, 100, 100)


def test_dark_red_mucosa_is_field_in_the_right_colour_order() -> None:
    frame = np.zeros((100, 100, 3), np.uint8)
    frame[20:80, 20:80] = (90, 30, 25)  # L is 53; read as blue, green, red it would be 38
    field = apply_recipe(frame, PAPER)[0]
    assert field.pixels > 3500


def test_a_green_box_takes_the_mean_colour_of_the_lit_rest() -> None:
    frame = lit(200, 300, 30, 30, 240, 140)
    frame[100:160, 40:100] = (20, 200, 60)
    frame[130, 70] = (255, 255, 255)  # the scope's line is closed over
    painted = apply_recipe(frame, PAPER)[2]
    assert painted.mask is not None
    assert painted.pixels == (60 + 14) ** 2  # the square grows by seven on each side
    assert np.unique(painted.image[painted.mask], axis=0).tolist() == [[190, 110, 90]]
    assert np.array_equal(painted.image[~painted.mask], apply_recipe(frame, PAPER)[1].image[~painted.mask])


def test_a_mean_colour_is_truncated() -> None:
    frame = np.full((64, 64, 3), 100, np.uint8)
    frame[:, 32:] = (202, 101, 101)
    frame[:10, :10] = (20, 200, 60)
    painted = apply_recipe(frame, PAPER)[2]
    assert painted.mask is not None
    rest = apply_recipe(frame, PAPER)[1].image[~painted.mask]
    assert painted.image[0, 0].tolist() == [int(c) for c in rest.mean(axis=0)]
    assert rest.mean(axis=0)[0] % 1 > 0.5  # rounding would give another


def test_where_all_that_is_lit_is_green_the_dark_lends_its_colour_and_all_green_stays() -> None:
    frame = np.full((100, 100, 3), 9, np.uint8)
    frame[30:60, 30:60] = (20, 200, 60)
    painted = apply_recipe(frame, PAPER)[2]
    assert np.unique(painted.image).tolist() == [9]
    green = np.full((50, 60, 3), (20, 200, 60), np.uint8)
    assert np.array_equal(np.unique(preprocess(green, PAPER).reshape(-1, 3), axis=0), [[20, 200, 60]])


def test_the_last_step_is_bilinear() -> None:
    frame = np.random.default_rng(3).integers(60, 256, (90, 411, 3), np.uint8)
    frame[..., 1] = 60  # nothing green
    assert np.abs(preprocess(frame, PAPER) - bilinear(frame, 224)).max() <= 1
