"""Channel: what a run tells its watcher (JSON lines on stdout), and how it hears what that wishes (lines on stdin)."""

import contextlib
import os
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Self

from endodesk.domain.errors import BadRequest
from endodesk.domain.runs import CANCEL, DETACH, GO_ON, LONGEST_WISH, PAUSE, STOP, RunEvent, RunEventKind
from endodesk.system.held_file import hold
from endodesk.system.plain_files import append_to_plain
from endodesk.system.task import Progress, TaskContext
from training.plan.background import RUNNING, WISHES, EventFile, Tail
from training.plan.forecast import Forecast

HEARTBEAT_S = 2.0
GRACE_S = 10.0
"""After a wish to stop, the process ends by itself after so long, even in the middle of a library's work."""
_NOTHING_AT_STAKE = ("", "verifying", "starting")
"""Phases that write nothing; importing TensorFlow cannot be interrupted otherwise."""
CANCELLED_EXIT = 3
_LOOK_S = 0.3
"""How often the file of wishes is looked into, once no watcher has stdin."""


class Channel:
    """The protocol's side of stdout. Thread-safe; a watcher that is gone is not an error."""

    def __init__(self, descriptor: int | None) -> None:
        """`descriptor` is where lines go; None if nobody listens."""
        self._descriptor, self._lock = descriptor, threading.Lock()
        self._started, self._phase = time.monotonic(), ""
        self._over = threading.Event()
        self.forecast: Forecast | None = None
        """Tells with each event how far the run is, from when it is known what it has to do."""
        self.stopped_by: str | None = None
        """Who asked to stop and keep the best so far; None while nobody has."""
        self._paused_at: float | None = None
        self._file: EventFile | None = None
        self._alone: Tail | None = None
        self.task = TaskContext(self._progress, interval=0.25)

    @classmethod
    def over_stdout(cls) -> Self:
        """Keep the real stdout for the protocol alone; whatever else is printed from now on goes to stderr."""
        try:
            descriptor = os.dup(1)
        except OSError:  # a windowed program has none
            return cls(None)
        with contextlib.suppress(OSError):
            os.dup2(2, 1)
        return cls(descriptor)

    def chatter_to(self, log: Path) -> None:
        """Send stdout and stderr of this process, C++ libraries included, to the end of a file. OSError if it cannot be written."""
        descriptor = append_to_plain(log)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        if descriptor > 2:
            os.close(descriptor)
        if sys.stderr is None or sys.stdout is None:  # as in a windowed program, where the first print would fail
            sys.stdout = sys.stderr = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace", buffering=1)

    def keep_in(self, run: Path) -> None:
        """Keep what is told in the run folder, too, and hold that as long as this process lives. BadRequest if another one has it."""
        if not hold(run / RUNNING):
            raise BadRequest("This training is under way already.")
        self._wishes = run / WISHES
        self._wishes.unlink(missing_ok=True)  # nobody asks this process yet
        self._file = EventFile(run)

    def tell(self, event: RunEvent) -> None:
        """Write one line; the time since the run began is filled in, and how much of it is done."""
        with self._lock:
            event = replace(event, seconds=round((self._paused_at or time.monotonic()) - self._started, 3))
            if self.forecast is not None:
                event = self.forecast.told(event)
            if self._file is not None:
                self._file.write(event)
            if self._descriptor is None:
                return
            data = event.to_line().encode() + b"\n"
            try:
                while data:  # a pipe may take a part of it only
                    data = data[os.write(self._descriptor, data) :]
            except OSError:
                self._descriptor = None  # the watcher is gone

    def phase(self, name: str, total: int = 0) -> None:
        """A phase begins: of `total` epochs or frames."""
        self._phase = name
        self.tell(RunEvent(RunEventKind.PHASE, phase=name, total=total))

    def warn(self, message: str) -> None:
        """Tell the user something worth knowing, as a sentence; the run goes on."""
        self.tell(RunEvent(RunEventKind.WARNING, phase=self._phase, message=message))

    def start_heartbeat(self) -> None:
        """Tell ALIVE every few seconds from now on."""
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()  # daemon: it must not keep the process from ending

    def watch_stdin(self) -> None:
        """Do what stdin wishes; cancel the task when it ends, because the watcher is gone."""
        threading.Thread(target=self._listen, name="stdin", daemon=True).start()

    def close(self) -> None:
        """End the protocol: no more lines or heartbeats, and the watcher sees the end of stdout."""
        self._over.set()
        self._close_stdout()

    def _close_stdout(self) -> None:
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
            self._descriptor = None

    def _progress(self, progress: Progress) -> None:
        self.tell(RunEvent(RunEventKind.PROGRESS, phase=self._phase, done=progress.done, total=progress.total, message=progress.text))

    def _beat(self) -> None:
        while not self._over.wait(HEARTBEAT_S):
            self.tell(RunEvent(RunEventKind.ALIVE, phase=self._phase))

    def _listen(self) -> None:
        heard = b""
        while self._alone is None:
            try:
                more = os.read(0, 4096)  # not sys.stdin: its lock would be held when the process ends
            except OSError:
                more = b""
            *lines, heard = (heard + more).split(b"\n")  # a line may come in two pieces
            heard = heard[-LONGEST_WISH:]  # what is no line must not fill the memory
            for line in lines:
                self._hear(line.decode("utf-8", "replace"))
            if self.task.cancelled or not (more or self._alone):
                break
        while self._alone is not None and not self.task.cancelled:
            for wish in self._alone.lines():
                self._hear(wish)
            time.sleep(_LOOK_S)
        self._cancel()

    def _detach(self) -> None:
        """Go on without the watcher: the file tells, and a file is asked."""
        if self._file is not None:
            self._alone = Tail(self._wishes)
            self._go_on()  # nobody is there to let it go on
            self.tell(RunEvent(RunEventKind.DETACHED))
            self._close_stdout()

    def _hear(self, wish: str) -> None:
        word, _, name = wish.partition(" ")
        if wish == CANCEL:
            self.task.cancel()
        elif wish == PAUSE and self._paused_at is None:
            self.task.hold()
            self._paused_at = time.monotonic()
            self.tell(RunEvent(RunEventKind.PAUSED, phase=self._phase))
        elif wish == GO_ON:
            self._go_on()
        elif wish == DETACH:
            self._detach()
        elif word == STOP and self.stopped_by is None:
            self.stopped_by = name
            self._go_on()

    def _go_on(self) -> None:
        if self._paused_at is not None:
            with self._lock:
                self._started += time.monotonic() - self._paused_at  # time in which nothing was done says nothing of the speed
                self._paused_at = None
            self.tell(RunEvent(RunEventKind.GOES_ON, phase=self._phase))
            self.task.go_on()

    def _cancel(self) -> None:
        self.task.cancel()
        if not self._over.wait(GRACE_S if self._phase not in _NOTHING_AT_STAKE else 0.5):
            self.tell(RunEvent(RunEventKind.CANCELLED))
            os._exit(CANCELLED_EXIT)  # not sys.exit: this is a thread, and a library in C would not hear of it
