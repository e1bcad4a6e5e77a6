"""The knobs of the recipe that is shown: move one, and see on the frame what it would do."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QScrollArea, QSlider, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.review.explorer import Explorer
from endodesk.domain.recipes import KnobValue, Recipe, RecipeStep
from endodesk.imaging.preprocessing.steps import STEPS, Knob
from endodesk.ui.widgets.layouts import empty_layout, fill
from endodesk.ui.widgets.number_boxes import DecimalBox, WholeBox
from endodesk.ui.widgets.theme import GRID_PX, text_label

_NOTCHES = 200
"""Notches of the slider of a knob whose values are not whole: Qt's sliders know whole numbers only."""


class KnobPanel(QDialog):
    """Stands beside the window; its knobs stay as they are moved from frame to frame, until it is closed."""

    moved = Signal(int)
    """The step that a knob was moved of, counted from 0, once the frame has gone through it again."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._base: Recipe | None = None
        self._steps: list[RecipeStep] = []
        self._last: int | None = None
        self.rows: dict[tuple[str, str], KnobRow] = {}
        """The lines of the panel, by the names of step and knob."""
        self.setWindowTitle(tr("Knobs"))
        words = tr(
            "Move a knob and see what it would do to this frame. Nothing is kept, and the model's answer does not change: "
            "it follows the model's own recipe."
        )
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID_PX)
        self._inner = QWidget()
        self._inner.setLayout(self._grid)
        scroll = QScrollArea()
        scroll.setWidget(self._inner)
        scroll.setWidgetResizable(True)
        buttons = QDialogButtonBox()
        self.back = buttons.addButton(tr("Back to defaults"), QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.back.clicked.connect(self.set_back)
        buttons.rejected.connect(self.reject)
        fill(QVBoxLayout(self), text_label(words, "quiet", wrap=True), (scroll, 1), buttons)
        explorer.explored.connect(lambda _: self._show_last())
        explorer.left.connect(self.come_back)

    def come_back(self) -> None:
        """Show the knobs of the recipe that is shown now, and bring the panel to the front if the reader asked for it."""
        recipe = self._explorer.base
        if recipe is not None and recipe != self._base:
            self._fill(recipe)
        elif recipe is not None and self._explorer.tried is None:
            self._set_all(recipe)
        if self.sender() is not self._explorer:  # told by the explorer, it must not open a panel that the reader closed
            self.show()
            self.raise_()
            self.activateWindow()

    def set_back(self) -> None:
        """Put all knobs back to what the recipe says; nothing is tried any more."""
        if self._base is not None:
            self._set_all(self._base)
            self._explorer.leave()

    def done(self, result: int) -> None:
        """Closing, by whatever way, ends what was tried: strip and frame are those of the recipe again."""
        self.set_back()
        self._last = None
        super().done(result)

    # --- how --------------------------------------------------------------------------------------------------------

    def _fill(self, recipe: Recipe) -> None:
        self._base, self._steps, self._last = recipe, list(recipe.steps), None
        self.rows.clear()
        empty_layout(self._grid)
        line = 0
        for number, step in enumerate(recipe.steps):
            knobs = [knob for knob in STEPS[step.name].knobs if knob.low < knob.high]
            if not knobs:
                continue
            heading = tr("{number}  {title}").format(number=number + 1, title=tr(STEPS[step.name].title))
            self._grid.addWidget(text_label(heading, "heading"), line, 0, 1, 3)
            line += 1
            values = dict(step.knobs)
            for knob in knobs:
                row = KnobRow(knob, values[knob.name], heading, partial(self._move, number, knob.name))
                self.rows[step.name, knob.name] = row
                for column, widget in enumerate((row.label, row.slider, row.spin)):
                    self._grid.addWidget(widget, line, column)
                line += 1
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(line, 1)
        self.resize(self._inner.sizeHint().width() + 6 * GRID_PX, min(640, self._inner.sizeHint().height() + 140))

    # Why: docs/decisions/app.md 14
    def _move(self, number: int, name: str, value: KnobValue) -> None:
        base, step = self._base, self._steps[number]
        if base is None or base != self._explorer.base:  # another recipe is shown by now: these knobs are not its own
            return
        knobs = tuple((known, value if known == name else now) for known, now in step.knobs)
        self._steps[number] = RecipeStep(step.name, step.version, knobs)
        self._last = number
        self._explorer.explore(Recipe(base.name, tuple(self._steps)))

    def _show_last(self) -> None:
        if self._last is not None:
            self.moved.emit(self._last)

    def _set_all(self, recipe: Recipe) -> None:
        self._steps = list(recipe.steps)
        for step in recipe.steps:
            for name, value in step.knobs:
                if row := self.rows.get((step.name, name)):
                    row.set(value)


class KnobRow:
    """The line of a knob: its name, a slider, and the number itself. `moved` is called with each new value."""

    def __init__(self, knob: Knob, value: KnobValue, step: str, moved: Callable[[KnobValue], None]) -> None:
        self._knob, self._moved = knob, moved
        self._whole = isinstance(knob.default, int)
        self.label = text_label(tr(knob.title))
        self.slider, self.spin = QSlider(Qt.Orientation.Horizontal), WholeBox() if self._whole else DecimalBox()
        name = tr("{step}: {knob}").format(step=step, knob=tr(knob.title))
        self.slider.setAccessibleName(name)
        self.spin.setAccessibleName(name)
        self.slider.setMinimumWidth(160)
        if isinstance(self.spin, WholeBox):
            self.spin.setRange(int(knob.low), int(knob.high))
            self.slider.setRange(int(knob.low), int(knob.high))
            self.spin.valueChanged.connect(self._take)
        else:
            self.spin.setDecimals(3)
            self.spin.setRange(knob.low, knob.high)
            self.spin.setSingleStep((knob.high - knob.low) / 50)
            self.slider.setRange(0, _NOTCHES)
            self.spin.valueChanged.connect(self._take)
        self.slider.valueChanged.connect(self._slid)
        self.set(value)

    def set(self, value: KnobValue) -> None:
        """Show a value in box and slider; nobody is told of it."""
        with QSignalBlocker(self.slider), QSignalBlocker(self.spin):
            self.spin.setValue(value)  # type: ignore[arg-type]  # whole where the box is
            self.slider.setValue(self._notch(value))

    def _take(self, value: KnobValue) -> None:
        with QSignalBlocker(self.slider):  # else slider and box would set each other, and round the value to a notch
            self.slider.setValue(self._notch(value))
        self._moved(value)

    def _slid(self, notch: int) -> None:
        low, high = self._knob.low, self._knob.high
        value = notch if self._whole else low + (high - low) * notch / _NOTCHES
        with QSignalBlocker(self.spin):
            self.spin.setValue(value)  # type: ignore[arg-type]
        self._moved(value)

    def _notch(self, value: KnobValue) -> int:
        low, high = self._knob.low, self._knob.high
        return int(value) if self._whole else round(_NOTCHES * (value - low) / (high - low))
