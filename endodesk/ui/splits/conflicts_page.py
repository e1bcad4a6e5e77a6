"""Label conflicts: groups whose frames carry different labels, side by side."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.language import tr
from endodesk.app.retraining.splits import SplitCheck
from endodesk.app.workspace import Workspace
from endodesk.ui.splits.list_models import ConflictModel, FrameModel
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.picture_list import LIST_PX, PictureList
from endodesk.ui.widgets.theme import GRID_PX, text_label


class ConflictsPage(QWidget):
    """Groups on the left, the frames of the chosen one on the right."""

    frame_wanted = Signal(object)
    """The path of a frame to open."""

    def __init__(self, workspace: Workspace, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check: SplitCheck | None = None
        self.model, self.frames = ConflictModel(self), FrameModel(thumbnails, self)
        self.list, self.view = QListView(), PictureList(workspace, tr("Frames of the group"))
        self.list.setModel(self.model)
        self.list.setFixedWidth(LIST_PX)
        self.list.setWordWrap(True)
        self.list.setSpacing(4)
        self.list.setAccessibleName(tr("Groups with different labels"))
        self.view.setModel(self.frames)
        self.view.setViewMode(QListView.ViewMode.IconMode)
        self.view.setIconSize(QSize(192, 192))
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMovement(QListView.Movement.Static)  # Qt lets icons be dragged about otherwise
        self.message = text_label("", "quiet", wrap=True)
        self._body = QWidget()
        fill(QHBoxLayout(self._body), self.list, (self.view, 1), edge_px=0, gap_px=GRID_PX)
        self.setFocusProxy(self.list)  # the keyboard given to the page goes to its list
        fill(QVBoxLayout(self), self.message, (self._body, 1), SPACE, gap_px=GRID_PX)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_current())
        self.view.opening.connect(self._open)

    def show_check(self, check: SplitCheck) -> None:
        """Show the conflicts of a new check; the place in the list is kept as far as there is one."""
        row = max(0, self.list.currentIndex().row())
        self._check = check
        self.model.show_groups(check.conflicts)
        n = len(check.conflicts)
        self.message.setText(
            _told(n) if n else tr("No conflicts: all frames of a group carry one label (n = {n:,} frames).").format(n=len(check.rows))
        )
        self._body.setVisible(bool(n))
        if n:
            self.list.setCurrentIndex(self.model.index(min(row, n - 1)))  # the next conflict takes the place of one that was mended
        self._show_current()

    def _show_current(self) -> None:
        if self._check:
            self.frames.show_rows(self._check, self.model.group(self.list.currentIndex().row()))

    def _open(self) -> None:
        if self.view.currentIndex().isValid():
            self.frame_wanted.emit(self.frames.frame(self.view.currentIndex().row()).file)


def _told(groups: int) -> str:
    one = tr(
        "{n:,} group carries different labels; a group stands in one part whatever its labels."
        " Open a frame (double click, or Enter) to give it another one."
    )
    many = tr(
        "{n:,} groups carry different labels; a group stands in one part whatever its labels."
        " Open a frame (double click, or Enter) to give it another one."
    )
    return (one if groups == 1 else many).format(n=groups)
