"""The doors through which a text comes to be seen: none is ever taken for HTML, for the mark of a key, or turned by what it holds.

Names of files, classes, cases, readers and models, notes and reasons are anybody's. tests/ui/test_doors.py holds the window to these.
"""

import re
from html import escape

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QLabel, QWidget

from endodesk.domain.shown_text import visible_lines

_LONG_WORD, _MAY_BREAK = re.compile(r"\S{24}(?=\S)"), "\u200b"
"""A name of 255 letters without a space would make its window that wide: after so many, a line may be broken."""


# Why: docs/decisions/ui.md 14
class PlainLabel(QLabel):
    """A label that shows its text letter by letter; an `&` is a letter too, unless the label has a buddy."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # Qt takes names of files with tags for HTML, and would load pictures from it
        self.setText(text)

    def setText(self, text: str) -> None:
        """Shows a text as it may be seen."""
        super().setText(breakable(text))

    def text(self) -> str:
        """The text as it was set, as far as it may be seen."""
        return unbroken(super().text())


def breakable(text: str) -> str:
    """A text as it may be seen, with places in its long words where a line may be broken; `unbroken` takes them out."""
    return _LONG_WORD.sub(f"\\g<0>{_MAY_BREAK}", visible_lines(text))


def unbroken(text: str) -> str:
    """What a label or box shows, as it was set."""
    return text.replace(_MAY_BREAK, "")


def tip_text(text: str) -> str:
    """A text as a tooltip: Qt guesses there whether it is HTML, and has no way to be told."""
    text = visible_lines(text)
    if not GuiQt.mightBeRichText(text):  # what Qt itself asks
        return text
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>'


def button_text(text: str) -> str:
    """A name as the text of a button, a box, a tab or a menu entry, where Qt would swallow an `&` and underline the letter after it."""
    return visible_lines(text).replace("&", "&&")


def title_text(text: str) -> str:
    """A text as the title of a window, where Qt replaces [*] by the mark of unsaved work."""
    return visible_lines(text).replace("[*]", "[*][*]")


def bar_text(text: str) -> str:
    """A text as that of a progress bar, where Qt replaces %p, %v and %m."""
    return re.sub("%(?=[pvm])", f"%{_MAY_BREAK}", visible_lines(text))


def draw_text(painter: QPainter, place: QRect, flags: Qt.AlignmentFlag | Qt.TextFlag | int, text: str) -> None:
    """Draw a text as it may be seen."""
    painter.drawText(place, flags, visible_lines(text))


def show_plain(box: QWidget) -> None:
    """What the labels of one of Qt's own dialogs say, letter by letter: it would take names in it for rich text."""
    for label in box.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)
