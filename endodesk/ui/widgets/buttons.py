"""A button with all that it needs at once."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QPushButton

from endodesk.ui.widgets.plain_text import tip_text


def push_button(words: str, does: Callable[..., Any] | SignalInstance | None = None, *, tip: str = "", kind: str = "") -> QPushButton:
    """A button with these words; a click calls `does`. `kind` is one of the style sheet's: "main" or "chip".

    Names among the words have gone through `button_text`.
    """
    button = QPushButton(words)
    button.setProperty("kind", kind)
    button.setToolTip(tip_text(tip))
    if does is not None:
        button.clicked.connect(does)
    return button
