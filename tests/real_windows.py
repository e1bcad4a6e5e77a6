"""The fixture that opens real windows, for the tests of the window and of the whole path."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from endodesk.app.project.project import Project
from endodesk.ui.main_window import MainWindow
from endodesk.ui.widgets.theme import apply_theme

OpenWindow = Callable[[Path | Project | None], MainWindow]


@pytest.fixture
def open_window(qapp: QApplication, qtbot: object) -> Iterator[OpenWindow]:
    """Real windows, as the program opens them; closed in the end, trainings stopped first."""
    apply_theme(qapp)
    opened: list[MainWindow] = []

    def open_on(place: Path | Project | None) -> MainWindow:
        project = Project.of_images(place) if isinstance(place, Path) else place or Project.nothing()
        window = MainWindow(project)
        opened.append(window)
        window.show()
        window.activateWindow()
        window.start()
        return window

    yield open_on
    for window in opened:
        window.job.close()
        for box in window.findChildren(QMessageBox):
            box.close()
        window.job.state = type(window.job.state).IDLE
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, 52)  # 52: QEvent.DeferredDelete
    qapp.processEvents()
