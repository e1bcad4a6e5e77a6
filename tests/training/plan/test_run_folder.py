import dataclasses
from dataclasses import replace

import pytest

from endodesk.dataset.manifest import PARTS
from endodesk.domain.errors import BadRequest
from training.plan.config import Config
from training.plan.run_folder import open_run, plan_run, prepare_run


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
    two = [row for label in ("polyps", "esophagitis") for row in [row for row in frame_rows if row.label == label][:2]]
    with pytest.raises(BadRequest, match="too few frames"):
        plan_run(two, config)


def test_a_thin_class_is_a_warning(frame_rows, config):
    two = [row for row in frame_rows if row.label == "polyps"][:2]
    plan = plan_run([*[row for row in frame_rows if row.label != "polyps"], *two], config)
    assert sum(plan.counts["polyps"].values()) == 2
    [warning] = [told for told in plan.warnings if told.startswith("polyps has no frame in")]
    assert warning.endswith("too few different frames. Its figures say little.")


def test_a_class_with_one_frame_is_refused_however_often_it_lies_there(frame_rows, config):
    one = next(row for row in frame_rows if row.label == "polyps")
    with pytest.raises(BadRequest, match="The class polyps has one frame only"):
        plan_run([*[row for row in frame_rows if row.label != "polyps"], one, one], config)


def test_a_class_whose_only_frames_are_bound_to_test_cannot_be_trained(frame_rows, config):
    two = [row for row in frame_rows if row.label == "polyps"][:2]
    rows = [*[row for row in frame_rows if row.label != "polyps"], *two]
    with pytest.raises(BadRequest, match="polyps has no frame to train on"):
        plan_run(rows, config, existing_parts={row.sha256: "test" for row in two})


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


def by_case(rows):
    """A split of somebody else's: two cases a class to train on, one to stop by, one to measure by."""
    parts = {}
    for number, case in enumerate(sorted({row.case for row in rows})):
        parts[case] = ("train", "train", "val", "test")[number % 4]
    return [replace(row, part=parts[row.case]) for row in rows]


def test_frames_that_come_with_their_parts_keep_them(tmp_path, frame_rows, config):
    rows = by_case(frame_rows)
    plan = prepare_run(tmp_path / "run", rows, config)
    assert {row.sha256: row.part for row in plan.rows} == {row.sha256: row.part for row in rows}
    assert open_run(tmp_path / "run").rows == plan.rows


@pytest.mark.parametrize("kind", ["equal bytes", "equal hash"])
def test_equal_pictures_in_two_parts_are_refused_unless_allowed(tmp_path, frame_rows, config, kind):
    rows = by_case(frame_rows)
    one = next(row for row in rows if row.part == "train")
    copy = replace(one, file=one.file.with_name("copy.png"), part="test")
    if kind == "equal hash":
        copy = replace(copy, sha256="ab" * 32)
    with pytest.raises(BadRequest, match=r"1 pair of equal pictures.*test/esophagitis/copy\.png.*endodesk split.*--allow-leaks"):
        prepare_run(tmp_path / "run", [*rows, copy], config)
    assert list(tmp_path.iterdir()) == []
    allowed = replace(config, split=replace(config.split, allow_leaks=True))
    plan = prepare_run(tmp_path / "run", [*rows, copy], allowed)
    assert len(plan.rows) == len(rows) + 1
    assert "1 of them equal pictures" in plan.warnings[0]
    assert "too good" in plan.warnings[0]
    assert open_run(tmp_path / "run").config.split.allow_leaks
    text = (tmp_path / "run" / "config.toml").read_text()
    (tmp_path / "run" / "config.toml").write_text(text.replace("allow_leaks = true", "allow_leaks = false"))
    with pytest.raises(BadRequest, match="equal pictures"):
        open_run(tmp_path / "run")


def test_near_pictures_in_two_parts_are_a_warning(frame_rows, config):
    rows = by_case(frame_rows)
    one = next(row for row in rows if row.part == "train")
    near = replace(one, sha256="ab" * 32, phash=f"{int(one.phash, 16) ^ 1:016x}", part="test")
    assert not any("too good" in warning for warning in plan_run([*rows, near], config).warnings)
    near_config = replace(config, split=replace(config.split, near=1))
    [told] = [warning for warning in plan_run([*rows, near], near_config).warnings if "too good" in warning]
    assert "within 1 bit" in told


def test_label_conflicts_are_a_warning(frame_rows, config):
    rival = replace(frame_rows[0], sha256="ab" * 32, label="polyps")
    [told] = plan_run([*frame_rows, rival], config).warnings
    assert told.startswith("1 group of near-identical frames with more than one label, such as frame-01.png")
    assert "(esophagitis)" in told
    assert "(polyps)" in told


@pytest.mark.parametrize("label", ["polyps", "esophagitis"])
def test_a_frame_in_two_cases_makes_them_one_though_it_is_trained_on_once_or_not_at_all(frame_rows, config, label):
    polyps = [row for row in frame_rows if row.label == "polyps"]
    first = polyps[0]
    other = next(row for row in polyps if row.case != first.case)
    copy = replace(first, file=other.file.with_name("copy.png"), case=other.case, label=label)
    plan = plan_run([*frame_rows, copy], config)
    assert len({row.group for row in plan.rows if row.label == "polyps" and row.case in (first.case, other.case)}) == 1


def test_cases_and_merges_bind_as_the_configuration_says(frame_rows, config):
    def parts(rows):
        found = {}
        for row in rows:
            found.setdefault((row.label, row.file.parent.name), set()).add(row.part)
        return found

    assert all(len(found) == 1 for found in parts(plan_run(frame_rows, config).rows).values())
    alone = replace(config, split=replace(config.split, case="none"))
    assert any(len(found) > 1 for found in parts(plan_run(frame_rows, alone).rows).values())
    all_in_one = [(frame_rows[0].sha256, row.sha256) for row in frame_rows if row.label == "esophagitis"]
    assert len({row.part for row in plan_run(frame_rows, alone, joined=all_in_one).rows if row.label == "esophagitis"}) == 1


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


def test_a_run_warns_of_classes_and_centres_that_come_together_only(tmp_path, frame_rows, config):
    home = {"polyps": "hanoi", "esophagitis": "kvasir", "ulcerative-colitis": "kvasir"}
    plan = prepare_run(tmp_path / "run", [replace(row, centre=home[row.label]) for row in frame_rows], config)
    assert plan.warnings[:2] == (
        "Every frame of esophagitis comes from kvasir: what the model learns of it may be that hospital.",
        "Every frame of polyps comes from hanoi: what the model learns of it may be that hospital.",
    )
    rows = [replace(row, centre=f"{home[row.label]} {number % 2}") for number, row in enumerate(frame_rows)]
    [told] = [warning for warning in plan_run(rows, config).warnings if warning.startswith("From hanoi")]
    assert told == "From hanoi 0 and hanoi 1 there are frames of polyps only: the model may learn that these devices mean polyps."
    assert open_run(tmp_path / "run") == plan  # the child finds the same
