"""One card of the strip: what a preprocessing step made of the frame."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.viewing.pictures import CARD
from endodesk.domain.bundles import INPUT_PX
from endodesk.imaging.preprocessing.pipeline import StepResult
from endodesk.imaging.preprocessing.steps import STEPS
from endodesk.ui.widgets.icons import icon
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.theme import text_label

PICTURE_MARGIN_PX = 5  # frame and padding of the button around a picture, on each side
_NARROWEST_PX = 96  # below that the strip scrolls
_NO_BREAK = "\N{NO-BREAK SPACE}"


class StepCard(QFrame):
    """One step: a small picture, its title, and what it did in a few words. A button for mouse and keyboard.

    As wide as its picture where there is room, else narrower: the picture shrinks, the words wrap.
    """

    chosen = Signal()
    correct_asked = Signal()
    """The reader wants to draw by hand what the step found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture, self.title, self.message = QPushButton(), text_label(), text_label("", "quiet", wrap=True)
        self.correct = QToolButton()
        self._card = QImage()
        self.picture.setStyleSheet("padding: 2px;")
        # else the picture would keep the card from getting narrower
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.picture.setMinimumWidth(_NARROWEST_PX)
        self.picture.setFixedHeight(CARD.height() + 2 * PICTURE_MARGIN_PX)
        self.picture.setToolTip(tr("Enlarge this step"))
        self.picture.clicked.connect(self.chosen)
        self.correct.setIcon(icon("pencil-outline"))
        self.correct.setAutoRaise(True)
        self.correct.setToolTip(tr("Correct this by hand"))
        self.correct.clicked.connect(self.correct_asked)
        policy = self.correct.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # words of all cards stand on one line
        self.correct.setSizePolicy(policy)
        head = fill(QHBoxLayout(), (self.title, 1), self.correct, gap_px=2)
        fill(QVBoxLayout(self), self.picture, head, self.message, SPACE, edge_px=0, gap_px=2)

    def show_step(self, number: int, step: StepResult, card: QImage, drawn_by: str = "") -> None:
        """The step of a frame; `number` counts from 1. `drawn_by` is who drew what it would else look for."""
        self._card = card
        self._fit()
        title, words = tr(step.title), told(step)
        if step.by_hand:
            words = tr("by hand ({reader}): {told}").format(reader=drawn_by, told=words)
        self.picture.setAccessibleName(tr("Step {number}, {title}: {told}").format(number=number, title=title, told=words))
        self.title.setText(tr("{number}  {title}").format(number=number, title=title))
        widest = self.title.sizeHint().width() + self.correct.sizeHint().width() + 2  # titles are never cut off or wrapped
        self.setMaximumWidth(max(CARD.width() + 2 * PICTURE_MARGIN_PX, widest))
        self.message.setText(tr("{told}; {ms}").format(told=words, ms=_time(step.ms)))
        self.correct.setVisible(STEPS[step.name].finds is not None)
        self.correct.setAccessibleName(tr("Correct by hand: {title}").format(title=title))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scales the picture to the width that the card has now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = QSize(min(CARD.width(), self.width() - 2 * PICTURE_MARGIN_PX), CARD.height())
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
            (self.correct_asked if self.correct.hasFocus() else self.chosen).emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Takes a click on the words for one on the picture."""
        self.chosen.emit()


def told(step: StepResult) -> str:
    """What a step did to the frame, in a few words that are never broken within a figure."""
    height, width = step.image.shape[:2]
    if step.crop:
        x, y, w, h = step.crop
        return _joined(tr("{w} x {h}").format(w=w, h=h)) + " " + _joined(tr("at {x}, {y}").format(x=x, y=y))
    if step.mask is not None:
        share = 100 * step.pixels / (width * height)
        if share >= 1:
            return tr("{percent} % of the frame").format(percent=round(share))
        return tr("{n} pixels").format(n=step.pixels) if step.pixels else tr("none found") if not step.by_hand else tr("there is none")
    if step.name in ("crop", "inscribe"):
        return tr("left whole")
    return tr("what a model sees") if (width, height) == (INPUT_PX, INPUT_PX) else _joined(tr("{w} x {h}").format(w=width, h=height))


def _joined(words: str) -> str:
    """The words with spaces at which no line is broken."""
    return words.replace(" ", _NO_BREAK)


def _time(ms: float) -> str:
    return _joined(tr("{ms} ms").format(ms=f"{ms:.0f}" if ms >= 10 else f"{ms:.1f}"))
