"""What a training says that the disk ended: to go on with, if it can be."""

import errno

import pytest
from frame_folders import put

import training.__main__ as backend
from training.plan.channel import Channel

GO_ON = "go on with the training (endodesk train --resume)."


@pytest.mark.parametrize(("checkpoint", "told"), [(False, "start the training again."), (True, GO_ON)])
def test_only_a_training_that_can_go_on_is_told_to(tmp_path, monkeypatch, checkpoint, told):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backend, "open_job", full)
    monkeypatch.setattr(Channel, "chatter_to", lambda *_: None)
    monkeypatch.setattr(backend.logging, "basicConfig", lambda **_: None)
    if checkpoint:
        put(tmp_path / "checkpoints" / "last.npz", b"")
    event, code = backend.attempt(tmp_path, Channel(None))
    assert code == 2
    assert f"make room and {told}" in event.message
