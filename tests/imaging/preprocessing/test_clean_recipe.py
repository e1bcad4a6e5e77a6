"""The recipe `clean` against the truth of synthetic frames and of real ones looked at: it finds box, field and text, and invents none.

`python -m tests.benchmarks.recipes` measures the same on 500 frames; the limits here leave room for the smaller sample.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.imaging.pixels import RGB, Mask
from endodesk.imaging.preprocessing.field import inscribed_rectangle
from endodesk.imaging.preprocessing.inset import find_box
from endodesk.imaging.preprocessing.notch import find_notch
from endodesk.imaging.preprocessing.pipeline import CLEAN, StepResult, apply_recipe, preprocess
from endodesk.imaging.preprocessing.sketch import make_sketch
from endodesk.imaging.preprocessing.steps import STEPS
from endodesk.imaging.reading.read import read_image
from endodesk.imaging.synthetic.device import BORDERS
from endodesk.imaging.synthetic.frames import FINDINGS, TEST, SyntheticFrame, render_frame, yardstick

REAL = Path(__file__).parents[4] / "shared" / "data"
WITH_BOX = frozenset((Path(__file__).parent / "real_frames_with_box.txt").read_text().split())
"""Names of the real frames that have a ScopeGuide box, green or black; all 1,447 were looked at."""


def steps_of(image: RGB) -> dict[str, StepResult]:
    return {step.name: step for step in apply_recipe(image, CLEAN)}


def mask(step: StepResult) -> Mask:
    assert step.mask is not None
    return step.mask


def iou(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


@pytest.fixture(scope="module")
def measured() -> list[tuple[SyntheticFrame, dict[str, StepResult]]]:
    """Frames of the yardstick (those that nothing was tuned on), each with its steps."""
    with ThreadPoolExecutor() as pool:
        frames = list(yardstick(96, seed=TEST))
        return list(zip(frames, pool.map(lambda frame: steps_of(frame.image), frames), strict=True))


@pytest.mark.slow
def test_the_field_is_found(measured: list[tuple[SyntheticFrame, dict[str, StepResult]]]) -> None:
    overlaps = [iou(mask(steps["lit-field"]), frame.field) for frame, steps in measured]
    assert np.mean(overlaps) >= 0.97
    assert np.mean(np.array(overlaps) >= 0.93) >= 0.95


@pytest.mark.slow
def test_the_box_is_found_and_none_invented(measured: list[tuple[SyntheticFrame, dict[str, StepResult]]]) -> None:
    with_box = [(frame, mask(steps["box"])) for frame, steps in measured if frame.box_kind]
    overlaps = [iou(box, frame.box) for frame, box in with_box]
    assert len(overlaps) >= 30
    assert min(overlaps) > 0.5  # found every time
    assert np.mean(overlaps) >= 0.95
    invented = [mask(steps["box"]).any() for frame, steps in measured if not frame.box_kind]
    assert len(invented) >= 30
    assert np.mean(invented) <= 0.01


@pytest.mark.slow
def test_little_but_text_is_erased(measured: list[tuple[SyntheticFrame, dict[str, StepResult]]]) -> None:
    around = np.ones((15, 15), np.uint8)
    for frame, steps in measured:
        elsewhere = frame.field & ~cv2.dilate((frame.text | frame.box).astype(np.uint8), around).astype(bool)
        assert (mask(steps["text"]) & elsewhere).sum() <= 0.08 * frame.field.sum(), frame.traps  # measured: 0.003 at the mean


@pytest.mark.slow
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("box_kind", ["green", "black"])
def test_a_box_is_filled_and_the_rest_left_alone(box_kind: str, border: str) -> None:
    for case in range(4):
        frame = render_frame(FINDINGS[case], case_seed=case, frame_seed=1, box_kind=box_kind, border=border, width=480)
        box = steps_of(frame.image)["box"]
        around = cv2.dilate(mask(box).astype(np.uint8), np.ones((15, 15), np.uint8)).astype(bool)
        assert np.array_equal(box.image[~around], frame.image[~around])
        assert distance(box.image, frame) < 0.6 * distance(frame.image, frame)


def distance(image: RGB, frame: SyntheticFrame) -> float:
    """How far the box's mean colour is from that of the field."""
    where = frame.box & frame.field
    return float(np.abs(image[where].mean(axis=0) - frame.image[frame.field & ~frame.box].mean(axis=0)).max())


@pytest.mark.slow
@pytest.mark.parametrize("border", BORDERS)
def test_the_crop_shows_the_field_and_little_else(border: str) -> None:
    for case in range(6):
        frame = render_frame(FINDINGS[case % 4], case_seed=case, frame_seed=1, box_kind="", border=border, width=480)
        steps = steps_of(frame.image)
        assert not mask(steps["box"]).any()
        assert np.array_equal(steps["box"].image, frame.image)
        assert steps["inscribe"].crop is not None
        x, y, w, h = steps["inscribe"].crop
        assert frame.field[y : y + h, x : x + w].mean() > 0.92  # the corners that hang over
        assert w * h > 0.45 * frame.field.sum()


def test_bile_and_specks_are_not_taken_for_a_box() -> None:
    frame = render_frame("normal", case_seed=1, frame_seed=1, box_kind="", border="tight", width=480)
    image, (height, width) = frame.image.copy(), frame.field.shape
    y, x = np.mgrid[:height, :width]
    image[(x - width // 2) ** 2 + (y - height // 2) ** 2 < 60**2] = (60, 190, 50)  # round, in the middle
    image[height - 8 : height - 2, 3:9] = (20, 200, 60)  # a speck in the corner
    steps = steps_of(image)
    assert steps["box"].pixels == 0
    assert np.array_equal(steps["box"].image, image)


@pytest.mark.parametrize("width", [90, 200, 1000, 1900])
def test_sizes_change_what_is_found_but_little(width: int) -> None:
    frame = render_frame("polyps", case_seed=3, frame_seed=1, box_kind="green", border="octagon", width=width)
    steps = steps_of(frame.image)
    assert iou(mask(steps["lit-field"]), frame.field) > 0.96
    assert iou(mask(steps["box"]), frame.box) > 0.85  # measured: 0.869 at 90 px, where a pixel is three per cent of its side


def test_text_beside_the_field_is_not_field() -> None:
    image = np.full((400, 500, 3), 4, np.uint8)
    image[100:350, 150:450] = (190, 110, 90)
    image[20:34:2, 10:140] = 240  # lines of a letter's height
    field = mask(steps_of(image)["lit-field"])
    assert not field[:60].any()
    assert abs(int(field.sum()) - 250 * 300) < 0.03 * 250 * 300


def written_on(lines: list[str], colour: tuple[int, int, int]) -> tuple[RGB, Mask]:
    """A smooth field of tissue's colour with lines of text, and where they are."""
    plain = np.full((576, 720, 3), (190, 105, 85), np.uint8)
    image = plain.copy()
    for number, line in enumerate(lines):
        cv2.putText(image, line, (24, 90 + 26 * number), cv2.FONT_HERSHEY_PLAIN, 1.1, colour, 1, cv2.LINE_AA)
    return image, (image != plain).any(axis=2)


@pytest.mark.parametrize("colour", [(240, 240, 240), (200, 200, 200)])
def test_lines_of_text_are_erased(colour: tuple[int, int, int]) -> None:
    image, text = written_on(["NAME: ###", "23/11/2026", "13:41:22", "CVP:9"], colour)
    step = steps_of(image)["text"]
    assert (mask(step) & text).sum() >= 0.95 * text.sum()
    assert np.abs(step.image.astype(int) - (190, 105, 85)).max() <= 40  # what is left of the faintest rims
    assert np.array_equal(step.image[~mask(step)], image[~mask(step)])


def test_highlights_are_not_text() -> None:
    image, _ = written_on([], (0, 0, 0))
    for x, y in [(80, 100), (140, 210), (60, 330), (300, 250), (420, 120), (500, 400)]:
        cv2.ellipse(image, (x, y), (9, 5), 30, 0, 360, (255, 255, 255), -1)
    assert steps_of(image)["text"].pixels == 0


def test_text_knob_is_a_contrast() -> None:
    image, _ = written_on(["NAME: ###", "23/11/2026", "13:41:22"], (225, 150, 135))
    erased = []
    for contrast in (20, 120):
        recipe = type(CLEAN)("any", (STEPS["text"].step("text", contrast=contrast), STEPS["shrink"].step("shrink")))
        erased.append(apply_recipe(image, recipe)[0].pixels)
    assert erased[0] > 0 == erased[1]


# --- notches ------------------------------------------------------------------------------------------------------------------


def corner(width: int, height: int, *rectangles: tuple[int, int]) -> Mask:
    black = np.zeros((height, width), bool)
    for right, down in rectangles:
        black[:down, :right] = True
    return black


@given(st.integers(30, 150), st.integers(30, 120), st.integers(0, 2**31))
def test_a_rectangle_in_the_corner_is_found_to_the_pixel(right: int, down: int, seed: int) -> None:
    black = corner(380, 300, (right, down))
    specks = np.random.default_rng(seed).integers(0, (300, 380), (60, 2))
    black[specks[:, 0], specks[:, 1]] |= specks[:, 1] > right + 3  # dark specks in the tissue
    assert find_notch(black, 0.005, 0.35).rectangles == ((right, down),)


@given(st.integers(90, 160), st.integers(30, 55), st.integers(40, 70), st.integers(75, 120))
def test_two_boxes_that_overlap_are_found_as_a_step(wide: int, low: int, narrow: int, high: int) -> None:
    notch = find_notch(corner(380, 300, (wide, low), (narrow, high)), 0.005, 0.35)
    assert sorted(notch.rectangles) == sorted(((wide, low), (narrow, high)))


@settings(max_examples=50)
@given(st.integers(30, 160), st.floats(0.5, 2))
def test_a_slanting_or_round_corner_is_no_notch(side: int, slope: float) -> None:
    y, x = np.mgrid[:300, :380]
    assert not find_notch(x + slope * y < side, 0.005, 0.35).rectangles
    assert not find_notch((x - 190) ** 2 + (y - 150) ** 2 > (90 + side) ** 2, 0.005, 0.35).rectangles


# --- real frames ----------------------------------------------------------------------------------------------------------------


def real_frames(folder: str) -> Iterator[Path]:
    if not (REAL / folder).is_dir():
        pytest.skip(f"{REAL / folder} is not here")
    yield from sorted((REAL / folder).rglob("*.jpg"))


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["frames", "unlabelled", "external-hospital", "low-resolution-crops"])
def test_every_box_of_real_frames_is_found_and_none_invented(folder: str) -> None:
    def has_box(path: Path) -> bool:
        return bool(find_box(make_sketch(read_image(path)), smallest_share=dict(STEPS["box"].step("box").knobs)["smallest_share"]).any())

    paths = list(real_frames(folder))
    with ThreadPoolExecutor() as pool:
        wrong = [path.name for path, found in zip(paths, pool.map(has_box, paths), strict=True) if found != (path.stem in WITH_BOX)]
    assert not wrong


# --- the inscribed rectangle ----------------------------------------------------------------------------------------------------


def largest_rectangle(field: Mask) -> int:
    """Pixels of the largest, by trying all of them."""
    best = 0
    for top in range(len(field)):
        for bottom in range(top, len(field)):
            run = 0
            for inside in field[top : bottom + 1].all(axis=0):
                run = run + 1 if inside else 0
                best = max(best, run * (bottom - top + 1))
    return best


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 29), st.integers(0, 23)), min_size=3, max_size=9))
def test_the_inscribed_rectangle_of_a_convex_field_is_the_largest(points: list[tuple[int, int]]) -> None:
    canvas = np.zeros((24, 30), np.uint8)
    cv2.fillConvexPoly(canvas, cv2.convexHull(np.array(points, np.int32)), 1)
    x, y, w, h = inscribed_rectangle(canvas)
    assert canvas[y : y + h, x : x + w].mean() > 0.93  # OpenCV draws slanting edges with small steps back
    assert w * h >= largest_rectangle(canvas.astype(bool))


@pytest.mark.parametrize("shape", [(16, 16), (16, 300), (470, 20), (1, 1)])
def test_a_field_of_nothing_is_kept_whole(shape: tuple[int, int]) -> None:
    for field in (np.zeros(shape, np.uint8), np.ones(shape, np.uint8)):
        x, y, w, h = inscribed_rectangle(field)
        assert (x, y, w) == (0, 0, shape[1])
        assert 0.98 * shape[0] <= h <= shape[0]  # not every row of a tall field is tried


def test_corners_beyond_the_field_are_filled_from_its_edge() -> None:
    frame = render_frame("normal", case_seed=6, frame_seed=1, box_kind="", border="round", width=720)
    steps = steps_of(frame.image)
    step, text = steps["inscribe"], mask(steps["text"])
    assert step.crop is not None
    x, y, w, h = step.crop
    outside = ~frame.field[y : y + h, x : x + w]
    assert 0 < outside.mean() < 0.05
    assert frame.image[y : y + h, x : x + w][outside].mean() < 30  # the border
    assert step.image[outside].mean() > 60  # tissue's colours
    filled = cv2.dilate((mask(step) | text[y : y + h, x : x + w]).astype(np.uint8), np.ones((5, 5), np.uint8))  # to a pixel of the sketch
    kept = filled == 0
    assert np.array_equal(step.image[kept], frame.image[y : y + h, x : x + w][kept])


def test_without_overhang_the_crop_lies_in_the_field() -> None:
    frame = render_frame("normal", case_seed=6, frame_seed=1, box_kind="", border="octagon", width=720)
    recipe = type(CLEAN)("any", (STEPS["lit-field"].step("lit-field"), STEPS["inscribe"].step("inscribe", overhang=0.0), CLEAN.steps[-1]))
    x, y, w, h = apply_recipe(frame.image, recipe)[1].crop or (0, 0, 0, 0)
    assert frame.field[y : y + h, x : x + w].mean() > 0.997


@pytest.mark.parametrize("last", ["shrink", "resize"])
def test_holes_are_filled_whatever_step_ends_the_recipe(last: str) -> None:
    frame = render_frame("normal", case_seed=6, frame_seed=1, box_kind="black", border="tight", width=480)
    recipe = type(CLEAN)("any", (*CLEAN.steps[:-1], STEPS[last].step(last)))
    cut, final = apply_recipe(frame.image, recipe)[-2:]
    shown = cv2.resize(cut.image, (224, 224), interpolation=cv2.INTER_AREA)
    assert np.abs(shown.astype(int) - final.image).mean() < 4  # measured: 1.6 and 2.4
    assert np.array_equal(preprocess(frame.image, recipe), final.image)


def test_steps_after_the_crop_see_the_crop_alone() -> None:
    frame = render_frame("normal", case_seed=6, frame_seed=1, box_kind="black", border="round", width=480)
    box, field, text, crop, end = CLEAN.steps
    once, again = (apply_recipe(frame.image, type(CLEAN)("any", (box, field, crop, *more, end))) for more in ((), (text,)))
    assert again[3].mask is not None
    assert again[3].mask.shape == once[2].image.shape[:2]
