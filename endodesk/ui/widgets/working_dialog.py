"""A dialog that does something long: progress with the time left, and a way to stop it."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.system.task import TaskContext
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.long_work import LongWork
from endodesk.ui.widgets.theme import text_label

T = TypeVar("T")


class WorkingDialog(FittingDialog):
    """One piece of work at a time, in the background; *Cancel* stops what runs first, and then closes."""

    def __init__(self, jobs: Jobs, main: str, does: Callable[[], None], parent: QWidget | None = None) -> None:
        """`main` are the words of the button that `does` what the dialog is for."""
        super().__init__(parent)
        self._jobs = jobs
        self._task: TaskContext | None = None
        self._leaves = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.told = text_label("", wrap=True)
        """What came of it, or why nothing did."""
        self.work = LongWork()
        self.main_button = push_button(tr(main), does, kind="main")
        self.cancel_button = push_button(tr("&Cancel"), self.reject)
        self.buttons = fill(QHBoxLayout(), self.work, SPACE, self.main_button, self.cancel_button)

    def begin(
        self,
        name: str,
        work: Callable[[TaskContext], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[str], None] | None = None,
        stopped: str = "",
        keeps: bool = False,
    ) -> None:
        """Do this in a job, called `name` beside its bar; what runs already is stopped. `stopped` is told after a cancel.

        What `keeps` something has happened once it is done: `done` hears of it also where the dialog was to go meanwhile, and closes it.
        """
        if self._task:
            self._task.cancel()
        self.main_button.setEnabled(False)

        def ended(then: Callable[[], None], *, always: bool = False) -> None:
            if self._task is task:  # another one has not begun since
                self._end(then, always=always)

        task = self._task = self._jobs.submit(
            work,
            done=lambda found: ended(lambda: done(found), always=keeps),
            failed=lambda reason: ended(lambda: (failed or self.told.setText)(reason)),
            cancelled=lambda: ended(lambda: self.told.setText(tr(stopped))),
            progress=lambda progress: self.work.tell(name, progress) if self._task is task else None,
            urgency=Urgency.NOW,
        )

    @property
    def working(self) -> bool:
        """Whether something runs."""
        return self._task is not None

    def _end(self, then: Callable[[], None], *, always: bool) -> None:
        self._task = None
        self.work.tell("", None)
        self.main_button.setEnabled(True)
        if self._leaves and not always:
            super().reject()
        else:
            then()

    def reject(self) -> None:
        """Stops what runs first; the dialog goes once it has stopped."""
        if self._task:
            self._leaves = True
            self._task.cancel()
        else:
            super().reject()
