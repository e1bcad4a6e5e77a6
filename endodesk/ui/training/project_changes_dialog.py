"""Where a new model answers otherwise than the active one, over the whole project: counted, and as cards that open the frames."""

from functools import partial
from itertools import islice
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from endodesk.app.language import marked, tr
from endodesk.app.retraining.project_changes import Change, Outcome, ProjectChanges, changes_in_project
from endodesk.app.session import Session
from endodesk.domain.images import printable
from endodesk.ui.training.frame_cards import FrameCard, FrameCards
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.plain_text import button_text
from endodesk.ui.widgets.theme import text_label
from endodesk.ui.widgets.working_dialog import WorkingDialog

MOST_CARDS = 5000
"""Nobody looks at more, and the window would stand while they are made."""


class ProjectChangesDialog(WorkingDialog):
    """Begins at once; labels and answers are those of the moment when it began."""

    def __init__(self, session: Session, model: Path, parent: QWidget) -> None:
        """`model` is the folder of the new model."""
        super().__init__(session.jobs, marked("Compare &again"), self.compare, parent)
        self._session, self._model = session, model
        self._found: ProjectChanges | None = None
        self.setWindowTitle(tr("New model and active one on all frames"))
        self.ask_for(900, 620)
        self.headline, self.notes = text_label("", "large", wrap=True), text_label("", "quiet", wrap=True)
        self.which = QComboBox()
        self.which.setAccessibleName(tr("Which frames"))
        self.which.hide()
        heading, open_row = tr("Frames with another answer"), session.navigation.choose
        self.cards = FrameCards(session.workspace, session.thumbnails, open_row, heading)
        self.cards.show_cards(())
        footer = text_label(tr("Research use only. Not for diagnosis."), "quiet")
        figures = (self.headline, self.told, self.notes, self.which, (self.cards, 1), SPACE)
        self.corrections = push_button(tr("&By correction ..."), self._show_corrections)
        self.corrections.setToolTip(tr("Which of them each correction moved"))
        self.buttons.insertWidget(0, self.corrections)
        fill(QVBoxLayout(self.page), *figures, self.buttons, footer)
        self.which.activated.connect(lambda _: self._show_cards())
        self.compare()

    def compare(self) -> None:
        """Ask both models, as all is known now."""
        taken, overrides = self._session.answers_snapshot(), self._session.active_overrides.now
        self.cancel_button.setText(tr("&Cancel"))
        self.headline.setText(tr("Comparing the two models on all frames ..."))
        self.told.setText("")
        work = partial(changes_in_project, taken, overrides, self._model)
        self.begin(tr("Comparing"), work, self._show, failed=self._refused, stopped=marked("Stopped."))

    def _show_corrections(self) -> None:
        from endodesk.ui.training.corrections_dialog import CorrectionsDialog

        CorrectionsDialog(self._session, self._model, self).show()

    def _refused(self, reason: str) -> None:
        self.headline.setText("")
        self.cancel_button.setText(tr("&Close"))
        self.told.setText(reason)

    def _show(self, found: ProjectChanges) -> None:
        self._found = found
        self.cancel_button.setText(tr("&Close"))  # nothing is left to be stopped
        told = tr("{mended:,} mended, {broken:,} broken, {changed:,} changed otherwise, of {n:,} frames.")
        mended, broken, changed = (found.counts[outcome] for outcome in (Outcome.MENDED, Outcome.BROKEN, Outcome.CHANGED))
        self.headline.setText(told.format(mended=mended, broken=broken, changed=changed, n=found.n))
        self.told.setText(
            tr("{labelled:,} of them have a label. The test frames alone say which model is better.").format(labelled=found.labelled)
        )
        self.notes.setText(" ".join(found.notes))
        self.which.clear()
        self.which.addItem(button_text(tr("All ({n:,})").format(n=len(found.changes))))
        self.which.addItem(button_text(tr("Broken ({n:,})").format(n=broken)))
        self.which.addItem(button_text(tr("Changed otherwise ({n:,})").format(n=changed)))
        self.which.addItem(button_text(tr("Mended ({n:,})").format(n=mended)))
        self.which.setVisible(bool(found.changes))
        self._show_cards()

    def _show_cards(self) -> None:
        if self._found:
            chosen = self.which.currentIndex() - 1  # the outcomes stand in their order
            wanted = (change for change in self._found.changes if chosen < 0 or change.outcome == chosen)
            shown = [FrameCard(change.file, partial(_told, change), change.image) for change in islice(wanted, MOST_CARDS)]
            self.cards.show_cards(shown)
            if len(shown) == MOST_CARDS:
                self.cards.told.setText(tr("The first {n:,} are shown.").format(n=MOST_CARDS))


def _told(change: Change) -> str:
    heads = {Outcome.MENDED: tr("mended: {label}"), Outcome.BROKEN: tr("broken: {label}"), Outcome.CHANGED: tr("labelled {label}")}
    head = heads[change.outcome].format(label=printable(change.label)) if change.label else tr("no label")
    return f"{head}\n" + tr("new model: {new}\nbefore: {old}").format(new=printable(change.new), old=printable(change.old))
