import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from endodesk.domain.errors import Cancelled, EndoDeskError
from endodesk.domain.recipes import Recipe
from endodesk.imaging.preprocessing import step_files
from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER, apply_recipe
from endodesk.imaging.reading.read import read_image
from endodesk.imaging.synthetic.frames import render_frame
from endodesk.system.task import TaskContext


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    image = render_frame("polyps", case_seed=17, frame_seed=1, width=200, box_kind="green", border="octagon").image
    path = tmp_path / "in" / "Größe [1].png"
    path.parent.mkdir()
    path.write_bytes(cv2.imencode(".png", image[..., ::-1])[1].tobytes())
    return path


def write_steps(path: Path, recipe: Recipe, out: Path) -> Path:
    """The folder of one frame."""
    (folder,), unreadable = step_files.write_steps([path], recipe, out, TaskContext())
    assert unreadable == []
    return folder


@pytest.mark.parametrize("recipe", [PAPER, CLEAN], ids=lambda recipe: recipe.name)
def test_every_step_is_written_as_it_was(frame: Path, tmp_path: Path, recipe) -> None:
    folder = write_steps(frame, recipe, tmp_path / "out")
    assert folder == tmp_path / "out" / "Größe [1]"
    told = json.loads((folder / "steps.json").read_text("utf-8"))
    assert (told["source"], told["recipe"], told["fingerprint"]) == (str(frame), recipe.name, recipe.fingerprint)
    results = apply_recipe(read_image(frame), recipe)
    assert [step["name"] for step in told["steps"]] == [step.name for step in recipe.steps]
    for step, result in zip(told["steps"], results, strict=True):
        assert np.array_equal(read_image(folder / step["file"]), result.image)
        assert (step["height"], step["width"]) == result.image.shape[:2]
        assert step.get("crop") == (list(result.crop) if result.crop else None)
        assert step.get("pixels") == (None if result.mask is None else result.pixels)
    assert sum("crop" in step for step in told["steps"]) == 1
    assert sum("pixels" in step for step in told["steps"]) >= 2
    assert np.array_equal(read_image(folder / "final.png"), results[-1].image)
    assert {path.name for path in folder.iterdir()} == {"steps.json", "final.png", *(step["file"] for step in told["steps"])}


def test_the_same_frame_is_written_over_without_leavings_of_another_recipe(frame: Path, tmp_path: Path) -> None:
    first = write_steps(frame, PAPER, tmp_path / "out")
    (first / "1-note.png").write_bytes(b"mine")
    assert write_steps(frame, CLEAN, tmp_path / "out") == first
    told = json.loads((first / "steps.json").read_text("utf-8"))
    assert {p.name for p in first.glob("?-*.png")} == {"1-note.png", *(step["file"] for step in told["steps"])}


@pytest.mark.parametrize("listing", ["", "{", "[]", '{"source": 3}', "\xff", '{"steps": []}', "[" * 100_000])
def test_another_frame_of_the_same_name_gets_its_own_folder(frame: Path, tmp_path: Path, listing: str) -> None:
    other = tmp_path / "other" / frame.name
    other.parent.mkdir()
    other.write_bytes(frame.read_bytes())
    first, second = write_steps(frame, PAPER, tmp_path / "out"), write_steps(other, PAPER, tmp_path / "out")
    assert second == first.with_name(f"{first.name}-2")
    (first / "steps.json").write_text(listing, "latin-1")  # damaged: nobody knows any more whose folder it is
    assert write_steps(frame, PAPER, tmp_path / "out") == first.with_name(f"{first.name}-3")


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text_finds_its_folder_again(frame: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xfffr\n.png"))
    odd.write_bytes(frame.read_bytes())
    assert write_steps(odd, PAPER, tmp_path / "out") == write_steps(odd, CLEAN, tmp_path / "out")


def test_failures_are_sentences(frame: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EndoDeskError, match=r"^The steps of Größe \[1\]\.png cannot be written to .*file: not a directory\.$"):
        write_steps(frame, PAPER, tmp_path / "file")
    folders, unreadable = step_files.write_steps([tmp_path / "file", tmp_path / "gone"], PAPER, tmp_path / "out", TaskContext())
    assert folders == []
    assert [u.reason for u in unreadable] == [
        "file cannot be read: the file is empty.",
        "gone cannot be read: no such file or directory.",
    ]
    assert not (tmp_path / "out").exists()


# --- many frames ------------------------------------------------------------------------------------------------------


@pytest.fixture
def frames(tmp_path: Path) -> list[Path]:
    """Eight frames, of which four are called `same.png`, and one `SAME-2.png`."""
    paths = [*(tmp_path / "in" / f"case {n}" / "same.png" for n in range(4)), *(tmp_path / "in" / f"{n}.png" for n in range(3))]
    paths.append(tmp_path / "in" / "SAME-2.png")
    for number, path in enumerate(paths):
        path.parent.mkdir(exist_ok=True, parents=True)
        image = render_frame("polyps", case_seed=number, frame_seed=1, width=64 + number).image
        path.write_bytes(cv2.imencode(".png", image[..., ::-1])[1].tobytes())
    return paths


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_results_do_not_depend_on_the_order_of_files_nor_on_the_number_of_workers(frames: list[Path], tmp_path: Path) -> None:
    step_files.write_steps(frames, CLEAN, tmp_path / "first", TaskContext(), workers=1)
    step_files.write_steps([*frames[::-1], frames[2]], CLEAN, tmp_path / "second", TaskContext(), workers=8)
    first = contents(tmp_path / "first")
    assert first == contents(tmp_path / "second")
    assert len({Path(name).parts[0].casefold() for name in first}) == len(frames)
    step_files.write_steps(frames[3:], CLEAN, tmp_path / "first", TaskContext())  # each finds its own folder again
    assert contents(tmp_path / "first") == first


def test_a_frame_deleted_midway_is_told_and_the_rest_go_on(frames: list[Path], tmp_path: Path) -> None:
    last = max(frames)
    task = TaskContext(lambda _: last.unlink(missing_ok=True), interval=0)
    folders, unreadable = step_files.write_steps(frames, PAPER, tmp_path / "out", task, workers=1)
    assert [(u.path, u.reason) for u in unreadable] == [(last, f"{last.name} cannot be read: no such file or directory.")]
    assert sorted(path.name for path in folders) == sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(folders) == len(frames) - 1


def assert_all_whole(out: Path) -> None:
    for folder in out.iterdir():
        told = json.loads((folder / "steps.json").read_text("utf-8"))
        assert {path.name for path in folder.iterdir()} == {"steps.json", "final.png", *(step["file"] for step in told["steps"])}
        assert read_image(folder / "final.png").shape == (224, 224, 3)


@pytest.mark.parametrize("error", [Cancelled, KeyboardInterrupt])
def test_what_is_there_when_it_is_stopped_is_whole(frames: list[Path], tmp_path: Path, error: type[BaseException]) -> None:
    def stop(_: object) -> None:
        raise error

    with pytest.raises(error):
        step_files.write_steps(frames, PAPER, tmp_path / "out", TaskContext(stop, interval=0), workers=2)
    assert list((tmp_path / "out").iterdir())
    assert_all_whole(tmp_path / "out")


FULL_DISK = """
import resource, sys
from endodesk.cli.main import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size can be set here")
def test_a_full_disk_is_a_sentence_and_leaves_whole_folders(frames: list[Path], tmp_path: Path) -> None:
    large = tmp_path / "in" / "z.png"  # the last one; its steps do not fit, those of the others do
    large.write_bytes(cv2.imencode(".png", np.random.default_rng(0).integers(0, 256, (700, 700, 3), np.uint8))[1].tobytes())
    command = [sys.executable, "-c", FULL_DISK, "900000", "preprocess", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr == f"endodesk: The steps of z.png cannot be written to {tmp_path / 'out'}: file too large.\n"
    assert len(list((tmp_path / "out").iterdir())) == len(frames)
    assert_all_whole(tmp_path / "out")
    large.unlink()
    before = contents(tmp_path / "out")
    command[3] = "300"  # nothing fits any more: what was there stays as it was
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2
    assert contents(tmp_path / "out") == before


@pytest.mark.skipif(os.name != "posix", reason="paths are shorter there")
def test_names_that_a_folder_cannot_have_are_shortened_and_told_whole(frame: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"case-{n}" / ("é" * 127 + "a") for n in range(3)]  # 255 bytes, without an ending
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(frame.read_bytes())
    for _ in range(2):  # each finds its own folder again
        folders, failed = step_files.write_steps(paths, CLEAN, tmp_path / "out", TaskContext())
        assert failed == []
        assert [json.loads((folder / "steps.json").read_text("utf-8"))["source"] for folder in folders] == list(map(str, paths))
        assert len({folder.name for folder in folders}) == 3
        assert all(folder.name.startswith("é" * 120) for folder in folders)


@pytest.mark.skipif(os.name != "posix", reason="paths are shorter there")
def test_one_frame_whose_folder_cannot_be_written_does_not_stop_the_others(frame: Path, tmp_path: Path) -> None:
    out = tmp_path
    while len(str(out)) < 3_890:  # of 4,095 bytes that a path may have
        out = out / ("d" * min(200, max(1, 3_890 - len(str(out)))))
    out.mkdir(parents=True)
    long = frame.with_name(f"{'l' * 240}.png")
    long.write_bytes(frame.read_bytes())
    folders, failed = step_files.write_steps([frame, long], CLEAN, out, TaskContext())
    assert [folder.name for folder in folders] == [frame.stem]
    assert [one.path for one in failed] == [long]
    assert "cannot be written to" in failed[0].reason
    assert "file name too long" in failed[0].reason
