"""Windows that fit on the screen: what has no room there scrolls, and nothing is put beyond an edge."""

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import on_screen

_RIM = QSize(8, 0)  # of the frame that the system draws around a window
_SMALL_SCREEN = QSize(940, 520)
"""What a screen of 1440 x 900 pixels at 150 % leaves beside task bar and title: every window can be made as small."""


# Why: docs/decisions/ui.md 15
class Room(QScrollArea):
    """As large as what stands in it wants to be; where there is less room it scrolls.

    `around_px` is the height of what stands above and below it.
    """

    def __init__(self, inside: QWidget, parent: QWidget | None = None, *, around_px: int = 0) -> None:
        super().__init__(parent)
        self._inside = inside
        self._most = _SMALL_SCREEN - QSize(0, around_px)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what stands in it takes the keyboard
        self.setWidgetResizable(True)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)  # Qt turns it on for what scrolls
        self.setProperty("kind", "room")

    def sizeHint(self) -> QSize:
        """What its contents ask for."""
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """What its contents need, as far as a small screen and this one have that."""
        return on_screen(self, self._inside.minimumSizeHint()).boundedTo(self._most)


class FittingDialog(QDialog):
    """A dialog whose contents lie in `page`; what the screen has no room for is scrolled to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = QWidget()
        fill(QVBoxLayout(self), Room(self.page), edge_px=0)

    def ask_for(self, width_px: int, height_px: int) -> None:
        """Be as large as that, or as the screen allows."""
        self.resize(on_screen(self, QSize(width_px, height_px)))


def put_on_screen(window: QWidget) -> None:
    """Bring a window whose size and place were kept, maybe from a larger screen, onto the one that is here."""
    if window.isMaximized() or window.isFullScreen():
        return
    window.resize(on_screen(window, window.size() + _RIM) - _RIM)
    place, free = QRect(window.pos(), window.size()), window.screen().availableGeometry()
    left = max(free.left(), min(place.left(), free.right() - place.width() + 1))
    top = max(free.top(), min(place.top(), free.bottom() - place.height() + 1))
    window.move(left, top)


def restore_place(window: QWidget, kept: object, first: QSize) -> None:
    """Size and place as `saveGeometry` gave them; `first` where they are damaged, or those of a screen of quite another size."""
    if isinstance(kept, QByteArray) and window.restoreGeometry(kept):
        put_on_screen(window)
    else:
        window.resize(on_screen(window, first))
