"""What is kept of frames on this PC, each kind with its size, and what is lost by clearing it."""

from collections.abc import Callable, Collection
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.project.stored_pictures import KINDS, StoredKind, StoredSize, clear_stored, measure_stored, shown_size
from endodesk.system.task import Progress, TaskContext
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.long_work import LongWork
from endodesk.ui.widgets.theme import GRID_PX, text_label

_WIDTH_PX, _HEIGHT_PX = 620, 540
T = TypeVar("T")


class StoredPicturesDialog(FittingDialog):
    """Clears what is ticked, in the background; `cleared` is called with the keys of the kinds that are gone."""

    def __init__(self, project: Project, jobs: Jobs, cleared: Callable[[Collection[str]], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project, self._jobs, self._cleared = project, jobs, cleared
        self._task: TaskContext | None = None
        self._leaves = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Clear stored pictures"))
        self.boxes: dict[str, QCheckBox] = {}
        self.sizes = {kind.key: text_label("...", "quiet") for kind in KINDS}
        self.told = text_label("", wrap=True)
        self.work = LongWork()
        self.clear_button = push_button(tr("C&lear"), self._clear, kind="main")
        self.cancel_button = push_button(tr("&Cancel"), self.reject)
        words = tr("Of the frames of this project, this PC keeps what is listed here. Labels, models and your images are not touched.")
        rows = [piece for kind in KINDS for piece in self._row(kind)]
        buttons = fill(QHBoxLayout(), self.work, SPACE, self.clear_button, self.cancel_button)
        fill(QVBoxLayout(self.page), text_label(words, wrap=True), *rows, SPACE, self.told, buttons, gap_px=GRID_PX)
        self.ask_for(_WIDTH_PX, _HEIGHT_PX)
        self._measure()

    def _row(self, kind: StoredKind) -> tuple[QHBoxLayout, QWidget]:
        box = self.boxes[kind.key] = QCheckBox(tr(kind.title))
        box.setChecked(kind.made_again)
        box.setAccessibleDescription(tr(kind.told))
        told = text_label(tr(kind.told), "quiet", wrap=True)
        told.setContentsMargins(3 * GRID_PX, 0, 0, GRID_PX)
        return fill(QHBoxLayout(), box, SPACE, self.sizes[kind.key]), told

    # --- the work ---------------------------------------------------------------------------------------------------

    def _measure(self) -> None:
        folder = self._project.folder
        self._begin(lambda task: measure_stored(folder, task), self._measured)

    def _measured(self, sizes: dict[str, StoredSize]) -> None:
        for key, size in sizes.items():
            self.sizes[key].setText(shown_size(size))

    def _clear(self) -> None:
        keys, folder = frozenset(key for key, box in self.boxes.items() if box.isChecked()), self._project.folder
        self._begin(lambda task: clear_stored(folder, keys, task), lambda size: self._are_cleared(keys, size))

    def _are_cleared(self, keys: Collection[str], size: StoredSize) -> None:
        self.told.setText(tr("Cleared: {size}.").format(size=shown_size(size)))
        self._cleared(keys)
        self._measure()

    def _begin(self, work: Callable[[TaskContext], T], done: Callable[[T], None]) -> None:
        self.clear_button.setEnabled(False)
        self._task = self._jobs.submit(
            work,
            done=lambda found: self._ended(lambda: done(found)),
            failed=lambda reason: self._ended(lambda: self._failed(reason)),
            cancelled=lambda: self._ended(lambda: self.told.setText(tr("Stopped. What was cleared until then is gone."))),
            progress=self._progress,
            urgency=Urgency.NOW,
        )

    def _failed(self, reason: str) -> None:
        self.told.setText(reason)
        self._measure()

    def _progress(self, progress: Progress) -> None:
        self.work.tell(tr("Clearing"), progress)

    def _ended(self, then: Callable[[], None]) -> None:
        self._task = None
        self.work.tell("", None)
        self.clear_button.setEnabled(True)
        if self._leaves:
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
