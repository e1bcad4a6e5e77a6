"""Mistakes on the test frames of a model's training, as cards that open the frames; beside the window, not before it."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.retraining.run_mistakes import mistakes_of
from endodesk.app.workspace import Workspace
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.images import Sha256, printable
from endodesk.ui.training.frame_cards import FrameCard, FrameCards
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.plain_text import title_text
from endodesk.ui.widgets.theme import text_label

if TYPE_CHECKING:
    from training.evaluation.mistake_list import Mistake


class MistakesDialog(FittingDialog):
    """Of one model. Goes when it is closed."""

    def __init__(
        self,
        workspace: Workspace,
        thumbnails: Thumbnails,
        jobs: Jobs,
        open_row: Callable[[int], None],
        bundle: ModelBundle,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._bundle = bundle
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title_text(tr("Mistakes of {model}").format(model=bundle.name)))
        self.ask_for(860, 560)
        self.headline = text_label(tr("Reading the mistakes ..."), "large", wrap=True)
        labels = tr("Test frames of the training {run}, with the labels that they had then; the surest mistakes first.")
        self.cards = FrameCards(workspace, thumbnails, open_row, tr("Mistakes on the test frames"))
        self.cards.show_cards(())
        footer = text_label(tr("Research use only. Not for diagnosis."), "quiet")
        whose = text_label(labels.format(run=bundle.run), "quiet", wrap=True)
        fill(QVBoxLayout(self.page), self.headline, whose, (self.cards, 1), SPACE, footer)
        project = workspace.project
        # a list of some ten thousand frames takes a moment
        task = jobs.submit(
            lambda _: mistakes_of(project, bundle),
            done=lambda found: None if task.cancelled else self._show(found),
            failed=lambda reason: None if task.cancelled else self.headline.setText(reason),
            urgency=Urgency.NOW,
        )
        self.finished.connect(task.cancel)

    def _show(self, found: "list[tuple[Mistake, Sha256 | None]]") -> None:
        n = self._bundle.metrics.get("n")
        of_all, alone = tr("{mistakes:,} of {n:,} answers are not the label."), tr("{mistakes:,} answers are not the label.")
        self.headline.setText((of_all if isinstance(n, int) else alone).format(mistakes=len(found), n=n))
        self.cards.show_cards(cards_of_mistakes(found))


def cards_of_mistakes(found: "Iterable[tuple[Mistake, Sha256 | None]]") -> list[FrameCard]:
    """In the order given."""
    return [FrameCard(one.file, partial(_told, one), image) for one, image in found]


def _told(one: "Mistake") -> str:
    told = tr("labelled {label}\nanswer: {answer}\n{confidence:.0f} %; of the label {of_label:.0f} %")
    figures = {"confidence": 100 * one.confidence, "of_label": 100 * one.of_label}
    return told.format(label=printable(one.label), answer=printable(one.answer), **figures)
