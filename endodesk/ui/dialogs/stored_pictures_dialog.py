"""What is kept of frames on this PC, each kind with its size, and what is lost by clearing it."""

from collections.abc import Callable, Collection

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from endodesk.app.jobs import Jobs
from endodesk.app.language import marked, tr
from endodesk.app.project.project import Project
from endodesk.app.project.stored_pictures import KINDS, StoredKind, StoredSize, clear_stored, measure_stored, shown_size
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.theme import GRID_PX, text_label
from endodesk.ui.widgets.working_dialog import WorkingDialog

_WIDTH_PX, _HEIGHT_PX = 620, 540
_STOPPED = marked("Stopped. What was cleared until then is gone.")


class StoredPicturesDialog(WorkingDialog):
    """Clears what is ticked, in the background; `cleared` is called with the keys of the kinds that are gone."""

    def __init__(self, project: Project, jobs: Jobs, cleared: Callable[[Collection[str]], None], parent: QWidget | None = None) -> None:
        super().__init__(jobs, marked("C&lear"), self._clear, parent)
        self._project, self._cleared = project, cleared
        self.setWindowTitle(tr("Clear stored pictures"))
        self.boxes: dict[str, QCheckBox] = {}
        self.sizes = {kind.key: text_label("...", "quiet") for kind in KINDS}
        words = tr("Of the frames of this project, this PC keeps what is listed here. Labels, models and your images are not touched.")
        rows = [piece for kind in KINDS for piece in self._row(kind)]
        fill(QVBoxLayout(self.page), text_label(words, wrap=True), *rows, SPACE, self.told, self.buttons, gap_px=GRID_PX)
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
        self.begin(tr("Clearing"), lambda task: measure_stored(folder, task), self._measured, stopped=_STOPPED)

    def _measured(self, sizes: dict[str, StoredSize]) -> None:
        for key, size in sizes.items():
            self.sizes[key].setText(shown_size(size))

    def _clear(self) -> None:
        keys, folder = frozenset(key for key, box in self.boxes.items() if box.isChecked()), self._project.folder
        self.begin(
            tr("Clearing"),
            lambda task: clear_stored(folder, keys, task),
            lambda size: self._are_cleared(keys, size),
            failed=self._failed,
            stopped=_STOPPED,
        )

    def _are_cleared(self, keys: Collection[str], size: StoredSize) -> None:
        self.told.setText(tr("Cleared: {size}.").format(size=shown_size(size)))
        self._cleared(keys)
        self._measure()

    def _failed(self, reason: str) -> None:
        self.told.setText(reason)
        self._measure()
