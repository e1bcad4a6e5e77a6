"""Matched windows through a run: from a folder of masks to examples, bundle, probe and report."""

import dataclasses
import json

import cv2
import numpy as np
import pytest

from endodesk.dataset.manifest import scan_class_folder
from endodesk.dataset.window_examples import WINDOWS, mask_of, read_windows, window_final, windows_of
from endodesk.domain.errors import BadRequest
from endodesk.imaging.preprocessing.pipeline import CLEAN
from endodesk.system.task import TaskContext
from training.evaluation.window_probe import figures
from training.inputs.windows import preprocessed_windows
from training.plan.config import Paths, Split, load_config, parse_config
from training.plan.launch import launch
from training.plan.run_folder import open_run, prepare_run
from training.plan.window_settings import WindowSettings


@pytest.fixture(scope="module")
def outlined(tmp_path_factory):
    """Frames of two classes; each one with a finding has a disc and a mask of it."""
    folder = tmp_path_factory.mktemp("outlined")
    rng = np.random.default_rng(5)
    (folder / "masks").mkdir()
    for name in ("polyps", "normal"):
        (folder / "frames" / name).mkdir(parents=True)
        for number in range(12):
            frame = np.full((240, 300, 3), (60, 80, 170), np.uint8) + rng.integers(0, 25, (240, 300, 3), np.uint8)
            frame[number * 15 : number * 15 + 30, 150:] += 20  # each of its own perceptual hash
            if name == "polyps":
                at = int(rng.integers(60, 100)), int(rng.integers(60, 180))
                mask = np.zeros((240, 300), np.uint8)
                cv2.circle(mask, at, 30, 255, -1)
                frame[mask > 0] = (40, 200, 90)
                cv2.imwrite(str(folder / "masks" / f"polyps-{number}.png"), mask)
            cv2.imwrite(str(folder / "frames" / name / f"{name}-{number}.png"), frame)
    return folder


@pytest.fixture(scope="module")
def config(outlined, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    windows = WindowSettings(masks=str(outlined / "masks"), pairs=2)
    own = dataclasses.replace(load_config("quick"), synthetic=True, split=Split(case="none"), windows=windows)
    return dataclasses.replace(own, paths=Paths(cache=str(cache)))


def test_a_run_has_windows_of_train_and_test_frames_learns_from_the_first_and_probes_the_others(outlined, config, tmp_path):
    rows = scan_class_folder(outlined / "frames").rows
    plan = prepare_run(tmp_path / "run", rows, config)
    assert plan.windows == read_windows(tmp_path / "run" / WINDOWS) == open_run(tmp_path / "run").windows
    parts = {row.sha256: row.part for row in plan.rows}
    assert {parts[window.sha256] for window in plan.windows} == {"train", "test"}
    labels = [window.label for window in plan.windows]
    assert labels.count("polyps") == labels.count("normal") > 0
    finished = launch(tmp_path / "run", on_event=lambda event: None, task=TaskContext())
    told = finished.metrics["windows"]
    assert told["n"] == sum(parts[window.sha256] == "test" for window in plan.windows)
    assert told["recall"]["interval"][0] <= told["recall"]["value"] <= told["recall"]["interval"][1]
    assert json.loads((tmp_path / "run" / "metrics.json").read_text("utf-8"))["windows"] == told
    assert "Device or mucosa?" in (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "Device or mucosa?" in (tmp_path / "run" / "bundle" / "MODEL_CARD.md").read_text("utf-8")


def test_windows_carry_group_and_centre_of_their_frame_and_test_windows_are_not_learnt_from(outlined, config, tmp_path):
    plan = prepare_run(tmp_path / "run", scan_class_folder(outlined / "frames").rows, config)
    train = plan.part("train")
    rows, finals = preprocessed_windows(plan.windows, train, CLEAN, tmp_path / "cache", TaskContext())
    assert len(rows) == len(finals) > 0
    frames = {row.file: row for row in train}
    assert all((frames[row.file].group, frames[row.file].centre) == (row.group, row.centre) for row in rows)
    again = preprocessed_windows(plan.windows, train, CLEAN, tmp_path / "cache", TaskContext())  # from the cache
    assert np.array_equal(finals, again[1])
    assert len({row.sha256 for row in (*rows, *plan.rows)}) == len(rows) + len(plan.rows)


def test_what_cannot_be_made_is_told(outlined, config, tmp_path):
    rows = scan_class_folder(outlined / "frames").rows
    nameless = dataclasses.replace(config, windows=dataclasses.replace(config.windows, masks=str(tmp_path / "nowhere")))
    with pytest.raises(BadRequest, match="no folder of masks"):
        prepare_run(tmp_path / "a", rows, nameless)
    renamed = [dataclasses.replace(row, label="healthy" if row.label == "normal" else row.label) for row in rows]
    plan = prepare_run(tmp_path / "b", renamed, config)
    assert not plan.windows
    assert "no class tells mucosa without one" in " ".join(plan.warnings)
    named = dataclasses.replace(config, windows=dataclasses.replace(config.windows, without="healthy"))
    assert {window.label for window in prepare_run(tmp_path / "c", renamed, named).windows} == {"polyps", "healthy"}
    with pytest.raises(BadRequest, match=r"windows\.without"):
        dataclasses.replace(named, classes=("polyps", "normal"))
    with pytest.raises(BadRequest, match=r"windows\.pairs"):
        parse_config("[windows]\npairs = 0\n")


def test_a_mask_of_another_shape_or_no_picture_is_told_and_the_others_are_used(outlined, tmp_path):
    rows = [row for row in scan_class_folder(outlined / "frames").rows if row.label == "polyps"]
    masks = tmp_path / "masks"
    masks.mkdir()
    good = cv2.imread(str(mask_of(outlined / "masks", rows[0])), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(masks / f"{rows[0].sha256[:12]}.png"), good)
    cv2.imwrite(str(masks / f"{rows[1].file.stem}.png"), good[:100])
    (masks / f"{rows[2].file.stem}.png").write_bytes(b"no picture")
    found, told = windows_of(rows, masks, "normal", pairs=1, overrides={})
    assert [window.sha256 for window in found] == [rows[0].sha256] * 2
    assert len(told) == 2
    assert "another shape" in " ".join(told)


@pytest.mark.parametrize("line", ["abc,1,2,x,normal", "abc,-1,2,50,normal", "abc,1,2,0,normal"])
def test_a_damaged_list_of_windows_is_refused(line, tmp_path):
    (tmp_path / WINDOWS).write_text(f"sha256,x,y,side,label\n{line}\n", "utf-8")
    with pytest.raises(BadRequest, match="line 2"):
        read_windows(tmp_path / WINDOWS)


def test_a_frame_that_changed_is_no_window(outlined, tmp_path):
    rows = [row for row in scan_class_folder(outlined / "frames").rows if row.label == "polyps"]
    found, _ = windows_of(rows, outlined / "masks", "normal", pairs=1, overrides={})
    other = next(row for row in rows if row.sha256 != found[0].sha256)
    with pytest.raises(BadRequest, match="has changed"):
        window_final(found[0], other, CLEAN)
    far = dataclasses.replace(found[0], place=(250, 200, 90, 90))
    with pytest.raises(BadRequest, match="does not lie within"):
        window_final(far, next(row for row in rows if row.sha256 == far.sha256), CLEAN)


def test_figures_of_windows():
    holds = np.array([True, False] * 20)
    right = np.array([True, False, True, True] * 10)
    told = figures(holds, right, right & ~holds, [str(place // 2) for place in range(40)])
    assert (told["n"], told["groups"]) == (40, 20)
    assert told["recall"]["value"] == 1
    assert told["recall"]["interval"][0] < 0.9  # no mistake is not certainty
    assert told["called_finding"]["value"] == 0.5
    assert told["balanced_accuracy"]["value"] == 0.75
    low, high = told["called_finding"]["interval"]
    assert low < 0.5 < high


def test_without_masks_a_run_folder_is_what_it_was(outlined, config, tmp_path):
    plain = dataclasses.replace(config, windows=WindowSettings())
    plan = prepare_run(tmp_path / "run", scan_class_folder(outlined / "frames").rows, plain)
    assert not plan.windows
    assert not (tmp_path / "run" / WINDOWS).exists()


@pytest.mark.slow
def test_a_full_training_learns_from_windows_too(outlined, config, tiny_config, tmp_path):
    own = dataclasses.replace(tiny_config, windows=config.windows, paths=config.paths)
    plan = prepare_run(tmp_path / "run", scan_class_folder(outlined / "frames").rows, own)
    finished = launch(tmp_path / "run", on_event=lambda event: None, task=TaskContext())
    parts = {row.sha256: row.part for row in plan.rows}
    assert finished.metrics["windows"]["n"] == sum(parts[window.sha256] == "test" for window in plan.windows)
