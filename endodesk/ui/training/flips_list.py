"""Frames that one of two models has right and the other has not, as cards that open them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.domain.images import printable
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.picture_list import PictureList
from endodesk.ui.widgets.plain_text import tip_text
from endodesk.ui.widgets.theme import text_label

if TYPE_CHECKING:
    from training.evaluation.paired_comparison import Flip

_PICTURE_PX, _CARD_PX = 72, QSize(260, 84)


class FlipsModel(QAbstractListModel):
    """Broken frames first: they are what speaks against the new model."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.flips: list[Flip] = []

    def show_flips(self, flips: "tuple[Flip, ...]") -> None:
        """Put these in the place of those before."""
        self.beginResetModel()
        self.flips = sorted(flips, key=lambda flip: (flip.mended, flip.label, flip.file))
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """How many cards there are."""
        return 0 if parent is not None and parent.isValid() else len(self.flips)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What it is labelled and what both models say, with its thumbnail (None while that is on its way)."""
        flip = self.flips[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _told(flip)
        if role == Qt.ItemDataRole.DecorationRole:
            picture = self._thumbnails.get(Path(flip.file))
            if isinstance(picture, QImage):
                size = QSize(_PICTURE_PX, _PICTURE_PX)
                return picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            return None
        if role == Qt.ItemDataRole.SizeHintRole:
            return _CARD_PX
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(printable(flip.file))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{printable(Path(flip.file).name)}: {_told(flip)}"
        return None


class FlipsList(QWidget):
    """The cards under a heading; hidden where both models have the same frames right."""

    def __init__(self, workspace: Workspace, thumbnails: Thumbnails, open_row: Callable[[int], None]) -> None:
        super().__init__()
        self._workspace, self._open_row = workspace, open_row
        self.model = FlipsModel(thumbnails, self)
        self.view = PictureList(workspace, tr("Frames mended and broken"))
        self.view.setModel(self.model)
        self.view.setFlow(QListView.Flow.LeftToRight)
        self.view.setWrapping(True)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMinimumHeight(_CARD_PX.height() + 8)
        self.view.opening.connect(self._open)
        workspace.thumbnail_arrived.connect(lambda _row: self.view.viewport().update())
        self.told = text_label("", "quiet", wrap=True)
        fill(QVBoxLayout(self), text_label(tr("Frames mended and broken"), "heading"), self.told, (self.view, 1), edge_px=0)

    def show_flips(self, flips: "tuple[Flip, ...]") -> None:
        """Show these frames."""
        self.model.show_flips(flips)
        self.setVisible(bool(flips))
        self.told.setText(tr("A double click opens the frame in the main window: its label may be what is wrong."))

    def _open(self) -> None:
        index = self.view.currentIndex()
        if not index.isValid():
            return
        path = Path(self.model.flips[index.row()].file)
        row = self._workspace.frames.row_of(path)
        if row is None:
            self.told.setText(tr("{frame} is not in the folder that is open.").format(frame=path.name))
            return
        self._open_row(row)
        self.told.setText(tr("{frame} is open in the main window.").format(frame=path.name))


def _told(flip: "Flip") -> str:
    head = tr("mended: {label}") if flip.mended else tr("broken: {label}")
    said = tr("new model: {new}\nbefore: {old}").format(new=printable(flip.new), old=printable(flip.old))
    return f"{head.format(label=printable(flip.label))}\n{said}"
