"""The gate: what the rule says of a model, what it takes to use one all the same, and what goes on record of it."""

import contextlib
import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from decided_runs import compared, finished_run
from frame_folders import put_classes
from sessions import described

import resources
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.app.project.starter import starter_bundle
from endodesk.app.retraining.gate import (
    ALREADY,
    FIRST,
    PASSED,
    WENT_BACK,
    Judgement,
    Objection,
    PromotionRule,
    judge,
    lost_classes,
    objections,
    promote,
    rule_of,
    set_rule,
)
from endodesk.app.retraining.verdict import details_told, objections_told, verdict_told
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import BundleId
from endodesk.inference.bundle import read_bundle
from training.evaluation.compared_models import ComparedModel

RULE = PromotionRule()
COLITIS = [number for number in range(120) if number % 3 == 2]


def test_a_better_model_passes():
    assert objections(compared([], range(0, 40, 2)), RULE) == ()


def test_equal_models_pass_where_there_are_frames_enough_to_tell():
    assert objections(compared([3, 7, 20], [3, 7, 20], n=450), RULE) == ()
    same = compared([3, 7, 20], [3, 7, 20])
    assert objections(same, RULE) == ((Objection.MACRO_F1, ""),)
    assert "may be lower by 3.0 points" in objections_told(Judgement(BundleId("0"), RULE, held_against(same), objections(same, RULE)))[0]
    assert verdict_told(same) == "No difference: both have the same of the 120 frames right."


def test_one_that_may_be_worse_by_more_than_the_rule_allows_does_not():
    worse = compared([1, 10, 22, 31], [5])
    assert worse.macro_f1.interval
    assert objections(worse, RULE)[0] == (Objection.MACRO_F1, "")
    assert objections(worse, PromotionRule(macro_f1=-worse.macro_f1.interval[0] + 1e-6, recall=1)) == ()


def test_one_that_loses_a_class_does_not_whatever_it_gains_elsewhere():
    lost = compared(COLITIS[:3], [number for number in range(60) if number % 3 == 0])
    assert lost.macro_f1.interval
    assert lost.macro_f1.interval[0] > 0
    assert objections(lost, RULE) == ((Objection.RECALL, "ulcerative-colitis"),)
    assert verdict_told(lost) == "Better. 20 mended, 3 broken, of 120 frames."


@pytest.mark.parametrize(("broken", "passes"), [(2, True), (3, False)])
def test_a_fall_of_just_as_much_as_the_rule_allows_passes(broken, passes):
    found = compared(COLITIS[:broken], [number for number in range(60) if number % 3 == 0])  # of 40: 5.0 and 7.5 points
    assert (objections(found, RULE) == ()) is passes


def test_few_frames_prove_nothing():
    assert objections(compared([], [1], n=9), RULE) == ((Objection.FEW_GROUPS, ""),)
    assert "frames of only 9 groups" in " ".join(details_told(compared([], [1], n=9)))


@pytest.mark.parametrize("wrong", [(-0.1, 0), (0, 2), (float("nan"), 0)])
def test_a_rule_is_a_share(wrong):
    with pytest.raises(BadRequest, match="0 to 100 %"):
        PromotionRule(*wrong)


@pytest.fixture
def project(tmp_path):
    put_classes(tmp_path / "frames")
    made = Project.of_images(tmp_path / "frames")
    yield made
    made.close()


def record(project: Project) -> list[tuple[str, str, dict]]:
    """Who made a model active, why, and what was in sight."""
    with contextlib.closing(sqlite3.connect(project.database.path)) as other:
        told = [json.loads(row[0]) for row in other.execute("SELECT told FROM event WHERE kind = 'promotion' ORDER BY id")]
    return [(one.reader, one.why, seen) for one, seen in zip(project.database.models.promotions(), told, strict=True)]


def held_against(comparison):
    return ComparedModel("active", "0" * 12, "old", comparison)


def decide(project, folder: Path, *, why=""):
    judgement = judge(project, read_bundle(folder))
    promote(project, judgement, reader="Ana", why=why)
    return judgement


def test_what_is_recorded_is_what_happened(project, tiny_bundle, tmp_path):
    first = keep_bundle(project, tiny_bundle)
    decide(project, first)
    event = finished_run(project, tiny_bundle, compared(COLITIS[:4], [0]))
    new = keep_bundle(project, Path(event.bundle))
    judgement = judge(project, read_bundle(new))
    assert "Recall of ulcerative-colitis fell by 10.0 points: look at these 4 frames." in objections_told(judgement)
    with pytest.raises(BadRequest, match="Write why"):
        promote(project, judgement, reader="Ana", why="   ")
    assert project.active_model.bundle.id == read_bundle(first).id
    promote(project, judgement, reader="Ana", why=" the labels of these four are wrong ")
    assert project.active_model.bundle.id == read_bundle(new).id
    decide(project, first)
    (who, why, seen), (_, own, worse), (_, back, _) = record(project)
    assert (who, why, back, own) == ("Ana", FIRST, WENT_BACK, "the labels of these four are wrong")
    assert (seen["asked"], "passes" in seen) == (False, False)
    assert worse["passes"] is False
    assert worse["objections"] == ["macro F1", "recall ulcerative-colitis"]
    assert (worse["n"], worse["mended"], worse["broken"], worse["beside"]) == (120, 1, 4, read_bundle(first).id)
    assert project.database.chain.verify().broken is None


def test_a_model_that_passes_needs_no_reason_and_one_that_stands_beside_nothing_does(project, tiny_bundle):
    decide(project, keep_bundle(project, tiny_bundle))
    event = finished_run(project, tiny_bundle, compared([], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
    comparison = Path(event.bundle).parent / "comparison.json"
    kept = comparison.read_bytes()
    new = keep_bundle(project, Path(event.bundle))
    for damaged in (b"", b"[1]", b"{", None):
        if damaged is None:
            comparison.unlink()
        else:
            comparison.write_bytes(damaged)
        assert judge(project, read_bundle(new)).objections == ((Objection.NOT_COMPARED, ""),)
    comparison.write_bytes(kept)
    assert decide(project, new).passes
    assert record(project)[-1][1] == PASSED


def test_figures_beside_another_model_than_the_active_one_count_for_nothing(project, tiny_bundle):
    decide(project, keep_bundle(project, tiny_bundle))
    event = finished_run(project, tiny_bundle, compared([], range(20)))
    comparison = Path(event.bundle).parent / "comparison.json"
    told = json.loads(comparison.read_text())
    told[0]["model"] = "0" * 12
    comparison.write_text(json.dumps(told))
    new = keep_bundle(project, Path(event.bundle))
    assert judge(project, read_bundle(new)).objections == ((Objection.NOT_COMPARED, ""),)


def test_a_damaged_active_model_is_no_missing_one(project, tiny_bundle, tmp_path):
    first = keep_bundle(project, tiny_bundle)
    decide(project, first)
    event = finished_run(project, tiny_bundle, compared([], range(20)))
    new = keep_bundle(project, Path(event.bundle))
    with contextlib.closing(sqlite3.connect(project.database.path)) as other, other:
        other.execute("UPDATE model SET bundle_json = '{' WHERE id = ?", (read_bundle(first).id,))
    assert project.active_model is None
    judgement = judge(project, read_bundle(new))
    assert (judgement.objections, judgement.plain) == (((Objection.NOT_COMPARED, ""),), "")


def test_the_rule_is_the_projects(project):
    assert rule_of(project) == PromotionRule(0.01, 0.05)
    set_rule(project, PromotionRule(0.02, 0.1), reader="Ann")
    assert rule_of(project) == PromotionRule(0.02, 0.1)
    for damaged in ([2, 3], "x", [0.1], None):
        project.database.settings.set("promotion_rule", damaged)
        assert rule_of(project) == PromotionRule()


def test_a_model_that_lacks_a_class_of_the_project_takes_a_reason(project, tiny_bundle):
    project.label_set = LabelSet.of(("esophagitis", "polyps", "colitis")).meant_by("colitis", "ulcerative-colitis")
    known = read_bundle(tiny_bundle)
    fewer = replace(known, classes=ClassSet(("esophagitis", "polyps")))
    assert lost_classes(project.label_set, known, fewer) == ()
    assert lost_classes(project.label_set, fewer, known) == ("colitis",)
    found = objections(compared([], [1, 2, 3]), RULE, ("colitis",))
    assert found == ((Objection.CLASS_LOST, "colitis"),)
    assert objections_told(Judgement(known.id, RULE, objections=found)) == ["It does not know colitis, which the active model knows."]


def test_figures_of_a_project_from_elsewhere_decide_nothing(project, tiny_bundle, monkeypatch):
    decide(project, keep_bundle(project, tiny_bundle))
    event = finished_run(project, tiny_bundle, compared([], range(20)))
    new = read_bundle(keep_bundle(project, Path(event.bundle)))
    assert judge(project, new).passes
    monkeypatch.setattr(project, "is_own", False)
    assert judge(project, new).objections == ((Objection.NOT_COMPARED, ""),)


def test_a_damaged_starter_stops_nothing(tmp_path, monkeypatch):
    (tmp_path / "starter").mkdir()
    (tmp_path / "starter" / "bundle.json").write_text("{")
    monkeypatch.setattr(resources, "STARTER_MODEL", tmp_path / "starter")
    assert starter_bundle() is None


def test_the_active_model_is_not_promoted_once_more(project, tiny_bundle):
    kept = keep_bundle(project, tiny_bundle)
    decide(project, kept)
    assert judge(project, read_bundle(kept)).plain == ALREADY


def test_a_model_that_was_active_once_is_judged_anew_when_a_training_makes_it_again(project, tiny_bundle, tmp_path):
    first = keep_bundle(project, tiny_bundle)
    decide(project, first)
    event = finished_run(project, tiny_bundle, compared(COLITIS[:4], [0]))
    new, other = keep_bundle(project, Path(event.bundle)), keep_bundle(project, described(tiny_bundle, tmp_path / "o", temperature=3.0))
    promote(project, judge(project, read_bundle(new)), reader="Ana", why="a trial")
    decide(project, first)
    promote(project, judge(project, read_bundle(new)), reader="Ana", why="a second trial")
    project.database.models.promote(read_bundle(other).id, reader="Ana", why=PASSED, at=datetime.now(UTC))
    assert judge(project, read_bundle(new)).plain == WENT_BACK  # the active one took its place
    again = judge(project, read_bundle(new), trained_now=True)
    assert (again.plain, again.passes) == ("", False)


def test_one_click_goes_back_but_not_to_what_took_a_reason(project, tiny_bundle, tmp_path):
    first = keep_bundle(project, tiny_bundle)
    second, third = (keep_bundle(project, described(tiny_bundle, tmp_path / f"{t}", temperature=t)) for t in (2.0, 3.0))

    def one_click(folder):
        return judge(project, read_bundle(folder)).plain == WENT_BACK

    decide(project, first)
    better = keep_bundle(project, Path(finished_run(project, tiny_bundle, compared([], range(20))).bundle))
    decide(project, second, why="a trial")
    assert (one_click(first), one_click(third)) == (True, False)
    decide(project, first)
    assert record(project)[-1][1:] == (WENT_BACK, {"rule": [0.01, 0.05], "asked": False})
    assert not one_click(second)  # it was gone back from: the reason that it took was for then
    with pytest.raises(BadRequest, match="Write why"):
        promote(project, judge(project, read_bundle(second)), reader="Ana", why="")
    for ours in (PASSED, WENT_BACK, "gone back to"):
        with pytest.raises(BadRequest, match="words of your own"):
            promote(project, judge(project, read_bundle(second)), reader="Ana", why=ours)
    decide(project, second, why="once more")
    decide(project, third, why="another trial")
    assert (one_click(second), one_click(first)) == (True, True)  # before it; and one that took no reason
    decide(project, first)
    assert (one_click(second), one_click(third)) == (False, False)
    assert decide(project, better).passes
    decide(project, first)
    assert one_click(better)  # the rule had let it pass


def test_what_took_a_reason_is_gone_back_to_where_the_rule_lets_it_by_now(project, tiny_bundle):
    first = keep_bundle(project, tiny_bundle)
    decide(project, first)
    new = keep_bundle(project, Path(finished_run(project, tiny_bundle, compared(COLITIS[:4], [0])).bundle))
    decide(project, new, why="a trial")
    decide(project, first)
    assert judge(project, read_bundle(new)).objections
    set_rule(project, PromotionRule(0.1, 0.2), reader="Ana")
    assert decide(project, new).passes
    assert record(project)[-1][1] == PASSED
