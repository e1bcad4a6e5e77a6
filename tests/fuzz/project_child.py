"""The child that opens projects as the program does: as the last project of the window, and by commands."""

import logging
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from tests.limited_child import answer_lines

_LOAD_S = 20.0


class _Caught(logging.Handler):
    """What the program calls a defect of its own, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.found.append(_told(error) if error else record.getMessage())


def _told(error: BaseException) -> str:
    ours = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "/endodesk/" in frame.filename or "/training/" in frame.filename
    ]
    where = " < ".join(f"{Path(frame.filename).stem}.{frame.name}" for frame in reversed(ours[-4:]))
    return f"{type(error).__name__}: {error} ({where})"[:400]


def main() -> None:
    """Asked with a project's folder, and a place to write to."""
    from endodesk.app.user_places import settings_file

    assert os.environ["XDG_CONFIG_HOME"]  # never the user's own settings
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    caught = _Caught()
    logging.getLogger().addHandler(caught)

    def answer(question: list[str]) -> dict[str, Any]:
        caught.found.clear()
        project, scratch = map(Path, question)
        warnings: list[str] = []
        window = _in_window(project, caught, warnings)
        sys.excepthook = sys.__excepthook__
        commands = {name: _by_command(name, project, scratch, caught) for name in ("predict", "label")}
        return {"window": window, "failed": list(caught.found), "warnings": warnings, "commands": commands}

    answer_lines(answer)


def _in_window(project: Path, caught: _Caught, warnings: list[str]) -> bool:
    """Whether a window showed, was worked with, and closed."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication, QMessageBox

    from endodesk.app.user_places import settings_file
    from endodesk.ui import start

    settings = QSettings(str(settings_file()), QSettings.Format.IniFormat)
    settings.setValue("project", str(project))
    settings.sync()
    try:
        application, window = start.make_window(None)
    except Exception as error:
        caught.found.append(f"no window: {_told(error)}")
        return False
    try:
        _load(application, window)
        _work(application, window)
    except Exception as error:
        caught.found.append(f"at work: {_told(error)}")
    for box in window.findChildren(QMessageBox):
        warnings.append(box.text())
        box.close()
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, 52)  # 52: QEvent.DeferredDelete
    application.processEvents()
    return True


def _load(application: Any, window: Any) -> None:
    session, end = window.session, time.monotonic() + _LOAD_S
    application.processEvents()
    while time.monotonic() < end and not (not session.folder_reader.listing and session.jobs.idle):
        application.processEvents()
        time.sleep(0.001)
    window.grab()


def _work(application: Any, window: Any) -> None:
    """A reader's round: go, label, mark, undo, redo, each dialog that only shows, the case."""
    from endodesk.domain.reviews import AnnotationKind

    def slot(act: Any) -> None:  # as Qt would call it: what escapes goes to the hook
        try:
            act()
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)
        application.processEvents()

    session = window.session
    if not len(session.workspace.frames):
        return
    for row in range(len(session.workspace.frames)):
        slot(lambda row=row: session.navigation.choose(row))
    slot(lambda: session.label(session.workspace.classes.names[0]))
    slot(lambda: session.mark(AnnotationKind.FLAGGED))
    for name in ("undo", "redo", "show_models", "check_splits", "show_case", "turn_blind", "turn_blind"):
        if name in window.commands:
            slot(lambda name=name: window.do(name))
    _load(application, window)


def _by_command(name: str, project: Path, scratch: Path, caught: _Caught) -> int:
    """The exit code."""
    from endodesk.cli.main import run

    table = scratch / "labels.csv"
    arguments = {
        "predict": ["predict", str(project), "--out", str(scratch / "predictions.csv")],
        "label": ["label", str(project), str(table)],
    }[name]
    try:
        return run(arguments)
    except Exception as error:
        caught.found.append(f"endodesk {name}: {_told(error)}")
        return 1


if __name__ == "__main__":
    main()
