"""The keys of the window in which frames are taken from a film."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut

from endodesk.app.session import Session

if TYPE_CHECKING:
    from endodesk.ui.films.dialog import TakeFramesDialog


class FilmKeys:
    """Those of one dialog: fixed ones, and one for each class, which goes before a fixed one."""

    def __init__(self, dialog: "TakeFramesDialog") -> None:
        self._dialog = dialog
        self._keys: list[QShortcut] = []

    def list_for(self, session: Session) -> None:
        """With the session's classes as they are now."""
        for key in self._keys:
            key.setEnabled(False)
            key.deleteLater()
        dialog = self._dialog
        fixed: dict[str, tuple[Callable[[], None], bool]] = {
            "Space": (dialog.turn_playing, False),
            "Return": (dialog.take_shown, False),
            "Enter": (dialog.take_shown, False),
            "K": (dialog.take_shown, False),
            "Delete": (dialog.extractor.drop, False),
            "Right": (lambda: dialog.go_by(1), True),
            "Left": (lambda: dialog.go_by(-1), True),
            "Shift+Right": (lambda: dialog.go_by_seconds(1), True),
            "Shift+Left": (lambda: dialog.go_by_seconds(-1), True),
            "PgDown": (lambda: dialog.go_by_seconds(10), True),
            "PgUp": (lambda: dialog.go_by_seconds(-10), True),
            "Home": (lambda: dialog.go_by(-dialog.extractor.frames), False),
            "End": (lambda: dialog.go_by(dialog.extractor.frames), False),
        }
        classes = {one.key.upper(): one.name for one in session.label_set.classes if one.key}
        self._keys = [self._key(keys, does, repeats=repeats) for keys, (does, repeats) in fixed.items() if keys.upper() not in classes]
        for keys, name in classes.items():
            self._keys.append(self._key(keys, lambda name=name: dialog.take_as(name), repeats=False))  # type: ignore[misc]

    def _key(self, keys: str, does: Callable[[], None], *, repeats: bool) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self._dialog)
        shortcut.setAutoRepeat(repeats)
        shortcut.activated.connect(does)
        return shortcut
