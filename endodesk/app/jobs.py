"""Long work off the GUI thread: a plain function of a ticket in, calls on the GUI thread out."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal, Slot

from endodesk.domain.errors import Cancelled, EndoDeskError
from endodesk.domain.ticket import Progress, Ticket

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Jobs(QObject):
    """Runs functions in a thread pool. All callbacks arrive on the thread that made this object, in order, never after `close`."""

    _call = Signal(object)

    def __init__(self, parent: QObject | None = None, *, threads: int = 2) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._running: set[Ticket] = set()
        self._closed = False
        self._call.connect(self._run_here, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        work: Callable[[Ticket], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[str], None] | None = None,
        cancelled: Callable[[], None] | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Ticket:
        """Start the work; exactly one of `done`, `failed` (with a sentence) and `cancelled` will be called."""

        def ended(callback: Callable[..., None] | None, *args: Any) -> None:
            def call() -> None:
                self._running.discard(ticket)
                if callback:
                    callback(*args)

            self._call.emit(call)

        def run() -> None:
            try:
                ticket.check()
                ended(done, work(ticket))
            except Cancelled:
                ended(cancelled)
            except EndoDeskError as error:
                ended(failed, str(error))
            except Exception:  # a defect of ours: into the log whole, to the user as a sentence
                _log.exception("a job failed")
                ended(failed, "Something went wrong inside EndoDesk; the log has the details (Help > Show log).")

        ticket = Ticket((lambda p: self._call.emit(lambda: progress(p))) if progress else None)
        self._running.add(ticket)
        self._pool.start(run)
        return ticket

    def post(self, callback: Callable[[], None]) -> None:
        """From any thread: call this on the GUI thread."""
        self._call.emit(callback)

    @property
    def idle(self) -> bool:
        """Whether nothing is running or waiting."""
        return not self._running

    def close(self) -> None:
        """Cancel everything and wait for it to stop; no callback comes afterwards."""
        self._closed = True
        for ticket in self._running:
            ticket.cancel()
        self._pool.waitForDone()

    @Slot(object)
    def _run_here(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()
