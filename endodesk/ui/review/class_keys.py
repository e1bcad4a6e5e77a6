"""The keys of the classes: one shortcut a class, made anew when the classes change."""

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from endodesk.app.session import Session


class ClassKeys:
    """Those of one window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._keys: list[QShortcut] = []

    def list_for(self, session: Session) -> None:
        """Of the session's classes as they are now."""
        for key in self._keys:
            key.setEnabled(False)  # until it is gone two shortcuts would share the key, and neither would act
            key.deleteLater()
        self._keys = []
        for one in session.label_set.classes:
            if not one.key:
                continue
            shortcut = QShortcut(QKeySequence(one.key), self._window)
            shortcut.setAutoRepeat(False)  # a key held down must not label the whole folder
            shortcut.activated.connect(lambda name=one.name: session.correct(name))
            self._keys.append(shortcut)
