"""The strip under the frame: what each preprocessing step made of it, with what it found drawn over it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from endodesk.app.opening import OpenFrame
from endodesk.app.pictures import CARD
from endodesk.app.session import Session
from endodesk.imaging.recipes import RECIPES, StepResult
from endodesk.ui.theme import GRID_PX, text_label


class StepCard(QFrame):
    """One step: a small picture, its title, and what it did in a few words. A button for mouse and keyboard."""

    chosen = Signal()

    def __init__(self, number: int, step: StepResult, card: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture = QPushButton()
        picture.setIcon(QPixmap.fromImage(card))
        picture.setIconSize(CARD)
        picture.setStyleSheet("padding: 2px;")
        picture.setToolTip("Enlarge this step")
        picture.setAccessibleName(f"Step {number}, {step.title}: {_told(step)}")
        picture.clicked.connect(self.chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(picture)
        layout.addWidget(text_label(f"{number}  {step.title}"))
        layout.addWidget(text_label(_told(step), "quiet"))
        layout.addStretch()

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
        scroll.setFixedHeight(CARD.height() + 3 * self.fontMetrics().height() + 28)
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
        self._clear()
        for number, (step, picture) in enumerate(zip(frame.steps, frame.cards, strict=True)):
            card = StepCard(number + 1, step, picture)
            card.chosen.connect(lambda n=number: self.step_chosen.emit(n))
            self._cards.addWidget(card)
        self._cards.addStretch()

    def _clear(self) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


def _told(step: StepResult) -> str:
    height, width = step.image.shape[:2]
    if step.crop:
        x, y, w, h = step.crop
        return f"{w} x {h} at {x}, {y}"
    if step.mask is not None:
        share = 100 * step.pixels / (width * height)
        return f"{share:.0f} % of the frame" if share >= 1 else (f"{step.pixels} pixels" if step.pixels else "none found")
    return "left whole" if "rop" in step.title else f"{width} x {height}"
