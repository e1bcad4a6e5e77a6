import contextlib
import math

import numpy as np
import pytest

from endodesk.domain.errors import Cancelled, TrainingFailed
from endodesk.system.task import TaskContext
from training.learning.loop import NothingLearnt, Schedule, ValidationResult, fit

BATCH = (np.zeros((4, 2), np.float32), np.eye(4, 2, dtype=np.float32), np.ones(4, np.float32))
CONFUSION = np.array([[3, 0], [1, 4]])


class Data:
    def __init__(self, shifted=False):
        self.has_shifted, self.prepared = shifted, []

    def steps(self):
        return 3

    def prepare(self, epoch):
        self.prepared.append(epoch)

    def epoch(self, epoch):
        yield from [BATCH] * 3

    def validation(self):
        yield BATCH

    def shifted(self):
        return iter([BATCH, BATCH]) if self.has_shifted else None


class Learner:
    """Its validation losses are given, (seen, shifted) where there are two; it remembers how many steps it made."""

    def __init__(self, *val_losses):
        self.val_losses = [loss for losses in val_losses for loss in (losses if isinstance(losses, tuple) else (losses,))]
        self.steps, self.is_averaged = 0, False

    def learn(self, batch):
        assert not self.is_averaged
        self.steps += 1
        return 2.0, 3.0

    def validate(self, batches, task):
        assert self.is_averaged
        assert len(list(batches)) in (1, 2)
        return ValidationResult(self.val_losses.pop(0), 0.5, CONFUSION)

    def penalty(self):
        return 0.25

    @contextlib.contextmanager
    def averaged(self):
        self.is_averaged = True
        yield
        self.is_averaged = False


class EpochRecorder:
    """What a checkpoint would hold after each epoch, and the epoch whose weights were kept."""

    def __init__(self, learner):
        self.learner, self.rows, self.kept, self.saved = learner, [], None, []

    def record(self, row, confusion):
        assert confusion is CONFUSION
        self.rows.append(row)

    def keep(self):
        assert self.learner.is_averaged  # the averaged weights are what is kept
        self.kept = self.learner.steps // 3

    def save(self, rows):
        assert not self.learner.is_averaged  # and the others are what is learnt on
        self.saved.append(list(rows))


def run(learner, epochs=10, patience=3, task=None, shifted=False, select_by="validation", keep="best", earlier=(), **more):
    recorder, data = EpochRecorder(learner), Data(shifted)
    schedule = Schedule("frozen", epochs, patience, select_by, keep)
    result = fit(learner, data, schedule, recorder, task or TaskContext(), since=0.0, earlier=earlier, **more)
    return result, recorder


@pytest.mark.parametrize("step", range(3, 12))
def test_asked_to_keep_the_best_so_far_it_ends_between_two_steps_and_what_is_half_done_does_not_count(step):
    learner = Learner(0.9, 0.5, 0.6, 0.5, 0.7, 0.1)
    result, recorder = run(learner, enough=lambda: learner.steps >= step)
    done = step // 3
    assert [row.epoch for row in recorder.rows] == list(range(1, done + 1))
    assert (learner.steps, result.epochs, result.kept_epoch) == (step, done, min(done, 2))


def test_the_first_epoch_is_done_all_the_same_or_nothing_is_learnt():
    result, _ = run(Learner(0.9, 0.5), enough=lambda: True)
    assert (result.epochs, result.kept_epoch) == (1, 1)
    with pytest.raises(NothingLearnt):
        run(Learner(0.9), enough=lambda: True, least=0)


def test_stops_after_patience_and_keeps_the_best():
    result, recorder = run(Learner(0.9, 0.5, 0.6, 0.5, 0.7, 0.1))
    assert [row.epoch for row in recorder.rows] == [1, 2, 3, 4, 5]
    assert (result.kept_epoch, result.val_loss, result.score, result.epochs, recorder.kept) == (2, 0.5, 0.5, 5, 2)
    assert (result.shifted_loss, result.shifted_accuracy) == (None, None)


def test_goes_to_the_end_while_it_gets_better():
    result, recorder = run(Learner(0.9, 0.8, 0.7), epochs=3)
    assert (result.kept_epoch, recorder.kept) == (3, 3)


def test_loss_is_the_mean_over_frames_plus_the_penalty():
    _, recorder = run(Learner(0.9), epochs=1)
    [row] = recorder.rows
    assert (row.loss, row.accuracy) == (pytest.approx(2.0 / 4 + 0.25), 0.75)


@pytest.mark.parametrize(("select_by", "best"), [("validation", 3), ("shifted", 1), ("both", 2)])
def test_what_decides_the_kept_epoch_and_the_stop(select_by, best):
    losses = [(0.9, 0.4), (0.5, 0.5), (0.4, 0.8), (0.45, 0.9), (0.46, 0.9), (0.47, 0.9), (0.48, 0.9)]
    result, recorder = run(Learner(*losses), patience=3, shifted=True, select_by=select_by)
    assert (result.kept_epoch, recorder.kept, result.epochs) == (best, best, best + 3)
    assert (result.val_loss, result.shifted_loss) == losses[best - 1]
    assert [(row.val_loss, row.shifted_loss) for row in recorder.rows] == losses[: best + 3]


def test_the_last_epoch_is_kept_whatever_the_patience_if_that_is_asked_for():
    result, recorder = run(Learner(0.2, 0.5, 0.6, 0.7, 0.8), epochs=5, patience=1, keep="last")
    assert (result.kept_epoch, recorder.kept, result.epochs, result.score) == (5, 5, 5, 0.8)


def test_the_last_epoch_that_is_kept_is_one_whose_loss_is_a_number():
    result, recorder = run(Learner(0.2, 0.5, float("nan")), epochs=3, keep="last")
    assert (result.kept_epoch, recorder.kept) == (2, 2)


@pytest.mark.parametrize("after", range(6))
def test_interrupted_after_any_epoch_it_ends_as_if_it_had_not_been(after):
    losses = (0.9, 0.5, 0.6, 0.5, 0.7, 0.1)
    whole, recorder = run(Learner(*losses))
    earlier = recorder.saved[after - 1] if after else []
    resumed, again = run(Learner(*losses[after:]), earlier=earlier)
    assert [*(row.val_loss for row in earlier), *(row.val_loss for row in again.rows)] == [row.val_loss for row in recorder.rows]
    assert (resumed.kept_epoch, resumed.score, resumed.epochs) == (whole.kept_epoch, whole.score, whole.epochs)


def test_the_time_that_steps_wait_for_input_is_told():
    class Slow(Data):
        def epoch(self, epoch):
            for batch in super().epoch(epoch):
                clock.now += 3.0  # making a batch
                yield batch

    class Clock:
        now = 0.0

    clock, learner = Clock(), Learner(0.5)
    learner.learn = lambda _: (setattr(clock, "now", clock.now + 1.0), (2.0, 3.0))[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.learning.loop.time.perf_counter", lambda: clock.now)
        recorder = EpochRecorder(learner)
        fit(learner, Slow(), Schedule("frozen", 1, 3), recorder, TaskContext(), since=0.0)
    assert recorder.rows[0].waited == pytest.approx(0.75)


def test_a_loss_that_is_no_number_is_a_sentence():
    with pytest.raises(TrainingFailed, match="learning rate"):
        run(Learner(*[math.nan] * 10))
    result, _ = run(Learner(0.5, math.nan, math.nan, math.nan))
    assert result.kept_epoch == 1


def test_cancelled_between_two_steps():
    task, learner = TaskContext(), Learner(0.5)
    learner.learn = lambda _: (task.cancel(), (1.0, 1.0))[1]
    with pytest.raises(Cancelled):
        run(learner, task=task)
