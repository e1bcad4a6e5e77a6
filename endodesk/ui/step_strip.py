"""The strip under the frame: what each preprocessing step made of it, with what it found drawn over it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from endodesk.app.opening import OpenFrame
from endodesk.app.pictures import CARD
from endodesk.app.session import Session
from endodesk.domain.bundles import INPUT_PX
from endodesk.imaging.recipes import RECIPES, StepResult
from endodesk.ui.theme import GRID_PX, text_label

_PICTURE_MARGIN_PX = 5  # frame and padding of the button around a picture, on each side
_NARROWEST_PX = 96  # below that the strip scrolls
_NO_BREAK = "\N{NO-BREAK SPACE}"
_BEFORE_SPACE = 1000  # cards take room before the empty space beside them does


class StepCard(QFrame):
    """One step: a small picture, its title, and what it did in a few words. A button for mouse and keyboard.

    As wide as its picture where there is room, else narrower: the picture shrinks, the words wrap.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture, self.title, self.told = QPushButton(), text_label(), text_label("", "quiet", wrap=True)
        self._card = QImage()
        self.picture.setStyleSheet("padding: 2px;")
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.picture.setMinimumWidth(_NARROWEST_PX)
        self.picture.setFixedHeight(CARD.height() + 2 * _PICTURE_MARGIN_PX)
        self.picture.setToolTip("Enlarge this step")
        self.picture.clicked.connect(self.chosen)
        self.setMaximumWidth(CARD.width() + 2 * _PICTURE_MARGIN_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for widget in (self.picture, self.title, self.told):
            layout.addWidget(widget)
        layout.addStretch()

    def show_step(self, number: int, step: StepResult, card: QImage) -> None:
        """The step of a frame; `number` counts from 1."""
        self._card = card
        self._fit()
        self.picture.setAccessibleName(f"Step {number}, {step.title}: {_told(step)}")
        self.title.setText(f"{number}  {step.title}")
        self.told.setText(_told(step))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture fits the card."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = QSize(min(CARD.width(), self.width() - 2 * _PICTURE_MARGIN_PX), CARD.height())
        self.picture.setIconSize(room)
        if self._card.isNull() or room.isEmpty():
            return
        ratio = self.devicePixelRatioF()  # by ourselves: where a pixel is two of the screen's, Qt leaves a picture too wide for its button
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        pixmap = QPixmap.fromImage(self._card.scaled(room * ratio, keep, smooth))
        pixmap.setDevicePixelRatio(ratio)
        self.picture.setIcon(pixmap)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter enlarges too: outside a dialog a button takes only the space bar."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """The words are part of the button."""
        self.chosen.emit()


class StepStrip(QWidget):
    """The cards of the recipe's steps, and which recipe is shown."""

    step_chosen = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.recipe_box = QComboBox()
        self.recipe_box.setAccessibleName("Recipe shown")
        self.recipe_box.activated.connect(self._recipe_chosen)
        self._shown: list[StepCard] = []
        self._cards = QHBoxLayout()
        self._cards.setSpacing(GRID_PX)
        top = QHBoxLayout()
        top.addWidget(text_label("Preprocessing", "heading"))
        top.addWidget(self.recipe_box)
        top.addStretch()
        row = QWidget()
        row.setLayout(self._cards)
        self._cards.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()  # a narrow window scrolls the steps rather than clip their words
        scroll.setWidget(row)
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedHeight(CARD.height() + 3 * self.fontMetrics().height() + 30)
        scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        layout.addLayout(top)
        layout.addWidget(scroll)
        session.frame_opened.connect(self._show_steps)
        session.frame_failed.connect(lambda _: self._clear())
        session.frames_listed.connect(self._clear)
        session.model_changed.connect(self._list_recipes)
        self._list_recipes()

    def _list_recipes(self) -> None:
        self.recipe_box.clear()
        model = self._session.predictor
        self.recipe_box.addItem(f"the model's: {model.bundle.recipe.name}" if model else "clean (no model yet)", "")
        for name in RECIPES:
            self.recipe_box.addItem(name, name)
        self.recipe_box.setCurrentIndex(max(0, self.recipe_box.findData(self._session.recipe_choice)))

    def _recipe_chosen(self, index: int) -> None:
        self._session.show_recipe(self.recipe_box.itemData(index))

    def _show_steps(self, frame: OpenFrame) -> None:
        if len(self._shown) != len(frame.steps):
            self._clear()
            for number in range(len(frame.steps)):
                card = StepCard()
                card.chosen.connect(lambda n=number: self.step_chosen.emit(n))
                self._cards.addWidget(card, _BEFORE_SPACE)
                self._shown.append(card)
            self._cards.addStretch(1)
        for number, (card, step, picture) in enumerate(zip(self._shown, frame.steps, frame.cards, strict=True), 1):
            card.show_step(number, step, picture)  # the cards stay from frame to frame, and with them the keyboard's place

    def _clear(self) -> None:
        self._shown.clear()
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


def _told(step: StepResult) -> str:
    height, width = step.image.shape[:2]
    if step.crop:
        x, y, w, h = step.crop
        return f"{w} x {h}".replace(" ", _NO_BREAK) + f" at{_NO_BREAK}{x},{_NO_BREAK}{y}"
    if step.mask is not None:
        share = 100 * step.pixels / (width * height)
        return f"{share:.0f} % of the frame" if share >= 1 else (f"{step.pixels} pixels" if step.pixels else "none found")
    if "rop" in step.title:
        return "left whole"
    return "what a model sees" if (width, height) == (INPUT_PX, INPUT_PX) else f"{width} x {height}"
