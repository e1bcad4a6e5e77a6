"""A page that has just come takes no click: what a hurried hand meant for the page before must not decide anything here."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

SETTLE_S = 1.0
_ACTS = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.KeyPress,
    QEvent.Type.KeyRelease,
    QEvent.Type.Shortcut,
    QEvent.Type.ShortcutOverride,
}


class Settling(QObject):
    """Swallows clicks and keys on some buttons for the first second after `begin`."""

    def __init__(self, buttons: Sequence[QWidget], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(buttons[0])
        self._clock, self._until = clock, 0.0
        for button in buttons:
            button.installEventFilter(self)

    def begin(self) -> None:
        """The page has come to be seen."""
        self._until = self._clock() + SETTLE_S

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Whether an event is swallowed."""
        return event.type() in _ACTS and self._clock() < self._until
