"""What a preference changes in the open window: when a project is opened in it, and whenever it becomes another value."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from endodesk.app.preferences import Preferences, use_memory
from endodesk.app.session import Session
from endodesk.ui.review.answer_panel import AnswerPanel
from endodesk.ui.widgets.theme import apply_theme


class PreferenceEffects(QObject):
    """Carries preferences over to the services and the panel that it follows.

    `speak` is called when another language was chosen, and makes the window's words those of it.
    """

    def __init__(self, preferences: Preferences, speak: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._preferences, self._speak = preferences, speak
        self._session: Session | None = None
        self._answer: AnswerPanel | None = None
        preferences.changed.connect(self._take)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.system_changed)

    def follow(self, session: Session, answer: AnswerPanel) -> None:
        """Act on this session and this panel from now on, and give them the preferences as they are."""
        self._session, self._answer = session, answer
        for key in ("heat_map", "heat_opacity", "go_on", "keep_pictures"):  # the others were set before the window was made
            self._take(key)
        if not self._preferences.is_on("answer_all"):
            session.answers.hold()

    def system_changed(self) -> None:
        """Follow the system's theme, which has turned dark or light."""
        if self._preferences.text("theme") == "system":  # a theme that the user chose does not follow the system
            use_look(self._preferences)

    def _take(self, key: str) -> None:
        kept, session, answer = self._preferences, self._session, self._answer
        if key in ("theme", "text_percent"):
            use_look(kept)
        elif key == "memory_mb":
            use_memory(kept)
        elif key == "language":
            self._speak()
        elif session is None or answer is None:  # before a project stands there; `follow` brings these up to date
            return
        elif key == "reader":
            session.labelling.read_for_reader()
        elif key == "go_on":
            session.labelling.goes_on = kept.is_on(key)
        elif key == "keep_pictures":
            session.keep_pictures(kept.is_on(key))
        elif key == "heat_map":
            answer.heat_box.setChecked(kept.is_on(key))
        elif key == "heat_opacity":
            answer.opacity.setValue(kept.number(key))
        elif key == "answer_all":
            (session.answers.release if kept.is_on(key) else session.answers.hold)()


def use_look(preferences: Preferences) -> None:
    """Give the whole program the theme and the size of text that were chosen; nothing happens before there is one."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        apply_theme(application, preferences.text("theme"), text_percent=preferences.number("text_percent"))
