"""`endodesk agreement` of a study: honeypots against their truth, second reads against first ones."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from endodesk.app.headless import opened
from endodesk.app.plans.plan_store import keep_plan
from endodesk.app.plans.planned_reads import known_frames, planned_reads
from endodesk.cli.main import run
from endodesk.domain.read_plan import ReadKind, ReadPlan
from endodesk.domain.reviews import YES, AnnotationKind, Correction
from endodesk.system.task import TaskContext

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
PLAN = ReadPlan(("Ana", "Béla"), NOW - 60 * DAY, 0, 100, 28, 100, seed=8)


def test_each_reader_is_told_against_the_truth_and_against_themselves(images, capsys, tmp_path):
    with opened(images, TaskContext()) as work:
        keep_plan(work.project, PLAN, reader="Ana")
        frames = [image for image in work.frames.sha256s if image]
        own = PLAN.own("Ana", frames)
        others = [image for image in frames if image not in own]
        assert len(own) >= 2
        assert len(others) >= 2
        give = work.project.database.corrections.give
        give([Correction(image, "polyps", "Expert", NOW - 70 * DAY, kind=AnnotationKind.VERDICT) for image in others])
        give([Correction(image, "esophagitis", "Ana", NOW - 65 * DAY) for image in others])  # before the study: not of it
        give([Correction(image, "esophagitis", "Ana", NOW - 50 * DAY) for image in own])
        give([Correction(own[0], "polyps", "Ana", NOW - 45 * DAY)])  # of the first reading still
        give([Correction(image, "polyps", "Ana", NOW - 10 * DAY) for image in own])
        give([Correction(own[0], YES, "Ana", NOW - 9 * DAY, kind=AnnotationKind.POOR_QUALITY)])
        pots = min(len(others), len(own))
        study = known_frames(work.frames, type(work.reviews)(work.project.database), work.project.label_set)
        reads = planned_reads(PLAN, "Ana", study, {}, NOW)
        chosen = [state.read.image for state in reads if state.read.kind is ReadKind.HONEYPOT]
        assert len(chosen) == pots
        give([Correction(image, "polyps" if n else "esophagitis", "Ana", NOW - DAY) for n, image in enumerate(chosen)])
    out = tmp_path / "out"
    assert run(["agreement", str(images), "--out", str(out)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    total = len(own) * 2 + pots
    assert f"Ana {total} of {total} {pots} {(pots - 1) / pots:.2f} (" in told
    found = json.loads((out / "agreement.json").read_text("utf-8"))["plan"]
    assert found["seed"] == 8
    ana, bela = found["by_reader"]["Ana"], found["by_reader"]["Béla"]
    assert ana["with_truth"]["n"] == pots
    assert ana["with_truth"]["value"] == (pots - 1) / pots
    assert 0 < ana["with_truth"]["low"] < ana["with_truth"]["value"] < ana["with_truth"]["high"] < 1
    assert ana["with_themselves"]["percent"]["n"] == len(own)
    assert ana["with_themselves"]["percent"]["value"] == pytest.approx(1 / len(own))
    assert (bela["done"], bela["with_truth"]["value"], bela["with_themselves"]) == (0, None, None)
    assert bela["reads"] == {"first": len(others), "second": len(others), "honeypot": 0}
    assert (out / "second-reads-1.png").is_file()


def test_without_a_plan_nothing_is_said_of_one(images, capsys, tmp_path):
    with opened(images, TaskContext()) as work:
        frames = [image for image in work.frames.sha256s if image]
        for reader in ("Ana", "Béla"):
            work.project.database.corrections.give([Correction(image, "polyps", reader, NOW) for image in frames])
    assert run(["agreement", str(images), "--out", str(tmp_path / "out")]) == 0
    assert "in the plan" not in capsys.readouterr().out
    assert json.loads((tmp_path / "out" / "agreement.json").read_text("utf-8"))["plan"] is None


def test_with_a_plan_one_reader_alone_is_told_too(images, capsys):
    with opened(images, TaskContext()) as work:
        keep_plan(work.project, PLAN, reader="Ana")
    assert run(["agreement", str(images)]) == 2
    with opened(images, TaskContext()) as work:
        work.project.database.corrections.give([Correction(work.frames.sha256s[0], "polyps", "Ana", NOW)])
    capsys.readouterr()
    assert run(["agreement", str(images)]) == 0
    assert "in the plan" in capsys.readouterr().out
