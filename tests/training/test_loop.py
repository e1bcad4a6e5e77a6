import math

import numpy as np
import pytest

from endodesk.domain.errors import Cancelled, TrainingFailed
from endodesk.domain.ticket import Ticket
from training.loop import Schedule, batches_of, fit

BATCH = (np.zeros((4, 2), np.float32), np.eye(4, 2, dtype=np.float32), np.ones(4, np.float32))


class Data:
    def steps(self):
        return 3

    def epoch(self, epoch, ticket):
        yield from [BATCH] * 3

    def validation(self):
        yield BATCH


class Learner:
    """Its validation losses are given; it remembers how many steps it made."""

    def __init__(self, *val_losses):
        self.val_losses, self.steps, self.kept = list(val_losses), 0, None

    def learn(self, batch):
        self.steps += 1
        return 2.0, 3.0

    def validate(self, batches, ticket):
        assert len(list(batches)) == 1
        return self.val_losses.pop(0), 0.5

    def penalty(self):
        return 0.25

    def keep(self):
        self.kept = self.steps // 3


def run(learner, epochs=10, patience=3, ticket=None):
    rows = []
    result = fit(learner, Data(), Schedule("frozen", epochs, patience), rows.append, ticket or Ticket(), keep=learner.keep, since=0.0)
    return result, rows


def test_stops_after_patience_and_keeps_the_best():
    learner = Learner(0.9, 0.5, 0.6, 0.5, 0.7, 0.1)
    result, rows = run(learner)
    assert [row.epoch for row in rows] == [1, 2, 3, 4, 5]
    assert (result.best_epoch, result.val_loss, result.epochs, learner.kept) == (2, 0.5, 5, 2)


def test_goes_to_the_end_while_it_gets_better():
    learner = Learner(0.9, 0.8, 0.7)
    result, _ = run(learner, epochs=3)
    assert (result.best_epoch, learner.kept) == (3, 3)


def test_loss_is_the_mean_over_frames_plus_the_penalty():
    _, (row,) = run(Learner(0.9), epochs=1)
    assert (row.loss, row.accuracy) == (pytest.approx(2.0 / 4 + 0.25), 0.75)


def test_a_loss_that_is_no_number_is_a_sentence():
    with pytest.raises(TrainingFailed, match="learning rate"):
        run(Learner(*[math.nan] * 10))
    result, _ = run(Learner(0.5, math.nan, math.nan, math.nan))
    assert result.best_epoch == 1


def test_cancelled_between_two_steps():
    ticket, learner = Ticket(), Learner(0.5)
    learner.learn = lambda _: (ticket.cancel(), (1.0, 1.0))[1]
    with pytest.raises(Cancelled):
        run(learner, ticket=ticket)


def test_batches_hold_every_frame_once():
    for seed in (None, 3):
        batches = batches_of(10, 4, seed=seed)
        assert [len(b) for b in batches] == [4, 4, 2]
        assert sorted(np.concatenate(batches).tolist()) == list(range(10))
    assert np.concatenate(batches_of(10, 4, seed=3)).tolist() == np.concatenate(batches_of(10, 4, seed=3)).tolist()
    assert np.concatenate(batches_of(99, 4, seed=3)).tolist() != list(range(99))
