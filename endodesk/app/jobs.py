"""Long work off the GUI thread: a plain function of a task in, calls on the GUI thread out."""

import contextlib
import itertools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import IntEnum
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from endodesk.app.language import marked, tr
from endodesk.domain.errors import Cancelled, EndoDeskError
from endodesk.system.task import Progress, TaskContext
from endodesk.system.threads import join_within

T = TypeVar("T")
_TURN_S = 0.008
"""How long callbacks may follow each other before keys and painting get their turn."""
_log = logging.getLogger(__name__)
_CLOSE_S = 3.0
INTERNAL_ERROR = marked("Something went wrong inside EndoDesk; the log has the details (Help > Show log).")


def tell_failure(error: BaseException) -> str:
    """What the user is told of any failure: its own sentence, or, if it is a defect of ours, ours; that goes into the log whole."""
    if isinstance(error, EndoDeskError):
        return str(error)
    _log.error("an unexpected error", exc_info=error)
    return tr(INTERNAL_ERROR)


class Urgency(IntEnum):
    """Who goes first when several wait."""

    NOW = 0
    """The reader looks at an empty place."""
    SOON = 1
    """Thumbnails, and frames fetched ahead."""
    LATER = 2
    """What takes minutes, and what nobody waits for."""


class Jobs(QObject):
    """Runs functions in threads. All callbacks arrive on the thread that made this object, in order, never after `close`.

    Python's threads, not QThreadPool's: those lose everything thread-local after each job, and with it a predictor's interpreter.
    """

    _called = Signal()

    def __init__(self, parent: QObject | None = None, *, threads: int = 2, close_s: float = _CLOSE_S) -> None:
        """`close_s` is how long closing waits at most for what runs."""
        super().__init__(parent)
        self._close_s = close_s
        self._waiting: queue.PriorityQueue[tuple[int, int, Callable[[], None] | None]] = queue.PriorityQueue()
        self._number = itertools.count()  # equally urgent: first come, first served
        self._threads = [threading.Thread(target=self._work, name=f"job-{n}", daemon=True) for n in range(threads)]
        self._running: set[TaskContext] = set()
        self._started = self._closed = False
        self._awaited = 0
        self._quiet = threading.Condition()
        # Why: docs/decisions/app.md 38
        self._calls: deque[Callable[[], None]] = deque()
        self._awake = False
        self._inside = 0
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._run_some)
        # queued also where the GUI thread itself tells: callbacks keep their order, and none runs within another
        self._called.connect(self._wake, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        work: Callable[[TaskContext], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[str], None] | None = None,
        cancelled: Callable[[], None] | None = None,
        progress: Callable[[Progress], None] | None = None,
        urgency: Urgency = Urgency.SOON,
    ) -> TaskContext:
        """Start the work; exactly one of `done`, `failed` (with a sentence) and `cancelled` will be called. Nothing after `close`."""

        def ended(callback: Callable[..., None] | None, *args: Any) -> None:
            def call() -> None:
                self._running.discard(task)  # here, on the thread that made this object: no other touches the set
                if callback:
                    callback(*args)

            self.post(call)

        def run() -> None:
            try:
                task.raise_if_cancelled()
                with task.worked_on():
                    result = work(task)
            except Cancelled:
                ended(cancelled)
            except Exception as error:
                ended(failed, tell_failure(error))
            else:
                ended(done, result)

        awaited = urgency < Urgency.LATER  # what `let_pass` waits for

        def run_and_count() -> None:
            try:
                run()
            finally:
                self._count(-1 if awaited else 0)

        task = TaskContext((lambda p: self.post(lambda: progress(p))) if progress else None)
        if self._closed:
            task.cancel()
            return task
        self._running.add(task)
        self._start()
        self._count(1 if awaited else 0)
        self._waiting.put((urgency, next(self._number), run_and_count))
        return task

    def post(self, callback: Callable[[], None]) -> None:
        """Call this on the GUI thread, after what was told before. Any thread may ask for it; from much of it the window gets its turns."""
        self._calls.append(callback)
        if not self._awake:
            self._awake = True
            with contextlib.suppress(RuntimeError):  # a thread that was given up at closing may outlive this object
                self._called.emit()

    def let_pass(self, seconds: float) -> None:
        """Wait while work that the reader waits for is under way (NOW, SOON), but not longer than this. For any thread."""
        with self._quiet:
            self._quiet.wait_for(lambda: self._closed or not self._awaited, seconds)

    def _count(self, more: int) -> None:
        with self._quiet:
            self._awaited += more
            self._quiet.notify_all()

    @property
    def idle(self) -> bool:
        """Whether nothing is running or waiting."""
        return not self._running

    def close(self) -> None:
        """Cancel everything and wait for it to stop, though not for ever; no callback comes afterwards.

        What a share holds that does not answer is given up: it ends with the process (docs/decisions/system.md 5).
        """
        self._closed = True
        self._count(0)  # wakes who waits in let_pass
        for task in self._running:
            task.cancel()
        if self._started:
            self._started = False
            for _ in self._threads:
                self._waiting.put((len(Urgency), next(self._number), None))  # behind all jobs, which end as cancelled
            if given_up := join_within(self._threads, self._close_s):
                _log.warning("%s did not stop within %.0f s and were given up", ", ".join(one.name for one in given_up), self._close_s)
        self._running.clear()

    def _start(self) -> None:
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()

    def _work(self) -> None:
        while (run := self._waiting.get()[2]) is not None:
            run()
            del run  # a thread that waits would else keep all that its last job was about, a frame of 800 MB maybe

    @Slot()
    def _wake(self) -> None:
        if self._inside:  # a dialog waits within a callback, and may be waiting for this one
            self._run_some()
        else:
            self._turn.start(0)

    @Slot()
    def _run_some(self) -> None:
        end = time.perf_counter() + _TURN_S
        self._inside += 1
        try:
            while self._calls and time.perf_counter() < end:
                self._awake = False  # before the call, which may wait for others
                call = self._calls.popleft()
                if not self._closed:  # it may have been on its way when this was closed
                    call()
        finally:
            self._inside -= 1
        if not self._calls:
            self._turn.stop()
            self._awake = False
            if self._calls:  # from another thread, between these lines
                self._turn.start(0)
        elif not self._inside:
            self._turn.start(0)
