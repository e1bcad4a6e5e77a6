"""The recipe `clean` against the truth of synthetic frames: it finds the box and the field, and invents neither."""

import numpy as np
import pytest

from endodesk.imaging.field import inscribed_rectangle
from endodesk.imaging.pixels import Mask
from endodesk.imaging.recipes import CLEAN, StepResult, apply_recipe
from endodesk.imaging.synthetic import FINDINGS, SyntheticFrame, render_frame
from endodesk.imaging.synthetic_device import BORDERS

CASES = 8


def frames(box_kind: str, border: str) -> list[SyntheticFrame]:
    return [
        render_frame(FINDINGS[case % 4], case_seed=case, frame_seed=1, box_kind=box_kind, border=border, width=480) for case in range(CASES)
    ]


def masks(steps: list[StepResult]) -> list[Mask]:
    return [step.mask for step in steps if step.mask is not None]


def iou(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("box_kind", ["green", "black"])
def test_the_box_is_found_and_filled(box_kind: str, border: str) -> None:
    for frame in frames(box_kind, border):
        field, box, inside, _ = apply_recipe(frame.image, CLEAN)
        field_mask, box_mask = masks([field, box])
        assert (box_mask & frame.box).sum() >= 0.97 * frame.box.sum()  # measured: 0.99 and more
        assert (box_mask & ~frame.box).sum() <= 0.5 * frame.box.sum()  # measured: up to 0.41, its rim
        assert iou(field_mask, frame.field | frame.box) > 0.9  # measured: 0.916 and more
        kept = ~box_mask
        assert np.array_equal(box.image[kept], frame.image[kept])
        assert _distance(box.image, frame) < 0.6 * _distance(frame.image, frame)
        assert inside.crop is not None


def _distance(image: np.ndarray, frame: SyntheticFrame) -> float:
    """How far the box's mean colour is from that of the field."""
    where = frame.box & frame.field
    return float(np.abs(image[where].mean(axis=0) - frame.image[frame.field & ~frame.box].mean(axis=0)).max())


@pytest.mark.parametrize("border", BORDERS)
def test_no_box_is_invented_and_the_field_is_found(border: str) -> None:
    for frame in frames("", border):
        field, box, inside, _ = apply_recipe(frame.image, CLEAN)
        field_mask, box_mask = masks([field, box])
        assert not box_mask.any()
        assert np.array_equal(box.image, frame.image)
        assert iou(field_mask, frame.field) > 0.94  # measured: 0.952 and more
        assert inside.crop is not None
        x, y, w, h = inside.crop
        assert frame.field[y : y + h, x : x + w].mean() > 0.99
        assert w * h > 0.45 * frame.field.sum()


def test_bile_and_specks_are_not_taken_for_a_box() -> None:
    frame = render_frame("normal", case_seed=1, frame_seed=1, box_kind="", border="tight", width=480)
    image, (height, width) = frame.image.copy(), frame.field.shape
    y, x = np.mgrid[:height, :width]
    image[(x - width // 2) ** 2 + (y - height // 2) ** 2 < 60**2] = (60, 190, 50)  # round, in the middle
    image[height - 8 : height - 2, 3:9] = (20, 200, 60)  # a speck in the corner
    box = apply_recipe(image, CLEAN)[1]
    assert box.pixels == 0


@pytest.mark.parametrize(("width", "overlap"), [(90, 0.87), (200, 0.91), (1000, 0.93)])  # measured: 0.885, 0.923, 0.95
def test_sizes_change_what_is_found_but_little(width: int, overlap: float) -> None:
    frame = render_frame("polyps", case_seed=3, frame_seed=1, box_kind="green", border="octagon", width=width)
    field, box = masks(apply_recipe(frame.image, CLEAN))
    assert iou(field, frame.field | frame.box) > overlap
    assert (box & frame.box).sum() >= 0.95 * frame.box.sum()


def test_text_beside_the_field_is_not_field() -> None:
    image = np.full((400, 500, 3), 4, np.uint8)
    image[100:350, 150:450] = (190, 110, 90)
    image[20:34:2, 10:140] = 240  # lines of a letter's height
    (field,) = masks(apply_recipe(image, CLEAN)[:1])
    assert not field[:60].any()
    assert abs(int(field.sum()) - 250 * 300) < 0.06 * 250 * 300


def largest_rectangle(cells: np.ndarray) -> tuple[int, int, int, int]:
    """By trying all of them; of equals the first from the top, the lowest end, the left."""
    best, place = 0, (0, 0, 48, 48)
    for top in range(48):
        for bottom in range(top, 48):
            columns = cells[top : bottom + 1].all(axis=0)
            run = 0
            for column in range(48):
                run = run + 1 if columns[column] else 0
                if run * (bottom - top + 1) > best:
                    best, place = run * (bottom - top + 1), (column - run + 1, top, run, bottom - top + 1)
    return place


@pytest.mark.parametrize("seed", range(4))
def test_the_inscribed_rectangle_is_the_largest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = rng.random((48, 48)) < (0.5, 0.9, 0.98, 0.999)[seed]
    x, y, w, h = largest_rectangle(cells)
    field = np.repeat(np.repeat(cells, 10, axis=0), 12, axis=1)
    found = inscribed_rectangle(field)
    assert found[2] * found[3] == w * h * 120
    assert field[found[1] : found[1] + found[3], found[0] : found[0] + found[2]].all()
    assert found == (12 * x, 10 * y, 12 * w, 10 * h)


@pytest.mark.parametrize("shape", [(16, 16), (16, 300), (47, 20)])
def test_the_inscribed_rectangle_has_a_pixel_at_least(shape: tuple[int, int]) -> None:
    for field in (np.zeros(shape, bool), np.ones(shape, bool), np.eye(*shape, dtype=bool)):
        x, y, w, h = inscribed_rectangle(field)
        assert w >= 1 <= h
        assert x + w <= shape[1]
        assert y + h <= shape[0]
