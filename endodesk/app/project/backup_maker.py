"""BackupMaker: backups of the open project, made in a job: soon after it was opened, and whenever readers have done enough since."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.project.project import Project
from endodesk.data.safety.backups import Backup
from endodesk.domain.errors import EndoDeskError
from endodesk.system.task import TaskContext

EVERY = 100
"""Acts of readers between two backups."""
_SOON_MS = 2000
"""After the opening: first the window shows what it was opened for."""
_LOOKS, _LOOK_S = 10, 0.05
"""How often it is asked, after a failure, whether the project's file is still ours."""
_REST = 20
"""Times as long as the last backup took until the next begins: a huge project is not copied all the time."""


class BackupMaker(QObject):
    """For the main thread. A project in which nobody has done anything has no backup, and one that is as its newest backup no further."""

    failed = Signal(str)
    """The first that could not be made, and why; the others are tried all the same."""

    def __init__(self, project: Project, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project, self._jobs = project, jobs
        self._acts, self._not_before = 0, 0.0
        self._busy = self._told = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._begin)

    def start(self) -> None:
        """The first one, in a moment."""
        if not self._project.is_nothing:
            QTimer.singleShot(_SOON_MS, self, self._begin)

    def note(self, acts: int) -> None:
        """Readers did so much more."""
        self._acts += acts
        if self._acts >= EVERY and not self._busy and not self._rest.isActive():
            self._rest.start(max(0, round(1000 * (self._not_before - time.monotonic()))))

    def _begin(self) -> None:
        self._busy, self._acts, began = True, 0, time.monotonic()

        def made(_: Backup | None) -> None:
            self._busy, self._not_before = False, time.monotonic() + _REST * (time.monotonic() - began)
            self.note(0)  # what was done meanwhile may be enough already

        self._jobs.submit(self._job, done=made, failed=self._not_made, urgency=Urgency.LATER)

    def _job(self, task: TaskContext) -> Backup | None:
        try:
            return self._project.database.back_up(task.raise_if_cancelled)
        except EndoDeskError:
            for _ in range(_LOOKS):  # a look does not wait for who writes just now
                if self._project.database.lost:  # moved, exchanged or damaged by another program: the RecordGuard tells, with what to do
                    return None
                time.sleep(_LOOK_S)
            raise

    def _not_made(self, reason: str) -> None:
        self._busy = False
        if not self._told:
            self._told = True
            self.failed.emit(reason)
