"""How long a run still takes, as it tells: against runs whose every second is known."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.domain.runs import RunEvent
from endodesk.domain.runs import RunEventKind as K
from endodesk.system.own_record import note, noted
from training.plan.config import load_config
from training.plan.forecast import Forecast
from training.plan.speeds import SPEEDS, Speeds, kind_of, pieces_of

COUNTS = {"train": 300, "val": 60, "test": 60}


def forecast(preset, speeds=None, kind="", **more):
    config = replace(load_config(preset), **more)
    return Forecast(config, pieces_of(config, **COUNTS, others=1), speeds or Speeds(), kind)


class Run:
    """Events as a child tells them, by a clock that is set."""

    def __init__(self, preset, speeds=None, *, slower=1.0, kind="", val_loss=lambda epoch: 1 / epoch, **more):
        self.forecast, self.slower, self.val_loss = forecast(preset, speeds, kind, **more), slower, val_loss
        self.config, self.now, self.told = replace(load_config(preset), **more), 0.0, []

    def tell(self, kind, phase="", seconds=0.0, **more):
        self.now += seconds * self.slower
        self.told.append(self.forecast.told(RunEvent(kind, phase=phase, seconds=self.now, **more)))

    def epochs(self, phase, n, total, first_s, each_s, features=0, features_s=0.0):
        for epoch in range(1, n + 1):
            if epoch <= features:
                for done, seconds in ((1, 0.0), (300, features_s)):
                    self.tell(K.PROGRESS, phase, seconds, done=done, total=300, message="features of epoch")
            for done in range(1, 4):
                self.tell(
                    K.PROGRESS, phase, (first_s if epoch == 1 else each_s) / 3, done=done, total=3, message=f"epoch {epoch} of {total}"
                )
            self.tell(K.EPOCH, phase, done=epoch, total=total, metrics={"val_loss": self.val_loss(epoch), "shifted_loss": 1 / epoch})

    def to_the_end(self, *, epochs=None, tuned_s=9.0):
        frozen, tuned = self.config.frozen, self.config.finetune
        for phase in ("verifying", "starting", "preprocessing"):
            self.tell(K.PHASE, phase, 2)
        self.tell(K.PHASE, "frozen", 2)
        self.epochs("frozen", epochs or frozen.epochs, frozen.epochs, 1, 0.1, frozen.views, 2.5)
        if tuned.epochs:
            self.tell(K.PHASE, "fine-tuning")
            self.tell(K.PROGRESS, "fine-tuning", 5, done=180, total=180, message="validation frames")
            self.tell(K.PROGRESS, "fine-tuning", 8, done=1, total=9, message=f"epoch 1 of {tuned.epochs}")
            self.epochs("fine-tuning", tuned.epochs, tuned.epochs, tuned_s, tuned_s)
        self.tell(K.PHASE, "exporting")
        self.tell(K.PHASE, "evaluating", 6)
        self.tell(K.PROGRESS, "evaluating", 1.5, done=0, total=60)
        for _ in range(3):
            self.tell(K.PROGRESS, "evaluating", 1.3, done=60, total=60)
        for done in range(1, 61):
            self.tell(K.PROGRESS, "evaluating", 0.1, done=done, total=60, message="shortcut probe")
        self.tell(K.PROGRESS, "evaluating", 0.1, done=1, total=3, message="mistakes")
        self.tell(K.FINISHED, seconds=1.3)
        return self

    def errors(self):
        """From the first epoch's end while five seconds are left: told against true."""
        first = next(number for number, event in enumerate(self.told) if event.kind is K.EPOCH)
        return [abs(e.left / (self.now - e.seconds) - 1) for e in self.told[first:] if self.now - e.seconds > 5 * self.slower]


@pytest.mark.parametrize("slower", [0.7, 1.0, 4.0])
def test_a_first_run_on_any_machine_is_told_within_a_fifth_once_an_epoch_has_shown_how_fast_that_is(slower):
    errors = Run("default", slower=slower).to_the_end().errors()
    assert errors[0] < 0.2
    assert sorted(errors)[len(errors) // 2] < 0.1
    assert max(errors) < 0.3


def test_what_an_earlier_run_noted_is_believed_and_makes_it_better():
    odd = {"tuned_s": 40.0}  # on this machine fine-tuning is far slower than all else
    kind = kind_of(load_config("default"))
    first = Run("default", kind=kind).to_the_end(**odd)
    assert first.errors()[0] > 0.5
    for _ in range(7):
        run = Run("default", Speeds.noted(kind), kind=kind).to_the_end(**odd)
        run.forecast.note()
    assert run.errors()[0] < 0.2


def test_epochs_that_patience_may_spare_are_told_apart_from_those_that_come():
    run = Run("head")
    run.to_the_end()
    early = next(event for event in run.told if event.kind is K.EPOCH)
    assert early.most > early.left
    certain = Run("default").to_the_end().told
    assert all(event.most == event.left for event in certain)


def test_the_epochs_that_earlier_runs_took_are_those_expected():
    losses = {"val_loss": lambda epoch: abs(epoch - 3) + 1.0}
    ended, unknown = (Run("head", Speeds(epochs=known), **losses).to_the_end(epochs=8) for known in ({"frozen": 8}, {}))
    known, usual = (next(event for event in run.told if event.kind is K.EPOCH) for run in (ended, unknown))
    assert known.left < usual.left < usual.most == known.most
    assert ended.told[-1].share > 0.99


def test_stopped_by_hand_no_epoch_is_waited_for():
    run = Run("default")
    run.tell(K.PHASE, "frozen", 10)
    run.epochs("frozen", 4, 15, 1, 0.1, 4, 2.5)
    before = run.told[-1].left
    run.forecast.end_early()
    run.tell(K.ALIVE, seconds=0.1)
    assert run.told[-1].left < before / 4


def test_gone_on_with_what_was_done_counts_as_done():
    run = Run("default")
    run.tell(K.PHASE, "frozen", 10)
    for epoch in range(1, 16):  # told anew at once
        run.tell(K.EPOCH, "frozen", done=epoch, total=15, metrics={"val_loss": 1.0, "shifted_loss": 1.0})
    run.tell(K.PHASE, "fine-tuning")
    whole = Run("default").to_the_end()
    at = next(e for e in whole.told if e.kind is K.PHASE and e.phase == "fine-tuning")
    assert run.told[-1].left == pytest.approx(at.left, rel=0.35)
    assert run.told[-1].share > 0.02


PHASES, MESSAGES = (
    ("", "frozen", "fine-tuning", "evaluating", "exporting", "?"),
    ("", "epoch", "features", "shortcut probe", "mistakes"),
)
EVENTS = st.tuples(
    *map(st.sampled_from, (list(K), PHASES)), st.integers(0, 40), st.integers(0, 40), st.floats(0, 1e5), st.sampled_from(MESSAGES)
)


@given(st.lists(EVENTS, max_size=40))
def test_whatever_happens_it_tells_numbers_and_never_goes_back(happened):
    run = forecast("default")
    now, share = 0.0, 0.0
    for kind, phase, done, total, seconds, message in happened:
        now += seconds
        told = run.told(RunEvent(kind, phase, done, total, seconds=now, message=message))
        assert share <= told.share <= 1
        assert 0 <= told.left <= told.most < float("inf")
        share = told.share


def noted_as(factors="{}", epochs="{}"):
    return f'{{"factors": {factors}, "epochs": {epochs}}}'


NOT_BELIEVED = [
    *("", "{", "[]", "[" * 900, noted_as("3"), noted_as('{"tuned": "x"}'), noted_as('{"tuned": 1e999}'), noted_as('{"tuned": NaN}')),
    *(
        noted_as('{"tuned": -1}'),
        noted_as(epochs='{"frozen": -4}'),
        noted_as(epochs='{"frozen": 1e9}'),
        noted_as(epochs='{"frozen": 1e999}'),
    ),
]


@pytest.mark.parametrize("text", NOT_BELIEVED)
def test_speeds_that_cannot_be_are_not_believed(text):
    note(SPEEDS, "0" * 64, text)
    assert Speeds.noted("0" * 64) == Speeds()


def test_what_is_noted_fits_and_names_the_kind_alone():
    kind = kind_of(load_config("default"))
    assert kind != kind_of(load_config("head"))
    assert kind == kind_of(replace(load_config("default"), classes=("a", "b"), seed=7))
    Run("default", kind=kind).to_the_end().forecast.note()
    assert json.loads(noted(SPEEDS, kind))["epochs"] == {"frozen": 15, "fine-tuning": 30}
    assert set(Speeds.noted(kind).factors) > {"features", "tuned", "probe"}
