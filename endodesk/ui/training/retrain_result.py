"""The last page of retraining: whether the new model is better."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.language import tr
from endodesk.app.retraining.gate import Judgement
from endodesk.app.retraining.verdict import details_told, hidden_told, objections_told, verdict_told
from endodesk.app.workspace import Workspace
from endodesk.domain.images import printable
from endodesk.domain.runs import RunEvent
from endodesk.ui.training.figures_table import Row, figures_table, rows_alone, rows_beside, rows_by_centre
from endodesk.ui.training.flips_list import cards_of_flips
from endodesk.ui.training.frame_cards import FrameCards
from endodesk.ui.training.reason_line import ReasonLine
from endodesk.ui.training.report_button import ReportButton
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.plain_text import button_text
from endodesk.ui.widgets.settling import Settling
from endodesk.ui.widgets.theme import GRID_PX, text_label
from training.plan.run_folder import REPORT

if TYPE_CHECKING:
    from training.evaluation.compared_models import ComparedModel


class ResultPage(QWidget):
    """The verdict, what it stands on, and the decision; or why there is no new model."""

    def __init__(self, workspace: Workspace, thumbnails: Thumbnails, open_row: Callable[[int], None]) -> None:
        super().__init__()
        self.headline = text_label("", "large", wrap=True)
        self.sentence, self.notes = text_label("", "", wrap=True), text_label("", "quiet", wrap=True)
        self.beside = QComboBox()
        self.beside.setAccessibleName(tr("Compared with"))
        self._grid_place = QVBoxLayout()
        self._grid: QWidget | None = None
        self.flips = FrameCards(workspace, thumbnails, open_row, tr("Frames mended and broken"))
        self.objections = text_label("", "warning", wrap=True)
        self.reason = ReasonLine()
        self.refused = text_label("", "warning", wrap=True)
        self.use, self.keep = QPushButton(tr("&Use the new model")), QPushButton(tr("&Keep the present one"))
        self.again = QPushButton(tr("&Back"))
        self.report, self.everywhere = ReportButton(), QPushButton(tr("On a&ll frames ..."))
        self.elsewhere = QPushButton(tr("On &others ..."))
        self.elsewhere.setToolTip(tr("The new model beside another one on frames of another hospital, or on all that are labelled"))
        self.everywhere.setToolTip(tr("Where the new model answers otherwise than the active one, over the whole project"))
        self._compared: tuple[ComparedModel, ...] = ()
        self._judgement: Judgement | None = None
        self._alone: list[Row] = []
        self._by_centre: list[Row] = []
        figures = (self.headline, self.sentence, self.beside, self._grid_place, self.notes, (self.flips, 1), SPACE)
        # what decides stands on the right: the page before has nothing there
        buttons = fill(QHBoxLayout(), self.again, self.report, self.everywhere, self.elsewhere, SPACE, self.keep, self.use)
        fill(QVBoxLayout(self), *figures, self.objections, self.reason, self.refused, buttons, gap_px=GRID_PX)
        self.beside.currentIndexChanged.connect(self._show_beside)
        self.reason.textChanged.connect(self._tell_reason)
        acts: list[QPushButton] = [self.use, self.keep, self.again, self.report, self.everywhere, self.elsewhere]
        for button in acts:
            button.setAutoDefault(False)  # Enter anywhere in the dialog would press it
        self._settling = Settling(acts)

    def showEvent(self, event: QShowEvent) -> None:
        """The page has come to be seen, maybe long after the run ended."""
        self._settling.begin()
        super().showEvent(event)

    def show_sentence(self, headline: str, sentence: str) -> None:
        """Say that there is no new model, and why; the one button left leads back to the first page."""
        self._compared, self._judgement = (), None
        self.reason.clear()
        self._show(headline, [sentence], [], decides=False)

    def tell_refusal(self, sentence: str) -> None:
        """Say why the model was not used; what is written stays, and it can be tried again."""
        self.refused.setText(sentence)
        self.refused.show()

    def show_result(self, event: RunEvent, judgement: Judgement, compared: "tuple[ComparedModel, ...]", notes: list[str]) -> None:
        """Show the verdict on the new model, what it was held against, and what speaks against it; `notes` must be known to read that."""
        if not (self._judgement and self._judgement.bundle == judgement.bundle):  # shown once more, what is written stays
            self.reason.clear()
        self._compared, self._judgement = compared, judgement
        words = [tr("Measured on the test frames, which this training kept out of learning and validation."), *notes]
        if judgement.compared:
            found = judgement.compared.comparison
            sentences = [*details_told(found), *hidden_told(judgement.compared.hidden)]
            self._show(verdict_told(found), sentences, words, decides=True)
        elif judgement.passes:
            self._show(tr("The new model is ready. Use it?"), [], words, decides=True)
        else:
            self._show(tr("The new model is ready. Nothing says whether it is better."), [], words, decides=True)
        self._fill_beside(event)
        self.report.offer(Path(event.bundle).parent / REPORT)
        self._settling.begin()

    def _show(self, headline: str, sentences: list[str], notes: list[str], *, decides: bool) -> None:
        objections = objections_told(self._judgement) if self._judgement else []
        self.headline.setText(headline)
        for label, words in ((self.sentence, sentences), (self.notes, notes)):
            label.setText(" ".join(words))
            label.setVisible(bool(words))
        self.objections.setText("\n".join(objections))
        self.objections.setVisible(bool(objections))
        self.reason.setVisible(bool(objections))
        self.refused.hide()
        self.keep.setText(tr("&Not now") if self._judgement and self._judgement.plain else tr("&Keep the present one"))
        for button in (self.use, self.keep):
            button.setVisible(decides)
        self.again.setVisible(not decides)
        self.elsewhere.setVisible(decides)
        self.everywhere.setVisible(decides and bool(self._judgement) and not (self._judgement and self._judgement.plain))
        self.beside.hide()
        self.flips.hide()
        self._put_grid([])
        self.report.offer(None)
        # only what the figures support is offered first
        self.use.setProperty("kind", "main" if not objections else "")
        self.use.style().unpolish(self.use)
        self.use.style().polish(self.use)
        self._tell_reason()
        self._settling.begin()

    def _tell_reason(self) -> None:
        self.use.setEnabled(self.reason.isHidden() or self.reason.is_given)

    # --- beside another model ---------------------------------------------------------------------------------------

    def _fill_beside(self, event: RunEvent) -> None:
        self._alone, self._by_centre = rows_alone(event.metrics), rows_by_centre(event.metrics.get("centres"))
        with QSignalBlocker(self.beside):
            self.beside.clear()
            for one in self._compared:
                active = self._judgement and self._judgement.compared and self._judgement.compared.model == one.model
                form = tr("Beside the active model, {name}") if active else tr("Beside {name}")
                self.beside.addItem(button_text(form.format(name=printable(one.name))))
            self.beside.addItem(tr("The new model alone, on all its test frames"))
            if self._by_centre:
                self.beside.addItem(tr("The new model alone, by centre"))
        self.beside.setVisible(self.beside.count() > 1)
        self._show_beside()

    def _show_beside(self) -> None:
        place = max(0, self.beside.currentIndex())
        comparison = self._compared[place].comparison if place < len(self._compared) else None
        alone = self._by_centre if place > len(self._compared) else self._alone
        self._put_grid(rows_beside(comparison) if comparison else alone)
        self.flips.show_cards(cards_of_flips(comparison.flips) if comparison else ())

    def _put_grid(self, rows: list[Row]) -> None:
        if self._grid:
            self._grid_place.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
            self._grid = None
        if rows:
            self._grid = figures_table(rows)
            self._grid_place.addWidget(self._grid)
            self._grid.show()  # on a page that is seen already a layout would show it a moment later
