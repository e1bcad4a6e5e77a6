"""The button that opens a run's report in the browser."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from endodesk.app.language import tr
from endodesk.app.project.project_runs import accept_report, is_known_report
from endodesk.ui.dialogs.questions import ask


class ReportButton(QPushButton):
    """Hidden where there is no report. Ours is a local file without scripts, and nothing is fetched; others are asked about first."""

    def __init__(self) -> None:
        super().__init__(tr("Open re&port"))
        self._report: Path | None = None
        self.clicked.connect(self._open)
        self.hide()

    def offer(self, report: Path | None) -> None:
        """Show the button for this report if its file is there; None, or no such file, hides it."""
        self._report = report if report and report.is_file() else None  # the run may have none, or its folder may be gone
        self.setVisible(self._report is not None)

    def _open(self) -> None:
        if self._report is None:
            return
        report = self._report
        if is_known_report(report):
            _show(report)
            return
        question = tr("This report was not made by EndoDesk on this PC: open it only if you trust whoever gave it to you.")
        ask(self, tr("Report"), question, yes=tr("&Open"), then=lambda: _show_accepted(report))


def _show_accepted(report: Path) -> None:
    accept_report(report)
    _show(report)


def _show(report: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(report)))
