"""The end of the program comes, whatever holds a thread: a share that does not answer may do so for ever."""

import logging
import os
import threading

from endodesk.system.threads import is_held_up, join_within
from endodesk.ui.main_window import MainWindow

_LIMIT_S = 10.0
_TRAINING_S = 25.0
"""More, where a training is to be stopped: it is asked, waited for, and ended."""
_LOG_S = 1.0
"""For the last line of the log, which may lie on that share too."""
_log = logging.getLogger(__name__)


# Why: docs/decisions/system.md 5
def end_in_time(window: MainWindow) -> None:
    """Once the window is closed, end the process within seconds, also where the project itself lies on a share that has gone."""
    window.closing.connect(lambda: _end_after(_LIMIT_S + _TRAINING_S * window.job.running))


def end_if_held_up(code: int, window: MainWindow) -> None:
    """End the process now, with this exit code, if a thread was given up: Python would wait for it."""
    if is_held_up():
        window.settings.sync()
        _end(code)


def _end_after(seconds: float) -> None:
    timer = threading.Timer(seconds, _end, (1,))
    timer.daemon = True
    timer.start()


def _end(code: int) -> None:
    told = threading.Thread(target=_log.warning, args=("ended while a thread still waited for a disk or a share",), daemon=True)
    told.start()
    join_within([told], _LOG_S)
    os._exit(code)  # all that was acknowledged is on the disk, and what is being written is written beside its place
