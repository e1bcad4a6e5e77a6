"""What the settings, the Help menu and the language do; part of the main window."""

from typing import cast

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QStatusBar, QToolBar

from endodesk.app.language import tr, use_language
from endodesk.app.places import log_file
from endodesk.app.preferences import Preferences
from endodesk.app.project.project import Project
from endodesk.app.retraining.training_job import TrainingJob
from endodesk.app.review.labelling import Labelling
from endodesk.app.session import Session
from endodesk.ui.dialogs import questions
from endodesk.ui.review.answer_panel import AnswerPanel
from endodesk.ui.review.case_panel import CasePanel
from endodesk.ui.widgets.theme import apply_theme


class ProgramMenu:
    """To be mixed into a window that has these."""

    preferences: Preferences
    session: Session
    job: TrainingJob
    answer: AnswerPanel
    case: CasePanel

    def show_settings(self) -> None:
        """The form of all preferences."""
        from endodesk.ui.dialogs.settings_dialog import SettingsDialog

        SettingsDialog(self.preferences, cast("QMainWindow", self)).open()

    def show_tour(self) -> None:
        """Five cards on what the program does."""
        from endodesk.ui.dialogs.tour import Tour

        Tour(cast("QMainWindow", self)).open()

    def show_log(self) -> None:
        """In the system's viewer."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file())))

    def show_about(self) -> None:
        """What this is."""
        questions.show_about(cast("QMainWindow", self), self.session.project)

    # --- preferences ------------------------------------------------------------------------------------------------

    def follow_preferences(self) -> None:
        """Act on every change from now on, also on the system's theme."""
        self.preferences.changed.connect(self._take_preference)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def begin_with_preferences(self) -> None:
        """A new session has the preferences as they are now."""
        kept = self.preferences
        self.answer.heat_box.setChecked(kept.is_on("heat_map"))
        self.answer.opacity.setValue(kept.number("heat_opacity"))
        labelling: Labelling = self.session.labelling
        labelling.goes_on = kept.is_on("go_on")
        if not kept.is_on("answer_all"):
            self.session.answers.hold()

    def _take_preference(self, key: str) -> None:
        kept = self.preferences
        if key in ("theme", "text_percent"):
            use_look(kept)
        elif key == "language":
            self._speak()
        elif key == "reader":
            self.session.labelling.reader_changed()
        elif key == "go_on":
            self.session.labelling.goes_on = kept.is_on(key)
        elif key == "heat_map":
            self.answer.heat_box.setChecked(kept.is_on(key))
        elif key == "heat_opacity":
            self.answer.opacity.setValue(kept.number(key))
        elif key == "answer_all":
            (self.session.answers.release if kept.is_on(key) else self.session.answers.hold)()

    def _system_changed(self) -> None:
        if self.preferences.text("theme") == "system":
            use_look(self.preferences)

    def _speak(self) -> None:
        """Make everything anew in another language, on the same project; at the next start where that would end or lose something."""
        if self.job.running or not self.case.keep():
            self.session.warning.emit(
                tr("The language changes at the next start: a training is running, or a conclusion is not saved yet.")
            )
            return
        use_language(self.preferences.text("language"))
        self.make_anew()

    def make_anew(self) -> None:
        """The window's own."""
        raise NotImplementedError


def use_look(preferences: Preferences) -> None:
    """Theme and size of text as they were chosen."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        apply_theme(application, preferences.text("theme"), text_percent=preferences.number("text_percent"))


def reopened(project: Project) -> Project:
    """The same project once more, after it was closed."""
    return Project.nothing() if project.is_nothing else Project.open(project.folder)


def strip_bars(window: QMainWindow) -> None:
    """Menus, toolbar and status bar go, to be made anew."""
    for action in window.actions():
        window.removeAction(action)
    window.menuBar().clear()
    for bar in window.findChildren(QToolBar):
        window.removeToolBar(bar)
        bar.deleteLater()
    window.setStatusBar(QStatusBar())
