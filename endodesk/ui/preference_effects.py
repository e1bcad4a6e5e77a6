"""What a preference changes in the open window: when a project is opened in it, and whenever it becomes another value."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from endodesk.app.answers.background_answers import BackgroundAnswers
from endodesk.app.preferences import Preferences, use_memory
from endodesk.app.review.labelling import Labelling
from endodesk.ui.review.answer_panel import AnswerPanel
from endodesk.ui.widgets.theme import apply_theme


class PreferenceEffects(QObject):
    """Carries preferences over to the services and the panel that it follows.

    `speak` is called when another language was chosen, and makes the window's words those of it.
    """

    def __init__(self, preferences: Preferences, speak: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._preferences, self._speak = preferences, speak
        self._labelling: Labelling | None = None
        self._answers: BackgroundAnswers | None = None
        self._answer: AnswerPanel | None = None
        preferences.changed.connect(self._take)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.system_changed)

    def follow(self, labelling: Labelling, answers: BackgroundAnswers, answer: AnswerPanel) -> None:
        """Act on these services and this panel from now on, and give them the preferences as they are."""
        self._labelling, self._answers, self._answer = labelling, answers, answer
        for key in ("heat_map", "heat_opacity", "go_on"):  # theme, size of text and language were set before the window was made
            self._take(key)
        if not self._preferences.is_on("answer_all"):
            answers.hold()

    def system_changed(self) -> None:
        """Follow the system's theme, which has turned dark or light."""
        if self._preferences.text("theme") == "system":  # a theme that the user chose does not follow the system
            use_look(self._preferences)

    def _take(self, key: str) -> None:
        kept, labelling, answers, answer = self._preferences, self._labelling, self._answers, self._answer
        if key in ("theme", "text_percent"):
            use_look(kept)
        elif key == "memory_mb":
            use_memory(kept)
        elif key == "language":
            self._speak()
        elif labelling is None or answers is None or answer is None:  # before a project stands there; `follow` brings these up to date
            return
        elif key == "reader":
            labelling.read_for_reader()
        elif key == "go_on":
            labelling.goes_on = kept.is_on(key)
        elif key == "heat_map":
            answer.heat_box.setChecked(kept.is_on(key))
        elif key == "heat_opacity":
            answer.opacity.setValue(kept.number(key))
        elif key == "answer_all":
            (answers.release if kept.is_on(key) else answers.hold)()


def use_look(preferences: Preferences) -> None:
    """Give the whole program the theme and the size of text that were chosen; nothing happens before there is one."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        apply_theme(application, preferences.text("theme"), text_percent=preferences.number("text_percent"))
