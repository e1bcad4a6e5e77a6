"""What the two pages of the right side have in common: one column, as wide as its words, over a footer."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.theme import GRID_PX, text_label


class SidePage(QScrollArea):
    """A column that scrolls upwards and downwards alone; `column` is filled by the page, which then calls `finish`."""

    narrowest_px = 0
    """The page is never narrower than this, however short its words are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = QWidget()
        self.column = fill(QVBoxLayout(self._inside), edge_px=(2 * GRID_PX, GRID_PX, GRID_PX, GRID_PX), gap_px=GRID_PX)

    def finish(self) -> None:
        """Put the footer below what is in the column, and show it all."""
        fill(self.column, SPACE, text_label(tr("Research use only. Not for diagnosis."), "quiet", wrap=True))
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for every word, whatever the language and the size of text."""
        wide = self._inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(self.narrowest_px, wide), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the contents as wide with the scroll bar as without: its coming would wrap words anew and move the buttons."""
        self._inside.setMaximumWidth(max(0, self.width() - self.verticalScrollBar().sizeHint().width()))
        super().resizeEvent(event)
