"""The launcher against real child processes that behave in every way a child can."""

import os
import sys
import textwrap
import time
from pathlib import Path

import pytest

from endodesk.domain.errors import BadRequest, Cancelled, TrainingFailed
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.memory_budget import MEMORY
from endodesk.system.task import TaskContext
from training.plan.launch import launch

PROLOGUE = """
import os, signal, subprocess, sys, time
from endodesk.domain.runs import RunEvent, RunEventKind as K
def tell(kind, **more): print(RunEvent(kind, **more).to_line(), flush=True)
"""


def child(code):
    return [sys.executable, "-c", PROLOGUE + textwrap.dedent(code)]


def start(tmp_path, code, task=None, **more):
    events: list[RunEvent] = []
    return launch(tmp_path, on_event=events.append, task=task or TaskContext(), command=child(code), **more), events


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def runs(pid):
    """Alive and not a zombie (an orphan is its new parent's to wait for)."""
    stat = Path(f"/proc/{pid}/stat")
    return is_alive(pid) and not (stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def test_the_finished_event_is_returned_and_chatter_is_ignored(tmp_path):
    last, events = start(
        tmp_path,
        """
        print("Epoch 1/3 [====>]"); print('{"kind": "nonsense"}'); print(12); sys.stdout.buffer.write(b"\\xff\\xfe\\n")
        print("to the log", file=sys.stderr)
        tell(K.EPOCH, phase="frozen", done=1, total=3, metrics={"loss": 0.5})
        tell(K.FINISHED, bundle="/b", metrics={"accuracy": 1.0})
        """,
    )
    assert last.bundle == "/b"
    assert [e.kind for e in events] == [RunEventKind.EPOCH, RunEventKind.FINISHED]
    assert (tmp_path / "run.log").read_text() == "to the log\n"


def test_pictures_may_fill_as_much_memory_there_as_here(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(MEMORY, "limit_bytes", 300_000_000)
    monkeypatch.setattr("training.plan.launch.own_command", lambda *words: asked.extend(words) or child("tell(K.FINISHED)"))
    launch(tmp_path, on_event=lambda event: None, task=TaskContext())
    assert "--memory-mb=300" in asked


def test_a_failed_run_says_why(tmp_path):
    with pytest.raises(TrainingFailed, match=r"^The disk is full\.$"):
        start(tmp_path, "tell(K.FAILED, message='The disk is full.'); sys.exit(2)")


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_killed_run_says_so(tmp_path):
    with pytest.raises(TrainingFailed, match=r"ended from outside \(signal 9\), perhaps because memory ran out\. .*run\.log tells more"):
        start(tmp_path, "tell(K.PHASE, phase='frozen'); os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(TrainingFailed, match=r"signal 11\)"):
        start(tmp_path, "os.kill(os.getpid(), signal.SIGSEGV)")


def test_a_run_that_just_ends_is_a_failure(tmp_path):
    with pytest.raises(TrainingFailed, match=r"without a result \(exit code 5\)"):
        start(tmp_path, "sys.exit(5)")
    with pytest.raises(TrainingFailed, match=r"exit code 1\)"):
        start(tmp_path, "raise RuntimeError('boom')")
    assert "boom" in (tmp_path / "run.log").read_text()


def test_cancel_is_asked_for_politely(tmp_path):
    task = TaskContext()
    code = """
        tell(K.PHASE, phase="frozen")
        assert sys.stdin.readline() == "cancel\\n"
        open("polite", "w").close()
        tell(K.CANCELLED); sys.exit(3)
        """
    command = child(f"os.chdir({str(tmp_path)!r})" + textwrap.dedent(code))
    with pytest.raises(Cancelled):
        launch(tmp_path, on_event=lambda _: task.cancel(), task=task, command=command)
    assert (tmp_path / "polite").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="POSIX signals and process groups")
def test_a_stubborn_child_and_its_children_are_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("training.plan.launch.CANCEL_WAIT_S", 0.3)
    monkeypatch.setattr("training.plan.launch.TERMINATE_WAIT_S", 0.3)
    task, pids = TaskContext(), []

    def heard(event):
        pids.extend(int(pid) for pid in event.message.split())
        task.cancel()

    code = """
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
        grandchild = subprocess.Popen([sys.executable, "-c", code])
        time.sleep(0.5)
        tell(K.PHASE, message=f"{os.getpid()} {grandchild.pid}")
        time.sleep(60)
        """
    with pytest.raises(Cancelled):
        launch(tmp_path, on_event=heard, task=task, command=child(textwrap.dedent(code)))
    deadline = time.monotonic() + 5
    while any(map(runs, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(pids) == 2
    assert not is_alive(pids[0])  # waited for: no zombie either
    assert not runs(pids[1])


@pytest.mark.slow
def test_silence_is_not_waited_out(tmp_path):
    with pytest.raises(TrainingFailed, match="no sign of life for 1 seconds"):
        start(tmp_path, "time.sleep(60)", silence_s=1)


@pytest.mark.slow
def test_a_child_that_lives_on_without_stdout_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr("training.plan.launch.TERMINATE_WAIT_S", 0.3)
    last, _ = start(tmp_path, "tell(K.FINISHED, bundle='/b'); sys.stdout.close(); os.close(1); time.sleep(60)")
    assert last.bundle == "/b"


def test_no_descriptors_are_left_open(tmp_path):
    open_now = Path("/proc/self/fd")
    if not open_now.is_dir():
        pytest.skip("no /proc here")
    start(tmp_path, "tell(K.FINISHED)")
    before = len(list(open_now.iterdir()))
    for _ in range(3):
        start(tmp_path, "tell(K.FINISHED)")
    assert len(list(open_now.iterdir())) == before


def test_what_cannot_be_started_is_a_sentence(tmp_path):
    with pytest.raises(BadRequest, match="cannot be started"):
        launch(tmp_path, on_event=print, task=TaskContext(), command=[str(tmp_path / "nothing")])
    with pytest.raises(BadRequest, match="cannot be started"):
        launch(tmp_path / "nowhere", on_event=print, task=TaskContext())


def test_an_error_of_the_listener_ends_the_child(tmp_path):
    pids = []

    def heard(event):
        pids.append(int(event.message))
        raise KeyError("in the listener")

    with pytest.raises(KeyError):
        launch(tmp_path, on_event=heard, task=TaskContext(), command=child("tell(K.PHASE, message=str(os.getpid())); time.sleep(60)"))
    assert not is_alive(pids[0])
