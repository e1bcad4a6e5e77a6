"""The yardstick: its masks are what was drawn, to the pixel, and it varies what preprocessing has to cope with."""

from collections import Counter
from dataclasses import replace

import cv2
import numpy as np
import pytest

from endodesk.imaging.synthetic.border import draw_border, field_coverage, field_mask
from endodesk.imaging.synthetic.burnt_in_text import NO_TEXT
from endodesk.imaging.synthetic.device import BORDERS, BOX_KINDS, Device, draw_device
from endodesk.imaging.synthetic.distractors import TRAPS, lay_traps
from endodesk.imaging.synthetic.frames import FINDINGS, TEST, TUNE, SyntheticFrame, render_through, yardstick, yardstick_devices
from endodesk.imaging.synthetic.picture import show

COUNT = 500
pytestmark = pytest.mark.slow  # hundreds of frames are drawn


def plain(seed: int, box_kind: str | None = None, border: str | None = None) -> Device:
    """A device whose frames are not compressed: each pixel is what was drawn."""
    device = draw_device(seed, box_kind=box_kind, border=border)
    return replace(device, jpeg=0, size=(360, round(360 * device.size[1] / device.size[0])))


def frame_of(device: Device, seed: int = 3) -> SyntheticFrame:
    return render_through(device, FINDINGS[seed % 4], case_seed=seed, frame_seed=1)


def differing(one: SyntheticFrame, other: SyntheticFrame) -> np.ndarray:
    return (one.image != other.image).any(axis=2)


def without_box(device: Device) -> Device:
    return replace(device, box=replace(device.box, kind=""))


# --- the masks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(16))
def test_text_is_where_it_changed_the_frame_and_nowhere_else(seed: int) -> None:
    device = plain(seed)
    frame = frame_of(device)
    changed = differing(frame, frame_of(replace(device, text=NO_TEXT)))
    assert not (changed & ~frame.text).any()
    same = frame.text & ~changed  # where the picture had the text's colour already, as the rims in the dark
    assert {tuple(p) for p in frame.image[same].tolist()} <= {device.text.colour, (0, 0, 0)} or device.text.smudged


def test_a_smudge_covers_the_letters_and_is_in_the_mask() -> None:
    text = replace(NO_TEXT, lines=(("SYNTHETIC", 0.3, 0.4),), colour=(222, 222, 222), dot=1 / 200, smudged=True)
    device = plain(1, "")
    frame, crisp, bare = (frame_of(replace(device, text=t)) for t in (text, replace(text, smudged=False), NO_TEXT))
    changed = differing(frame, bare)
    assert not (changed & ~frame.text).any()
    assert changed.sum() > 0.9 * frame.text.sum()
    assert not (crisp.text & ~frame.text).any()
    assert frame.text.sum() > 2 * crisp.text.sum()


@pytest.mark.parametrize("kind", ["green", "black"])
@pytest.mark.parametrize("seed", range(16))
def test_the_box_is_where_it_changed_the_frame_and_nowhere_else(seed: int, kind: str) -> None:
    device = plain(seed, kind)
    frame, bare = frame_of(device), frame_of(without_box(device))
    changed = differing(frame, bare)
    assert frame.box.any()
    assert not (changed & ~frame.box).any()
    if kind == "black":
        assert frame.image[frame.box].max() <= device.box.rim_level
    else:
        assert changed[frame.box].mean() > 0.7  # its dark frame may be as dark as the border


@pytest.mark.parametrize("border", BORDERS)
def test_outside_the_field_there_is_the_border_alone(border: str) -> None:
    for seed in range(12):
        device = replace(plain(seed, "", border), text=NO_TEXT)
        frame = frame_of(device)
        soft = device.border.soft_px
        outside = cv2.dilate(frame.field.view(np.uint8), np.ones((2 * soft + 1, 2 * soft + 1), np.uint8)) == 0
        wavering = np.abs(frame.image[outside].astype(int) - device.border.night)
        assert wavering.max(initial=0) <= device.border.noise


@pytest.mark.parametrize("border", BORDERS)
def test_the_field_ends_in_the_middle_of_its_soft_edge(border: str) -> None:
    for seed in range(12):
        device = replace(plain(seed, "", border), falloff=0.0)
        width, height = device.size
        coverage = field_coverage(device.border, width, height)
        field = field_mask(coverage)
        x, y, wide, high = cv2.boundingRect(field.view(np.uint8))
        image = show(np.full((high, wide, 3), 255, np.uint8), coverage, (x, y), device, np.random.default_rng(seed))
        assert image[field].min() > 118
        assert image[~field].max(initial=0) < 138 + device.border.night / 2


@pytest.mark.parametrize("size", [(720, 576), (1920, 1080), (480, 480), (64, 48)])
def test_fields_are_one_piece_and_fill_a_good_part_of_the_frame(size: tuple[int, int]) -> None:
    for border in BORDERS:
        for seed in range(20):
            shape = draw_border(np.random.default_rng(seed), border, size)
            field = field_mask(field_coverage(shape, *size))
            assert cv2.connectedComponents(field.view(np.uint8))[0] == 2
            assert field.mean() > 0.25


def test_a_box_hides_the_text_under_it() -> None:
    lines = (("SYNTHETIC", 0.0, 0.8), ("###", 0.6, 0.1))
    device = replace(plain(1, "black"), text=replace(NO_TEXT, lines=lines, colour=(222, 222, 222), outlined=True))
    frame, bare = frame_of(device), frame_of(without_box(device))
    assert (bare.text & frame.box).sum() > 100
    assert np.array_equal(frame.text, bare.text & ~frame.box)
    assert frame.text.any()


# --- what it holds ----------------------------------------------------------------------------------------------------


def devices(seed: int) -> list[Device]:
    return list(yardstick_devices(COUNT, seed=seed))


def test_every_border_box_place_and_text_occurs_often_enough_to_measure() -> None:
    seen = devices(TUNE)
    for border in BORDERS:
        assert sum(d.border.kind == border for d in seen) >= 0.06 * COUNT
    boxes = [d for d in seen if d.box.kind]
    assert abs(len(boxes) - COUNT / 2) < 0.08 * COUNT
    assert {d.box.kind for d in boxes} == set(BOX_KINDS) - {""}
    places = Counter(d.box.corner for d in boxes)
    assert places[(False, True)] > 0.75 * len(boxes)
    assert min(places.values()) >= 3
    assert len(places) == 4
    for either in (
        {bool(d.box.rim) for d in boxes},
        {d.text.outlined for d in seen},
        {d.text.smudged for d in seen},
        {d.jpeg > 0 for d in seen},
    ):
        assert either == {True, False}
    assert 0.15 < sum(not d.text.lines for d in seen) / COUNT < 0.45
    assert len({d.text.colour for d in seen}) == 5
    assert {d.border.night for d in seen} == set(range(17))
    assert len({d.box.share for d in boxes}) == len(boxes)


def test_sizes_reach_from_small_to_full_hd() -> None:
    sizes = [d.size for d in devices(TUNE)]
    assert min(w for w, _ in sizes) == 320
    assert max(w for w, _ in sizes) == 1920
    ratios = [w / h for w, h in sizes]
    assert min(ratios) < 1.01
    assert max(ratios) > 1.7
    assert sum(s == (720, 576) for s in sizes) > 0.2 * COUNT


def test_the_two_yardsticks_share_no_device() -> None:
    assert not {(d.box, d.border, d.text) for d in devices(TUNE)} & {(d.box, d.border, d.text) for d in devices(TEST)}


def test_the_two_yardsticks_share_no_tissue() -> None:
    device, frame = next(yardstick_devices(1, seed=TEST)), next(yardstick(1, seed=TEST))
    for tissue in (0, TUNE * 1_000_003):
        other = render_through(device, frame.finding, case_seed=tissue, frame_seed=0)
        assert np.array_equal(other.field, frame.field)
        assert not np.array_equal(other.image, frame.image)


def test_the_yardstick_is_the_same_each_time_and_takes_the_findings_in_turn() -> None:
    first, second = (list(yardstick(8, seed=TEST)) for _ in range(2))
    assert [f.image.tobytes() for f in first] == [f.image.tobytes() for f in second]
    assert [f.finding for f in first] == [*FINDINGS, *FINDINGS]


def test_a_device_asked_for_another_border_or_box_keeps_the_rest() -> None:
    for seed in range(20):
        own = draw_device(seed)
        other = draw_device(seed, box_kind="green")
        assert replace(other, box=own.box) == own
        assert other.box.share == own.box.share
        assert draw_device(seed, border=own.border.kind) == own


def test_traps_come_as_often_as_they_say_and_each_changes_the_picture() -> None:
    picture = np.full((60, 75, 3), (190, 110, 90), np.uint8)
    picture[::4] //= 2
    seen, alone = Counter[str](), Counter[str]()
    for seed in range(1500):
        laid, struck = lay_traps(picture, np.random.default_rng(seed))
        seen.update(struck)
        if len(struck) < 2:
            assert np.array_equal(laid, picture) == (not struck)
            alone.update(struck)
    assert set(alone) == set(TRAPS)
    for name, (share, _) in TRAPS.items():
        assert abs(seen[name] / 1500 - share) < 0.03


def test_traps_do_not_know_the_finding() -> None:
    device = plain(7)
    for number in range(12):
        traps = {render_through(device, finding, case_seed=7, frame_seed=number).traps for finding in ("polyps", "normal")}
        assert len(traps) == 1
