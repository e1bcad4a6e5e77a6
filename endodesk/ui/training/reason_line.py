"""Where a reader writes why a model is used although the figures do not support it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit

from endodesk.app.language import tr
from endodesk.app.retraining.gate import LONGEST_REASON
from endodesk.ui.widgets.theme import GRID_PX, text_label

_FEWEST_LETTERS = 3


class ReasonLine(QLineEdit):
    """Takes no letter more than a record keeps, and says how many there are: none is refused for its length afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Why it is to be used all the same"))
        self.setPlaceholderText(tr("Why it is to be used all the same (goes on record with your name)"))
        self.setMaxLength(LONGEST_REASON)
        self.count = text_label("", "quiet")
        self.count.setParent(self)
        self.count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(self._tell)

    @property
    def is_given(self) -> bool:
        """Whether something is written that may be a reason."""
        return len(self.text().strip()) >= _FEWEST_LETTERS

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The count stands at the right end."""
        super().resizeEvent(event)
        self._place()

    def _tell(self) -> None:
        n = len(self.text())
        told = tr("{n} of {most} letters") if n < LONGEST_REASON else tr("no more than {most} letters")
        self.count.setText(told.format(n=n, most=LONGEST_REASON) if n else "")
        self._place()

    def _place(self) -> None:
        self.count.adjustSize()
        size = self.count.size()
        self.setTextMargins(0, 0, size.width() + GRID_PX if self.count.text() else 0, 0)
        self.count.move(self.width() - size.width() - GRID_PX, (self.height() - size.height()) // 2)
