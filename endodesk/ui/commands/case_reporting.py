"""The case report of the File menu, also asked for by the panel of the case: where to, then one page in the background."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from endodesk.app.cases.case_report import CaseReport, ReportFrame, write_report
from endodesk.app.cases.case_review import CaseReview
from endodesk.app.jobs import Jobs
from endodesk.app.language import marked, tr
from endodesk.app.workspace import Workspace

_WRITING = marked("Writing the report")


class CaseReporting:
    """The report on the case of the open frame. `keep` puts on disk what is typed of it, so that the report has it too."""

    def __init__(self, window: QWidget, workspace: Workspace, jobs: Jobs, review: CaseReview, keep: Callable[[], object]) -> None:
        self._window, self._workspace, self._jobs, self._review, self._keep = window, workspace, jobs, review, keep

    def ask(self) -> None:
        """Ask where to write, then write in the background; the end of it, good or bad, is told by the workspace's signals."""
        self._keep()
        name = self._review.name
        if not name:
            self._workspace.message.emit(tr("This frame belongs to no case, so there is nothing to report on."))
            return
        # the name of a case may hold what no file name may
        offered = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.") or "case"
        path, _ = QFileDialog.getSaveFileName(self._window, tr("Case report"), f"{offered}.pdf", "PDF (*.pdf)")
        if path:
            self._write(Path(path if path.lower().endswith(".pdf") else f"{path}.pdf"))  # the dialogs of some systems add no suffix

    def _write(self, path: Path) -> None:
        workspace, report = self._workspace, self._report()  # read here, in the window's thread: a job gets a snapshot, never live objects
        self._jobs.submit(
            lambda task: write_report(report, path, task),
            done=lambda _: self._written(tr("The report is in {path}.").format(path=path)),
            failed=self._not_written,
            progress=lambda progress: workspace.progressed.emit(_WRITING, progress),
        )

    def _written(self, words: str) -> None:
        self._workspace.progressed.emit(_WRITING, None)
        self._workspace.message.emit(words)

    def _not_written(self, reason: str) -> None:
        self._workspace.progressed.emit(_WRITING, None)
        self._workspace.warning.emit(reason)

    def _report(self) -> CaseReport:
        workspace, review = self._workspace, self._review
        number = review.case
        frames = [
            ReportFrame(workspace.frames.path(one.said.row), workspace.frames.names[one.said.row], one) for one in review.notable(number)
        ]
        source, predictor = workspace.project.source, workspace.predictor
        return CaseReport(
            project=source.name if source else workspace.project.folder.name,
            figures=review.figures(number),
            frames=frames,
            conclusion=review.holding(review.name) if review.name else None,
            reader=workspace.reader,
            model=predictor.bundle if predictor else None,
            made=datetime.now(UTC),
            synthetic=workspace.project.synthetic,
        )
