"""The real window on a folder, in a process of its own, driven by lines of JSON on stdin: `python -m tests.faults.window_child FOLDER`.

Each command is answered by one line; `label` also writes one for each label, at the moment in which the window shows it as given.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from endodesk.app.project import backup_maker
from endodesk.domain.errors import EndoDeskError
from endodesk.ui.main_window import MainWindow
from endodesk.ui.start import make_window

_SLOW_S, _QUIET_S = 60, 2.5  # the window looks after its file every two seconds
_KEYS = "123"


def say(**told: Any) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


class Driver:
    """Does with the window what a reader does."""

    def __init__(self, application: QApplication, window: MainWindow) -> None:
        self.application, self.window = application, window

    def until(self, so: Callable[[], bool]) -> None:
        end = time.monotonic() + _SLOW_S
        while not so():
            self.application.processEvents()
            if time.monotonic() > end:
                raise TimeoutError("the window did not get there")
            time.sleep(0.001)

    def settle(self) -> None:
        """All files listed and read; nothing on its way."""
        self.application.processEvents()
        session = self.window.session
        self.until(lambda: bool(session.project.is_nothing or (len(session.workspace.frames) and session.jobs.idle)))

    def boxes(self) -> list[QMessageBox]:
        return [box for box in self.window.findChildren(QMessageBox) if box.isVisible()]

    def label(self, rows: list[int], key: int) -> None:
        """Give a class to rows, one after the other, until a box says that it was not given; what was told, and how long a key took,
        by the clock and of the processor."""
        longest = own = 0.0
        for row in rows:
            if self.boxes():
                break
            workspace = self.window.session.workspace
            if not len(workspace.frames):
                break
            self.window.session.navigation.choose(row)
            self.until(lambda: bool(self.window.session.workspace.open_frame is not None or self.boxes()))
            if self.boxes():
                break
            self.window.activateWindow()
            self.until(lambda: self.window.isActiveWindow() or bool(self.boxes()))  # a box that comes now is active instead
            if self.boxes():
                break
            entry, before, name = workspace.entry, workspace.reviews.changes, workspace.classes.names[key]
            assert entry is not None
            say(trying=[entry.sha256, name])
            began = time.thread_time(), time.perf_counter()
            QTest.keyClick(self.window, _KEYS[key])
            own, longest = max(own, time.thread_time() - began[0]), max(longest, time.perf_counter() - began[1])
            if workspace.reviews.changes != before:
                say(given=[entry.sha256, name])
        say(told=[box.text() for box in self.boxes()], longest_ms=1000 * longest, own_ms=1000 * own)

    def back_up_often(self) -> None:
        """From now on the record is copied after each act, and beside that by a thread, one copy after the other and slowly."""
        backup_maker.EVERY, backup_maker._REST = 1, 0
        database = self.window.session.project.database

        def copy() -> None:
            with suppress(EndoDeskError):  # once the window is closed
                while True:
                    if database.back_up(lambda: time.sleep(0.03)) is None:
                        time.sleep(0.005)  # nothing was done since

        threading.Thread(target=copy, daemon=True).start()
        say()

    def wait_for_a_box(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.boxes() and time.monotonic() < end:
            self.application.processEvents()
            time.sleep(0.005)
        say(told=[box.text() for box in self.boxes()])

    def answer(self) -> None:
        """Open again, take in, or close each box that there is, until none comes any more; what all of them said."""
        told: list[str] = []
        quiet = time.monotonic() + _QUIET_S
        while time.monotonic() < quiet:
            self.settle()
            if boxes := self.boxes():
                box = boxes[-1]  # one at a time: an answer may take the others with it
                told.append(box.text())
                wanted = [button for button in box.buttons() if button.text().replace("&", "") in ("Open again", "Take them in")]
                press(wanted[0]) if wanted else box.close()
                quiet = time.monotonic() + _QUIET_S
            self.application.processEvents()
            time.sleep(0.01)
        say(told=told)

    def labels(self) -> None:
        """What the window says of each frame that a reader has labelled."""
        workspace = self.window.session.workspace
        found = [workspace.frames[row] for row in range(len(workspace.frames))]
        given = {frame.sha256: label for frame in found if (label := workspace.reviews.label_of(frame, workspace.label_set))}
        say(
            labels={image: label.name for image, label in given.items() if label.correction},
            path=str(self.window.session.project.database.path),
        )


def press(button: Any) -> None:
    assert isinstance(button, QPushButton)
    button.click()


def main() -> None:
    application, window = make_window(Path(sys.argv[1]))
    driver = Driver(application, window)
    driver.settle()
    driver.labels()
    for line in sys.stdin:
        told = json.loads(line)
        getattr(driver, told.pop("do"))(**told)
    window.close()


if __name__ == "__main__":
    main()
