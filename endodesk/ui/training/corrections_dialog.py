"""What each correction did to a model: a table of them, what moved most first, and the frames that the chosen one moved as cards."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from endodesk.app.language import marked, tr
from endodesk.app.retraining.correction_effects import CorrectionEffect, CorrectionEffects, MovedFrame, effects_of_corrections
from endodesk.app.session import Session
from endodesk.domain.images import printable
from endodesk.ui.training.frame_cards import FrameCard, FrameCards
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.plain_text import tip_text
from endodesk.ui.widgets.theme import text_label
from endodesk.ui.widgets.working_dialog import WorkingDialog

_COLUMNS = (
    marked("Frame"),
    marked("Class folder"),
    marked("Label"),
    marked("Part"),
    marked("Answers changed"),
    marked("Frames moved"),
)
_MOST_ROWS = 5000
"""Nobody looks at more, and the window would stand while they are made."""


class CorrectionsDialog(WorkingDialog):
    """Begins at once; labels and answers are those of the moment when it began."""

    def __init__(self, session: Session, model: Path, parent: QWidget) -> None:
        """`model` is the folder of the bundle that is asked about."""
        super().__init__(session.jobs, marked("Look &again"), self.look, parent)
        self._session, self._model = session, model
        self._corrections: tuple[CorrectionEffect, ...] = ()
        self.setWindowTitle(tr("What corrections did"))
        self.ask_for(960, 680)
        self.headline, self.notes = text_label("", "large", wrap=True), text_label("", "quiet", wrap=True)
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setAccessibleName(tr("Corrections"))
        self.table.setHorizontalHeaderLabels([tr(name) for name in _COLUMNS])
        self.table.setWordWrap(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.trainings = text_label("", "quiet", wrap=True)
        heading, open_row = tr("The correction, and the frames that it moved most"), session.navigation.choose
        self.cards = FrameCards(session.workspace, session.thumbnails, open_row, heading)
        footer = text_label(tr("Research use only. Not for diagnosis."), "quiet")
        above = (self.headline, self.told, self.notes, (self.table, 1), self.trainings)
        fill(QVBoxLayout(self.page), *above, (self.cards, 1), SPACE, self.buttons, footer)
        self.table.itemSelectionChanged.connect(self._show_chosen)
        self.look()

    def look(self) -> None:
        """Find out, as all is known now."""
        taken, overrides = self._session.answers_snapshot(), self._session.active_overrides.now
        self._show_table(())
        self.cancel_button.setText(tr("&Cancel"))
        self.headline.setText(tr("Looking at what each correction did ..."))
        self.told.setText("")
        self.notes.hide()
        work = partial(effects_of_corrections, taken, overrides, self._model)
        self.begin(tr("Looking"), work, self._show, failed=self._refused, stopped=marked("Stopped."))

    def _refused(self, reason: str) -> None:
        self.headline.setText("")
        self.cancel_button.setText(tr("&Close"))
        self.told.setText(reason)

    def _show(self, found: CorrectionEffects) -> None:
        self.cancel_button.setText(tr("&Close"))  # nothing is left to be stopped
        learnt, n = sum(one.part == "train" for one in found.corrections), len(found.corrections)
        told = tr("Corrections in the training of {model}: {n:,}, of which it learnt from {learnt:,}.")
        self.headline.setText(told.format(model=printable(found.model), n=n, learnt=learnt))
        self.told.setText(
            tr(
                "How the scores of {n:,} frames would differ without each of them, by a least-squares head on what the model sees: near "
                "what a training makes of it, which depends on chance as well. Whether they made the model better, the comparison tells."
            ).format(n=found.n)
        )
        notes = list(found.notes)
        if n > _MOST_ROWS:
            notes.append(tr("The first {n:,} are shown.").format(n=_MOST_ROWS))
        self.notes.setText(" ".join(notes))
        self.notes.setVisible(bool(notes))
        self._show_table(found.corrections[:_MOST_ROWS])
        self.table.selectRow(0)
        self.table.setFocus()

    def _show_table(self, corrections: tuple[CorrectionEffect, ...]) -> None:
        self._corrections = corrections
        self.table.setRowCount(len(corrections))
        parts = {"train": tr("to train on"), "val": tr("to validate"), "test": tr("to test")}
        for row, one in enumerate(corrections):
            learnt = one.part == "train"
            reached = [f"{count:,}" if learnt else "-" for count in (one.changed, one.moved)]
            words = [Path(one.file).name, one.before or tr("no class"), one.label, parts.get(one.part, one.part), *reached]
            for column, word in enumerate(words):
                item = QTableWidgetItem(printable(word))
                item.setToolTip(tip_text(printable(one.file if column == 0 else word)))
                self.table.setItem(row, column, item)
        self.table.setVisible(bool(corrections))
        self._show_chosen()

    def _show_chosen(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        chosen = self._corrections[rows[0].row()] if rows and rows[0].row() < len(self._corrections) else None
        self.trainings.setVisible(chosen is not None)
        if chosen is None:
            self.cards.show_cards(())
            return
        told = tr("Trainings that had it with this label: {trainings}.")
        self.trainings.setText(told.format(trainings=printable(", ".join(chosen.trainings))))
        own = FrameCard(chosen.file, partial(_told_correction, chosen), chosen.image)
        self.cards.show_cards([own, *(FrameCard(one.file, partial(_told_moved, one), one.image) for one in chosen.frames)])


def _told_correction(one: CorrectionEffect) -> str:
    before = printable(one.before) if one.before else tr("no class")
    return tr("the correction\nlabel: {label}\nclass folder: {before}").format(label=printable(one.label), before=before)


def _told_moved(one: MovedFrame) -> str:
    points = tr("{points:+.1f} points {towards}").format(points=one.points, towards=printable(one.towards))
    if one.answer == one.without:
        answer = tr("answer: {answer}").format(answer=printable(one.answer))
    else:
        answer = tr("answer: {answer}, not {without}").format(answer=printable(one.answer), without=printable(one.without))
    label = tr("labelled {label}").format(label=printable(one.label)) if one.label else tr("no label")
    return f"{points}\n{answer}\n{label}"
