"""The panel on the right: the model's answer, and the reader's label."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QSlider, QWidget

from endodesk.app.answers.probability_table import AnswerInClasses
from endodesk.app.language import marked, tr
from endodesk.app.project.active_model import ActiveModel
from endodesk.app.review.labelling import Labelling
from endodesk.app.viewing.open_frame import OpenFrame
from endodesk.app.workspace import Workspace
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.images import printable
from endodesk.domain.shown_text import visible
from endodesk.ui.review.label_panel import LabelPanel
from endodesk.ui.review.side_page import SidePage
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.plain_text import draw_text
from endodesk.ui.widgets.theme import GRID_PX, class_colour, colours, line, text_label

_BLIND = marked("Blind first: the answer appears once you have given your own label.")
_UNCOVERED = marked("Your own label is kept. A key now labels again and goes on; Right only goes on.")


class ProbabilityBars(QWidget):
    """A bar a class in class order; a click chooses the class whose heat map is shown."""

    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._values: tuple[float, ...] = ()
        self._chosen = -1
        self._colours: Sequence[QColor] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # not by a click: the keyboard stays with the cards
        self.setToolTip(tr("A click, or Up and Down, chooses the class of the heat map"))

    def show_values(self, names: tuple[str, ...], values: tuple[float, ...] | None, chosen: int, colours: Sequence[QColor]) -> None:
        """Show probabilities (0..1) in class order, or None: names alone, as high; `chosen` is the class of the heat map, -1 for none."""
        self._colours = colours
        self._names, self._values, self._chosen = names, values or (), chosen
        self.setFixedHeight(self.sizeHint().height())
        said = ", ".join(f"{name} {value:.0%}" for name, value in zip(names, self._values, strict=bool(self._values)))
        self.setAccessibleName(tr("Answer: {said}").format(said=said or tr("none")))
        self.updateGeometry()
        self.update()

    @property
    def _row_px(self) -> int:
        return self.fontMetrics().height() + 20

    def sizeHint(self) -> QSize:
        """Room for a row of text and a bar for each class."""
        return QSize(220, max(1, len(self._names)) * self._row_px)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the class whose heat map is shown; a click beside the bars does nothing."""
        row = int(event.position().y()) // self._row_px
        if row < len(self._names):
            self.class_chosen.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose the class of the heat map, as a click does; other keys go on to the window."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif 0 <= self._chosen + step < len(self._names):
            self.class_chosen.emit(self._chosen + step)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints name and figure of each class above its bar, and a stroke beside the chosen one."""
        painter = QPainter(self)
        if self.hasFocus():
            painter.setPen(QColor(colours().accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        text_px = self.fontMetrics().height()
        for row, name in enumerate(self._names):
            value = self._values[row] if self._values else None
            top = row * self._row_px
            if row == self._chosen:
                painter.fillRect(QRect(0, top, 3, self._row_px - 6), QColor(colours().accent))
            place = QRect(10, top, self.width() - 12, text_px + 2)
            painter.setPen(QColor(colours().text if value is not None and value == max(self._values) else colours().quiet))
            figure = "" if value is None else f"{100 * value:.1f} %"
            draw_text(painter, place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
            room = place.width() - painter.fontMetrics().horizontalAdvance(figure) - 8
            shown = painter.fontMetrics().elidedText(visible(name), Qt.TextElideMode.ElideRight, room)
            draw_text(painter, place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            bar = QRect(10, top + text_px + 4, self.width() - 12, 6)
            painter.fillRect(bar, QColor(colours().raised))
            painter.fillRect(QRect(bar.left(), bar.top(), round(bar.width() * (value or 0)), 6), self._colours[row])


class AnswerPanel(SidePage):
    """The model's answer and the controls of its heat map; below them the reader's label."""

    narrowest_px = 270
    heat_changed = Signal(object, float)
    """Class index (None: no heat map) and opacity 0..1; once a frame at least, also where there is no heat map."""

    def __init__(
        self, workspace: Workspace, model: ActiveModel, labelling: Labelling, label: LabelPanel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._model, self._labelling, self.label = workspace, model, labelling, label
        self._chosen: int | None = None
        self.bars = ProbabilityBars()
        self.bars.class_chosen.connect(self._choose)
        self._model_name = text_label("", "", wrap=True)
        self._model_note = text_label("", "warning", wrap=True)
        self._advice = text_label("", "quiet", wrap=True)
        self._blind = text_label("", "quiet", wrap=True)
        self._blind.setMinimumHeight(3 * self._blind.fontMetrics().lineSpacing())  # three lines in either state: docs/decisions/ui.md 3
        self.not_sure = text_label("", "warning", wrap=True)
        self.not_sure.setMinimumHeight(3 * self.not_sure.fontMetrics().lineSpacing())
        self.heat_box = QCheckBox(tr("Heat map (H)"))
        self.heat_box.setToolTip(tr("Grad-CAM: which cells of the frame speak for the class. A click on a bar chooses the class."))
        self.heat_box.toggled.connect(self._tell_heat)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(10, 100)
        self.opacity.setValue(55)
        self.opacity.setAccessibleName(tr("Opacity of the heat map"))
        self.opacity.setToolTip(tr("Opacity of the heat map"))
        self.opacity.valueChanged.connect(self._tell_heat)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = self.column
        layout.addWidget(text_label(tr("Answer of the model"), "heading"))
        for widget in (self._model_name, self._model_note, self._advice, self._blind, self.bars, self.not_sure):
            layout.addWidget(widget)
        heat = fill(QHBoxLayout(), self.heat_box, (self.opacity, 1))
        layout.addLayout(heat)
        layout.addSpacing(GRID_PX)
        layout.addWidget(line())
        layout.addWidget(self.label)
        self.finish()

    def _connect(self) -> None:
        workspace = self._workspace
        workspace.frame_chosen.connect(lambda _: self._show_answer(None))
        workspace.frame_opened.connect(self._show_answer)
        workspace.frame_failed.connect(lambda _: self._show_answer(None))
        workspace.model_changed.connect(self._show_model)
        workspace.model_changed.connect(lambda: self._show_answer(None))  # what stands there is the answer of another model
        workspace.frames_listed.connect(self._show_model)
        workspace.classes_changed.connect(lambda: self._show_answer(workspace.open_frame))
        for signal in (workspace.blind_changed, self._labelling.revealed):
            signal.connect(lambda *_: self._show_answer(workspace.open_frame))
        self._show_model()
        self._show_answer(None)

    # --- the answer -------------------------------------------------------------------------------------------------

    def _show_model(self) -> None:
        predictor = self._workspace.predictor
        self._chosen = None
        if predictor is None:
            self._model_name.setText("")
            loading = self._model.loading
            words = tr("There is no model yet. Label some frames of each class, then Model > Retrain.")
            self._advice.setText(tr("The model is being loaded ...") if loading else words)
        else:
            bundle = predictor.bundle
            self._model_name.setText(f"{printable(bundle.name)}  ({printable(bundle.id)})")
            self._advice.setText("")
        self._advice.setVisible(predictor is None)
        self._model_name.setVisible(predictor is not None)
        synthetic = predictor is not None and predictor.bundle.synthetic
        self._model_note.setText(tr("Trained on synthetic frames: its answers mean nothing for real ones.") if synthetic else "")
        self._model_note.setVisible(synthetic)

    def _show_answer(self, frame: OpenFrame | None) -> None:
        predictor = self._workspace.predictor
        hidden = self._hidden
        answer = frame.answer if frame and not hidden else None
        blind = self._workspace.blind.on and predictor is not None
        self._blind.setText(tr(_BLIND if hidden else _UNCOVERED))
        self._blind.setVisible(blind)
        meant = self._meant
        values = tuple(meant.sums(answer.probabilities).tolist()) if answer else ()
        self.not_sure.setText(_doubt(predictor.bundle, max(values)) if predictor and values else "")
        self.not_sure.setVisible(bool(self.not_sure.text()))
        # a model without a threshold never says it
        _keep_room(self.not_sure, predictor is not None and predictor.bundle.not_sure_below is not None)
        for widget in (self.bars, self.heat_box, self.opacity):
            _keep_room(widget, blind)
            widget.setVisible(predictor is not None and not hidden)
            widget.setEnabled(answer is not None)  # shown also while an answer is on its way, so that nothing moves
        # each frame begins with the class that it is taken for
        self._chosen = max(range(len(values)), key=values.__getitem__, default=None)
        if predictor and not hidden:
            self.bars.show_values(self._names, values or None, -1 if self._chosen is None else self._chosen, self._colours)
        self._tell_heat()

    def _choose(self, index: int) -> None:
        frame = self._workspace.open_frame
        if frame is None or frame.answer is None or frame.predictor is None or self._hidden:
            return
        self._chosen = index
        values = tuple(self._meant.sums(frame.answer.probabilities).tolist())
        self.bars.show_values(self._names, values, index, self._colours)
        self.heat_box.setChecked(True)  # who chooses a class wants to see its map
        self._tell_heat()

    def _tell_heat(self, _value: object = None) -> None:
        shown = self.heat_box.isChecked() and not self._hidden
        frame = self._workspace.open_frame
        answer = frame.answer if frame else None
        of = self._meant.strongest(answer.probabilities, self._chosen) if shown and answer and self._chosen is not None else None
        self.heat_changed.emit(of, self.opacity.value() / 100)

    @property
    def heat_opacity(self) -> float | None:
        """How much heat maps cover, 0..1; None while they are off."""
        return self.opacity.value() / 100 if self.heat_box.isChecked() else None

    @property
    def _hidden(self) -> bool:
        """Whether the answer is hidden: blind first is on, and the reader has not labelled the frame yet."""
        return self._workspace.hides_answer(self._workspace.row)

    @property
    def _model_words(self) -> tuple[str, ...]:
        return self._workspace.predictor.bundle.classes.names if self._workspace.predictor else ()

    @property
    def _meant(self) -> AnswerInClasses:
        return AnswerInClasses(self._workspace.label_set, self._model_words)

    @property
    def _names(self) -> tuple[str, ...]:
        """What the project calls the model's classes, those that mean one together; beside that the model's words, where they are other."""
        meant, words = self._meant, self._model_words
        named = ((name, [words[word] for word in meant.words(place)]) for place, name in enumerate(meant.names))
        return tuple(name if own == [name] else tr("{label} ({word})").format(label=name, word=", ".join(own)) for name, own in named)

    @property
    def _colours(self) -> list[QColor]:
        """Colours of the bars: those that the project gives the classes, where it knows them."""
        known, names = self._workspace.label_set, self._meant.names
        # a class that the project lacks gets one that is free
        return [class_colour(known.renewed((*known.names, name)) if name not in known.names else known, name) for name in names]


# Why: docs/decisions/ui.md 3
def _keep_room(widget: QWidget, keep: bool) -> None:
    """Keep the room of a widget also while it is hidden: else the buttons of classes would jump from frame to frame."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(keep)
    widget.setSizePolicy(policy)


def _doubt(bundle: ModelBundle, probability: float) -> str:
    """What to say of an answer of that probability; nothing if it may be relied on as far as any."""
    below = bundle.not_sure_below
    if below is None or probability >= below:
        return ""
    limit = f"{100 * below:.1f}\N{NO-BREAK SPACE}%"
    return tr("Not sure: in validation, answers below {limit} were wrong too often to rely on.").format(limit=limit)
