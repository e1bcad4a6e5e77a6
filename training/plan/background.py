"""Background: a training that outlives its window, and how a later one finds it, hears it and asks it. Files in its run folder."""

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from endodesk.domain.errors import Cancelled, TrainingFailed
from endodesk.domain.runs import CANCEL, DETACH, LAST_KINDS, RunEvent, RunEventKind
from endodesk.inference.bundle import read_bundle
from endodesk.system.held_file import is_held
from endodesk.system.own_record import forget, note, noted
from endodesk.system.plain_files import append_to_plain, open_plain
from endodesk.system.task import TaskContext
from training.plan.run_folder import BUNDLE

EVENTS, WISHES, RUNNING = "events.jsonl", "wishes.txt", "running.lock"
"""What a run tells, what it is asked once no window has its stdin, and what its process holds while it lives."""
_LEFT = "trainings"
"""Under this, trainings that this account left to themselves are noted (`endodesk.system.own_record`)."""
_OFTEN = (RunEventKind.PROGRESS, RunEventKind.ALIVE)
_SELDOM_S = 2.0
_POLL_S = 0.1
_CANCEL_WAIT_S = 15.0
"""The child ends by itself 10 s after it was asked to."""
_MOST_AT_ONCE = 1 << 20
_LONGEST_LINE = 1 << 20


class Detached(Cancelled):
    """The run goes on without whoever watched it."""


class Wishes(Protocol):
    """Where what a run is asked waits to be passed on."""

    def empty(self) -> bool:
        """Whether there is none."""

    def get(self) -> str:
        """The oldest."""


class EventFile:
    """What a run tells, on disk; progress every two seconds. A disk that takes no more ends no training."""

    def __init__(self, run: Path) -> None:
        """Begins anew. OSError if the run folder cannot be written."""
        self._descriptor = append_to_plain(run / EVENTS, 0o600)
        os.ftruncate(self._descriptor, 0)
        self._written, self._is_torn = -_SELDOM_S, False

    def write(self, event: RunEvent) -> None:
        """Append one line."""
        now = time.monotonic()
        if event.kind in _OFTEN and now - self._written < _SELDOM_S:
            return
        data = (b"\n" if self._is_torn else b"") + event.to_line().encode() + b"\n"
        try:
            self._is_torn = os.write(self._descriptor, data) < len(data)
        except OSError:
            self._is_torn = True
        self._written = now


class Tail:
    """The lines of a file that is written to: those from where one stands, each time."""

    def __init__(self, path: Path) -> None:
        self._path, self._at, self._rest = path, 0, b""

    def lines(self) -> list[str]:
        """New whole lines; none if there is no file, or no line more."""
        try:
            with open_plain(self._path) as stream:
                stream.seek(self._at)
                more = stream.read(_MOST_AT_ONCE)
        except OSError:
            return []
        self._at += len(more)
        *lines, rest = (self._rest + more).split(b"\n")
        self._rest = rest[-_LONGEST_LINE:]
        return [line.decode("utf-8", "replace") for line in lines]


def is_running(run: Path) -> bool:
    """Whether a process trains in this run folder."""
    return is_held(run / RUNNING)


def note_left(run: Path, text: str) -> None:
    """Note a training that the next window is to tell of: it goes on without its own, or that died; `text` is for that."""
    note(_LEFT, _digest(run), text)


def left(run: Path) -> str:
    """What was noted of a training that was left to itself and not dealt with since; empty if nothing was."""
    return noted(_LEFT, _digest(run))


def forget_left(run: Path) -> None:
    """It is dealt with."""
    forget(_LEFT, _digest(run))


def attach(run: Path, *, on_event: Callable[[RunEvent], None], task: TaskContext, wishes: Wishes) -> RunEvent:
    """Follow a training that was left to itself, under way or ended since; blocks until it has ended. All it told comes first.

    Returns the FINISHED event. Raises as `training.plan.launch.launch`; Detached once it is wished that it goes on alone.
    """
    told, asked_at = Tail(run / EVENTS), 0.0
    while True:
        lives = is_running(run)  # before its file is read: what it writes last is read then
        while lines := told.lines():
            for event in filter(None, map(RunEvent.from_line, lines)):
                if event.kind in LAST_KINDS:
                    return _ended(run, event)
                on_event(event)
        if not lives:
            return _ended(run, None)
        if task.cancelled and not asked_at:
            asked_at = time.monotonic()
            _ask(run, CANCEL)
        if asked_at and time.monotonic() - asked_at > _CANCEL_WAIT_S:
            raise Cancelled
        while not wishes.empty():
            if (wish := wishes.get()) == DETACH:
                raise Detached
            _ask(run, wish)
        time.sleep(_POLL_S)


def _ask(run: Path, wish: str) -> None:
    try:
        descriptor = append_to_plain(run / WISHES, 0o600)
    except OSError as error:
        raise TrainingFailed(f"The training cannot be asked: {run / WISHES} cannot be written.") from error
    try:
        os.write(descriptor, f"{wish}\n".encode())
    finally:
        os.close(descriptor)


def _ended(run: Path, last: RunEvent | None) -> RunEvent:
    if last is not None and last.kind is RunEventKind.CANCELLED:
        raise Cancelled
    if last is not None and last.kind is RunEventKind.FAILED:
        raise TrainingFailed(last.message)
    if (run / BUNDLE).is_dir():  # also where it was killed before it could tell so
        told = last or RunEvent(RunEventKind.FINISHED, metrics=read_bundle(run / BUNDLE).metrics)
        return replace(told, bundle=str(run / BUNDLE))
    raise TrainingFailed("The training was interrupted, by the end of its process, of its window or of the computer.")


def _digest(run: Path) -> str:
    return hashlib.sha256(os.fsencode(run.absolute())).hexdigest()
