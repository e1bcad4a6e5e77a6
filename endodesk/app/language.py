"""The language of the window: every text that a user reads goes through `tr`."""

from PySide6.QtCore import QCoreApplication


def tr(text: str, note: str = "") -> str:
    """The text in the user's language; English where there is no translation. Values are put in afterwards, by `format`.

    `note` tells two equal English texts apart.
    """
    return QCoreApplication.translate("", text, note or None)


def marked(text: str) -> str:
    """Mark a text for translation where it stands; it is translated when it is shown."""
    return text
