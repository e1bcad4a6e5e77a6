"""`endodesk models`, `compare`, `use`, and `retrain --use`: a real project, its quick update, and models that are worse."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from frame_folders import CLASSES, png, put, put_classes
from other_bundles import with_another_head, with_other_classes

import resources
from endodesk.app.project.project import Project, project_folder
from endodesk.app.retraining.gate import PASSED, WENT_BACK, PromotionRule, set_rule
from endodesk.app.retraining.lineage import ancestry_told, lineage_of
from endodesk.cli.main import run
from endodesk.dataset.manifest import read_manifest, write_manifest
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import BundleId
from endodesk.inference.bundle import read_bundle
from training.evaluation.paired_comparison import PairedComparison

STARTER = Path(resources.__file__).parent / "models" / "starter"
EACH = 30


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder of three classes, and beside it its project: the starter is active, a quick update is kept."""
    base = tmp_path_factory.mktemp("choice")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(base / "home" / name))
        patch.setattr(resources, "STARTER_MODEL", STARTER)
        for place, name in enumerate(CLASSES):
            for n in range(EACH):
                put(base / "ward" / name / f"{name}-{n}" / "0.png", png(1000 * place + 10 * n, name))
        Project.of_images(base / "ward", at=base / "ward-endodesk", label_set=LabelSet.of(CLASSES)).close()
        assert run(["retrain", str(base / "ward-endodesk")]) == 0
    return base


@pytest.fixture
def ward(trained, tmp_path, monkeypatch):
    """A copy of both; the frames of the first still lie where its training found them."""
    monkeypatch.setattr(resources, "STARTER_MODEL", STARTER)
    for name in ("ward", "ward-endodesk"):
        shutil.copytree(trained / name, tmp_path / name)
    in_project(tmp_path / "ward-endodesk", Project.take_on)  # a copy is nobody's at first
    return tmp_path / "ward-endodesk"


def in_project(place, asked):
    project = Project.open(place)
    try:
        return asked(project)
    finally:
        project.close()


def update_of(place):
    """The quick update's id."""
    return in_project(place, lambda project: project.database.models.all()[-1].bundle.id)


def promotions_of(place):
    return in_project(place, lambda project: project.database.models.promotions())


def notes_of(place):
    """What the chain tells of each promotion."""
    lines = in_project(place, lambda project: [json.loads(line) for line in project.database.chain.lines()])
    return [line for line in lines if "promotion" in json.dumps(line)]


def said(capsys):
    told = capsys.readouterr()
    return " ".join(told.out.split()), " ".join(told.err.split())


def compared(place, new, old, out, *more):
    assert run(["compare", str(place), new, old, "--out", str(out), *more]) == 0
    kept = json.loads((out / "comparison.json").read_text("utf-8"))
    return kept, PairedComparison.from_json(kept["comparison"]), list(csv.DictReader((out / "flips.csv").read_text("utf-8").splitlines()))


@pytest.mark.slow
def test_the_lineage_is_told_with_figures_under_their_frames(ward, capsys):
    update = update_of(ward)
    assert run(["models", str(ward)]) == 0
    out, _ = said(capsys)
    starter = read_bundle(STARTER)
    assert f"{update}" in out
    assert "is active since" in out
    assert "by EndoDesk: comes with EndoDesk." in out
    elsewhere, here = out.index("test frames of a training elsewhere"), out.index("test frames of the training")
    assert elsewhere < out.index(f"{starter.name} ({starter.id}): accuracy") < here < out.index(f"({update}): accuracy")
    assert "figures of different frames" in out
    [run_folder] = (ward / "runs").iterdir()
    parts = [row.part for row in read_manifest(run_folder / "manifest.csv")]
    assert f"{parts.count('train')} + {parts.count('val')} + {parts.count('test')}" in out


def test_a_training_that_was_stopped_is_told_and_written(ward, tmp_path, capsys):
    update = update_of(ward)

    def stop(project):
        """As `publish` puts it into the bundle; `test_wishes` has a real one."""
        stored = project.database.models.all()[-1]
        by = {"by": "Dr. Ana Ruiz", "phase": "fine-tuning", "epoch": 3, "of": 500, "at": "2026-11-30T10:00:00+00:00"}
        project.database.models.add(replace(stored.bundle, metrics={**stored.bundle.metrics, "stopped": by}), stored.folder)
        return lineage_of(project, stored.bundle.id)

    [one] = in_project(ward, stop)
    told = "Stopped by Dr. Ana Ruiz after epoch 3 of 500 (fine-tuning): the best so far was kept."
    assert told in ancestry_told(one)  # what the window shows
    capsys.readouterr()
    assert run(["models", str(ward), "--out", str(tmp_path / "models")]) == 0
    out, _ = said(capsys)
    assert "(stopped)" in out
    assert f"({update}): {told}" in out
    starter, new = json.loads((tmp_path / "models" / "models.json").read_text("utf-8"))["models"]
    assert new["stopped"] == {"reader": "Dr. Ana Ruiz", "phase": "fine-tuning", "epoch": 3, "of": 500}
    assert (starter["stopped"], starter["active"], starter["promoted"]["why"]) == (None, True, "comes with EndoDesk")
    assert (new["id"], new["goes_on_from"], new["figures"]["n"]) == (update, starter["id"], new["frames"]["test"])
    for damaged in (True, {"by": 1}, {"by": "", "phase": "frozen", "epoch": "3", "of": 5}, []):
        stored = replace(one.bundle, metrics={"stopped": damaged})
        in_project(ward, lambda project, bundle=stored: project.database.models.add(bundle, ward / "models" / update))
        assert in_project(ward, lambda project: lineage_of(project, BundleId(update)))[0].stopped is None


@pytest.mark.slow
def test_both_ways_mirror_each_other_and_what_is_written_is_read_back(ward, tmp_path, capsys):
    update = update_of(ward)
    capsys.readouterr()
    kept, there, flips = compared(ward, update, "starter", tmp_path / "there")
    out, err = said(capsys)
    assert kept["told"][0] in out
    assert "The test frames of the training" in out
    assert "What EndoDesk starter" in err  # nobody here knows what it has learnt from
    _, back, mirrored = compared(ward, "active", update[:6], tmp_path / "back")
    assert (there.n, there.mended, there.broken) == (back.n, back.broken, back.mended)
    assert there.accuracy.value == pytest.approx(-back.accuracy.value)
    assert there.n == sum(row.part == "test" for row in read_manifest(next((ward / "runs").iterdir()) / "manifest.csv"))
    assert len(flips) == there.mended + there.broken == len(there.flips)
    turned = {"mended": "broken", "broken": "mended"}
    assert [(row["file"], row["new"], row["old"], row["outcome"]) for row in flips] == [
        (row["file"], row["old"], row["new"], turned[row["outcome"]]) for row in mirrored
    ]
    assert run(["compare", str(ward), update, "starter", "--out", str(tmp_path / "there")]) == 2  # nothing is written over


@pytest.mark.slow
def test_all_frames_say_that_some_were_learnt_from_and_name_files_as_predictions_do(ward, tmp_path, capsys):
    worse = with_another_head(STARTER, tmp_path / "turned")
    update = update_of(ward)
    in_project(ward, lambda project: setattr(project, "label_set", project.label_set.meant_by("polyps", "=polyps")))
    (tmp_path / "ward" / "polyps").rename(tmp_path / "ward" / "=polyps")  # what a spreadsheet would take for a formula
    window = Project.open(ward)  # one has it open
    try:
        _, found, flips = compared(ward, update, str(worse), tmp_path / "out", "--frames", "all")
    finally:
        window.close()
    out, err = said(capsys)
    assert found.n == EACH * len(CLASSES)
    assert "All labelled frames of the project" in out
    learnt = sum(row.part != "test" for row in read_manifest(next((ward / "runs").iterdir()) / "manifest.csv"))
    assert f"has learnt from some of these frames ({learnt})" in err
    assert {row["outcome"] for row in flips} >= {"mended"}
    assert all((tmp_path / "ward" / row["file"]).is_file() for row in flips)
    assert {row["file"].partition("/")[0] for row in flips if row["label"] == "polyps"} == {"."}
    assert in_project(ward, lambda project: len(project.database.models.all())) == 2  # one from elsewhere is only looked at


@pytest.mark.slow
def test_a_folder_of_another_hospital_in_its_own_words(ward, tmp_path, capsys):
    def take_words(project):
        project.label_set = project.label_set.meant_by("polyps", "adenoma", "adenomas")

    in_project(ward, take_words)
    there = tmp_path / "elsewhere"
    for place, (folder, finding) in enumerate({"adenoma": "polyps", "esophagitis": "esophagitis", "adenomas": "polyps"}.items()):
        for n in range(4):
            put(there / folder / f"=x{n}.png", png(7000 + 100 * place + n, finding))
    put(there / "ulcer" / "1.png", png(9000, "ulcerative-colitis"))
    put(there / "adenoma" / "bad.png", b"no picture")
    worse = with_another_head(STARTER, tmp_path / "turned")
    kept, found, flips = compared(ward, str(worse), "starter", tmp_path / "out", "--frames", str(there))
    _, err = said(capsys)
    assert (found.n, found.left_out) == (12, {"ulcer": 1})
    counts = {name: row["n"] for name, row in found.new["per_class"].items()}
    assert {name: n for name, n in counts.items() if n} == {"esophagitis": 4, "polyps": 8}
    assert "Frames of ulcer that do not count, since not both models know this class: 1." in err
    assert "bad.png" in err
    assert str(there) in kept["frames"]
    assert all(row["label"] in CLASSES and Path(row["file"]).is_file() for row in flips)


@pytest.mark.slow
def test_a_model_with_fewer_classes_is_compared_over_those_that_both_know(ward, tmp_path, capsys):
    other = with_other_classes(
        STARTER, tmp_path / "other", ("esophagitis", "polyps", "something", "anything")[: len(read_bundle(STARTER).classes)]
    )
    _, found, _ = compared(ward, str(other), update_of(ward), tmp_path / "out")
    out, err = said(capsys)
    assert found.classes == ("esophagitis", "polyps")
    assert found.left_out.keys() == {"ulcerative-colitis"}
    assert "Compared over the classes that both know" in out
    assert f"of ulcerative-colitis that do not count, since not both models know this class: {found.left_out['ulcerative-colitis']}." in err
    stranger = with_other_classes(STARTER, tmp_path / "stranger", ("a", "b", "c", "d")[: len(read_bundle(STARTER).classes)])
    assert run(["compare", str(ward), str(stranger), "active", "--frames", "all"]) == 2
    assert "Two classes at least must be the same" in capsys.readouterr().err


@pytest.mark.slow
def test_test_frames_that_a_model_has_learnt_from_are_left_out(ward, tmp_path, capsys):
    older = ward / "runs" / "2026-01-01 00.00.00"
    rows = read_manifest(next((ward / "runs").iterdir()) / "manifest.csv")
    tested = [row.sha256 for row in rows if row.part == "test"]
    shutil.copytree(next((ward / "runs").iterdir()), older)
    write_manifest(older / "manifest.csv", [replace(row, part="train") if row.sha256 in tested[:2] else row for row in rows])
    other = with_another_head(STARTER, tmp_path / "turned")
    told = json.loads((other / "bundle.json").read_text("utf-8"))
    (other / "bundle.json").write_text(json.dumps({**told, "run": older.name}), "utf-8")
    _, found, _ = compared(ward, str(other), update_of(ward), tmp_path / "out")
    assert found.n == len(tested) - 2
    assert "Test frames left out, since one of the models has learnt from them: 2." in said(capsys)[1]


@pytest.mark.slow
def test_a_worse_model_needs_a_reason_which_goes_on_record_and_one_goes_back_without(ward, tmp_path, capsys):
    update, starter = update_of(ward), read_bundle(STARTER).id
    in_project(ward, lambda project: set_rule(project, PromotionRule(0.4, 0.5), reader="Ann"))
    assert run(["use", str(ward), update]) == 0
    assert promotions_of(ward)[-1].why == PASSED
    worse = with_another_head(STARTER, tmp_path / "turned")
    before, models = promotions_of(ward), in_project(ward, lambda project: len(project.database.models.all()))
    capsys.readouterr()
    assert run(["use", str(ward), str(worse)]) == 2
    out, err = said(capsys)
    assert "Worse." in out
    assert "Its macro F1 may be lower by" in err
    assert f"endodesk use PLACE {read_bundle(worse).id} --why TEXT" in err
    assert promotions_of(ward) == before
    assert in_project(ward, lambda project: len(project.database.models.all())) == models
    assert run(["use", str(ward), str(worse), "--why", "to see what it does", "--reader", "Ana"]) == 0
    last = promotions_of(ward)[-1]
    assert (last.bundle, last.reader, last.why) == (read_bundle(worse).id, "Ana", "to see what it does")
    told = json.dumps(notes_of(ward)[-1])
    assert update in told  # beside which
    assert "macro_f1" in told
    assert '"passes": false' in told.replace('\\"', '"')
    assert run(["verify", str(ward)]) == 0
    assert run(["models", str(ward)]) == 0
    assert "by Ana: to see what it does." in said(capsys)[0]
    assert run(["use", str(ward), starter]) == 0  # was active before
    assert promotions_of(ward)[-1].why == WENT_BACK
    assert run(["use", str(ward), "active"]) == 0
    assert "already" in said(capsys)[0]
    assert len(promotions_of(ward)) == len(before) + 2
    assert run(["verify", str(ward)]) == 0


@pytest.mark.slow
def test_a_changed_copy_of_a_model_is_not_let_through_by_the_figures_of_the_first(ward, tmp_path, capsys):
    update = update_of(ward)
    in_project(ward, lambda project: set_rule(project, PromotionRule(0.4, 0.5), reader="Ann"))
    changed = with_another_head(ward / "models" / update, tmp_path / "changed")
    assert read_bundle(changed).run == read_bundle(ward / "models" / update).run
    assert run(["use", str(ward), str(changed)]) == 2
    out, err = said(capsys)
    assert "Worse." in out
    assert "Its macro F1 may be lower by" in err
    assert run(["use", str(ward), update]) == 0


@pytest.mark.slow
def test_a_model_whose_folder_holds_another_one_is_not_used(ward, tmp_path, capsys):
    update = update_of(ward)
    shutil.rmtree(ward / "models" / update)
    with_another_head(STARTER, ward / "models" / update)
    assert run(["use", str(ward), update, "--why", "try"]) == 2
    assert "holds another model than the project knows" in capsys.readouterr().err
    assert len(promotions_of(ward)) == 1


@pytest.mark.slow
def test_what_cannot_be_compared_needs_a_reason_and_says_why(ward, tmp_path, capsys):
    worse = with_another_head(STARTER, tmp_path / "turned")
    assert run(["use", str(ward), str(worse)]) == 2  # the starter is active: neither was trained here
    _, err = said(capsys)
    assert "Neither model was trained in this project" in err
    assert "It was not compared with the active model" in err
    assert [one.bundle for one in promotions_of(ward)] == [read_bundle(STARTER).id]
    assert run(["compare", str(ward), str(worse), "starter"]) == 2
    assert "Neither model was trained in this project" in capsys.readouterr().err


@pytest.mark.slow
def test_words_that_mean_no_model_or_several_list_what_there_is(ward, capsys):
    update, starter = update_of(ward), read_bundle(STARTER)
    assert run(["compare", str(ward), "nonsense", "starter"]) == 2
    err = said(capsys)[1]
    assert "There is no model nonsense here" in err
    assert update in err
    assert f"{starter.name} ({starter.id})" in err
    assert run(["use", str(ward), ""]) == 2
    in_project(
        ward, lambda project: [project.database.models.add(stored.bundle, stored.folder) for stored in project.database.models.all()]
    )
    assert run(["use", str(ward), starter.name]) == 0
    assert "already" in capsys.readouterr().out


@pytest.mark.slow
def test_a_window_that_has_it_open_holds_up_use_alone(ward, capsys):
    window = Project.open(ward)
    try:
        assert run(["models", str(ward)]) == 0
        assert run(["use", str(ward), "starter"]) == 2
        assert "open in another EndoDesk window" in capsys.readouterr().err
    finally:
        window.close()


@pytest.mark.slow
def test_retraining_goes_through_the_gate_and_keeps_what_it_refuses(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(resources, "STARTER_MODEL", STARTER)
    put_classes(tmp_path / "few", each=6)
    monkeypatch.chdir(tmp_path)
    assert run(["retrain", "few", "--use"]) == 2
    out, err = said(capsys)
    assert "Research use only" in out  # its figures are told all the same
    place = project_folder(tmp_path / "few")
    update = update_of(place)
    assert f"({update}) was trained and is kept in the project, but the active model is what it was." in err
    assert "too few to know whether it is worse" in err
    assert f"endodesk use PLACE {update} --why TEXT" in err
    assert [one.bundle for one in promotions_of(place)] == [read_bundle(STARTER).id]
    monkeypatch.chdir(tmp_path.parent)  # what was noted of files holds wherever one is
    assert run(["compare", str(tmp_path / "few"), update, "active"]) == 0
    (tmp_path / "few").rename(tmp_path / "renamed")  # work follows the pictures
    capsys.readouterr()
    assert run(["compare", str(tmp_path / "renamed"), update, "active", "--hide-source", "--out", str(tmp_path / "out")]) == 0
    out, err = said(capsys)
    assert "are known from few" in err
    assert "With the source hidden" in out
    kept = json.loads((tmp_path / "out" / "comparison.json").read_text("utf-8"))
    assert kept["comparison"]["n"] == kept["source_hidden"]["n"] == 3
    assert run(["retrain", str(tmp_path / "renamed"), "--use", "--why", "a first try", "--reader", "Ana"]) == 0
    assert "It is the active model now" in said(capsys)[0]
    last = promotions_of(place)[-1]
    assert (last.bundle, last.reader, last.why) == (update_of(place), "Ana", "a first try")
    assert "too few groups" in json.dumps(notes_of(place)[-1])


def test_a_place_without_a_project_is_told(images, capsys):
    for command in (["models"], ["compare", "a", "b"], ["use", "a"]):
        assert run([command[0], str(images), *command[1:]]) == 2
        assert "There is no project for" in capsys.readouterr().err
