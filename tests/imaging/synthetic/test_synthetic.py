"""Synthetic frames: the same from the same seeds, true to their masks, of a kind that the published preprocessing can read."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import cv2
import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from endodesk.domain.errors import BadRequest, Cancelled
from endodesk.imaging.synthetic.device import BORDERS, BOX_KINDS, draw_device
from endodesk.imaging.synthetic.frames import FINDINGS, SyntheticFrame, render_frame, render_through, write_frames
from endodesk.system.task import Progress, TaskContext

L_LIT = 40  # method.md, step 1


def _lightness(frame: SyntheticFrame) -> np.ndarray:
    return cv2.cvtColor(frame.image, cv2.COLOR_RGB2LAB)[..., 0]


def _green(frame: SyntheticFrame) -> np.ndarray:
    """Method.md, step 2, before the closing."""
    return cv2.inRange(cv2.cvtColor(frame.image, cv2.COLOR_RGB2HSV), (35, 100, 100), (85, 255, 255)) > 0


@pytest.mark.parametrize("finding", FINDINGS)
def test_the_same_seeds_give_the_same_frame_and_others_another(finding: str) -> None:
    def pixels(case: int, number: int) -> bytes:
        return render_frame(finding, case_seed=case, frame_seed=number, width=96).image.tobytes()

    first = pixels(5, 1)
    others = [pixels(5, 2), pixels(6, 1)]
    assert pixels(5, 1) == first
    assert first not in others


def test_findings_differ_for_the_same_seeds_but_the_device_does_not() -> None:
    frames = [render_frame(f, case_seed=11, frame_seed=1, width=128) for f in FINDINGS]
    assert len({f.image.tobytes() for f in frames}) == len(FINDINGS)
    for frame in frames:
        assert (frame.border, frame.box_kind) == (frames[0].border, frames[0].box_kind)
        assert np.array_equal(frame.field, frames[0].field)
        assert np.array_equal(frame.text, frames[0].text)
        assert np.array_equal(frame.box, frames[0].box)
        assert frame.traps == frames[0].traps


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    finding=st.sampled_from(FINDINGS),
    border=st.sampled_from(BORDERS),
    box_kind=st.sampled_from(BOX_KINDS),
    width=st.integers(48, 200),
    case=st.integers(-3, 2**40),
    number=st.integers(0, 2**40),
)
def test_every_kind_renders_at_any_size_and_its_masks_hold(
    finding: str, border: str, box_kind: str, width: int, case: int, number: int
) -> None:
    frame = render_frame(finding, case_seed=case, frame_seed=number, box_kind=box_kind, border=border, width=width)
    assert frame.image.dtype == np.uint8
    assert frame.image.shape == (*frame.field.shape, 3)
    assert frame.image.shape[1] == width
    assert {m.dtype for m in (frame.field, frame.box, frame.text)} == {np.dtype(bool)}
    assert {m.shape for m in (frame.field, frame.box, frame.text)} == {frame.field.shape}
    assert (frame.finding, frame.border, frame.box_kind) == (finding, border, box_kind)
    assert frame.box.any() == bool(box_kind)
    assert not (frame.box & frame.text).any()


@pytest.mark.slow
def test_a_green_box_is_what_the_published_threshold_finds() -> None:
    for case in range(12):
        device = replace(draw_device(case, box_kind="green"), size=(480, 384))
        device = replace(device, box=replace(device.box, rim=0.0, words=()))
        frame = render_through(device, "polyps", case_seed=case, frame_seed=1)
        green = _green(frame)
        closed = cv2.morphologyEx(green.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)) > 0
        assert green[frame.box].mean() > 0.8  # all but the scope and its figure
        assert closed[frame.box].mean() > 0.95


@pytest.mark.slow
@pytest.mark.parametrize("finding", FINDINGS)
def test_tissue_is_not_green_and_bile_hardly(finding: str) -> None:
    for case in range(24):
        frame = render_frame(finding, case_seed=case, frame_seed=1, box_kind="", width=200)
        green = _green(frame) & ~cv2.dilate(frame.text.view(np.uint8), np.ones((9, 9), np.uint8)).astype(bool)
        assert green.mean() < (0.1 if "bile" in frame.traps else 0.002)


@pytest.mark.slow
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("finding", FINDINGS)
def test_the_published_threshold_finds_the_field(finding: str, border: str) -> None:
    """The bounding box of the largest bright region (method.md, step 1) is nearly the field's."""
    for case in range(5):
        frame = render_frame(finding, case_seed=case, frame_seed=case, box_kind="", border=border, width=360)
        bright = (_lightness(frame) > L_LIT).astype(np.uint8)
        opened = cv2.morphologyEx(bright, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
        contours = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
        found = np.array(cv2.boundingRect(max(contours, key=cv2.contourArea)))
        truth = np.array(cv2.boundingRect(frame.field.astype(np.uint8)))
        assert np.abs(found - truth).max() <= 0.08 * 360


@pytest.mark.slow
def test_borders_and_boxes_do_not_know_the_finding() -> None:
    """A case's device comes from its seed alone, so the cases of any finding meet every border and box alike."""
    seen = [Counter[str](), Counter[str]()]
    for case in range(600):
        device = draw_device(case)
        seen[case % 2].update([device.border.kind, f"{device.box.kind} box"])
    for look in (*BORDERS, *(f"{b} box" for b in BOX_KINDS)):
        first, second = (s[look] / 300 for s in seen)
        assert first > 0.05
        assert abs(first - second) < 0.1
    for case in range(12):
        frames = [render_frame(f, case_seed=case, frame_seed=0, width=48) for f in FINDINGS]
        device = draw_device(case)
        assert {(f.border, f.box_kind) for f in frames} == {(device.border.kind, device.box.kind)}


@pytest.mark.slow
def test_colitis_is_redder_than_a_normal_bowel_and_a_gullet_paler() -> None:
    def redness(finding: str) -> float:
        ratios = []
        for case in range(12):
            frame = render_frame(finding, case_seed=case, frame_seed=1, box_kind="", width=112)
            red, green, _ = frame.image[frame.field & ~frame.text].mean(axis=0)
            ratios.append(red / green)
        return float(np.mean(ratios))

    assert redness("ulcerative-colitis") > redness("normal") > redness("esophagitis")


@pytest.mark.slow
def test_perceptual_hashes_of_different_cases_differ() -> None:
    hashes = [
        (place, imagehash.phash(Image.fromarray(render_frame(finding, case_seed=10 * place + c, frame_seed=n, width=160).image)))
        for place, finding in enumerate(FINDINGS)
        for c in range(6)
        for n in range(2)
    ]
    cases = [index // 2 for index in range(len(hashes))]
    near = [(cases[i], cases[j]) for i in range(len(hashes)) for j in range(i) if cases[i] != cases[j] and hashes[i][1] - hashes[j][1] <= 4]
    assert near == []


@pytest.mark.parametrize(
    "asked",
    [
        {"finding": "barrett"},
        {"finding": "normal", "box_kind": "pink"},
        {"finding": "normal", "border": "heart"},
        {"finding": "normal", "width": 3},
        {"finding": "normal", "width": 10**6},
    ],
)
def test_what_there_is_not_is_refused_in_a_sentence(asked: dict[str, object]) -> None:
    with pytest.raises(BadRequest, match=r"^[A-Z].*\.$"):
        render_frame(case_seed=1, frame_seed=1, **asked)  # type: ignore[arg-type]


@pytest.mark.slow
def test_frames_and_masks_are_laid_out_by_finding_and_case(tmp_path: Path) -> None:
    told: list[Progress] = []
    count = write_frames(tmp_path, cases_per_finding=2, frames_per_case=2, width=64, task=TaskContext(told.append))
    assert count == 12
    assert told[-1].done == told[-1].total == 12
    frames = sorted(p.relative_to(tmp_path / "frames").with_suffix("") for p in (tmp_path / "frames").rglob("*.png"))
    assert len(frames) == 12
    assert frames[0] == Path("esophagitis/case-01/frame-01")
    assert frames[-1] == Path("ulcerative-colitis/case-06/frame-02")
    assert len({f.parts[1] for f in frames}) == 6
    for frame in frames:
        image = cv2.imread(str(tmp_path / "frames" / f"{frame}.png"))
        for kind in ("field", "box", "text"):
            mask = cv2.imread(str(tmp_path / "masks" / f"{frame}-{kind}.png"), cv2.IMREAD_UNCHANGED)
            assert mask.shape == image.shape[:2]
            assert set(np.unique(mask)) <= {0, 255}


def test_written_frames_are_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_frames(tmp_path / name, findings=["polyps"], cases_per_finding=1, frames_per_case=3, width=64, seed=7)
    first, second = ([p.read_bytes() for p in sorted((tmp_path / n).rglob("*.png"))] for n in ("a", "b"))
    assert first == second
    assert len(first) == 12


def test_a_cancelled_ticket_stops_the_writing_and_leaves_whole_files_only(tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.done >= 2:
            task.cancel()

    task = TaskContext(stop, interval=0)
    with pytest.raises(Cancelled):
        write_frames(tmp_path, cases_per_finding=20, frames_per_case=20, width=64, task=task)
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert 0 < len(files) < 400
    assert all(cv2.imread(str(p)) is not None for p in files)
    assert not [p for p in files if p.suffix != ".png"]
    for frame in (tmp_path / "frames").rglob("*.png"):  # masks come first: a frame that is there has its truth
        truth = tmp_path / "masks" / frame.relative_to(tmp_path / "frames").parent
        assert all((truth / f"{frame.stem}-{kind}.png").exists() for kind in ("field", "box", "text"))


def test_nothing_is_written_for_an_unknown_finding(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="barrett"):
        write_frames(tmp_path, findings=["polyps", "barrett"], width=64)
    assert not any(tmp_path.iterdir())
