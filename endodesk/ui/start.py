"""Starting the window: the application object, the log, and a display or none."""

import gc
import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from endodesk.app.jobs import tell_failure
from endodesk.app.language import tr, use_language
from endodesk.app.preferences import ACCOUNT, PROJECT_PLACE, Preferences, use_memory
from endodesk.app.project.kept_places import is_project, wished_place
from endodesk.app.project.project import Project
from endodesk.app.project.project_file import place_to_open
from endodesk.app.user_places import log_file, settings_file
from endodesk.domain.errors import BadRequest, EndoDeskError
from endodesk.domain.shown_text import visible_lines
from endodesk.system.allocator import give_large_blocks_back
from endodesk.system.private import keep_private, private_folder, share_as_usual, tighten
from endodesk.ui.application import Application
from endodesk.ui.dialogs.questions import warn_and_wait
from endodesk.ui.dialogs.tour import is_due
from endodesk.ui.main_window import MainWindow
from endodesk.ui.preference_effects import use_look
from endodesk.ui.program_end import end_if_held_up, end_in_time
from endodesk.ui.window_picture import Snapshot
from resources import ICONS

# Why: docs/decisions/ui.md 6
_SWITCH_S = 0.001
"""How long a background thread may keep the window waiting (Python's own 5 ms, times three threads, can be seen)."""


def start_window(place: Path | None, snapshot: Path | None, *, new: bool = False) -> int:
    """Show the window on a folder, a project or a project's file, and run until it is closed; the exit code.

    With `snapshot`, save a picture once a frame is shown, and quit; nobody is there to be asked anything then.
    BadRequest if the folder is missing or the picture cannot be written; BadProject if the project cannot be opened.
    """
    if snapshot is not None and not snapshot.absolute().parent.is_dir():
        raise BadRequest(f"There is no folder {snapshot.absolute().parent} for the picture.")
    keep_private()
    application, window = make_window(place, show_tour=snapshot is None, new=new or snapshot is not None)
    taken = Snapshot(window, snapshot) if snapshot else None
    end_in_time(window)
    code = application.exec()
    end_if_held_up(code, window)
    if snapshot:
        share_as_usual(snapshot)
    if taken and not taken.saved:
        raise BadRequest(f"The picture cannot be written to {snapshot}; its name must end in .png, and the place must be writable.")
    return code


def run_window(place: Path | None) -> int:
    """Start the window as the command line does; the exit code.

    A user error is one line on stderr, and a box as well for who started the program by a click.
    """
    try:
        return start_window(place, None)
    except EndoDeskError as error:
        print(f"endodesk: {visible_lines(str(error))}", file=sys.stderr)  # noqa: T201
        # docs/decisions/ui.md 12: who started it by a click sees no stderr; who has a terminal needs no box
        if not sys.stderr.isatty() and QGuiApplication.platformName() not in ("", "offscreen"):
            warn_and_wait(str(error))
        return 2
    except KeyboardInterrupt:
        return 130


def make_window(place: Path | None, *, show_tour: bool = False, new: bool = False) -> tuple[QApplication, MainWindow]:
    """The program's window on screen; it begins to load when the event loop runs. `show_tour`: the first time ever with the tour.

    With `new` nobody asks whether a folder's frames are known from elsewhere.

    BadRequest, BadProject as `start_window`.
    """
    sys.setswitchinterval(_SWITCH_S)
    give_large_blocks_back()
    _start_log()
    if not _has_display():
        print("There is no display: the window is drawn off screen.", file=sys.stderr)  # noqa: T201
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication.instance() or Application(["endodesk"])  # tests have one already, and Qt allows only one a process
    assert isinstance(application, QApplication)  # noqa: S101
    application.setApplicationName("EndoDesk")
    application.setDesktopFileName("endodesk")  # Wayland finds the icon of a window by this name
    application.setWindowIcon(QIcon(str(ICONS / "endodesk.svg")))
    preferences = Preferences()
    use_language(preferences.text("language"))  # before any widget is made: texts are translated as they are set
    use_look(preferences)
    use_memory(preferences)
    asked_about = None if new else _to_ask_about(place)
    project, warning = (Project.nothing(), "") if asked_about else _project(place, preferences.text(PROJECT_PLACE))
    window = MainWindow(project, preferences)
    if isinstance(application, Application):
        application.file_asked.connect(window.open_place)
    _catch_defects(window)
    window.show()
    QTimer.singleShot(0, window.start)  # the window first, what it shows next
    if show_tour and is_due(window.settings):
        QTimer.singleShot(0, lambda: window.do("show_tour"))
    if warning:
        QTimer.singleShot(0, lambda: window.warn(warning))
    if asked_about:
        QTimer.singleShot(0, lambda: window.open(asked_about))
    gc.enable()  # it rested while modules were loaded: docs/decisions/ui.md 6
    gc.freeze()  # what is there now stays: looking it over again and again would stop the window for 50 ms each time
    return application, window


def _catch_defects(window: MainWindow) -> None:
    """Whatever escapes from a slot: into the log whole, to the user as a sentence; the window stays."""

    def caught(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):  # Ctrl+C in the terminal is a wish to quit, not a defect
            window.close()
            return
        window.warn(tell_failure(error))

    sys.excepthook = caught  # PySide reports what escapes from a slot to this hook and goes on with the event loop


def _to_ask_about(place: Path | None) -> Path | None:
    """A folder whose frames another project may know: the window asks. None for what is opened at once, or is no folder."""
    if place is None:
        return None
    from endodesk.app.places.found_again import may_be_known

    folder = place_to_open(place)
    return folder if folder.is_dir() and may_be_known(folder) else None


def _project(place: Path | None, new_ones: str = ACCOUNT) -> tuple[Project, str]:
    """The project to show, and a sentence if it is not the one that the user expects."""
    if place is not None:
        folder = place_to_open(place)
        if not folder.is_dir():
            raise BadRequest(tr("There is no folder {folder}.").format(folder=folder))
        return Project.of_images(folder, at=wished_place(folder, new_ones)), ""
    last = QSettings(str(settings_file()), QSettings.Format.IniFormat).value("project")
    # the settings file may hold anything, or a project that is gone: the start goes on without it
    if isinstance(last, str) and is_project(Path(last)):
        try:
            return Project.open(Path(last)), ""
        except Exception as error:  # one that is in use, newer, damaged in whatever way: told, but no reason not to start
            return Project.nothing(), tell_failure(error)
    return Project.nothing(), ""


def _has_display() -> bool:
    # only there Qt aborts without a display; a platform that was named is what was asked for
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _start_log() -> None:
    try:
        private_folder(log_file().parent)
        for own in (log_file(), settings_file()):  # they name files and folders
            tighten(own.parent)
            tighten(own)
        handler = RotatingFileHandler(log_file(), maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    except OSError:
        return  # a read-only home: the program works without a log
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
