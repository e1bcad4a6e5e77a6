"""The table of the matrix: a row a class of the one side, a column a class of the other, and what they come to."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from endodesk.app.language import tr
from endodesk.domain.images import printable
from endodesk.ui.widgets.plain_text import tip_text
from endodesk.ui.widgets.theme import NEWS, colours

Index = QModelIndex | QPersistentModelIndex
_LEAST_PX, _MOST_PX = 96, 220


def both_told(sides: tuple[str, str], names: tuple[str | None, str | None]) -> list[str]:
    """Who says what, of a cell; a side that may say anything is left out."""
    told = tr("{side}: {label}")
    return [told.format(side=side, label=printable(name)) for side, name in zip(sides, names, strict=True) if name is not None]


class MatrixModel(QAbstractTableModel):
    """Counts, each with its share of the row; the last row and the last column are sums."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        """Of the rows and of the columns."""
        self._sides = ("", "")
        self._counts: NDArray[np.int64] = np.zeros((1, 1), np.int64)

    def show_counts(self, classes: tuple[tuple[str, ...], tuple[str, ...]], counts: NDArray[np.int64], sides: tuple[str, str]) -> None:
        """R and C classes and R x C counts; `sides` are the words for who says the rows and the columns."""
        whole = np.zeros((len(classes[0]) + 1, len(classes[1]) + 1), np.int64)
        whole[:-1, :-1] = counts
        whole[-1, :-1], whole[:-1, -1], whole[-1, -1] = counts.sum(axis=0), counts.sum(axis=1), counts.sum()
        same = classes == self.classes
        if not same:
            self.beginResetModel()
        self.classes, self._counts, self._sides = classes, whole, sides
        if not same:
            self.endResetModel()
        elif self.rowCount():  # what is chosen, and where it is scrolled to, stays
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def place(self, index: Index) -> tuple[str | None, str | None]:
        """The classes of a cell; None in the row or column of sums."""
        return self._name(0, index.row()), self._name(1, index.column())

    def _name(self, side: int, place: int) -> str | None:
        return self.classes[side][place] if place < len(self.classes[side]) else None

    def count(self, index: Index) -> int:
        """How many stand in a cell."""
        return int(self._counts[index.row(), index.column()])

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows: the classes that the one side says, and one for all; none where nothing is said."""
        return 0 if (parent is not None and parent.isValid()) or not self.classes[0] else len(self.classes[0]) + 1

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns: the classes that the other side says, and one for all."""
        return 0 if (parent is not None and parent.isValid()) or not self.classes[1] else len(self.classes[1]) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Classes, as each side says them."""
        of_columns = orientation is Qt.Orientation.Horizontal
        name, side = self._name(of_columns, section), self._sides[of_columns]
        if role == Qt.ItemDataRole.DisplayRole:
            return tr("All") if name is None else printable(name)
        if role == Qt.ItemDataRole.ToolTipRole and name is not None:
            return tip_text(tr("{side}: {label}").format(side=side, label=name))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A count with its share of the row; what it means; a ground by the share."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            n, share = self.count(index), self._share(index)
            if share is None or not n:
                return f"{n:,}"
            return f"{n:,}   {100 * share:.0f} %" if share >= 0.005 else f"{n:,}   <1 %"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            told = self._told(index)
            return tip_text(told) if role == Qt.ItemDataRole.ToolTipRole else told
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._ground(index)
        if role == Qt.ItemDataRole.ForegroundRole and not self.count(index):
            return QColor(colours().quiet)
        names = self.place(index)
        if role == Qt.ItemDataRole.FontRole and names[0] is not None and names[0] == names[1]:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _share(self, index: Index) -> float | None:
        """Of its row; None for the sum of a row, and where there is nothing in it."""
        whole = int(self._counts[index.row(), -1])
        return self.count(index) / whole if whole and self.place(index)[1] is not None else None

    def _told(self, index: Index) -> str:
        return ", ".join([*both_told(self._sides, self.place(index)), f"{self.count(index):,}"])

    def _ground(self, index: Index) -> QColor | None:
        share = self._share(index)
        if not share or self.place(index)[0] is None:
            return None
        low, high = QColor(colours().panel), QColor(colours().chosen)
        ends = ((low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue()))
        return QColor(*(round(a + share * (b - a)) for a, b in ends))


class MatrixTable(QTableView):
    """A click on a cell, or Enter, asks for its frames."""

    cell_chosen = Signal(object)
    """The QModelIndex of the cell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts = MatrixModel(self)
        self.setModel(self.counts)
        self.setAccessibleName(tr("Matrix of what is said"))
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)  # its ground would pass for a high share
        self.setTabKeyNavigation(False)  # Tab leaves the table: nothing in it can be edited
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionsClickable(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setMinimumSectionSize(_LEAST_PX)
        self.horizontalHeader().setMaximumSectionSize(_MOST_PX)
        self.verticalHeader().setMaximumWidth(_MOST_PX)
        self.clicked.connect(lambda index: self.cell_chosen.emit(index))
        NEWS.changed.connect(self.viewport().update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a click on the current cell; all other keys are Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.cell_chosen.emit(self.currentIndex())
            event.accept()
        else:
            super().keyPressEvent(event)
