"""The quick update: a model's head learns on, in a real child process and without any library of training."""

import csv
import dataclasses
import hashlib
import itertools
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.dataset.manifest import ManifestRow, write_manifest
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest, MissingExtra, TrainingFailed
from endodesk.domain.images import Sha256
from endodesk.domain.runs import RunEventKind
from endodesk.inference.bundle import read_bundle
from endodesk.inference.feature_file import FeatureFile
from endodesk.inference.head import Head
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from training.crossval.crossval import plan_crossval
from training.evaluation.evaluate import figures_of
from training.evaluation.predictions import LabelledFrame, answer_frames
from training.inputs.examples import preprocessed
from training.learning.head_learner import BEGIN_ANEW, WIDEST, Committee, random_weights
from training.learning.quick import ENOUGH, Pooled, starting_weights, weighed
from training.plan import launch as launching
from training.plan.config import Config, Paths, Split, load_config
from training.plan.launch import launch
from training.plan.run_folder import open_run, prepare_run

STARTER = Path(launching.__file__).parents[2] / "resources" / "models" / "starter"
LIBRARIES = ("tensorflow", "keras", "albumentations", "matplotlib", "sklearn", "tensorboard")
WITHOUT = f"""
import sys

sys.modules.update(dict.fromkeys({LIBRARIES!r}))
from training.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
"""A worker as in the Reviewer edition: what asks for a library of training gets none."""


@pytest.fixture(scope="module")
def quick(backend_cache) -> Config:
    config = dataclasses.replace(load_config("quick"), synthetic=True, split=Split(case="none"))
    return dataclasses.replace(config, paths=Paths(cache=str(backend_cache), base=str(STARTER), active=str(STARTER)))


def update(run, *, without=True, task=None):
    """Events of the update and the last one."""
    command = [sys.executable, "-P", "-c", WITHOUT, str(run), "--watch-stdin"] if without else None
    events = []
    return events, launch(run, on_event=events.append, task=task or TaskContext(), command=command)


def table(path):
    return csv.DictReader(path.read_text("utf-8").splitlines())


def phases(events):
    return [event.phase for event in events if event.kind is RunEventKind.PHASE]


@pytest.fixture(scope="module")
def updated(tmp_path_factory, frame_rows, quick):
    """A finished update of the starter model by synthetic frames."""
    run = tmp_path_factory.mktemp("quick") / "run"
    prepare_run(run, frame_rows, quick)
    return (run, *update(run))


def test_no_library_of_training_is_needed_and_the_head_learns(updated):
    run, events, finished = updated
    assert phases(events) == ["verifying", "preprocessing", "frozen", "exporting", "evaluating"]
    curve = [event.metrics["loss"] for event in events if event.kind is RunEventKind.EPOCH]
    assert curve[-1] < 0.5 * curve[0]
    assert finished.metrics["accuracy"] > 0.8  # of frames in three plain colours
    assert finished.metrics["n"] == len([row for row in table(run / "manifest.csv") if row["part"] == "test"])
    assert [row["phase"] for row in table(run / "history.csv")] == ["frozen"] * len(curve)


def test_only_the_head_is_new(updated):
    base, new = Predictor(STARTER), Predictor(updated[0] / "bundle")
    assert new.bundle.files["backbone.tflite"] == base.bundle.files["backbone.tflite"]
    assert (new.bundle.recipe, new.bundle.parent, new.bundle.run) == (base.bundle.recipe, base.bundle.id, "run")
    assert tuple(new.bundle.classes) == ("esophagitis", "polyps", "ulcerative-colitis")  # without the base's fourth
    assert not np.array_equal(new.networks[0].head.dense_kernel, base.networks[0].head.dense_kernel)
    assert set(new.bundle.files) == {"backbone.tflite", "head.npz", "MODEL_CARD.md"}


def test_the_report_says_what_it_goes_without(updated):
    report, card = (updated[0] / "report.html").read_text(), (updated[0] / "bundle" / "MODEL_CARD.md").read_text()
    assert "Curves are drawn by EndoDesk Full" in report
    assert "a quick update goes without" in report
    for name, counts in zip(updated[2].metrics["classes"], updated[2].metrics["confusion"], strict=True):
        assert f"<th scope=row>{name}</th>" + "".join(f"<td>{n}</td>" for n in counts) in report
    assert "Research use only" in report
    for told in (report, card, updated[2].message):  # the starter may have learnt from anything
        assert "If that model had learnt from some of these test frames, the figures are too good" in told
    assert f"The backbone of {read_bundle(STARTER).name}" in card


def test_its_figures_are_those_of_its_bundle_asked_about_the_files(updated):
    run, _, finished = updated
    predictor = Predictor(run / "bundle")
    frames = [LabelledFrame(Path(row["file"]), row["label"], row["group"]) for row in table(run / "manifest.csv") if row["part"] == "test"]
    asked = figures_of(predictor.bundle, answer_frames(predictor, frames))
    assert finished.metrics["confusion"] == asked["confusion"]
    assert finished.metrics["loss"] == pytest.approx(asked["loss"], abs=0.002)  # what was seen of them is kept in half precision


def test_a_test_frame_that_cannot_be_read_is_told_and_does_not_count(updated, quick, frame_rows, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG no more")
    plan, name = open_run(updated[0]), Sha256(hashlib.sha256(broken.read_bytes()).hexdigest())
    part = plan.part("test")
    rows = [dataclasses.replace(row, file=broken, sha256=name) if row is part[0] else row for row in plan.rows]
    prepare_run(tmp_path / "run", frame_rows, quick)
    write_manifest(tmp_path / "run" / "manifest.csv", rows)
    events, finished = update(tmp_path / "run")
    assert finished.metrics["n"] == len(part) - 1
    assert any("Not measured" in event.message and "broken.png" in event.message for event in events)


@pytest.mark.slow
def test_what_the_window_keeps_of_frames_is_not_made_again(updated, quick, frame_rows, tmp_path):
    base = Predictor(STARTER)
    finals = preprocessed(frame_rows, base.bundle.recipe, Path(quick.paths.cache), TaskContext())
    seen = {row.sha256: base.answer(final).features.mean(axis=(0, 1)) for row, final in zip(frame_rows, finals, strict=True)}
    FeatureFile(tmp_path / "features", base.bundle, 1280).add(seen)
    before = {path.name: path.read_bytes() for path in (tmp_path / "features").iterdir()}
    prepare_run(tmp_path / "run", frame_rows, with_paths(quick, features=str(tmp_path / "features")))
    events, finished = update(tmp_path / "run")
    assert "preprocessing" not in phases(events)
    assert finished.metrics["loss"] == pytest.approx(updated[2].metrics["loss"], abs=0.02)  # kept in half precision
    assert {path.name: path.read_bytes() for path in (tmp_path / "features").iterdir()} == before
    (tmp_path / "features").rename(tmp_path / "elsewhere")
    (tmp_path / "features").write_text("in the way")
    prepare_run(tmp_path / "again", frame_rows, with_paths(quick, features=str(tmp_path / "features")))
    events, again = update(tmp_path / "again")
    assert again.metrics["loss"] == updated[2].metrics["loss"]  # and the same seed gives the same model


def with_paths(config, **paths):
    return dataclasses.replace(config, paths=dataclasses.replace(config.paths, **paths))


@pytest.mark.slow
def test_a_base_that_cannot_be_used_ends_in_a_sentence(quick, frame_rows, tmp_path):
    shutil.copytree(STARTER, tmp_path / "base")
    (tmp_path / "base" / "head.npz").write_bytes(b"no head")
    prepare_run(tmp_path / "run", frame_rows, with_paths(quick, base=str(tmp_path / "base")))
    with pytest.raises(TrainingFailed, match=r"head\.npz"):
        update(tmp_path / "run")
    assert not (tmp_path / "run" / "bundle").exists()


@pytest.mark.parametrize(
    ("section", "key", "value"), [("finetune", "epochs", 3), ("input", "augmentation", "default"), ("trackers", "wandb", "offline")]
)
def test_what_a_quick_update_cannot_do_is_named(section, key, value):
    config = load_config("quick")
    with pytest.raises(BadRequest, match=rf"quick update.*{section}\.{key}"):
        dataclasses.replace(config, **{section: dataclasses.replace(getattr(config, section), **{key: value})})


@pytest.mark.slow
def test_other_trainings_say_what_is_missing_where_a_quick_update_is_made(updated, quick, frame_rows, tmp_path, monkeypatch):
    monkeypatch.setattr(launching, "why_not_trained", lambda: "TensorFlow is not here.")
    prepare_run(tmp_path / "head", frame_rows, dataclasses.replace(load_config("head"), split=Split(case="none")))
    with pytest.raises(MissingExtra, match="not here"):
        update(tmp_path / "head", without=False)
    prepare_run(tmp_path / "quick", frame_rows, quick)
    assert update(tmp_path / "quick", without=False)[1].metrics["loss"] == updated[2].metrics["loss"]


def test_it_is_not_cross_validated(quick, frame_rows):
    """Its base may have learnt from the frames that a fold keeps out."""
    with pytest.raises(BadRequest, match="may know the frames of every fold"):
        plan_crossval(frame_rows, quick)


NAMES = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), min_size=2, max_size=5, unique=True)


@given(NAMES, NAMES, st.integers(0, 2**31 - 1))
def test_known_classes_keep_what_speaks_for_them(known, wanted, seed):
    rng = np.random.default_rng(seed)
    shapes = ((6, 4), (4,), (4, len(known)), (len(known),))
    head = Head(*(rng.normal(size=shape).astype(np.float32) for shape in shapes))
    pooled = rng.normal(size=(3, 6)).astype(np.float32)
    began = Head(*starting_weights(head, ClassSet(tuple(known)), ClassSet(tuple(wanted)), seed=seed))
    assert began.classes == len(wanted)
    both = [name for name in wanted if name in known]
    for one, other in itertools.pairwise(both):  # what softmax leaves of two logits is their difference
        before, after = head.probabilities(pooled), began.probabilities(pooled)
        ratio = before[:, known.index(one)] / before[:, known.index(other)]
        np.testing.assert_allclose(after[:, wanted.index(one)] / after[:, wanted.index(other)], ratio, rtol=1e-3)


@pytest.mark.slow
def test_draws_that_are_even_over_centres_make_another_head(updated, quick, frame_rows, tmp_path):
    rows = [dataclasses.replace(row, centre="north" if number % 4 else "south") for number, row in enumerate(frame_rows)]
    heads = {}
    for how in ("none", "even"):
        training = dataclasses.replace(quick.training, centre_balance=how)
        prepare_run(tmp_path / how, rows, dataclasses.replace(quick, training=training))
        update(tmp_path / how)
        heads[how] = read_bundle(tmp_path / how / "bundle").files["head.npz"]
    assert heads["none"] == read_bundle(updated[0] / "bundle").files["head.npz"]  # centres alone change nothing
    assert heads["even"] != heads["none"]


def pooled(n, *, flipped=0.0, seed=0):
    """Frames of three classes that lie apart, a group each, some with another label than their own; and which these are."""
    rng = np.random.default_rng(seed)
    own = rng.integers(0, 3, n)
    wrong = rng.random(n) < flipped
    label = np.where(wrong, (own + rng.integers(1, 3, n)) % 3, own)
    inputs = (2 * np.random.default_rng(9).normal(size=(3, 16))[own] + rng.normal(size=(n, 16))).astype(np.float32)
    rows = [ManifestRow(Path(f"{seed}-{place}.png"), Sha256(f"{seed}-{place}"), "", str(label[place])) for place in range(n)]
    return Pooled(rows, inputs, np.eye(3, dtype=np.float32)[label], np.ones(n, np.float32)), wrong


def test_labels_count_as_far_as_others_bear_them_out_where_many_are_contradicted():
    (train, wrong), (val, _) = pooled(ENOUGH, flipped=0.2), pooled(100, seed=1)
    counted, contradicted = weighed(train, val)
    assert contradicted >= 0.7 * wrong.sum()
    assert counted.weights[wrong].mean() < 0.4
    assert counted.weights[~wrong].mean() > 0.9
    assert np.array_equal(counted.one_hot, train.one_hot)  # nobody's word is changed
    assert counted.weights.tolist() == weighed(train, val)[0].weights.tolist()  # to the last digit: `endodesk reproduce`


@pytest.mark.parametrize(("n", "flipped"), [(ENOUGH, 0.0), (ENOUGH, 0.005), (ENOUGH - 1, 0.2)])
def test_labels_that_are_right_and_those_of_few_frames_count_alike(n, flipped):
    (train, _), (val, _) = pooled(n, flipped=flipped), pooled(100, seed=1)
    counted, contradicted = weighed(train, val)
    assert counted is train
    assert contradicted == 0


def test_a_class_alone_is_not_doubted():
    train = pooled(ENOUGH)[0]
    alone = dataclasses.replace(train, one_hot=np.tile(np.eye(3, dtype=np.float32)[0], (ENOUGH, 1)))
    assert weighed(alone, alone)[0] is alone


def test_a_committee_answers_as_the_mean_of_its_members_and_is_the_same_each_time():
    (train, _), config = pooled(64), load_config("quick")
    began = random_weights(16, 8, 3, seed=5)
    heads = []
    for _ in range(2):
        committee = Committee.beside(began, config, lambda _: 1e-3)
        committee.learn(train.some(np.arange(32)))
        heads.append(committee.head)
    logits = [np.log(member.head.probabilities(train.inputs)) for member in committee._members]
    mean = np.exp(np.mean(logits, axis=0))
    np.testing.assert_allclose(heads[0].probabilities(train.inputs), mean / mean.sum(axis=1, keepdims=True), rtol=1e-3, atol=1e-6)
    assert all(np.array_equal(one, other) for one, other in zip(heads[0].arrays, heads[1].arrays, strict=True))
    assert heads[0].arrays[0].shape == (16, 8 + BEGIN_ANEW * config.head.units)


def test_a_head_that_is_wide_already_does_not_grow():
    config = load_config("quick")
    wide = Committee.beside(random_weights(16, WIDEST + 1, 3, seed=5), config, lambda _: 1e-3)
    assert wide.head.arrays[0].shape == (16, (BEGIN_ANEW + 1) * config.head.units)
