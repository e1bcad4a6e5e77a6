"""The matrix beside the window: what two sides say of the same frames; a click on a cell shows its frames in the gallery."""

from PySide6.QtCore import QModelIndex, QSignalBlocker
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.jobs import Jobs
from endodesk.app.language import tr
from endodesk.app.matrix.figures import MatrixFigures
from endodesk.app.matrix.live_matrix import LiveMatrix
from endodesk.app.matrix.pairs import Pairs
from endodesk.app.matrix.sides import RULE, Side, Who, side_told
from endodesk.app.queues.queues import CELL, CELL_OF_READERS
from endodesk.app.workspace import Workspace
from endodesk.dataset.agreement import Figure, PairAgreement
from endodesk.domain.bundles import ModelBundle
from endodesk.ui.matrix.matrix_table import MatrixTable, both_told
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.plain_text import button_text
from endodesk.ui.widgets.theme import GRID_PX, text_label


class MatrixDialog(FittingDialog):
    """Not modal: the reader labels in the window, and the counts follow."""

    def __init__(self, live: LiveMatrix, workspace: Workspace, shown: ShownFrames, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._workspace, self._shown = live, workspace, shown
        live.setParent(self)  # it ends with the dialog
        self.figures = MatrixFigures(jobs, self)
        self._pairs: Pairs | None = None
        self.setWindowTitle(tr("Matrix"))
        self.ask_for(980, 560)
        self.rows, self.columns, self.unit = QComboBox(), QComboBox(), QComboBox()
        for box, name in ((self.rows, tr("Rows")), (self.columns, tr("Columns")), (self.unit, tr("What counts"))):
            box.setAccessibleName(name)
        self.unit.addItem(tr("By frame"))
        self.unit.addItem(tr("By case"))
        self.unlearnt = QCheckBox(tr("&Without frames that the model has learnt from"))
        self.table = MatrixTable()
        self.measured, self.notes = text_label("", wrap=True), text_label("", "quiet", wrap=True)
        self.told = text_label("", "quiet", wrap=True)
        self._lay_out()
        self._connect()
        self._offer()

    def _lay_out(self) -> None:
        rows, columns = text_label(tr("Rows"), "quiet"), text_label(tr("Columns"), "quiet")
        above = fill(QHBoxLayout(), rows, self.rows, columns, self.columns, self.unit, SPACE)
        footer = text_label(tr("Research use only. Not for diagnosis."), "quiet")
        below = (self.measured, self.notes, self.told, footer)
        fill(QVBoxLayout(self.page), above, self.unlearnt, (self.table, 1), *below, gap_px=GRID_PX)

    def _connect(self) -> None:
        self._live.changed.connect(self._show)
        self._live.sides_changed.connect(self._offer)
        for box in (self.rows, self.columns):
            box.activated.connect(lambda _: self._choose())
        self.unit.activated.connect(lambda _: self._count())
        self.unlearnt.toggled.connect(lambda _: self._count())
        self.figures.measured.connect(self._show_figures)
        self.table.cell_chosen.connect(self._show_frames)

    def come_back(self) -> None:
        """What was told of the last cell is long past; counting begins when the dialog is seen."""
        self.told.setText(tr("A click on a cell, or Enter, shows its frames in the main window."))

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks: from now on all is counted."""
        super().showEvent(event)
        self._live.follow(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: keys are not to wait for anything here."""
        self._live.follow(False)
        self.figures.forget()
        super().hideEvent(event)

    # --- what is chosen ---------------------------------------------------------------------------------------------

    def _offer(self) -> None:
        for box, chosen in ((self.rows, self._live.rows), (self.columns, self._live.columns)):
            with QSignalBlocker(box):
                box.clear()
                for side in self._live.sides:
                    box.addItem(button_text(side_told(self._workspace, side)), side)
                box.setCurrentIndex(self._live.sides.index(chosen))

    def _choose(self) -> None:
        self.measured.setText("")
        self._live.choose(self._chosen(self.rows), self._chosen(self.columns))

    def _chosen(self, box: QComboBox) -> Side:
        return self._live.sides[box.currentIndex()]

    def _count(self) -> None:
        self.measured.setText("")
        self._live.count(cases=self.unit.currentIndex() == 1, unlearnt=self.unlearnt.isChecked())

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _sides(self) -> tuple[str, str]:
        return side_told(self._workspace, self._live.rows), side_told(self._workspace, self._live.columns)

    def _show(self) -> None:
        pairs = self._pairs = self._live.pairs()
        ones, others, counts = pairs.counts()
        names = tuple(tuple(pairs.names[number] for number in numbers) for numbers in (ones, others))
        self.table.counts.show_counts((names[0], names[1]), counts, self._sides())
        self.unlearnt.setVisible(self._live.of_model)
        self.notes.setText(" ".join(self._notes(pairs)))
        self.figures.want(pairs)

    def _notes(self, pairs: Pairs) -> list[str]:
        live, workspace, found = self._live, self._workspace, []
        if live.counting:
            found.append(tr("Frames are being looked at ..."))
        elif not len(pairs):
            found.append(tr("There is nothing of which both say a class."))
        if live.of_model and workspace.blind.on:
            found.append(tr("Blind first: the model's answers count for frames alone that you have labelled."))
        if pairs.undecided:
            told = tr("Cases that do not count, since as many of their frames are called one class as another: {n:,}.")
            found.append(told.format(n=pairs.undecided))
        if RULE in (live.rows, live.columns) and {Who.READER, Who.FOLDERS} & {live.rows.who, live.columns.who}:
            found.append(tr("What holds follows from what readers and class folders say: it agrees with them the more often for that."))
        if live.of_model and workspace.predictor:
            found += self._learnt_notes(pairs, workspace.predictor.bundle)
        return found

    def _learnt_notes(self, pairs: Pairs, bundle: ModelBundle) -> list[str]:
        if n := self._live.learnt(pairs.rows):
            told = tr("{model} has learnt from some of these frames ({n:,}): its figures are too good.")
            return [told.format(model=bundle.name, n=n)]
        if self._live.knows_learnt is False:
            told = tr("What {model} has learnt from is not known here: were it from these frames, its figures would be too good.")
            return [told.format(model=bundle.name)]
        return []

    def _show_figures(self, found: PairAgreement | None) -> None:
        if found is None:
            self.measured.setText("")
            return
        share = tr("Accuracy {figure}") if self._live.of_model else tr("Agreement {figure}")
        units = tr("n = {n:,} cases.") if self._live.cases else tr("n = {n:,} frames.")
        sentences = (
            share.format(figure=_told(found.percent, percent=True)) + ";",
            tr("Cohen's kappa {figure}.").format(figure=_told(found.kappa)),
            units.format(n=found.percent.n),
            tr("95 % intervals, whole cases resampled."),
        )
        self.measured.setText(" ".join(sentences))

    # --- the frames of a cell ---------------------------------------------------------------------------------------

    def _show_frames(self, index: QModelIndex) -> None:
        pairs, live = self._pairs, self._live
        if pairs is None:
            return
        names = self.table.counts.place(index)
        one, other = (None if name is None else pairs.names.index(name) for name in names)
        rows = pairs.frames(one, other)
        if not rows:
            self.told.setText(tr("There is no frame in this cell."))
            return
        reason = ", ".join(both_told(self._sides(), names)) or tr("both say a class")
        self._shown.show_queue(CELL if live.of_model else CELL_OF_READERS, rows, dict.fromkeys(rows, reason))
        told = tr("{n:,} frames are shown in the main window, until another order is chosen there.")
        fewer = tr("{shown:,} of {n:,} frames are shown in the main window: a filter hides the others. Esc there shows all.")
        seen = len(self._shown)
        self.told.setText((told if seen == len(rows) else fewer).format(shown=seen, n=len(rows)))


def _told(figure: Figure, *, percent: bool = False) -> str:
    if figure.value is None:
        return tr("is not defined")
    form = "{:.1f} %" if percent else "{:.2f}"
    scale = 100 if percent else 1
    value = form.format(scale * figure.value)
    if figure.low is None or figure.high is None:
        return value
    low, high = (form.format(scale * end).removesuffix(" %") for end in (figure.low, figure.high))
    return tr("{value} ({low} to {high})").format(value=value, low=low, high=high)
