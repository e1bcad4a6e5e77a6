"""A picture of the window with a frame open, for whoever has no display."""

import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from endodesk.ui.main_window import MainWindow

_LOOK_MS, _SETTLE_MS = 100, 300
_LONGEST_S, _LONGEST_AFTER_S = 60.0, 5.0
"""Seconds to wait for the frame, and after it for its neighbours' thumbnails; then the picture is saved as it is."""


class Snapshot(QObject):
    """Waits until the first frame stands there with its answer and the gallery has its thumbnails; saves the picture and quits."""

    def __init__(self, window: MainWindow, path: Path) -> None:
        super().__init__(window)
        self._window, self._path = window, path
        self.saved = False
        self._until = time.monotonic() + _LONGEST_S
        self._shown = False
        window.remembers = False  # the next start of the user must not come back to this size and folder
        window.resize(1440, 900)
        window.answer.heat_box.setChecked(True)
        window.session.workspace.frame_failed.connect(self._frame_is_there)  # a frame that cannot be read is a picture too: its reason
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        session = self._window.session
        if not self._shown and (self._is_answered() or self._is_empty()):
            self._frame_is_there("")
        if (self._shown and session.thumbnails.idle) or time.monotonic() > self._until:
            self._timer.stop()
            QTimer.singleShot(_SETTLE_MS, self._save)  # what has just arrived is still to be painted

    def _is_answered(self) -> bool:
        session = self._window.session
        frame = session.workspace.open_frame
        return frame is not None and frame.predictor is session.workspace.predictor and not session.model.loading

    def _is_empty(self) -> bool:
        session = self._window.session
        return not session.folder_reader.listing and not len(session.workspace.frames)

    def _frame_is_there(self, _reason: str) -> None:
        self._shown = True
        self._until = time.monotonic() + _LONGEST_AFTER_S

    def _save(self) -> None:
        self.saved = self._window.grab().save(str(self._path), "PNG")
        self._window.close()
        QApplication.exit(0 if self.saved else 2)  # closing alone would end the program with 0, also where nothing was saved
