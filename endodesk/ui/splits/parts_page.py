"""The parts of a split: frames and groups of each class in train, validation and test."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from endodesk.app.language import marked, tr
from endodesk.app.retraining.splits import PartCount, SplitCheck
from endodesk.dataset.manifest import PARTS
from endodesk.domain.images import printable
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import GRID_PX, text_label

Index = QModelIndex | QPersistentModelIndex
_TITLES = (marked("Class"), marked("Train"), marked("Validation"), marked("Test"), marked("All"))
_MOST_WARNINGS = 6  # all of them could push the table out of the dialog


class PartsModel(QAbstractTableModel):
    """How many frames and groups each class has in each part: a line a class, and one for all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._counts: tuple[PartCount, ...] = ()

    def show_counts(self, counts: tuple[PartCount, ...]) -> None:
        """Put the counts of another check in the place of those before; the last line is for all classes."""
        self.beginResetModel()
        self._counts = counts
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of lines: the classes, and one for all of them."""
        return 0 if parent is not None and parent.isValid() else len(self._counts)

    def columnCount(self, parent: Index | None = None) -> int:
        """Number of columns: class, each part, and all parts together."""
        return 0 if parent is not None and parent.isValid() else len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles of the columns, above what they name."""
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 0:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return tr(_TITLES[section]) if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name of the class, or how many frames in how many groups it has in a part."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.FontRole and index.row() == len(self._counts) - 1:  # the line for all classes
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.DisplayRole:
            count = self._counts[index.row()]
            return _told(count, index.column()) if index.column() else printable(count.label)
        return None


def _told(count: PartCount, column: int) -> str:
    parts = PARTS if column > len(PARTS) else PARTS[column - 1 : column]
    frames, groups = (sum(numbers.get(part, 0) for part in parts) for numbers in (count.frames, count.groups))
    if not frames:
        return tr("none")
    told = tr("{frames:,} in 1 group") if groups == 1 else tr("{frames:,} in {groups:,} groups")
    return told.format(frames=frames, groups=groups)


class PartsPage(QWidget):
    """The table, and what there is to say of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PartsModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("Frames by class and part"))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setTabKeyNavigation(False)  # Tab leaves the table: nothing in it can be edited
        self.summary = text_label(
            tr("The frames are being read, each one once; then their groups and parts appear here."), "quiet", wrap=True
        )
        self._warnings = text_label("", "warning", wrap=True)
        self.setFocusProxy(self.table)
        fill(QVBoxLayout(self), self.summary, self._warnings, (self.table, 1), gap_px=GRID_PX)

    def show_check(self, check: SplitCheck) -> None:
        """Show the parts of a new check, with a sentence on what binds them and its first warnings."""
        self.model.show_counts(check.counts)
        self.summary.setText(_summary(check))
        more = [tr("... and {n} more.").format(n=len(check.warnings) - _MOST_WARNINGS)] if len(check.warnings) > _MOST_WARNINGS else []
        self._warnings.setVisible(bool(check.warnings))
        self._warnings.setText("\n".join([*check.warnings[:_MOST_WARNINGS], *more]))


def _summary(check: SplitCheck) -> str:
    whole = tr(
        "The next training of all classes would have n = {n:,} different frames in {groups:,} groups."
        " Near duplicates, frames of one case and frames that a reader joined are one group; a group stands in one part."
    )
    sentences = [whole.format(n=len(check.rows), groups=len({row.group for row in check.rows}))]
    if check.bound:
        bound = tr("{n:,} of them were in an earlier run: their part stands, and their group follows.")
        sentences.append(bound.format(n=check.bound))
    else:
        sentences.append(tr("No frame is bound by an earlier run yet: the first one will settle the parts."))
    if check.moved:
        one = tr("{n:,} left its part with its group, so an older model may know it.")
        many = tr("{n:,} left their part with their group, so an older model may know them.")
        sentences.append((one if check.moved == 1 else many).format(n=check.moved))
    return " ".join(sentences)
