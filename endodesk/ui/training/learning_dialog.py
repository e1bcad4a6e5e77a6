"""Model > Learn as I label: after how many labels it learns, what it waits for, and the candidate, for the reader to decide on."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.project.kept_bundles import copy_bundle, forget_copy
from endodesk.app.retraining.learning_along import FEWEST, LEARNING, MOST, AlongRule, LearningAlong
from endodesk.app.session import Session
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.reviews import BundleId
from endodesk.system.task import Progress
from endodesk.ui.training.model_decision import ModelDecision
from endodesk.ui.training.retrain_result import ResultPage
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.fitting import FittingDialog, put_on_screen
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.long_work import LongWork
from endodesk.ui.widgets.number_boxes import WholeBox
from endodesk.ui.widgets.theme import GRID_PX, text_label

_SMALL_PX, _LARGE_PX = (720, 220), (820, 720)
"""Without and with a candidate."""


class LearningDialog(FittingDialog):
    """Not modal: the reader goes on labelling beside it."""

    def __init__(self, session: Session, along: LearningAlong, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._workspace, self._along = session, session.workspace, along
        self._taking = False
        self.setWindowTitle(tr("Learn as I label"))
        self.ask_for(*_SMALL_PX)
        self.on = QCheckBox(tr("&Learn as I label, after every"))
        self.every = WholeBox()
        self.every.setRange(FEWEST, MOST)
        self.every.setSuffix(tr(" labels"))
        self.every.setAccessibleName(tr("Labels after which it learns"))
        self.follow = QCheckBox(tr("&Queues are made by the candidate's answers, where there is one"))
        self.now = push_button(tr("Learn &now"), along.learn_now)
        self.work = LongWork()
        self.stop = push_button(tr("&Stop"), along.job.cancel)
        self.told = text_label("", wrap=True)
        self.outcome = ResultPage(session.workspace, session.thumbnails, session.navigation.choose)
        self._decision = ModelDecision(session, self.outcome)
        self._shown: Path | None = None
        about = tr(
            "The last layers of the active model learn on in the background, at low priority. What comes of it is a candidate: it answers "
            "nothing until you use it, and the next one takes its place."
        )
        choice = fill(QHBoxLayout(), self.on, self.every, SPACE, self.now)
        running = fill(QHBoxLayout(), (self.work, 1), self.stop)
        footer = text_label(tr("Research use only. Not for diagnosis."), "quiet")
        fill(
            QVBoxLayout(self.page),
            text_label(about, "quiet", wrap=True),
            choice,
            self.follow,
            self.told,
            running,
            (self.outcome, 1),
            SPACE,
            footer,
            gap_px=GRID_PX,
        )
        self._show_rule(along.rule)
        for signal in (self.on.toggled, self.follow.toggled, self.every.editingFinished):
            signal.connect(lambda *_: self._choose())
        self.outcome.use.clicked.connect(self._use)
        self.outcome.keep.clicked.connect(along.drop)
        self.outcome.again.clicked.connect(along.drop)
        for told in (along.job.reading, along.job.progressed):
            told.connect(self._tell_progress)
        along.changed.connect(self.come_back)
        self.come_back()

    def come_back(self) -> None:
        """Show what it does, and the candidate if there is one."""
        along, rule = self._along, self._along.rule
        self.told.setText(self._words())
        running = along.job.running
        for widget, seen in ((self.stop, running), (self.now, not running)):
            widget.setVisible(seen)
        self.follow.setEnabled(rule.on)
        if not running:
            self.work.tell("", None)
        candidate = along.candidate
        if candidate and self.outcome.isHidden():
            self.ask_for(*_LARGE_PX)
            put_on_screen(self)
        self.outcome.setVisible(candidate is not None)
        if candidate and candidate.folder != self._shown:  # the page of one that is decided on is not made anew under a hand
            self._decision.show(candidate.event, candidate.folder)
        self._shown = candidate.folder if candidate else None

    def _words(self) -> str:
        along = self._along
        if along.job.running:
            return tr("It learns. You can go on labelling: labels given from now on are for the next time.")
        if along.candidate:
            return tr("A candidate of {time}; nothing was changed.").format(time=f"{along.candidate.at:%H:%M}")
        if along.told:
            return along.told
        if not along.rule.on:
            return ""
        n = along.waits_for
        return tr("It learns after 1 label more.") if n == 1 else tr("It learns after {n:,} labels more.").format(n=n)

    def _show_rule(self, rule: AlongRule) -> None:
        self.on.setChecked(rule.on)
        self.every.setValue(rule.every)
        self.follow.setChecked(rule.queues_follow)

    def _choose(self) -> None:
        rule = AlongRule(self.every.value(), self.on.isChecked(), self.follow.isChecked())
        if rule == self._along.rule:
            return
        try:
            self._along.choose(rule)
        except EndoDeskError as error:
            self._show_rule(replace(self._along.rule))
            self.told.setText(str(error))

    def _tell_progress(self, progress: Progress) -> None:
        self.work.tell(tr(LEARNING), progress)

    # Why: docs/decisions/app.md 54
    def _use(self) -> None:
        candidate, project = self._along.candidate, self._workspace.project
        if candidate is None or self._taking or not self._decision.may_be_used():
            return
        self._taking = True

        def copied(copy: Path) -> None:
            if self._along.candidate is candidate and self._decision.use(copy):
                self._taking = False
                self._along.taken()
                self.accept()
            else:  # the gate no longer lets it, or it is decided on otherwise: it is no model of the project
                model = BundleId(copy.name)
                self._session.jobs.submit(lambda _task: forget_copy(project, model), done=lambda _: self._end_taking(), failed=failed)

        def failed(reason: str) -> None:
            self._end_taking()
            self.outcome.tell_refusal(reason)

        self._session.jobs.submit(lambda task: copy_bundle(project, candidate.folder, task), done=copied, failed=failed)

    def _end_taking(self) -> None:
        self._taking = False
