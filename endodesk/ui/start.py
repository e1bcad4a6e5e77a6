"""Starting the window: the application object, the log, and a display or none."""

import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from endodesk.app.places import log_file, settings_file
from endodesk.app.project import Project, is_project, project_folder
from endodesk.domain.errors import BadProject, BadRequest
from endodesk.ui.main_window import MainWindow
from endodesk.ui.theme import apply_theme

_SETTLE_MS, _LONGEST_MS = 600, 60_000


def start_window(folder: Path | None, snapshot: Path | None) -> int:
    """Show the window and run until it is closed; the exit code. With `snapshot`, save a picture once a frame is shown, and quit.

    BadRequest if the folder is missing; BadProject if its project cannot be opened.
    """
    if folder is not None and not folder.is_dir():
        raise BadRequest(f"There is no folder {folder}.")
    _start_log()
    if not _has_display():
        print("There is no display: the window is drawn off screen.", file=sys.stderr)  # noqa: T201
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication.instance() or QApplication(["endodesk"])
    assert isinstance(application, QApplication)  # noqa: S101
    application.setApplicationName("EndoDesk")
    application.setDesktopFileName("endodesk")
    apply_theme(application)
    window = MainWindow(_project(folder))
    if snapshot:
        window.remembers = False
        window.resize(1440, 900)
        _Snapshot(window, snapshot)
    window.show()
    QTimer.singleShot(0, window.start)  # the window first, what it shows next
    return application.exec()


def _project(folder: Path | None) -> Project:
    if folder is not None:
        return Project.of_images(folder)
    last = QSettings(str(settings_file()), QSettings.Format.IniFormat).value("project")
    if isinstance(last, str) and is_project(Path(last)):
        try:
            return Project.open(Path(last))
        except BadProject as error:
            logging.getLogger(__name__).warning("the last project was not opened: %s", error)
    return Project.open(project_folder(Path("no folder")))


def _has_display() -> bool:
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _start_log() -> None:
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_file(), maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    except OSError:
        return  # a read-only home: the program works without a log
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)


class _Snapshot(QObject):
    """Waits until the first frame with its answer is on screen, then saves the window's picture and quits."""

    def __init__(self, window: MainWindow, path: Path) -> None:
        super().__init__(window)
        self._window, self._path = window, path
        self._timer = QTimer(window)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._save)
        self._timer.start(_LONGEST_MS)
        window.session.frame_opened.connect(self._opened)
        window.session.row_changed.connect(self._opened)

    def _opened(self, _what: object) -> None:
        session = self._window.session
        if session.open_frame and (session.open_frame.answer or session.project.active_model is None):
            self._window.answer.heat_box.setChecked(True)
            self._timer.start(_SETTLE_MS)

    def _save(self) -> None:
        saved = self._window.grab().save(str(self._path), "PNG")
        self._window.close()
        QApplication.exit(0 if saved else 2)
