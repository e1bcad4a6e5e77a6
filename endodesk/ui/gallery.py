"""The gallery: all frames of the folder as thumbnails. Rows at once, pixels when they come on screen."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from endodesk.app.session import Session
from endodesk.ui.theme import ACCENT, GRID_PX, LINE, PANEL, QUIET, RAISED, TEXT, WARNING, class_colour, text_label

Index = QModelIndex | QPersistentModelIndex
LABEL_ROLE, CORRECTED_ROLE, REASON_ROLE = (Qt.ItemDataRole.UserRole + n for n in (1, 2, 3))
_CARD = QSize(146, 136)
_PICTURE_HEIGHT = 100


class GalleryModel(QAbstractListModel):
    """The session's frames as a list model. A thumbnail is asked for when it is first painted."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.frames_listed.connect(self._relisted)
        session.rows_changed.connect(self._rows_changed)

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of frames."""
        return 0 if parent is not None and parent.isValid() else len(self._session.frames)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, thumbnail (QImage, or None while it is on its way), label, and the reason where there is no picture."""
        if not index.isValid() or index.row() >= len(self._session.frames):
            return None
        entry = self._session.frames[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.path.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{entry.name}\n{entry.unreadable}" if entry.unreadable else entry.name
        if role == Qt.ItemDataRole.DecorationRole and not entry.unreadable:
            picture = self._session.thumbnails.get(entry.path)
            return picture if isinstance(picture, QImage) else None
        if role == REASON_ROLE:
            picture = "" if entry.unreadable else self._session.thumbnails.get(entry.path)
            return entry.unreadable or (picture if isinstance(picture, str) else "")
        if role in (LABEL_ROLE, CORRECTED_ROLE):
            label = self._session.label_of(index.row())
            return None if label is None else (label.name if role == LABEL_ROLE else label.correction is not None)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            label = self._session.label_of(index.row())
            return f"{entry.path.name}, {label.name if label else 'no label'}"
        return None

    def _relisted(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _rows_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first), self.index(last))


class _Card(QStyledItemDelegate):
    """Paints a thumbnail with its name, and its label as a coloured corner with a letter."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All cards are of one size: the list lays out 100,000 of them without asking each."""
        return _CARD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One card."""
        painter.save()
        card = option.rect.adjusted(3, 3, -3, -3)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(card, QColor(RAISED if chosen else PANEL))
        place = QRect(card.left() + 4, card.top() + 4, card.width() - 8, _PICTURE_HEIGHT)
        self._paint_picture(painter, place, index)
        self._paint_name(painter, card, index)
        self._paint_label(painter, place, index)
        painter.setPen(QPen(QColor(ACCENT), 2) if chosen else QPen(QColor(LINE), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(card)
        painter.restore()

    def _paint_picture(self, painter: QPainter, place: QRect, index: Index) -> None:
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QImage):
            size = picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(0, 0, size.width(), size.height())
            target.moveCenter(place.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, picture)
            return
        painter.fillRect(place, QColor("#101214"))
        reason = index.data(REASON_ROLE)
        painter.setPen(QColor(WARNING if reason else QUIET))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place.adjusted(4, 4, -4, -4), flags, "cannot be read" if reason else "...")

    def _paint_name(self, painter: QPainter, card: QRect, index: Index) -> None:
        place = QRect(card.left() + 4, card.top() + 4 + _PICTURE_HEIGHT, card.width() - 8, card.height() - _PICTURE_HEIGHT - 6)
        painter.setPen(QColor(TEXT))
        name = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)

    def _paint_label(self, painter: QPainter, place: QRect, index: Index) -> None:
        label = index.data(LABEL_ROLE)
        if label is None:
            return
        colour, letters = class_colour(self._session.label_set, label), self._session.label_set.letters_of(label)
        width = max(30, painter.fontMetrics().horizontalAdvance(letters) + 14)
        corner = QRect(place.right() - width + 1, place.top(), width, 20)
        if index.data(CORRECTED_ROLE):  # the reader's own: filled; the folder's: outlined
            painter.fillRect(corner, colour)
            painter.setPen(QColor("#101214"))
        else:
            painter.fillRect(corner, QColor("#101214"))
            painter.setPen(colour)
            painter.drawRect(corner.adjusted(0, 0, -1, -1))
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, letters)


class Gallery(QWidget):
    """The panel on the left."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = GalleryModel(session, self)
        self.view = _list_view(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Card(session, self))
        self._count = text_label("", "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID_PX, GRID_PX, 0, GRID_PX)
        layout.addWidget(self._count)
        layout.addWidget(self.view)
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        session.frame_chosen.connect(self._show_chosen)
        session.frames_listed.connect(self._tell_count)
        session.rows_changed.connect(self._tell_count)
        self._tell_count()

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._session.choose(current.row())

    def _show_chosen(self, row: int) -> None:
        index = self.model.index(row)
        if self.view.currentIndex() != index:
            self.view.setCurrentIndex(index)
        self.view.scrollTo(index)

    def selected_rows(self) -> list[int]:
        """Rows of the cards that are selected, in order."""
        return sorted(index.row() for index in self.view.selectionModel().selectedIndexes())

    def _tell_count(self, _first: int = 0, _last: int = 0) -> None:
        n, read = len(self._session.frames), len(self._session.reviews)
        self._count.setText(f"{n:,} frames, {read:,} corrected by a reader" if n else "No frames yet")


def _list_view(parent: QWidget) -> QListView:
    view = QListView(parent)
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setMovement(QListView.Movement.Static)
    view.setUniformItemSizes(True)
    view.setLayoutMode(QListView.LayoutMode.SinglePass)  # 0.1 s for 100,000; in batches one could not scroll to the frame left last
    view.setSpacing(0)
    view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setAccessibleName("Frames")
    return view
