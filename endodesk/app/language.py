"""The language of the window: every text that a user reads goes through `tr`."""

from PySide6.QtCore import QCoreApplication


def tr(text: str, note: str = "") -> str:
    """The text in the user's language; English where there is no translation. Values are put in afterwards: tr("{n} frames").format(n=n).

    All texts are in one context of the Qt Linguist files; `note` tells two equal English texts apart.
    """
    return QCoreApplication.translate("", text, note or None)
