import os

import numpy as np
import pytest

from endodesk.domain.errors import BadRequest
from training.plan.checkpoint import LAST, Checkpoints, can_be_resumed
from training.plan.epochs import EpochRow


class Variable:
    """As Keras' and TensorFlow's."""

    def __init__(self, value):
        self.value = np.array(value, np.float32)

    @property
    def shape(self):
        return self.value.shape

    def numpy(self):
        return self.value

    def assign(self, value):
        self.value = value


def row(phase, epoch, loss=0.5):
    return EpochRow(phase, epoch, 1.0, 0.5, loss, 0.6, None, None, 0.01, 2.0)


def state(number):
    return [Variable(np.full((2, 3), number)), Variable(number)]


@pytest.fixture
def run(tmp_path):
    (tmp_path / "config.toml").write_text("seed = 1\n")
    (tmp_path / "manifest.csv").write_text("file\n")
    return tmp_path


@pytest.fixture
def interrupted(run):
    """After a frozen phase of two epochs, the first the best, and one of fine-tuning."""
    kept = Checkpoints(run, resume=False)
    kept.keep_best("frozen", state(1))
    kept.save([row("frozen", 1)], state(1))
    kept.save([row("frozen", 1), row("frozen", 2, 0.1 + 0.2)], state(2))
    kept.keep_best("fine-tuning", state(3))
    kept.save([row("fine-tuning", 1, float("nan"))], state(4))
    return run


def test_what_was_saved_last_comes_back(interrupted):
    assert can_be_resumed(interrupted)
    kept, variables = Checkpoints(interrupted, resume=True), state(0)
    assert kept.finished("frozen") == [row("frozen", 1), row("frozen", 2, 0.1 + 0.2)]  # to the last digit
    assert kept.finished("fine-tuning") == []
    assert kept.restore("frozen", variables) == []
    assert variables[1].value == 0
    [last] = kept.restore("fine-tuning", variables)
    assert (last.epoch, np.isnan(last.val_loss)) == (1, True)
    assert [variable.value.max() for variable in variables] == [4, 4]
    for phase, number in (("frozen", 1), ("fine-tuning", 3)):
        kept.load_best(phase, variables)
        assert [variable.value.max() for variable in variables] == [number, number]


def test_a_new_beginning_forgets_it(interrupted):
    assert Checkpoints(interrupted, resume=False).rows == []
    assert not can_be_resumed(interrupted)


def test_nothing_finished_is_a_beginning(run):
    kept = Checkpoints(run, resume=True)
    assert (kept.rows, kept.finished("frozen"), kept.restore("frozen", state(0))) == ([], [], [])


@pytest.mark.parametrize("name", ["config.toml", "manifest.csv"])
def test_what_was_changed_meanwhile_is_told(interrupted, name):
    (interrupted / name).write_text("other\n")
    with pytest.raises(BadRequest, match=r"was changed since .* start a new training\.$"):
        Checkpoints(interrupted, resume=True)


def test_every_damage_is_a_sentence(interrupted):
    """A byte in every seventh place, a cut, nothing at all: read as it was, or told."""
    path = interrupted / "checkpoints" / LAST
    whole, told = path.read_bytes(), 0
    spoilt = [whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :] for place in range(0, len(whole), 7)]
    for data in [*spoilt, whole[:-1], whole[: len(whole) // 2], b"", b"[]"]:
        path.write_bytes(data)
        variables = state(0)
        try:
            Checkpoints(interrupted, resume=True).restore("fine-tuning", variables)
            assert [variable.value.max() for variable in variables] == [4, 4]
        except BadRequest:
            told += 1
    assert told > 0.7 * len(spoilt)


def test_weights_of_another_network_are_not_taken(interrupted):
    with pytest.raises(BadRequest, match="damaged"):
        Checkpoints(interrupted, resume=True).restore("fine-tuning", [Variable([1, 2]), Variable(0)])
    with pytest.raises(BadRequest, match="damaged"):
        Checkpoints(interrupted, resume=True).load_best("frozen", [*state(0), Variable(0)])
    (interrupted / "checkpoints" / "best-frozen.npz").unlink()
    with pytest.raises(BadRequest, match="damaged"):
        Checkpoints(interrupted, resume=True).load_best("frozen", state(0))


def test_a_disk_that_is_full_leaves_the_checkpoint_before(interrupted, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    kept = Checkpoints(interrupted, resume=True)
    with pytest.raises(OSError, match="No space"):
        kept.save([row("fine-tuning", 1), row("fine-tuning", 2)], state(5))
    assert [path.name for path in (interrupted / "checkpoints").glob(".*")] == []
    assert len(Checkpoints(interrupted, resume=True).rows) == 3
