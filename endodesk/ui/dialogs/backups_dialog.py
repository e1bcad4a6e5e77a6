"""File > Backups: what each holds, and one of them in the place of the present record."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.project.project import Project, restore_backup
from endodesk.app.project.work_words import backup_told
from endodesk.data.safety.backups import Backup, restorable
from endodesk.data.safety.glance import ReadersWork
from endodesk.domain.shown_text import visible_lines
from endodesk.system.task import TaskContext
from endodesk.ui.dialogs.questions import ask
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.theme import GRID_PX, text_label

_WIDTH_PX, _HEIGHT_PX = 640, 420
Listed = list[tuple[Backup, ReadersWork | None]]


class BackupsDialog(FittingDialog):
    """Lists them in the background. `open_again` closes the project, does what it is given, and opens the project again."""

    def __init__(
        self, project: Project, jobs: Jobs, open_again: Callable[[Callable[[], None]], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._project, self._open_again = project, open_again
        self._listed: Listed = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Backups"))
        words = tr(
            "EndoDesk copies the record of this project (labels, marks, notes, conclusions, answers; no pictures) when it is opened and "
            "after each hundred acts, and keeps ten copies. They lie in {folder}."
        )
        self.about = text_label(words.format(folder=project.folder / "backups"), wrap=True)
        self.restore_button = push_button(tr("&Restore ..."), self._ask, kind="main")
        self.restore_button.setEnabled(False)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Backups"))
        self.list.currentRowChanged.connect(lambda row: self.restore_button.setEnabled(row >= 0))
        self.close_button = push_button(tr("&Close"), self.close)
        buttons = fill(QHBoxLayout(), SPACE, self.restore_button, self.close_button)
        fill(QVBoxLayout(self.page), self.about, (self.list, 1), buttons, gap_px=GRID_PX)
        self.ask_for(_WIDTH_PX, _HEIGHT_PX)
        self._gone = False
        self._task = jobs.submit(self._list_job, done=self._show, failed=self._tell, urgency=Urgency.NOW)

    def done(self, result: int) -> None:
        """Closed before all was listed, it hears no more of that."""
        self._gone = True
        self._task.cancel()
        super().done(result)

    def _list_job(self, task: TaskContext) -> Listed:
        listed: Listed = []
        for backup in restorable(self._project.database.path):
            task.raise_if_cancelled()
            listed.append((backup, backup.work))
        return listed

    def _show(self, listed: Listed) -> None:
        if self._gone:
            return
        self._listed = listed
        for backup, work in listed:
            self.list.addItem(visible_lines(backup_told(backup, work)))
        if not listed:
            self._tell(tr("There is none yet: nobody has labelled anything, or the project was opened a moment ago."))

    def _tell(self, text: str) -> None:
        if not self._gone:
            self.about.setText(text)

    def _ask(self) -> None:
        backup, folder = self._listed[self.list.currentRow()][0], self._project.folder
        words = tr(
            "The project goes back to how it stood on {time}. The present record stays beside it ({file}), and what the backup lacks is "
            "offered once it is open."
        )
        text = words.format(time=f"{backup.at.astimezone():%Y-%m-%d %H:%M}", file="project.replaced.sqlite")
        ask(self, tr("Backups"), text, yes=tr("Restore"), then=lambda: self._open_again(lambda: restore_backup(folder, backup)))
