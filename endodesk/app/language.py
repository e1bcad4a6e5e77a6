"""The language of the window: every text that a user reads goes through `tr`."""

from PySide6.QtCore import QCoreApplication


def tr(text: str, note: str = "") -> str:
    """The text in the user's language; English where there is no translation. Values are put in afterwards: tr("{n} frames").format(n=n).

    All texts are in one context of the Qt Linguist files; `note` tells two equal English texts apart.
    """
    return QCoreApplication.translate("", text, note or None)


def QT_TR_NOOP(text: str) -> str:  # the name that lupdate knows
    """Mark a text for translation where it stands; it is translated when it is shown."""
    return text
