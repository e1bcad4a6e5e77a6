"""The page on which a person looks at each frame before it goes out without names."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from endodesk.app.jobs import Jobs
from endodesk.app.language import marked, tr
from endodesk.app.records.deidentifying import FrameToApprove, approval_of, export_nameless, look_job
from endodesk.app.workspace import Workspace
from endodesk.dataset.deidentify.nameless_export import NamelessExport
from endodesk.domain.acts import PortableRecord
from endodesk.domain.images import printable
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.plain_text import tip_text
from endodesk.ui.widgets.theme import GRID_PX, text_label
from endodesk.ui.widgets.working_dialog import WorkingDialog

_WIDTH_PX, _HEIGHT_PX = 900, 640
_PICTURE_PX, _CARD = 240, QSize(280, 280)
_STOPPED = marked("Stopped. Nothing was written.")
_Index = QModelIndex | QPersistentModelIndex


class ApprovalModel(QAbstractListModel):
    """Frames with a tick each; without one a frame is held back. Pictures are decoded when they are painted."""

    ticked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames: Sequence[FrameToApprove] = ()
        self._held_back: set[int] = set()

    def show_frames(self, frames: Sequence[FrameToApprove]) -> None:
        """All of them, each ticked."""
        self.beginResetModel()
        self._frames, self._held_back = frames, set()
        self.endResetModel()
        self.ticked.emit()

    @property
    def approved(self) -> list[FrameToApprove]:
        """Those with a tick."""
        return [one for row, one in enumerate(self._frames) if row not in self._held_back]

    @property
    def held_back(self) -> int:
        """How many have none."""
        return len(self._held_back)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Number of frames; a frame has no rows of its own."""
        return 0 if parent is not None and parent.isValid() else len(self._frames)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Each can be chosen and ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Pseudonym, picture, tick, and as a tip where the frame itself lies."""
        one = self._frames[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return one.name
        if role == Qt.ItemDataRole.DecorationRole:
            picture = QPixmap()
            picture.loadFromData(one.jpeg)
            return picture
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Unchecked if index.row() in self._held_back else Qt.CheckState.Checked
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(printable(one.file))
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick a frame, or hold it back."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        # Qt gives a number from a click and the state itself from code
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._held_back.discard(index.row())
        else:
            self._held_back.add(index.row())
        self.dataChanged.emit(index, index)
        self.ticked.emit()
        return True


class ApprovalDialog(WorkingDialog):
    """Makes the frames, shows them, and exports those that are ticked."""

    def __init__(
        self, workspace: Workspace, jobs: Jobs, record: PortableRecord, key: str, out: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, marked("&Approve and export"), self._export, parent)
        self._workspace, self._record, self._key, self._out = workspace, record, key, out
        self.setWindowTitle(tr("Approve each frame"))
        self.frames = ApprovalModel(self)
        self.count = text_label("", "quiet")
        self.frames.ticked.connect(self._tell)
        words = tr(
            "So these frames would go out. Look at each of them: take the tick off where a name, a date or a number can still be read, or "
            "cover it first with a box (Label > Correct the box)."
        )
        fill(
            QVBoxLayout(self.page),
            text_label(words, wrap=True),
            (self._make_list(), 1),
            self.count,
            self.told,
            self.buttons,
            gap_px=GRID_PX,
        )
        self.ask_for(_WIDTH_PX, _HEIGHT_PX)
        project = workspace.project
        self.begin(tr("Masking"), lambda task: look_job(project, record, task), self.frames.show_frames, stopped=_STOPPED)

    def _make_list(self) -> QListView:
        view = QListView()
        view.setAccessibleName(tr("Frames to approve"))
        view.setModel(self.frames)
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setMovement(QListView.Movement.Static)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setIconSize(QSize(_PICTURE_PX, _PICTURE_PX))
        view.setGridSize(_CARD)
        return view

    def _tell(self) -> None:
        approved = len(self.frames.approved)
        self.count.setText(tr("{n:,} frames go out, {m:,} are held back.").format(n=approved, m=self.frames.held_back))
        self.main_button.setEnabled(approved > 0 and not self.working)

    def _export(self) -> None:
        project, record, key, out = self._workspace.project, self._record, self._key, self._out
        frames, held_back = self.frames.approved, self.frames.held_back
        self.begin(
            tr("Exporting"),
            lambda task: export_nameless(project, record, key, out, approval_of(frames, held_back), task),
            self._exported,
            stopped=_STOPPED,
        )

    def _exported(self, done: NamelessExport) -> None:
        words = tr("{frames:,} frames and {acts:,} acts exported without names to {out}, with a certificate")
        self._workspace.message.emit(words.format(frames=done.frames, acts=done.acts, out=self._out))
        self.accept()
