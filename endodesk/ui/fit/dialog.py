"""Will it work here? What is to be expected of the model on the folder's frames, and the few to label to be sure."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from endodesk.app.fit.choice import SEED
from endodesk.app.fit.estimate import is_checked
from endodesk.app.fit.fit_for import ChosenRow, FolderFit, choose_frames, fit_for
from endodesk.app.fit.fit_words import details_told, labels_told, limits_told, span_told, spans_of, verdict_told
from endodesk.app.jobs import Urgency
from endodesk.app.language import tr
from endodesk.app.queues.queues import FIT
from endodesk.app.session import Session
from endodesk.domain.images import Sha256, printable
from endodesk.system.task import TaskContext
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import SPACE, empty_layout, fill
from endodesk.ui.widgets.long_work import LongWork
from endodesk.ui.widgets.theme import GRID_PX, text_label

_SOON_MS = 400
T = TypeVar("T")


class FitDialog(FittingDialog):
    """Not modal: the chosen frames are labelled in the window, and the dialog counts them."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._workspace = session, session.workspace
        self._task: TaskContext | None = None
        self.fit: FolderFit | None = None
        self.setWindowTitle(tr("Will it work here?"))
        self.ask_for(720, 380)
        self.verdict = text_label("", "large", wrap=True)
        self.told, self.labels = text_label("", wrap=True), text_label("", wrap=True)
        self.limits = text_label("", "quiet", wrap=True)
        self.table, self.work = QGridLayout(), LongWork()
        self.choose = push_button(tr("&Choose frames to label"), self._choose, kind="main")
        self.show_frames = push_button(tr("&Show the frames to label"), self._show_chosen, kind="main")
        self.others = push_button(tr("Choose &others"), self._choose)
        self.only = QCheckBox(tr("&Only the frames that are shown"))
        self.only.setToolTip(tr("Filter the gallery first, such as by the folder of a hospital"))
        self._images: frozenset[Sha256] | None = None
        self.again = push_button(tr("&Look again"), self.look)
        self.buttons = (self.choose, self.show_frames, self.others, self.again)
        self._soon = QTimer(self, interval=_SOON_MS, singleShot=True)
        self._lay_out()
        self._soon.timeout.connect(self._count)
        self._workspace.rows_changed.connect(lambda *_: self._soon.start() if self.isVisible() else None)
        self._workspace.model_changed.connect(self.look)
        self.only.toggled.connect(lambda _: self._ask_shown())
        self.finished.connect(lambda _: self._stop())

    def _lay_out(self) -> None:
        self.table.setHorizontalSpacing(3 * GRID_PX)
        buttons = fill(QHBoxLayout(), *self.buttons, SPACE, self.work)
        pieces = (self.only, self.verdict, self.table, self.told, self.labels, buttons, SPACE, self.limits)
        fill(QVBoxLayout(self.page), *pieces, gap_px=GRID_PX)

    def come_back(self) -> None:
        """All anew: frames and labels may be other ones."""
        self.look()

    # --- the work ---------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Find out, by the answers that are there now."""
        if self._session.project.is_nothing:
            self._refuse(tr("Open a folder first (Ctrl+O)."))
            return
        taken, only = self._session.answers_snapshot(), self._images
        self._begin(lambda task: fit_for(taken, task, only), self._show)

    def _ask_shown(self) -> None:
        """Of the frames that are shown at this moment, or of all; what is shown to be labelled is no filter."""
        shown, frames = self._session.shown, self._workspace.frames
        if not self.only.isChecked():
            self._images = None
        elif shown.queue != FIT:
            self._images = frozenset(image for row in shown.rows.tolist() if (image := frames.sha256s[row]))
        self.look()

    def _choose(self) -> None:
        """Other frames than before, if there are any by now."""
        taken, only, before = self._session.answers_snapshot(), self._images, self.fit

        def chosen(task: TaskContext) -> FolderFit:
            choose_frames(taken, task, only, seed=before.seed + 1 if before and before.rows else SEED)
            return fit_for(taken, task, only)

        def done(fit: FolderFit) -> None:
            self._show(fit)
            self._show_chosen()

        self._begin(chosen, done)

    def _begin(self, work: Callable[[TaskContext], FolderFit], done: Callable[[FolderFit], None]) -> None:
        self._stop()

        def alone(then: Callable[[T], None]) -> Callable[[T], None]:
            def ended(found: T) -> None:
                if task is self._task:
                    self._stop()
                    then(found)

            return ended

        for button in self.buttons:
            button.setEnabled(False)
        task = self._task = self._session.jobs.submit(
            work,
            done=alone(done),
            failed=alone(self._refuse),
            progress=lambda progress: self.work.tell(tr("Looking"), progress) if task is self._task else None,
            urgency=Urgency.NOW,
        )

    def _stop(self) -> None:
        task, self._task = self._task, None
        if task:
            task.cancel()
        self.work.tell("", None)
        for button in self.buttons:
            button.setEnabled(True)

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _refuse(self, reason: str) -> None:
        self.fit = None
        self.verdict.setText("")
        self._fill(())
        self.told.setText(reason)
        for label in (self.labels, self.limits):
            label.setText("")
        for button in (self.choose, self.show_frames, self.others):
            button.hide()

    def _show(self, fit: FolderFit) -> None:
        self.fit = fit
        self.verdict.setText(printable(verdict_told(fit)))
        heads = (tr("Class"), tr("Called so"), tr("Recall (95 % interval)"), tr("Specificity (95 % interval)"))
        rows = [
            (printable(one.name), f"{one.called:,}", *(span_told(span) for span in spans_of(fit, place)))
            for place, one in enumerate(fit.classes)
        ]
        self._fill((heads, *rows), ["quiet", *("" if fit.measured or is_checked(one.name) else "quiet" for one in fit.classes)])
        self.told.setText("\n".join(details_told(fit)))
        self.labels.setText(labels_told(fit, fit.done))
        self.limits.setText(" ".join(limits_told(fit)))
        self.labels.setVisible(bool(self.labels.text()))
        self.choose.setVisible(not fit.rows)
        self.show_frames.setVisible(bool(fit.rows) and not fit.measured and not fit.outdated)
        self.others.setVisible(bool(fit.measured) or fit.outdated)

    def _fill(self, rows: Sequence[tuple[str, ...]], kinds: Sequence[str] = ()) -> None:
        empty_layout(self.table)
        for row, (words, kind) in enumerate(zip(rows, kinds, strict=True)):
            for column, word in enumerate(words):
                self.table.addWidget(text_label(word, kind), row, column)
        self.table.setColumnStretch(0, 1)

    # --- the frames to label ----------------------------------------------------------------------------------------

    def _show_chosen(self) -> None:
        fit = self.fit
        if fit is None or not fit.rows:
            return
        left = [one for one in fit.rows if not self._is_done(one)]
        shown = left or list(fit.rows)
        number = {one.row: place for place, one in enumerate(fit.rows, 1)}
        reason = tr("{n} of {total} to label")
        reasons = {one.row: reason.format(n=number[one.row], total=len(fit.rows)) for one in shown}
        self._session.shown.show_queue(FIT, [one.row for one in shown], reasons)

    def _is_done(self, chosen: ChosenRow) -> bool:
        reviews = self._workspace.reviews
        return chosen.unfit or self._workspace.label_of(chosen.row) is not None or bool(reviews.marks_of(chosen.image).unfit)

    def _count(self) -> None:
        """Labels came in: count them; the last one makes a measurement of the estimate."""
        fit = self.fit
        if fit is None or not fit.rows or self._task:
            return
        if any(one.row >= len(self._workspace.frames) or self._workspace.frames.sha256s[one.row] != one.image for one in fit.rows):
            self.look()  # the folder was listed anew
            return
        done = sum(self._is_done(one) for one in fit.rows)
        if done == len(fit.rows) or (done < fit.done and fit.measured):
            if done != fit.done or not fit.measured:
                self.look()
        else:
            self.labels.setText(labels_told(fit, done))
