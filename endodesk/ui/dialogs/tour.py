"""The tour: five cards on what the program does, at the first start and from the Help menu."""

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from endodesk.app.language import marked, tr
from endodesk.ui.dialogs.questions import TOUR
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.icons import icon
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.theme import GRID_PX, text_label

CARDS = (
    (
        "folder-open-outline",
        marked("Open a folder"),
        marked(
            "File > Open folder (Ctrl+O), or drop one onto the window. Subfolders may be classes or cases. "
            "Your images are only ever read; what you do is kept apart from them."
        ),
    ),
    (
        "image-outline",
        marked("See what the model sees"),
        marked(
            "The frame stands in the middle: the wheel zooms, dragging moves it. Below it are the steps of preprocessing: the lit field, "
            "the ScopeGuide box, text, the crop. A click enlarges a step."
        ),
    ),
    (
        "fire",
        marked("The answer and its heat map"),
        marked(
            "On the right is the model's answer. H lays a heat map over the frame: which parts speak for the class. "
            "View > Blind first hides the answer until you have given your own label."
        ),
    ),
    (
        "keyboard-outline",
        marked("Label by key"),
        marked(
            "One key a class labels the frame and goes on to the next. Each label is on disk before the next frame shows; "
            "Ctrl+Z takes it back, tomorrow too. ? shows all keys."
        ),
    ),
    (
        "school-outline",
        marked("Retrain on your labels"),
        marked(
            "Model > Retrain (Ctrl+R) trains on the labels as they are now and puts the new model beside the old one before you decide. "
            "Research use only: not for diagnosis."
        ),
    ),
)
_SEEN = "tour/seen"
_WIDTH_PX = 460


class Tour(QDialog):
    """The tour, one card at a time; arrows or buttons go on and back, Esc ends it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("EndoDesk in five cards"))
        self.setObjectName(TOUR)
        self.cards = QStackedWidget()
        for number, (glyph, title, words) in enumerate(CARDS, 1):
            self.cards.addWidget(_card(number, glyph, tr(title), tr(words)))
        self.skip, self.back = push_button(tr("&Skip the tour"), self.reject), push_button(tr("&Back"), lambda: self._go(-1))
        self.on = push_button("", lambda: self._go(+1), kind="main")
        self.on.setDefault(True)
        row = fill(QHBoxLayout(), self.skip, SPACE, self.back, self.on)
        fill(QVBoxLayout(self), self.cards, row, edge_px=2 * GRID_PX)
        self._go(0)
        self.on.setFocus()  # Enter alone goes through it

    def _go(self, step: int) -> None:
        place = self.cards.currentIndex() + step
        if place >= len(CARDS):
            self.accept()
            return
        self.cards.setCurrentIndex(max(0, place))
        last = self.cards.currentIndex() == len(CARDS) - 1
        self.back.setEnabled(self.cards.currentIndex() > 0)
        self.skip.setVisible(not last)
        self.on.setText(tr("&Begin") if last else tr("&Next"))


def _card(number: int, glyph: str, title: str, words: str) -> QWidget:
    card, picture = QWidget(), text_label()
    picture.setPixmap(icon(glyph).pixmap(QSize(48, 48)))
    layout = fill(QVBoxLayout(card), picture, text_label(title, "large", wrap=True), gap_px=2 * GRID_PX)
    told = text_label(words, wrap=True)
    told.setMinimumWidth(_WIDTH_PX)
    told.setMinimumHeight(told.heightForWidth(_WIDTH_PX))  # Qt gives words that wrap less height than they need
    layout.addWidget(told)
    layout.addStretch()
    layout.addWidget(text_label(tr("{number} of {cards}").format(number=number, cards=len(CARDS)), "quiet"))
    card.setAccessibleName(title)
    card.setAccessibleDescription(words)
    return card


def is_due(settings: QSettings) -> bool:
    """Whether the tour was never shown to this user; asking notes that it was."""
    due = settings.value(_SEEN) is None
    if due:
        settings.setValue(_SEEN, "true")  # noted before it is shown: who ends it early is not asked again
    return due
