"""Will it work here? On a project of synthetic frames without labels, with the starter model."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from frame_folders import png, put

import resources
from endodesk.app.answers.asking import answer_all
from endodesk.app.fit.chosen_frames import ChosenFrames, chosen_of
from endodesk.app.fit.fit_for import FEWEST_FRAMES, choose_frames, fit_for
from endodesk.app.fit.fit_words import details_told, labels_told, limits_told, verdict_told
from endodesk.app.headless import opened
from endodesk.app.queues.queue_snapshot import QueueSnapshot
from endodesk.data.setting_store import FIT_FRAMES
from endodesk.domain.errors import BadRequest
from endodesk.domain.reviews import YES, AnnotationKind, Correction
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext

STARTER = Path(resources.__file__).parent / "models" / "starter"
pytestmark = pytest.mark.slow  # a real model each


@pytest.fixture
def ward(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "STARTER_MODEL", STARTER)
    for n in range(40):
        put(tmp_path / "ward" / f"case-{n // 2}" / f"{n}.png", png(n, ("polyps", "ulcerative-colitis")[n % 2]))
    return tmp_path / "ward"


@pytest.fixture
def work(ward):
    with opened(ward, TaskContext()) as found:
        yield found


def taken_of(work):
    bundle, answers, features = answer_all(work.project, work.frames.snapshot(), TaskContext())
    return QueueSnapshot(work.project, work.frames.snapshot(), work.reviews.snapshot(), work.project.label_set, answers, features, bundle)


def label(work, images, name="polyps", kind=AnnotationKind.LABEL):
    value = name if kind is AnnotationKind.LABEL else YES
    work.project.database.corrections.give([Correction(image, value, "Ana", datetime.now(UTC), kind=kind) for image in images])
    work.reviews.read_again(images)


def test_all_frames_are_asked_once_and_estimated(work, monkeypatch):
    fit = fit_for(taken_of(work), TaskContext())
    assert (fit.frames, fit.unanswered, fit.learnt, fit.knows_learnt) == (40, 0, 0, False)
    assert [one.name for one in fit.classes] == ["esophagitis", "polyps", "ulcerative-colitis", "normal"]
    assert sum(one.called for one in fit.classes) == 40
    assert 0 <= fit.far <= 1
    assert not fit.rows
    assert "probably finds" in verdict_told(fit)
    assert details_told(fit)[0].endswith(f"{100 * fit.far:.0f} % of these lie farther away than 95 % of what it learnt.")
    assert "Label 30 chosen frames to be sure" in labels_told(fit, 0)
    assert "Research use only" in limits_told(fit)[-1]

    def never(*_):
        raise AssertionError("a frame was asked about again")

    monkeypatch.setattr(Predictor, "answer_frame", never)
    assert fit_for(taken_of(work), TaskContext()).classes == fit.classes


def test_chosen_frames_are_kept_and_the_last_label_makes_a_measurement(work):
    taken = taken_of(work)
    chosen = choose_frames(taken, TaskContext(), most=12)
    assert chosen_of(work.project, taken.bundle.id, chosen.classes) == chosen
    fit = fit_for(taken, TaskContext())
    assert [row.image for row in fit.rows] == list(chosen.images)
    assert (len(fit.rows), fit.done, fit.measured, fit.chosen_among) == (12, 0, (), 40)
    label(work, chosen.images[:11])
    fit = fit_for(taken_of(work), TaskContext())
    assert (fit.done, fit.measured) == (11, ())  # who stops where it looks good would measure that
    assert "11 of 12 chosen frames are labelled" in labels_told(fit, fit.done)
    label(work, chosen.images[11:], kind=AnnotationKind.EXCLUDED)
    fit = fit_for(taken_of(work), TaskContext())
    assert fit.done == 12
    polyps = fit.measured[1]
    assert polyps.labelled == 11
    assert polyps.specificity is None
    assert polyps.recall.value == pytest.approx(fit.classes[1].called / 40, abs=0.15)
    assert "by their labels" in verdict_told(fit)
    assert labels_told(fit, fit.done) == ""
    assert "Measured by 12 labels" in limits_told(fit)[0]


def test_a_choice_of_another_model_or_a_damaged_one_is_none(work):
    taken = taken_of(work)
    chosen = choose_frames(taken, TaskContext(), most=12)
    assert chosen_of(work.project, "another", chosen.classes) is None
    assert chosen_of(work.project, taken.bundle.id, ("polyps",)) is None
    work.project.database.settings.set(FIT_FRAMES, {"model": taken.bundle.id})
    assert fit_for(taken, TaskContext()).rows == ()


def test_frames_that_came_since_are_told(ward):
    with opened(ward, TaskContext()) as work:
        choose_frames(taken_of(work), TaskContext(), most=12)
    for n in range(15):
        put(ward / "case-new" / f"{n}.png", png(900 + n))
    with opened(ward, TaskContext()) as work:
        taken = taken_of(work)
        fit = fit_for(taken, TaskContext())
        assert fit.outdated
        assert "Frames were chosen to be labelled, but among 40 others: choose again to measure these." in details_told(fit)
        assert labels_told(fit, fit.done) == ""
        new = {image for row, image in enumerate(taken.frames.sha256s) if "case-new" in taken.frames[row].name}
        with pytest.raises(BadRequest, match="15; 20 are needed"):
            fit_for(taken, TaskContext(), new)
        old = fit_for(taken, TaskContext(), set(taken.frames.sha256s) - new)
        assert (old.frames, old.outdated) == (40, False)


def test_too_few_frames(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "STARTER_MODEL", STARTER)
    for n in range(FEWEST_FRAMES - 1):
        put(tmp_path / "small" / f"{n}.png", png(n))
    with opened(tmp_path / "small", TaskContext()) as work, pytest.raises(BadRequest, match="Too few frames"):
        fit_for(taken_of(work), TaskContext())


def test_no_model(tmp_path):
    put(tmp_path / "none" / "1.png", png(1))
    with opened(tmp_path / "none", TaskContext()) as work, pytest.raises(BadRequest, match="There is no model"):
        answer_all(work.project, work.frames.snapshot(), TaskContext())


GOOD = {
    "model": "3827d3eebc29",
    "classes": ["polyps", "normal"],
    "frames": [["ab" * 32, 0, 3.5], ["cd" * 32, 1, 2]],
    "strata": [[0, 7], [1, 4]],
    "seed": 42,
}


def test_a_choice_goes_through_json():
    chosen = ChosenFrames.from_json(GOOD)
    assert ChosenFrames.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen
    assert np.isclose(sum(frame.weight for frame in chosen.choice.frames), 5.5)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        GOOD | {"frames": [["ab" * 32, 2, 1]]},  # a stratum that is not there
        GOOD | {"frames": [["../../etc/passwd", 0, 1]]},
        GOOD | {"frames": [["ab" * 32, 0, -1]]},
        GOOD | {"frames": [["ab" * 32, 0, float("nan")]]},
        GOOD | {"frames": [["ab" * 32, 0, True]]},
        GOOD | {"frames": [["ab" * 32, 0, 1]] * 1001},
        GOOD | {"strata": [[2, 7], [1, 4]]},
        GOOD | {"strata": [[0, 2**40], [1, 4]]},
        GOOD | {"classes": [1, 2]},
        GOOD | {"model": ["x"]},
        GOOD | {"seed": "42"},
    ],
)
def test_what_is_no_choice_is_refused(wrong):
    with pytest.raises((KeyError, TypeError, ValueError)):
        ChosenFrames.from_json(wrong)
