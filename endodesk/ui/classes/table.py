"""Classes as a table that can be edited: name, key, colour, other names, in the order of keys and columns."""

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from endodesk.app.language import marked, tr
from endodesk.domain.errors import BadRequest
from endodesk.domain.label_set import CLASS_KEYS, COLOURS, LabelClass, LabelSet
from endodesk.domain.shown_text import visible
from endodesk.ui.widgets.plain_text import tip_text

Index = QModelIndex | QPersistentModelIndex
NAME, KEY, COLOUR, ALIASES = range(4)
_HEADINGS = (marked("Class"), marked("Key"), marked("Colour"), marked("Other names"))
_TIPS = (
    marked("Another name for a class keeps its labels. Class folders with this name give their frames this label."),
    marked("One of {keys}, or none"),
    marked("Double-click to choose another"),
    marked("Labels, class folders and models with one of these words, parted by commas, mean this class."),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One class while it is edited."""

    now: LabelClass
    was: str = ""
    """The name under which labels are on record; empty for a class that is new."""

    @property
    def meant(self) -> LabelClass:
        """The class as it would be kept: under its name of before it goes on to be meant."""
        return self.now.meant_by(self.was)

    def text(self, column: int) -> str:
        return (self.now.name, self.now.key, self.now.colour, ", ".join(self.meant.aliases))[column]

    def edited(self, column: int, text: str) -> "_Row":
        if column == ALIASES:
            words = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
            return self if text == self.text(ALIASES) else replace(self, now=replace(self.now, aliases=words))
        if column == KEY:
            return replace(self, now=replace(self.now, key=text.upper()))
        return replace(self, now=replace(self.now, name=text) if column == NAME else replace(self.now, colour=text))


class ClassTableModel(QAbstractTableModel):
    """The classes while they are edited: rows may be wrong meanwhile, and `label_set` says so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of classes; a class has no rows of its own."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Four columns: name, key, colour and other names."""
        return 0 if parent is not None and parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles of the columns in the language of the window; rows have none."""
        wanted = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return tr(_HEADINGS[section]) if wanted and 0 <= section < len(_HEADINGS) else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All can be edited in place but the colour, which is chosen in a dialog."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        editable = Qt.ItemFlag.ItemIsEditable if index.column() != COLOUR else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | editable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, and the colour as a swatch beside its text."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        one = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            text = one.text(index.column())
            return text if role == Qt.ItemDataRole.EditRole else visible(text)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == COLOUR:
            return QColor(one.now.colour)
        return tip_text(tr(_TIPS[index.column()]).format(keys=" ".join(CLASS_KEYS))) if role == Qt.ItemDataRole.ToolTipRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Takes a text as it is typed, without spaces around it; a key becomes a capital letter."""
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        self._rows[index.row()] = self._rows[index.row()].edited(index.column(), str(value).strip())
        self.dataChanged.emit(self.index(index.row(), NAME), self.index(index.row(), ALIASES))  # a name of before becomes another name
        return True

    @property
    def label_set(self) -> LabelSet:
        """The classes in the table; BadRequest if they cannot be those of a project."""
        if not self._rows:
            raise BadRequest(tr("There are no classes: add at least one."))
        return LabelSet(tuple(row.meant for row in self._rows))

    def show_classes(self, label_set: LabelSet, *, on_record: Container[str] = ()) -> None:
        """Put other classes in the place of those in the table. Those that are `on_record` may have labels under their names."""
        self.beginResetModel()
        self._rows = [_Row(one, one.name if one.name in on_record else "") for one in label_set.classes]
        self.endResetModel()

    def add(self) -> int:
        """Add a class with the next key and colour that are free; the row where it stands."""
        row = len(self._rows)
        keys, colours, names = ({row.text(column) for row in self._rows} for column in (KEY, COLOUR, NAME))
        key = next((key for key in CLASS_KEYS if key not in keys), "")
        colour = next((colour for colour in COLOURS if colour not in colours), COLOURS[row % len(COLOURS)])
        name = next(name for n in range(1, row + 2) if (name := f"class {n}") not in names)
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.append(_Row(LabelClass(name, key, colour)))
        self.endInsertRows()
        return row

    def remove(self, row: int) -> None:
        """Take a class out of the table; what becomes of its labels is asked where the classes are kept."""
        if 0 <= row < len(self._rows):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._rows[row]
            self.endRemoveRows()

    def move(self, row: int, step: int) -> int:
        """Move a class up (-1) or down (+1); the row where it is then."""
        target = row + step
        if not (0 <= row < len(self._rows) and 0 <= target < len(self._rows)):
            return row
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), target + (step > 0))  # Qt counts the target before the row is taken out
        self._rows.insert(target, self._rows.pop(row))
        self.endMoveRows()
        return target
