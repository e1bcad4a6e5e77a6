"""The editor of a project's classes: a table, presets, and what is wrong with it in a sentence."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QColorDialog,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from endodesk.app.class_styles import in_usual_style
from endodesk.app.language import tr
from endodesk.domain.errors import BadRequest
from endodesk.domain.label_set import LabelSet
from endodesk.domain.presets import PRESETS
from endodesk.ui.classes.table import ALIASES, COLOUR, NAME, ClassTableModel
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.theme import GRID_PX, text_label

_KEY_PX, _COLOUR_PX, _ALIASES_PX = 60, 130, 200


class ClassEditor(QWidget):
    """Add, remove, order and rename classes, with key and colour; begin from a preset or from the names of subfolders."""

    changed = Signal(bool)
    """Something was edited; whether the classes could be those of a project now."""

    def __init__(self, label_set: LabelSet, parent: QWidget | None = None, *, on_record: LabelSet | None = None) -> None:
        """Classes `on_record` may have labels: under another name they are the same class still."""
        super().__init__(parent)
        self._on_record = on_record
        self.model = ClassTableModel(self)
        self._show(label_set)
        self._subfolders: Sequence[str] = ()
        self.table = _table(self.model)
        self.table.doubleClicked.connect(self._choose_colour)
        self.preset = QComboBox()
        self.preset.setAccessibleName(tr("Begin with"))
        self.preset.addItem(tr("Begin with ..."))
        self.preset.addItems(list(PRESETS))
        self.preset.activated.connect(self._take_preset)  # not currentIndexChanged: the same preset can be taken twice
        self.import_button = push_button(
            tr("From sub&folders"), self._take_subfolders, tip=tr("A class for each folder right in the folder of frames")
        )
        self.buttons = {words: QPushButton(words) for words in (tr("&Add"), tr("&Remove"), tr("Move &up"), tr("Move &down"))}
        for button, does in zip(self.buttons.values(), (self.add, self.remove, self._up, self._down), strict=True):
            button.clicked.connect(does)
        self.aliases_box = QCheckBox(tr("&Other names"))
        self.aliases_box.setToolTip(tr("Words that mean a class, too: names that it had, folders and models that call it otherwise"))
        self.aliases_box.toggled.connect(lambda shown: self.table.setColumnHidden(ALIASES, not shown))
        self.table.setColumnHidden(ALIASES, True)
        self.advice = text_label("", "warning", wrap=True)
        self._lay_out()
        for signal in (self.model.dataChanged, self.model.modelReset, self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(self._tell)
        self.offer_subfolders(())
        self._tell()

    def _lay_out(self) -> None:
        top = fill(QHBoxLayout(), self.preset, self.import_button, SPACE, self.aliases_box)
        side = fill(QVBoxLayout(), *self.buttons.values(), SPACE)
        middle = fill(QHBoxLayout(), (self.table, 1), side)
        told = text_label(tr("Double-click a name, a key or a colour to change it."), "quiet")
        fill(QVBoxLayout(self), top, (middle, 1), told, self.advice, edge_px=0, gap_px=GRID_PX)

    @property
    def label_set(self) -> LabelSet:
        """The classes as edited; BadRequest if they cannot be those of a project."""
        return self.model.label_set

    def go_on_with(self, label_set: LabelSet) -> None:
        """Show the classes of a project that has labels already."""
        self._on_record = label_set
        self._show(label_set)

    def offer_subfolders(self, names: Sequence[str], *, keep: bool = True) -> None:
        """Offer names as classes. `keep`: those that the table has keep key and colour; else all begin anew."""
        self._subfolders, self._keep = names, keep
        self.import_button.setEnabled(bool(names))

    def add(self) -> None:
        """Add a class and begin to edit its name at once."""
        index = self.model.index(self.model.add(), NAME)
        self.table.setCurrentIndex(index)
        self.table.edit(index)

    def remove(self) -> None:
        """Take the chosen class out of the table."""
        self.model.remove(self.table.currentIndex().row())

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(+1)

    def _move(self, step: int) -> None:
        column = max(0, self.table.currentIndex().column())  # below 0 while nothing is chosen
        row = self.model.move(self.table.currentIndex().row(), step)
        self.table.setCurrentIndex(self.model.index(row, column))

    def _take_preset(self, place: int) -> None:
        if place > 0:
            chosen = LabelSet.of(PRESETS[self.preset.itemText(place)])
            for one in self._on_record.classes if self._on_record else ():
                chosen = chosen.meant_by(one.name, *one.aliases)
            self._show(in_usual_style(chosen))
        self.preset.setCurrentIndex(0)  # the box is a menu: what was taken from it can be edited at once, and is no preset any more

    def _take_subfolders(self) -> None:
        try:
            known = self.model.label_set if self._keep else None
            chosen = known.renewed(self._subfolders) if known else LabelSet.of(self._subfolders)
            self._show(in_usual_style(chosen, known.names if known else ()))
        except BadRequest as error:
            self.advice.setText(str(error))

    def _show(self, label_set: LabelSet) -> None:
        self.model.show_classes(label_set, on_record=self._on_record.names if self._on_record else ())

    def _choose_colour(self, index: QModelIndex) -> None:
        if index.column() == COLOUR:
            title = tr("Colour of {label}").format(label=index.siblingAtColumn(NAME).data())
            colour = QColorDialog.getColor(QColor(str(index.data())), self, title)
            if colour.isValid():  # it is not where the reader cancelled
                self.model.setData(index, colour.name().upper())

    def _tell(self, *_what: object) -> None:
        try:
            _ = self.model.label_set  # asked for its reason alone
            reason = ""
        except BadRequest as error:
            reason = str(error)
        self.advice.setText(reason)
        self.changed.emit(not reason)


def _table(model: ClassTableModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(tr("Classes"))
    table.verticalHeader().hide()
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setIconSize(QSize(16, 16))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
    header.resizeSection(1, _KEY_PX)
    header.resizeSection(COLOUR, _COLOUR_PX)
    header.resizeSection(ALIASES, _ALIASES_PX)
    return table
