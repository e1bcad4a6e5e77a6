"""The language of the window: every text that a user reads goes through `tr`.

All texts are in one context (the empty one) of the Qt Linguist files in `resources/translations`; `make translations` reads them
from the sources. A text in a table that is made before the language is known is marked where it stands, marked("Theme"), and goes
through `tr` when it is shown: tr(setting.title). Values are put in afterwards: tr("{n} frames").format(n=n).
"""

from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from endodesk.domain.shown_text import isolated, visible_lines
from endodesk.system import os_errors
from resources import TRANSLATIONS

LANGUAGES = {"en": "English", "es": "Español"}
"""Name of each language in the language itself, by its code (ISO 639-1)."""
_installed: list[QTranslator] = []


# Why: docs/decisions/ui.md 14
class _Sentence(str):
    """A translated text. What `format` puts into it stays in its place: a name can neither turn nor hide the words beside it."""

    __slots__ = ()

    def format(self, *args: Any, **values: Any) -> str:
        return super().format(*map(_in_its_place, args), **{name: _in_its_place(value) for name, value in values.items()})


def _in_its_place(value: Any) -> Any:
    return isolated(visible_lines(str(value))) if isinstance(value, str | PurePath | Exception) else value


def tr(text: str, note: str = "") -> str:
    """The text in the user's language; English where there is no translation. Values are put in afterwards, by `format`.

    `note` tells two equal English texts apart. Names and texts of anybody are put in as they may be shown.
    """
    return _Sentence(QCoreApplication.translate("", text, note or None))


def marked(text: str) -> str:
    """Mark a text for translation where it stands; it is translated when it is shown."""
    return text


def reason_of(error: Exception) -> str:
    """What the system says of a failure, as the end of a sentence. Its words are the system's own; we have none for them but the last."""
    words = os_errors.reason_of(error)
    return tr("unknown reason") if words == os_errors.UNKNOWN else words


def language_of(choice: str) -> str:
    """The code that a choice of the settings comes to: "system" is the system's language, English where we have no other."""
    if choice in LANGUAGES:
        return choice
    system = QLocale.system().name()[:2]
    return system if system in LANGUAGES else "en"


def use_language(choice: str) -> str:
    """Let `tr` and Qt's own buttons speak this language from now on; the code of it. What is on screen is made anew by the caller."""
    application = QCoreApplication.instance()
    assert application is not None  # noqa: S101
    for translator in _installed:  # Qt asks all of them: the language before would fill the gaps of this one
        application.removeTranslator(translator)
    _installed.clear()
    code = language_of(choice)
    if code != "en":
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for name, folder in ((f"qtbase_{code}", qt), (f"endodesk_{code}", str(TRANSLATIONS))):
            translator = QTranslator(application)
            if translator.load(name, folder):
                application.installTranslator(translator)
                _installed.append(translator)
    return code
