"""What the menus do that concern cases; part of the main window."""

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QFileDialog, QMainWindow

from endodesk.app.cases.case_report import CaseReport, ReportFrame, write_report
from endodesk.app.cases.case_review import CaseReview
from endodesk.app.language import marked, tr
from endodesk.app.session import Session
from endodesk.ui.review.case_panel import CasePanel
from endodesk.ui.review.side_panel import SidePanel

_WRITING = marked("Writing the report")


class CaseMenu:
    """To be mixed into a window that has these."""

    session: Session
    review: CaseReview
    case: CasePanel
    side: SidePanel

    def next_case(self) -> None:
        """The first frame of the next one."""
        self.case.keep()
        if not self.review.go(+1):
            self.session.message.emit(tr("There is no case after this one among the frames shown."))

    def previous_case(self) -> None:
        """The first frame of the one before."""
        self.case.keep()
        if not self.review.go(-1):
            self.session.message.emit(tr("There is no case before this one among the frames shown."))

    def next_open_case(self) -> None:
        """The next one without a conclusion."""
        self.case.keep()
        if not self.review.go_to_open():
            self.session.message.emit(tr("Every case after this one has a conclusion."))

    def turn_side(self) -> None:
        """Frame or case on the right."""
        self.side.turn()

    def report_case(self) -> None:
        """Ask where to, then write the page in the background."""
        self.case.keep()
        name = self.review.name
        if not name:
            self.session.message.emit(tr("This frame belongs to no case, so there is nothing to report on."))
            return
        offered = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.") or "case"
        path, _ = QFileDialog.getSaveFileName(cast("QMainWindow", self), tr("Case report"), f"{offered}.pdf", "PDF (*.pdf)")
        if path:
            self.write_report(Path(path if path.lower().endswith(".pdf") else f"{path}.pdf"))

    def write_report(self, path: Path) -> None:
        """Of the open frame's case."""
        session, report = self.session, self._report()
        session.jobs.submit(
            lambda task: write_report(report, path, task),
            done=lambda _: self._written(tr("The report is in {path}.").format(path=path)),
            failed=self._not_written,
            progress=lambda progress: session.progressed.emit(_WRITING, progress),
        )

    def _written(self, words: str) -> None:
        self.session.progressed.emit(_WRITING, None)
        self.session.message.emit(words)

    def _not_written(self, reason: str) -> None:
        self.session.progressed.emit(_WRITING, None)
        self.session.warning.emit(reason)

    def _report(self) -> CaseReport:
        session, review = self.session, self.review
        number = review.case
        frames = [ReportFrame(session.frames.path(one.said.row), session.frames.names[one.said.row], one) for one in review.notable(number)]
        history = review.history(review.name)
        source, predictor = session.project.source, session.predictor
        return CaseReport(
            project=source.name if source else session.project.folder.name,
            figures=review.figures(number),
            frames=frames,
            conclusion=history[-1] if history else None,
            reader=session.reader,
            model=predictor.bundle if predictor else None,
            made=datetime.now(UTC),
            synthetic=session.project.synthetic,
        )
