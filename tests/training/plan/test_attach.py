"""What a later window makes of a run folder that was left to itself."""

import threading
import time

import pytest

from endodesk.domain.errors import Cancelled, TrainingFailed
from endodesk.domain.runs import DETACH, PAUSE, RunEvent
from endodesk.domain.runs import RunEventKind as K
from endodesk.system.task import TaskContext
from training.plan import background
from training.plan.background import Detached, EventFile, Tail, attach, forget_left, left, note_left
from training.plan.launch import Wishes


def told(run, *events):
    file = EventFile(run)
    for event in events:
        file.write(event)


def attached(run, task=None, wishes=None):
    heard = []
    return attach(run, on_event=heard.append, task=task or TaskContext(), wishes=wishes or Wishes()), heard


def test_a_run_that_ended_is_told_from_its_beginning_and_its_model_is_the_one_in_its_folder(tmp_path):
    (tmp_path / "bundle").mkdir()
    epochs = [RunEvent(K.EPOCH, "frozen", n, 3, {"val_loss": 1.0}) for n in (1, 2, 3)]
    told(tmp_path, *epochs, RunEvent(K.FINISHED, bundle="/elsewhere"))
    last, heard = attached(tmp_path)
    assert (heard, last.bundle) == (epochs, str(tmp_path / "bundle"))


@pytest.mark.parametrize(
    ("last", "raised", "says"),
    [(RunEvent(K.FAILED, message="The disk is full."), TrainingFailed, "The disk is full"), (RunEvent(K.CANCELLED), Cancelled, None),
     (RunEvent(K.ALIVE), TrainingFailed, "was interrupted"), (RunEvent(K.FINISHED, bundle="/etc"), TrainingFailed, "was interrupted")],
)  # fmt: skip
def test_how_it_ended_otherwise(tmp_path, last, raised, says):
    told(tmp_path, last)
    with pytest.raises(raised, match=says):
        attached(tmp_path)


def test_nothing_told_or_nonsense_is_an_interruption(tmp_path):
    with pytest.raises(TrainingFailed, match="was interrupted"):
        attached(tmp_path)
    (tmp_path / "events.jsonl").write_bytes(b"\xff" * 3_000_000 + b"\n{}\n[1]\n")
    with pytest.raises(TrainingFailed, match="was interrupted"):
        attached(tmp_path)


def test_wishes_reach_it_by_a_file_and_a_window_that_closes_leaves_it(tmp_path, monkeypatch):
    monkeypatch.setattr(background, "is_running", lambda run: True)
    wishes, asks = Wishes(), Tail(tmp_path / "wishes.txt")
    for wish in (PAUSE, "stop Ann"):
        wishes.put(wish)
    threading.Timer(0.3, wishes.put, (DETACH,)).start()
    with pytest.raises(Detached):
        attached(tmp_path, wishes=wishes)
    assert asks.lines() == ["pause", "stop Ann"]
    task = TaskContext()
    monkeypatch.setattr(background, "_CANCEL_WAIT_S", 0.2)
    task.cancel()
    with pytest.raises(Cancelled):  # it does not answer: nobody waits for ever
        attached(tmp_path, task=task)
    assert asks.lines() == ["cancel"]


def test_lines_come_whole_however_they_are_written(tmp_path):
    tail = Tail(tmp_path / "lines")
    assert tail.lines() == []
    with (tmp_path / "lines").open("wb", buffering=0) as stream:
        for piece, lines in ((b"a", []), (b"b\nc", ["ab"]), (b"", []), (b"\n\nd\n", ["c", "", "d"])):
            stream.write(piece)
            assert tail.lines() == lines


def test_progress_is_kept_seldom_and_all_else_always(tmp_path):
    file, tail = EventFile(tmp_path), Tail(tmp_path / "events.jsonl")
    began = time.monotonic()
    for n in range(50):
        file.write(RunEvent(K.PROGRESS, done=n, total=50))
    file.write(RunEvent(K.PHASE, "exporting"))
    lines = tail.lines()
    assert time.monotonic() - began > 1.9 or len(lines) == 2
    EventFile(tmp_path)  # another process begins anew
    assert (tmp_path / "events.jsonl").stat().st_size == 0


def test_what_was_left_is_noted_by_its_place_in_the_users_own_folder(tmp_path):
    assert left(tmp_path / "run") == ""
    note_left(tmp_path / "run", "12")
    assert (left(tmp_path / "run"), left(tmp_path / "other")) == ("12", "")
    assert list(tmp_path.iterdir()) == []
    forget_left(tmp_path / "run")
    assert left(tmp_path / "run") == ""
