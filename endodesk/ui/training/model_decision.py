"""What a page says of a new model, and using it from there: through the gate, as it was judged when it was shown."""

from pathlib import Path
from typing import TYPE_CHECKING

from endodesk.app.language import tr
from endodesk.app.project.project_runs import learnt_here
from endodesk.app.retraining.gate import ALREADY, CHANGED, Judgement, judge, reason_and_note
from endodesk.app.session import Session
from endodesk.domain.errors import BadRequest, EndoDeskError
from endodesk.domain.runs import RunEvent
from endodesk.inference.bundle import read_bundle
from endodesk.ui.training.retrain_result import ResultPage
from training.evaluation.compared_models import ComparedModel, read_comparisons

if TYPE_CHECKING:
    from endodesk.data.chain.writing import ActNote
    from endodesk.domain.bundles import ModelBundle


class ModelDecision:
    """One result at a time, on one page."""

    def __init__(self, session: Session, page: ResultPage) -> None:
        self._session, self._workspace, self._page = session, session.workspace, page
        self._judgement: Judgement | None = None
        self._shown: tuple[RunEvent, Path] | None = None
        page.everywhere.clicked.connect(self._compare_everywhere)
        page.elsewhere.clicked.connect(self._compare_elsewhere)

    def show(self, event: RunEvent, folder: Path) -> None:
        """Show the verdict on what a training came to: the event it ended with, and the folder of its bundle."""
        project = self._workspace.project
        self._judgement, self._shown = None, (event, folder)
        try:
            bundle = read_bundle(folder)
            judgement = judge(project, bundle, trained_now=True)
        except EndoDeskError as error:
            self._page.show_sentence(tr("The new model cannot be used."), str(error))
            return
        if judgement.plain == ALREADY:
            self._page.show_sentence(tr("Nothing has changed."), tr("The training came to the very model that is active already."))
            return
        try:
            compared = read_comparisons(Path(event.bundle).parent)
        except BadRequest as error:
            compared = ()
            notes = [str(error)]
        else:
            notes = self._notes(event, bundle, compared)
        self._judgement = judgement
        self._page.show_result(event, judgement, compared, notes)

    def _notes(self, event: RunEvent, bundle: "ModelBundle", compared: tuple[ComparedModel, ...]) -> list[str]:
        """What must be known to read the figures: above all whether an older model may have learnt from these frames."""
        project, base = self._workspace.project, event.metrics.get("goes_on_from")
        active = project.active_model
        if base and not learnt_here(project, bundle):
            told = tr(
                "The head of {model} was trained on; its backbone is unchanged. If that model had learnt from some of these test frames, "
                "the figures are too good."
            )
            return [told.format(model=base)]
        notes = [event.message] if event.message else []
        if active and any(one.model == active.bundle.id for one in compared) and not learnt_here(project, active.bundle):
            notes.append(tr("The active model comes from elsewhere: if it was trained on some of these frames, it looks too good."))
        return notes

    def _compare_everywhere(self) -> None:
        """Beside this page: the reader opens frames from there, and comes back to decide."""
        from endodesk.ui.training.project_changes_dialog import ProjectChangesDialog

        if self._shown:
            ProjectChangesDialog(self._session, self._shown[1], self._page.window()).show()

    def _compare_elsewhere(self) -> None:
        from endodesk.ui.training.comparison_dialog import ComparisonDialog

        if self._shown:
            name = tr("The new model")
            ComparisonDialog(self._session, self._shown[1], self._page.window(), new_name=name, frames="folder").show()

    def may_be_used(self) -> bool:
        """Whether the gate lets the model be used, as it was judged and with what is written. Else the page says why."""
        return self._asked() is not None

    def use(self, kept: Path | None = None) -> bool:
        """Make the model the active one, from the folder where the project has `kept` it; whether it was done. Else the page says why."""
        if self._shown is None or (asked := self._asked()) is None:
            return False
        why, note = asked
        try:
            self._session.model.promote(kept or self._shown[1], reader=self._workspace.reader, why=why, note=note)
        except EndoDeskError as error:
            self._page.tell_refusal(str(error))
            return False
        return True

    def _asked(self) -> "tuple[str, ActNote] | None":
        """What goes on record if it is used; None if it may not be."""
        if self._shown is None or self._judgement is None:
            return None
        event, folder = self._shown
        try:
            if judge(self._workspace.project, read_bundle(folder), trained_now=True) != self._judgement:
                self.show(event, folder)  # what stands on the page is no longer so
                self._page.tell_refusal(tr(CHANGED))
                return None
            return reason_and_note(self._judgement, self._page.reason.text())
        except EndoDeskError as error:
            self._page.tell_refusal(str(error))
            return None
