"""A sample of the truth test, and that its judge does not let pass what is wrong."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.truth.__main__ import verdicts_on
from tests.truth.files.all_cases import all_cases, sample
from tests.truth.files.case import Film, Still
from tests.truth.judge import CRASH, RIGHT, SKIPPED, WRONG, Right, judge
from tests.truth.mutated import KINDS, mutate, seeds, tried
from tests.truth.reader import Answer, Reader

ROOT = Path(__file__).parents[2]
NEEDED = {"jpeg": "cjpeg", "tiff": "tiffcp", "dicom": "dcmcjpeg", "film": "ffmpeg"}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """Of the sample, as `make truth` comes to them."""
    out = tmp_path_factory.mktemp("truth") / "verdicts.json"
    command = [sys.executable, "-m", "tests.truth", "--sample", "60", "--json", str(out)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert out.exists(), done.stderr
    return json.loads(out.read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_kind_is_shown_wrong(verdicts, kind):
    if kind in NEEDED and not shutil.which(NEEDED[kind]):
        pytest.skip(f"{NEEDED[kind]} is not installed: CI installs it")
    those = [verdict for verdict in verdicts if verdict["kind"] == kind]
    assert len(those) >= 6
    assert [(one["name"], one["why"]) for one in those if one["verdict"] in (WRONG, CRASH, SKIPPED)] == []
    assert any(one["verdict"] == RIGHT for one in those)


@pytest.mark.slow
def test_there_are_hundreds_of_each_large_kind_and_the_sample_is_the_same_each_time():
    cases = all_cases()
    assert len(cases) > 1000
    assert [case.name for case in sample(cases, 60)] == [case.name for case in sample(all_cases.__wrapped__(), 60)]


class Painter:
    """A reader that shows what is right, spoilt."""

    def __init__(self, right: Right, spoil: Callable[[np.ndarray], np.ndarray]) -> None:
        self._right, self._spoil = right[0], spoil

    def read(self, path: Path, *, film: bool) -> Answer:
        frames = {index: np.ascontiguousarray(self._spoil(frame)) for index, frame in enumerate(self._right)}
        return Answer(frames, len(frames), [0.0] * len(frames))


def enlarged(rgb: np.ndarray) -> np.ndarray:
    height, width = rgb.shape[:2]
    return np.repeat(np.repeat(rgb[: height // 2, : width // 2], 2, 0), 2, 1)


def lower_part_grey(rgb: np.ndarray) -> np.ndarray:
    return np.concatenate([rgb[: len(rgb) * 2 // 3], np.full_like(rgb[len(rgb) * 2 // 3 :], 128)])


SPOILT = {
    "mirrored": lambda rgb: rgb[:, ::-1],
    "upside down": lambda rgb: rgb[::-1],
    "shifted": lambda rgb: np.roll(rgb, 8, 1),
    "inverted": lambda rgb: 255 - rgb,
    "black": np.zeros_like,
    "dark": lambda rgb: rgb // 16,
    "enlarged quarter": enlarged,
    "grey below": lower_part_grey,
    "lying": lambda rgb: rgb.swapaxes(0, 1),
}


@pytest.mark.parametrize("way", SPOILT)
def test_the_judge_sees_what_is_wrong(way, tmp_path):
    for number, case in enumerate(case for case in sample(all_cases(), 90) if isinstance(case, Still) and case.right):
        if max(case.right[0].shape) < 100:
            continue
        right = (case.right[:1], None)
        assert judge(case, tmp_path / str(number), right, Painter(right, SPOILT[way])).verdict == WRONG, (case.name, way)
        assert judge(case, tmp_path / str(number), right, Painter(right, lambda rgb: rgb)).verdict == RIGHT


def test_the_judge_sees_swapped_colours_late_frames_and_pictures_that_must_be_refused(tmp_path):
    cases = {case.name: case for case in all_cases()}
    still, cut = cases["rgb-8.png"], cases["rgb-cut-60.png"]
    right = (still.right, None)
    assert judge(still, tmp_path, right, Painter(right, lambda rgb: rgb[..., ::-1])).verdict == WRONG
    assert judge(cut, tmp_path, ([], None), Painter(right, lambda rgb: rgb)).verdict == WRONG
    film = next(case for case in cases.values() if isinstance(case, Film) and case.right and len(case.right) > 3)
    frames = (film.right, [0.0] * len(film.right))
    assert judge(film, tmp_path, frames, Painter(frames, lambda rgb: rgb)).verdict == RIGHT
    late = ([film.right[0], *film.right[:-1]], None)
    assert judge(film, tmp_path, frames, Painter(late, lambda rgb: rgb)).verdict == WRONG
    fewer = (film.right[:-1], None)
    assert judge(film, tmp_path, frames, Painter(fewer, lambda rgb: rgb)).verdict == WRONG


@pytest.mark.slow
def test_a_crash_of_the_reader_costs_one_file(tmp_path):
    case = next(case for case in all_cases() if case.name == "rgb-8.png")
    case.make(tmp_path / case.name)
    reader = Reader(tmp_path, limit_s=20)
    try:
        assert reader.read(tmp_path / case.name, film=False).frames
        os.kill(reader.child_id(), 9)
        assert "crash: SIGKILL" in reader.read(tmp_path / case.name, film=False).failed
        assert reader.read(tmp_path / case.name, film=False).frames
    finally:
        reader.close()


def test_a_file_that_cannot_be_made_here_is_skipped_with_the_reason(monkeypatch):
    monkeypatch.setenv("PATH", "")
    case = next(case for case in all_cases() if case.name == "tiffcp-rgb-8-lzw.tif")
    assert [(one.verdict, one.why) for one in verdicts_on([case])] == [(SKIPPED, "tiffcp is not installed")]


@pytest.mark.slow
def test_mutated_files_neither_crash_nor_hang_nor_fill_the_memory(tmp_path):
    if not all(shutil.which(program) for program in NEEDED.values()):
        pytest.skip("cjpeg, tiffcp, dcmcjpeg and ffmpeg are not all installed: CI installs them")
    assert [one for one in tried(30, seed=1) if one.failed] == []


def test_mutations_are_the_same_each_time_and_change_the_file():
    data = bytes(range(256)) * 20
    assert [mutate(data, seed) for seed in range(30)] == [mutate(data, seed) for seed in range(30)]
    assert all(mutate(data, seed) != data for seed in range(30))
    assert len({case.kind for case in seeds()}) == len(KINDS)
