"""Launch: run the backend as a child process and hear what it tells. Called on a worker thread; imports no library of training."""

import contextlib
import importlib.util
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from endodesk.domain.errors import BadRequest, Cancelled, MissingExtra, TrainingFailed
from endodesk.domain.runs import CANCEL, LAST_KINDS, RunEvent, RunEventKind
from endodesk.system.cpu import why_no_tensorflow
from endodesk.system.memory_budget import MEMORY
from endodesk.system.os_errors import reason_of
from endodesk.system.own_program import own_command, windows_flags
from endodesk.system.plain_files import append_to_plain
from endodesk.system.task import TaskContext
from training.plan.background import Detached
from training.plan.config import load_config
from training.plan.run_folder import CONFIG, LOG

POLL_S = 0.1
CANCEL_WAIT_S = 12.0
"""The child ends by itself 10 s after it was asked to."""
TERMINATE_WAIT_S = 3.0
SILENCE_S = 180.0
"""The child tells ALIVE every 2 s; it is given up after so long without a line."""
REVIEWER = (
    "This is the Reviewer edition: it makes quick updates, and no other trainings. For these install EndoDesk Full (on Linux the package "
    "endodesk-full); projects stay as they are."
)
Lines = queue.SimpleQueue[bytes | None]
Wishes = queue.SimpleQueue[str]
_LEFT_ALONE: list[subprocess.Popen[bytes]] = []
"""Children that go on without this process."""


# Why: docs/decisions/training.md 1
def launch(
    run: Path,
    *,
    on_event: Callable[[RunEvent], None],
    task: TaskContext,
    command: Sequence[str] | None = None,
    silence_s: float = SILENCE_S,
    resume: bool = False,
    online: bool = False,
    polite: bool = False,
    wishes: Wishes | None = None,
) -> RunEvent:
    """Train a prepared run folder in a child process; blocks until it has ended. Every event goes to `on_event` first.

    Returns the FINISHED event. Raises Cancelled (by the task), TrainingFailed with a sentence if the run failed, was
    killed or went silent, Detached if it goes on without this process, as was wished, MissingExtra if it takes TensorFlow and that is not
    installed. `command` replaces the worker's command line.
    `resume` goes on with a training that was interrupted. `online`: the user of this PC named the configuration, so what it asks of the
    network may be done; a run folder may come from anybody. `polite`: others come first, and keep
    one core to themselves. `wishes` are passed on to the child (`training.plan.wishes`).
    """
    flags = [flag for flag, asked in (("--resume", resume), ("--online", online), ("--polite", polite)) if asked]
    child = _start(run, list(command) if command is not None else _worker_command(run, flags), polite=polite)
    lines: Lines = queue.SimpleQueue()
    # in a thread, as Windows cannot read a pipe with a time limit
    reader = threading.Thread(target=_read, args=(child.stdout, lines), name="training-lines", daemon=True)
    reader.start()
    try:
        last = _follow(child, lines, on_event, task, silence_s, wishes or Wishes())
    except Detached:
        _LEFT_ALONE.append(child)
        raise
    finally:
        if child not in _LEFT_ALONE:
            _end(child)
        reader.join(TERMINATE_WAIT_S)
        _close(child)
    if last is not None and last.kind is RunEventKind.FINISHED:
        return last
    if last is not None and last.kind is RunEventKind.CANCELLED:
        raise Cancelled
    raise TrainingFailed(last.message if last is not None else _why_it_ended(child.returncode, run))


def _worker_command(run: Path, flags: Sequence[str]) -> list[str]:
    missing = why_not_trained()
    if missing and not load_config(run / CONFIG).quick:
        raise MissingExtra(missing)
    return own_command("training", str(run), "--watch-stdin", f"--memory-mb={MEMORY.limit_bytes // 1_000_000}", *flags)


def why_not_trained() -> str:
    """What is missing for trainings other than a quick update, and what to do, as a sentence; empty if all is there. Loads nothing."""
    if reason := why_no_tensorflow():
        return reason
    if getattr(sys, "frozen", False):
        return "" if is_complete(Path(sys.executable)) else REVIEWER
    missing = [library for library in ("tensorflow", "albumentations") if importlib.util.find_spec(library) is None]
    return f"Training is not installed ({missing[0]} is missing): pip install 'endodesk[train]'." if missing else ""


def is_complete(program: Path) -> bool:
    """Whether TensorFlow came along with this frozen program."""
    places = (program.parent / "_internal", program.parent.parent / "Frameworks")  # PyInstaller's, and inside a bundle of macOS
    return any((place / "tensorflow").is_dir() for place in places)


def _start(run: Path, command: list[str], *, polite: bool) -> subprocess.Popen[bytes]:
    """With its own session (so that the whole tree can be ended) and what it prints elsewhere in run.log."""
    try:
        with os.fdopen(append_to_plain(run / LOG), "ab") as log:
            # a process: in ours TensorFlow dead-locks, stutters and keeps its memory; this one can be killed, and frees all
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=os.name != "nt",
                creationflags=windows_flags("CREATE_NEW_PROCESS_GROUP", *(["BELOW_NORMAL_PRIORITY_CLASS"] if polite else [])),
            )
    except OSError as error:
        name = error.filename or command[0]
        raise BadRequest(f"The training cannot be started: {name}: {reason_of(error)}.") from error


def _follow(
    child: subprocess.Popen[bytes],
    lines: Lines,
    on_event: Callable[[RunEvent], None],
    task: TaskContext,
    silence_s: float,
    wishes: Wishes,
) -> RunEvent | None:
    """The child's last word, or None if it ended without one. Cancelled if it did not stop when asked."""
    heard, asked_to_stop, last = time.monotonic(), 0.0, None
    while True:
        if task.cancelled and not asked_to_stop:
            asked_to_stop = time.monotonic()
            _ask(child, CANCEL)
        while not wishes.empty():
            _ask(child, wishes.get())
        if asked_to_stop and time.monotonic() - asked_to_stop > CANCEL_WAIT_S:
            raise Cancelled
        if time.monotonic() - heard > silence_s:
            raise TrainingFailed(f"The training gave no sign of life for {silence_s:.0f} seconds and was ended.")
        try:
            line = lines.get(timeout=POLL_S)
        except queue.Empty:
            continue
        if line is None:
            return _last_word(child, last, task)
        heard = time.monotonic()
        event = RunEvent.from_line(line.decode("utf-8", "replace"))  # a library may print anything
        if event is not None:
            on_event(event)
            if event.kind is RunEventKind.DETACHED:
                raise Detached
            last = event if event.kind in LAST_KINDS else last


def _last_word(child: subprocess.Popen[bytes], last: RunEvent | None, task: TaskContext) -> RunEvent | None:
    """Its stdout has ended; it shall end too. A child that died while being cancelled is cancelled."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(TERMINATE_WAIT_S)
    if last is None and task.cancelled:
        raise Cancelled
    return last


def _read(stream: IO[bytes], lines: Lines) -> None:
    try:
        for line in stream:
            lines.put(line)
    except (OSError, ValueError):
        pass  # closed under our hands: the same as its end
    lines.put(None)


def _ask(child: subprocess.Popen[bytes], wish: str) -> None:
    assert child.stdin is not None  # noqa: S101  (for mypy: we asked for a pipe)
    with contextlib.suppress(OSError):
        child.stdin.write(f"{wish}\n".encode())
        child.stdin.flush()


def _end(child: subprocess.Popen[bytes]) -> None:
    """Terminate, wait, kill: the child and whatever it has started. It is waited for, so no zombie stays."""
    if child.poll() is None:
        _signal_tree(child, hard=False)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(TERMINATE_WAIT_S)
    _signal_tree(child, hard=True)
    child.wait()


def _signal_tree(child: subprocess.Popen[bytes], *, hard: bool) -> None:
    if os.name == "nt":
        if child.poll() is None:
            subprocess.run(["taskkill", "/T", *(["/F"] if hard else []), "/PID", str(child.pid)], capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL if hard else signal.SIGTERM)


def _close(child: subprocess.Popen[bytes]) -> None:
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def _why_it_ended(code: int, run: Path) -> str:
    where = f"{run / LOG} tells more."
    if code < 0:
        hint = ", perhaps because memory ran out" if -code == getattr(signal, "SIGKILL", 9) else ""
        return f"The training process was ended from outside (signal {-code}){hint}. {where}"
    return f"The training process ended without a result (exit code {code}). {where}"
