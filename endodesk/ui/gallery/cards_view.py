"""CardsView: cards and headers laid out by arithmetic. QListView asks every card for its size once one differs; this view asks none."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from endodesk.ui.gallery.layout import CardLayout
from endodesk.ui.widgets.plain_text import draw_text

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = Qt.ItemDataRole.UserRole
"""The number that stands for an item: below 0 for a header."""


# Why: docs/decisions/ui.md 1
class CardsView(QAbstractItemView):
    """Shows a list model whose `items` are numbers, below 0 for headers. Painting is the delegate's."""

    header_clicked = Signal(int)
    """The place of a header that was clicked, counted as rows of the model are."""
    on_screen = Signal(object)
    """The range of places that are in sight, each time it is another one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card, self._header_px = QSize(100, 100), 28
        self._layout: CardLayout | None = None  # None: to be worked out when it is next asked for
        self._painted = range(0)
        self._anchor, self._extends = QPersistentModelIndex(), False
        """Where a selection with Shift begins, and whether one is going on. Qt loses its own when the open frame changes meanwhile."""
        self.empty_text = ""
        """What stands on the empty view where the model has no item."""
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else its coming would lay out everything anew

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Takes a model as Qt does, and lays out anew whenever its rows change."""
        super().setModel(model)
        if model is not None:
            for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.layoutChanged):
                signal.connect(self.lay_out)
        self.lay_out()

    def set_cards(self, card: QSize, header_px: int) -> None:
        """The least width and the height of a card, and the height of a header, in pixels."""
        if (card, header_px) != (self._card, self._header_px):
            self._card, self._header_px = card, header_px
            self.lay_out()

    def lay_out(self) -> None:
        """Forget where everything stands; it is worked out when it is next asked for."""
        self._layout = None
        self.updateGeometries()
        self.viewport().update()

    @property
    def cards(self) -> CardLayout:
        """Where every card and header stands, in pixels from the top left of the whole gallery."""
        if self._layout is None:
            # numbers from the model in one array: asking it row by row would take Python 100,000 calls
            items = getattr(self.model(), "items", np.empty(0, np.int32))
            card = (self._card.width(), self._card.height())
            self._layout = CardLayout.of(items, width=max(1, self.viewport().width()), card=card, header_px=self._header_px)
        return self._layout

    @property
    def visible(self) -> range:
        """Places of the items on screen, from the top."""
        top = self.verticalOffset()
        return self.cards.between(top, top + self.viewport().height() - 1)

    # --- what Qt asks a view ------------------------------------------------------------------------------------------

    def visualRect(self, index: Index) -> QRect:
        """Where an item stands on the viewport; empty for one that is not there."""
        if not index.isValid() or index.row() >= self.cards.n:
            return QRect()
        left, top, width, height = self.cards.box(index.row())
        return QRect(left, top - self.verticalOffset(), width, height)

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The item at a point of the viewport; an invalid index where there is none."""
        place = self.cards.at(point.x(), point.y() + self.verticalOffset())
        return self.model().index(place, 0) if place >= 0 else QModelIndex()

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible) -> None:
        """Scrolls as little as needed, or puts the item into the middle if Qt asks for that."""
        box = self.visualRect(index)
        if not index.isValid() or box.isNull():
            return
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + box.center().y() - self.viewport().height() // 2)
        else:
            self._bring(box)

    # Why: docs/decisions/ui.md 5
    def scroll_to_neighbours(self, index: Index) -> None:
        """Scroll as little as needed to show the lines before and after an item as well, where there is room."""
        if not index.isValid() or index.row() >= self.cards.n:
            return
        places = (index.row(), self.cards.above(index.row()), self.cards.below(index.row()))
        boxes = [self.visualRect(self.model().index(place, 0)) for place in places]
        around = boxes[0].united(boxes[1]).united(boxes[2])
        self._bring(around if around.height() <= self.viewport().height() else boxes[0])

    def _bring(self, box: QRect) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if box.top() < 0:
            bar.setValue(bar.value() + box.top())
        elif box.bottom() >= height:
            bar.setValue(bar.value() + min(box.bottom() - height + 1, box.top()))

    def moveCursor(self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The card that a key goes to; headers are passed over."""
        act = QAbstractItemView.CursorAction
        cards, model, now = self.cards, self.model(), self.currentIndex().row()
        if not len(self._frames()):  # headers alone: there is nothing to go to
            return QModelIndex()
        if now < 0 or action in (act.MoveHome, act.MoveEnd):
            return model.index(int(self._frames()[-1 if action == act.MoveEnd else 0]), 0)
        lines = max(1, self.viewport().height() // cards.card_px - 1)  # a line of the page before stays in sight
        for _ in range(lines if action in (act.MovePageUp, act.MovePageDown) else 1):
            if action in (act.MoveUp, act.MovePageUp):
                now = cards.above(now)
            elif action in (act.MoveDown, act.MovePageDown):
                now = cards.below(now)
            else:
                frames = self._frames()
                step = 1 if action in (act.MoveRight, act.MoveNext) else -1
                now = int(frames[min(max(int(np.searchsorted(frames, now)) + step, 0), len(frames) - 1)])
        return model.index(now, 0)

    def _frames(self) -> Any:
        return np.flatnonzero(getattr(self.model(), "items", np.empty(0, np.int32)) >= 0)

    def horizontalOffset(self) -> int:
        """Always 0: cards share the width, so nothing is ever beside the viewport."""
        return 0

    def verticalOffset(self) -> int:
        """How many pixels of the gallery lie above the viewport: the scroll bar counts pixels, not rows."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:
        """Never: what is hidden is not in the model."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """A band selects the cards that it touches; a click with Shift all from one card to another."""
        if self.state() == QAbstractItemView.State.DragSelectingState:
            self.selectionModel().select(self._touched(rect.normalized()), command)
            return
        # Qt begins at the current item, which may have changed meanwhile: see _anchor
        extends = command & QItemSelectionModel.SelectionFlag.Current and self._anchor.isValid()
        start = self.model().index(self._anchor.row(), 0) if extends else self.indexAt(rect.topLeft())
        ends = [start, self.indexAt(rect.bottomRight())]
        if all(end.isValid() for end in ends):
            low, high = sorted(ends, key=lambda end: end.row())
            self.selectionModel().select(QItemSelection(low, high), command)
        elif command & QItemSelectionModel.SelectionFlag.Clear:
            self.selectionModel().select(QItemSelection(), command)

    def _touched(self, band: QRect) -> QItemSelection:
        top = self.verticalOffset()
        places = self.cards.between(band.top() + top, band.bottom() + top)
        boxes = ((place, self.cards.box(place)) for place in places)
        return self.selection_of([place for place, (left, _, width, _) in boxes if left <= band.right() and left + width > band.left()])

    def selection_of(self, places: Sequence[int]) -> QItemSelection:
        """A selection of ascending places: neighbours become one part of it, which Qt goes through faster."""
        selection, model = QItemSelection(), self.model()
        for run in np.split(np.asarray(places), np.flatnonzero(np.diff(places) != 1) + 1) if len(places) else []:
            selection.select(model.index(int(run[0]), 0), model.index(int(run[-1]), 0))
        return selection

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What must be painted again when the selection changes: what of it is on screen."""
        region, visible = QRegion(), self.visible
        for part in selection.toList():
            for place in range(max(part.top(), visible.start), min(part.bottom() + 1, visible.stop)):
                region += self.visualRect(self.model().index(place, 0))
        return region

    def dataChanged(self, top_left: Index, bottom_right: Index, _roles: Sequence[int] = ()) -> None:
        """Paint again what of it is on screen. Qt's own asks for the place of every item between, be it 100,000."""
        visible = self.visible
        for place in range(max(top_left.row(), visible.start), min(bottom_right.row() + 1, visible.stop)):
            self.viewport().update(self.visualRect(self.model().index(place, 0)))

    # --- size and scrolling -------------------------------------------------------------------------------------------

    def updateGeometries(self) -> None:
        """Sets the range and the steps of the scroll bar, in pixels."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self.cards.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(16, self._card.height() // 3))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays the cards out anew; the open one stays in sight if it was."""
        top = next(iter(self.visible), -1)
        super().resizeEvent(event)
        self.lay_out()
        current = self.currentIndex()
        if current.isValid() and current.row() in range(top, top + 200):  # one that was far away must not pull the gallery to it
            self.scrollTo(current)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Moves what is painted; only what comes into sight is painted."""
        self.viewport().scroll(dx, dy)

    # --- painting and clicking ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the cards that reach into what must be painted, and tells which are in sight now."""
        painter = QPainter(self.viewport())
        try:
            self._paint(painter, event.rect())
        finally:
            painter.end()  # a painter that outlives its event, as it does when an error keeps it, ends the program
        if (visible := self.visible) != self._painted:  # told once, not at each repaint: jobs are begun and cancelled by it
            self._painted = visible
            self.on_screen.emit(visible)

    def _paint(self, painter: QPainter, area: QRect) -> None:
        if not self.cards.n and self.empty_text:
            room = self.viewport().rect().adjusted(16, 24, -16, -16)
            draw_text(painter, room, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self.empty_text)
        top, model = self.verticalOffset(), self.model()
        option, delegate, chosen = QStyleOptionViewItem(), self.itemDelegate(), self.selectionModel()
        self.initViewItemOption(option)
        # Qt gives the focus to the view: here only the open card shows it
        plain, current = option.state & ~QStyle.StateFlag.State_HasFocus, self.currentIndex().row()
        for place in self.cards.between(area.top() + top, area.bottom() + top):
            index = model.index(place, 0)
            left, upper, width, height = self.cards.box(place)
            option.rect = QRect(left, upper - top, width, height)
            option.state = plain
            if chosen.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if place == current:
                option.state |= QStyle.StateFlag.State_HasFocus
            delegate.paint(painter, option, index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes a click on a header to fold its case; a click on a card is left to Qt."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.data(ITEM_ROLE) < 0:
            if event.button() == Qt.MouseButton.LeftButton:
                self.header_clicked.emit(index.row())
            return
        self._extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mousePressEvent(event)
        self._extends = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Notes whether Shift extends a selection; all else is Qt's."""
        self._extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().keyPressEvent(event)
        self._extends = False

    # Why: docs/decisions/ui.md 4
    def keyboardSearch(self, _typed: str) -> None:
        """Nothing: a key beside that of a class must not carry the reader off to some file whose name begins with it."""

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Moves the place where the next selection with Shift begins, unless one is going on."""
        if not self._extends:
            self._anchor = QPersistentModelIndex(current)
        super().currentChanged(current, previous)
