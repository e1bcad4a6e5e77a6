import dataclasses
from dataclasses import replace

import pytest

from endodesk.domain.errors import BadRequest
from training.config import Config
from training.manifest import PARTS
from training.run_folder import open_run, plan_run, prepare_run


@pytest.fixture
def config():
    return Config(name="mine")


def test_a_prepared_run_opens_as_planned(tmp_path, frame_rows, config):
    plan = prepare_run(tmp_path / "deep" / "run", frame_rows, config)
    assert open_run(tmp_path / "deep" / "run") == plan
    assert plan.config.classes == ("esophagitis", "polyps", "ulcerative-colitis")
    assert sorted(p.name for p in (tmp_path / "deep" / "run").iterdir()) == ["config.toml", "manifest.csv"]
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["run"]
    assert sum(len(plan.part(part)) for part in PARTS) == len(frame_rows)
    assert not plan.warnings


def test_asked_classes_and_their_order_are_kept(tmp_path, frame_rows, config):
    plan = plan_run(frame_rows, replace(config, classes=("polyps", "esophagitis")))
    assert list(plan.classes) == ["polyps", "esophagitis"]
    assert set(plan.counts) == {"polyps", "esophagitis"}
    with pytest.raises(BadRequest, match="no frames of the class normal"):
        plan_run(frame_rows, replace(config, classes=("polyps", "normal")))


def test_what_cannot_be_trained_on_is_a_sentence(tmp_path, frame_rows, config):
    with pytest.raises(BadRequest, match="no labelled frames"):
        plan_run([], config)
    with pytest.raises(BadRequest, match=r"one class only \(polyps\)"):
        plan_run([row for row in frame_rows if row.label == "polyps"], config)
    two = [next(row for row in frame_rows if row.label == label) for label in ("polyps", "esophagitis")]
    with pytest.raises(BadRequest, match="too few frames"):
        plan_run(two, config)


def test_a_thin_class_is_a_warning(frame_rows, config):
    one = next(row for row in frame_rows if row.label == "polyps")
    plan = plan_run([*[row for row in frame_rows if row.label != "polyps"], one], config)
    assert plan.counts["polyps"] == {"train": 1, "val": 0, "test": 0}
    assert plan.warnings == ("polyps has no frame in val or test: too few different frames. Its figures say little.",)


def test_a_class_whose_only_frame_is_bound_to_test_cannot_be_trained(frame_rows, config):
    one = next(row for row in frame_rows if row.label == "polyps")
    rows = [*[row for row in frame_rows if row.label != "polyps"], one]
    with pytest.raises(BadRequest, match="polyps has no frame to train on"):
        plan_run(rows, config, existing_parts={one.sha256: "test"})


def test_a_run_that_is_there_stays_as_it_is(tmp_path, frame_rows, config):
    run = tmp_path / "run"
    run.mkdir()
    prepare_run(run, frame_rows, config)  # empty: may be used
    before = (run / "manifest.csv").read_bytes()
    with pytest.raises(BadRequest, match="there already"):
        prepare_run(run, frame_rows, config)
    assert (run / "manifest.csv").read_bytes() == before
    (tmp_path / "file").touch()
    with pytest.raises(BadRequest, match="there already"):
        prepare_run(tmp_path / "file", frame_rows, config)
    with pytest.raises(BadRequest, match="cannot be written"):
        prepare_run(tmp_path / "file" / "run", frame_rows, config)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "run"]


def test_contradictions_are_told_and_left_out(frame_rows, config):
    rival = dataclasses.replace(frame_rows[0], label="polyps")
    plan = plan_run([*frame_rows, rival], config)
    assert frame_rows[0].sha256 not in {row.sha256 for row in plan.rows}
    assert "left out" in plan.warnings[0]


def test_nonsense_in_a_run_folder_is_told(tmp_path, frame_rows, config):
    with pytest.raises(BadRequest, match="not a prepared training"):
        open_run(tmp_path)
    run = tmp_path / "run"
    prepare_run(run, frame_rows, config)
    manifest = (run / "manifest.csv").read_text()
    (run / "manifest.csv").write_text(manifest.replace(",polyps,", ",warts,"))
    with pytest.raises(BadRequest, match="class warts"):
        open_run(run)
    (run / "manifest.csv").write_text(manifest + manifest.splitlines()[1] + "\n")
    with pytest.raises(BadRequest, match="same frame twice"):
        open_run(run)
    (run / "manifest.csv").write_text(manifest.replace(",train", ","))
    with pytest.raises(BadRequest, match="without a part"):
        open_run(run)
    (run / "manifest.csv").write_text(manifest)
    (run / "config.toml").write_text("classes = ['polyps']")
    with pytest.raises(BadRequest, match="two classes"):
        open_run(run)
