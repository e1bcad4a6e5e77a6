"""FilterPanel: all that frames can be filtered by, in a panel that drops down from the filter bar. Each change acts at once."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QListWidget, QListWidgetItem, QStyle, QVBoxLayout, QWidget

from endodesk.app.browsing.frame_columns import NOTHING
from endodesk.app.browsing.frame_filter import STATES, WITHOUT_CASE
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.frames.mark_words import mark_word
from endodesk.app.language import tr
from endodesk.domain.images import printable
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import MARKS
from endodesk.ui.widgets.fitting import Room, put_on_screen
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.number_boxes import WholeBox
from endodesk.ui.widgets.plain_text import button_text
from endodesk.ui.widgets.theme import GRID_PX, class_colour, colours, on_screen, readable, text_label

_CASES_PX = 130
_BAR = QStyle.PixelMetric.PM_ScrollBarExtent  # it comes where many classes need more room than the screen has
_Value = TypeVar("_Value", str, int)


class FilterPanel(QFrame):
    """Closes with Esc or a click elsewhere. Made anew each time it is opened, as classes, readers and cases change."""

    left = Signal()
    """The panel was closed, by whatever way: the keyboard is to go back to the cards."""

    def __init__(self, shown: ShownFrames, label_set: LabelSet, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._shown, self._label_set = shown, label_set
        self._inside = QWidget()
        fill(QVBoxLayout(self), Room(self._inside), edge_px=0)
        self._layout = QVBoxLayout(self._inside)
        self._layout.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        self._layout.setSpacing(GRID_PX // 2)
        self._add_classes()
        self._add_states()
        self._add_marks()
        self._add_model()
        self._add_cases()
        self._add_copies()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tells that the panel is gone, since a popup closes by itself."""
        super().hideEvent(event)
        self.left.emit()

    def drop_from(self, widget: QWidget) -> None:
        """Open under a widget, as large as what there is to choose from and the screen allows."""
        self.resize(on_screen(widget, self._inside.sizeHint() + QSize(2 * GRID_PX + self.style().pixelMetric(_BAR), 4)))
        self.move(widget.mapToGlobal(QPoint(0, widget.height() + 2)))
        put_on_screen(self)
        self.show()

    # --- the parts ----------------------------------------------------------------------------------------------------

    def _add_classes(self) -> None:
        columns = self._shown.columns
        counts = np.bincount(columns.label[columns.label != NOTHING], minlength=len(columns.classes.names))
        # a class that the project dropped is offered while frames still carry it
        names = [name for name in columns.classes.names if name in self._label_set.names or counts[columns.classes.known([name])].any()]
        words = {
            name: f"{self._label_set.letters_of(name)}   {printable(name)}  ({counts[columns.classes.known([name])[0]]:,})"
            for name in names
        }
        boxes = self._add_choice(tr("Class"), "classes", words)
        for name, box in boxes.items():
            if name in self._label_set.names:
                box.setStyleSheet(f"color: {readable(class_colour(self._label_set, name), colours().panel).name()}")

    def _add_states(self) -> None:
        self._add_choice(tr("Label given"), "states", {int(state): tr(words).capitalize() for state, words in STATES.items()})
        readers = self._shown.columns.readers.names
        if len(readers) > 1:  # with a single reader there is nothing to choose
            self._add_choice(tr("Reader"), "readers", {name: name for name in readers})

    def _add_marks(self) -> None:
        if self._shown.columns.marks.any() or self._shown.filter.marks:  # what is filtered by is shown too, or it could not be taken away
            self._add_choice(tr("Marked"), "marks", {str(name): mark_word(name).capitalize() for name in MARKS})

    def _add_model(self) -> None:
        if not (self._shown.columns.answer != NOTHING).any() and not (self._shown.filter.disagreeing or self._shown.filter.confidence):
            return
        self._add_heading(tr("Answer of the model"))
        self._add_box(tr("Is not the label"), "disagreeing")
        low, high = self._shown.filter.confidence or (0, 100)
        self.low, self.high = _percent(low, tr("Least confidence")), _percent(high, tr("Greatest confidence"))
        sure, to = text_label(tr("Sure by")), text_label(tr("to", "from one percentage to another"))
        self._layout.addLayout(fill(QHBoxLayout(), sure, self.low, to, self.high, text_label("%"), SPACE))
        for box in (self.low, self.high):
            box.valueChanged.connect(self._choose_confidence)

    def _add_cases(self) -> None:
        columns = self._shown.columns
        if not columns.has_cases:
            return
        self._add_heading(tr("Case"))
        self.cases = QListWidget()
        self.cases.setAccessibleName(tr("Cases"))
        self.cases.setFixedHeight(_CASES_PX)
        for name in [*columns.case_names, *([WITHOUT_CASE] if (columns.case == NOTHING).any() else [])]:
            item = QListWidgetItem(tr(name) if name == WITHOUT_CASE else printable(name), self.cases)
            item.setData(Qt.ItemDataRole.UserRole, name)  # the filter goes by the name that is kept, whatever the language
            item.setCheckState(Qt.CheckState.Checked if name in self._shown.filter.cases else Qt.CheckState.Unchecked)
        self.cases.itemChanged.connect(lambda _: self._choose_cases())
        self._layout.addWidget(self.cases)

    def _add_copies(self) -> None:
        self._add_heading(tr("Near-identical frames"))
        self._add_box(tr("Show one of each group"), "collapsed")

    def _add_heading(self, words: str) -> None:
        if self._layout.count():
            self._layout.addSpacing(GRID_PX)
        self._layout.addWidget(text_label(words, "heading"))

    def _add_choice(self, title: str, part: str, words: Mapping[_Value, str]) -> dict[_Value, QCheckBox]:
        """Add boxes of which any number may be ticked, in two columns if there are many; each by its value."""
        self._add_heading(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID_PX)
        chosen = getattr(self._shown.filter, part)
        boxes: dict[_Value, QCheckBox] = {}
        columns = 2 if len(words) > 4 else 1
        for number, (value, text) in enumerate(words.items()):
            box = boxes[value] = QCheckBox(button_text(text))
            box.setChecked(value in chosen)
            box.toggled.connect(lambda: self._choose(part, (value for value, box in boxes.items() if box.isChecked())))
            grid.addWidget(box, number // columns, number % columns)
        self._layout.addLayout(grid)
        return boxes

    def _add_box(self, text: str, part: str) -> None:
        box = QCheckBox(button_text(text))
        box.setChecked(getattr(self._shown.filter, part))
        box.toggled.connect(lambda on: self._set(part, on))
        self._layout.addWidget(box)

    # --- what they do -------------------------------------------------------------------------------------------------

    def _choose(self, part: str, values: Iterable[object]) -> None:
        chosen = tuple(values)
        self._set(part, chosen)

    def _choose_cases(self) -> None:
        items = [self.cases.item(row) for row in range(self.cases.count())]
        self._choose("cases", (str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == Qt.CheckState.Checked))

    def _choose_confidence(self) -> None:
        span = (self.low.value(), self.high.value())
        self._set("confidence", None if span == (0, 100) else span)  # from 0 to 100 is no filter: frames without an answer pass too

    def _set(self, part: str, value: Any) -> None:
        self._shown.set_filter(self._shown.filter.with_part(part, value))


def _percent(value: int, name: str) -> WholeBox:
    box = WholeBox()
    box.setRange(0, 100)
    box.setValue(value)
    box.setAccessibleName(name)
    return box
