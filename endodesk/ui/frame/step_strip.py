"""The strip under the frame: what each preprocessing step made of it, with what it found drawn over it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from endodesk.app.browsing.navigation import Navigation
from endodesk.app.language import tr
from endodesk.app.review.explorer import Explorer
from endodesk.app.review.overriding import Overriding
from endodesk.app.viewing.open_frame import OpenFrame
from endodesk.app.viewing.pictures import CARD
from endodesk.app.workspace import Workspace
from endodesk.domain.images import printable
from endodesk.domain.shown_text import visible_lines
from endodesk.imaging.preprocessing.pipeline import RECIPES
from endodesk.imaging.preprocessing.steps import STEPS
from endodesk.ui.frame.outline_bar import OutlineBar
from endodesk.ui.frame.step_card import StepCard
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import SPACE, empty_layout, fill
from endodesk.ui.widgets.theme import GRID_PX, NARROWEST_BOX_PX, text_label

if TYPE_CHECKING:
    from endodesk.ui.frame.knob_panel import KnobPanel

_BEFORE_SPACE = 1000  # cards take room before the empty space beside them does


class StepStrip(QWidget):
    """The cards of the recipe's steps, which recipe is shown, and the way to its knobs."""

    step_chosen = Signal(int)
    correct_asked = Signal(object)
    """The Part that the reader wants to draw by hand."""

    def __init__(
        self, workspace: Workspace, navigation: Navigation, overriding: Overriding, explorer: Explorer, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._navigation, self._overriding = workspace, navigation, overriding
        self.explorer = explorer
        self._panel: KnobPanel | None = None
        self.outline_bar = OutlineBar()
        self.recipe_box = QComboBox()
        self.recipe_box.setAccessibleName(tr("Recipe shown"))
        self.recipe_box.setMinimumWidth(NARROWEST_BOX_PX)
        self.recipe_box.activated.connect(self._recipe_chosen)  # by the reader: currentIndexChanged also comes when the list is filled
        self.knobs = push_button(tr("Knobs ..."), self.open_knobs, tip=tr("Try other values of this recipe on this frame"))
        self.tried = text_label("", "warning", wrap=True)
        self._shown: list[StepCard] = []
        self._cards = QHBoxLayout()
        self._cards.setSpacing(GRID_PX)
        top = fill(QHBoxLayout(), text_label(tr("Preprocessing"), "heading"), self.recipe_box, self.knobs, (self.tried, 1), SPACE)
        row = QWidget()
        row.setLayout(self._cards)
        self._cards.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()  # a narrow window scrolls the steps rather than clip their words
        scroll.setWidget(row)
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # it is as high as its cards at any time
        self._scroll = scroll
        self._take_height()
        scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        steps = QWidget()
        fill(QVBoxLayout(steps), top, scroll, edge_px=0)
        fill(QVBoxLayout(self), self.outline_bar, steps, edge_px=GRID_PX)
        self.outline_bar.toggled.connect(lambda on: steps.setVisible(not on))  # room for the frame that is drawn on
        workspace.frame_opened.connect(self._show_steps)
        workspace.frame_failed.connect(lambda _: self._clear())
        workspace.frames_listed.connect(self._clear)
        workspace.model_changed.connect(self._list_recipes)
        self.explorer.explored.connect(self._show_tried)
        self.explorer.left.connect(lambda: self.tried.setText(""))
        self._list_recipes()

    def open_knobs(self) -> None:
        """Open the panel of the knobs of the recipe shown, or bring it back; it stays beside the window."""
        from endodesk.ui.frame.knob_panel import KnobPanel

        if self._panel is None:
            self._panel = KnobPanel(self.explorer, self)
            self._panel.moved.connect(self.step_chosen)
        self._panel.come_back()
        self.explorer.prepare()  # without it the first moves took three times as long as those that follow

    def changeEvent(self, event: QEvent) -> None:
        """Gives the strip another height with another size of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._take_height()

    def _take_height(self) -> None:
        """Make room for a picture, a title and up to three lines of words."""
        self._scroll.setFixedHeight(CARD.height() + 4 * self.fontMetrics().height() + 34)

    def _list_recipes(self) -> None:
        self.recipe_box.clear()
        model = self._workspace.predictor
        ours = tr("the model's: {recipe}").format(recipe=model.bundle.recipe.name) if model else tr("clean (no model yet)")
        self.recipe_box.addItem(visible_lines(ours), "")
        for name in RECIPES:
            self.recipe_box.addItem(printable(name), name)
        self.recipe_box.setCurrentIndex(max(0, self.recipe_box.findData(self._workspace.recipe_choice)))

    def _recipe_chosen(self, index: int) -> None:
        self._navigation.show_recipe(self.recipe_box.itemData(index))

    def _show_tried(self, frame: OpenFrame) -> None:
        self._show_steps(frame)
        if self.explorer.tried:
            self.tried.setText(tr("Other knobs are tried: the answer does not follow them."))

    def _show_steps(self, frame: OpenFrame) -> None:
        if len(self._shown) != len(frame.steps):
            self._clear()
            for number in range(len(frame.steps)):
                card = StepCard()
                card.chosen.connect(lambda n=number: self.step_chosen.emit(n))
                card.correct_asked.connect(lambda n=number: self._correct(n))
                self._cards.addWidget(card, _BEFORE_SPACE)
                self._shown.append(card)
            self._cards.addStretch(1)
        for number, (card, step, picture) in enumerate(zip(self._shown, frame.steps, frame.cards, strict=True), 1):
            part = STEPS[step.name].finds
            drawn = self._overriding.of_frame(part, frame) if part and step.by_hand else None
            # the cards stay from frame to frame, and with them the keyboard's place
            card.show_step(number, step, picture, drawn.reader if drawn else "")

    def _correct(self, number: int) -> None:
        frame = self._workspace.open_frame
        if frame is not None and (part := STEPS[frame.steps[number].name].finds):
            self.correct_asked.emit(part)

    def _clear(self) -> None:
        self._shown.clear()
        empty_layout(self._cards)
