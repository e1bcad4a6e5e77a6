"""Learning as the reader labels: a quick update after every so many labels, whose model is a candidate and nothing more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from endodesk.app.browsing.frame_columns import FrameColumns
from endodesk.app.jobs import Jobs
from endodesk.app.language import marked, tr
from endodesk.app.project.project import Project
from endodesk.app.retraining.training_job import JobState, TrainingJob
from endodesk.app.review.labelling import Labelling
from endodesk.app.review.since_training import labelled_since, note_trained
from endodesk.app.workspace import Workspace
from endodesk.data.setting_store import LEARN_ALONG
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.runs import RunEvent
from endodesk.system.task import Progress

LEARNING = marked("Learning as you label")
FEWEST, MOST, USUAL = 5, 500, 20
_FEWEST_OF_A_CLASS = 3
_SOON_MS = 50  # not at each of many keys
QUICK = "quick"


@dataclass(frozen=True, slots=True)
class AlongRule:
    """What a project's readers chose."""

    every: int = USUAL
    """Labels after which it learns."""
    on: bool = False
    queues_follow: bool = False
    """Whether queues are made by the candidate's answers, where there is one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that nobody has decided on."""

    event: RunEvent
    """How its training ended."""
    folder: Path
    """The bundle, in the training's folder."""
    labels_to: int
    """The number of the word that was the last one when it began."""
    at: datetime


def along_rule(project: Project) -> AlongRule:
    """What was chosen; off where nothing was, or the project comes from elsewhere: it must not begin to work by itself."""

    def build(kept: Any) -> AlongRule:
        every, on, follow = kept
        return AlongRule(min(MOST, max(FEWEST, int(every))), bool(on), bool(follow))

    return project.database.settings.read(LEARN_ALONG, build, AlongRule()) if project.is_own else AlongRule()


# Why: docs/decisions/app.md 49
class LearningAlong(QObject):
    """Of one session. Off until a reader turns it on; it makes way for any other training, and promotes nothing."""

    changed = Signal()
    """The rule, what it does, or the candidate is another one."""

    def __init__(
        self, workspace: Workspace, jobs: Jobs, labelling: Labelling, columns: Callable[[], FrameColumns], others: TrainingJob
    ) -> None:
        """`columns` are those of the frames as they are listed; `others` are the trainings that a reader starts."""
        super().__init__(others)
        self._workspace, self._jobs, self._columns, self._others = workspace, jobs, columns, others
        self._rule: AlongRule | None = None  # read at the first label: nobody waits for it at the start
        self._learnt_to = 0
        self._project = workspace.project
        self.job = TrainingJob(self)
        self.candidate: Candidate | None = None
        self.told = ""
        """Why it did not learn last time, as a sentence; empty if it did."""
        self._soon = QTimer(self, interval=_SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._look)
        labelling.paced.connect(self._noticed)
        self.job.ended.connect(self._ended)
        for told in (self.job.reading, self.job.progressed):
            told.connect(lambda progress: self._tell(progress))
        others.began.connect(self.job.cancel)
        others.closed.connect(self.close)
        workspace.model_changed.connect(self._model_changed)

    # --- what a reader chooses --------------------------------------------------------------------------------------

    @property
    def rule(self) -> AlongRule:
        """What holds now."""
        if self._rule is None:
            self._rule = along_rule(self._project)
            self._learnt_to = self._newest()
            if self._project.is_own:  # also where it is off by now; in a project from elsewhere nothing is ours to remove
                self._jobs.submit(lambda _task: self._sweep_job())
        return self._rule

    def choose(self, rule: AlongRule) -> None:
        """Keep what a reader chose. EndoDeskError if it could not be saved."""
        before = self.rule
        self._project.database.settings.set(LEARN_ALONG, [rule.every, rule.on, rule.queues_follow])
        self._rule = rule
        if rule.on and not before.on:
            self._learnt_to = self._newest()  # labels of before were given to learn nothing from
        if not rule.on:
            self.job.cancel()
        self.changed.emit()
        self._noticed()

    def learn_now(self) -> None:
        """Learn without waiting for more labels."""
        self._begin()

    def drop(self) -> None:
        """The reader does not want the candidate: its files go."""
        if gone := self.candidate:
            self.candidate = None
            self._remove(gone.folder.parent)
            self.changed.emit()

    def taken(self) -> None:
        """The candidate became the active model: its training is one of the project's now."""
        if self.candidate:
            note_trained(self._project, self.candidate.labels_to)
        self.candidate = None
        self.changed.emit()

    @property
    def waits_for(self) -> int:
        """Labels until it learns again."""
        return max(0, self.rule.every - labelled_since(self._project, self._learnt_to))

    @property
    def for_queues(self) -> Path | None:
        """The model that queues are made by, where it is the candidate."""
        return self.candidate.folder if self.candidate and self.rule.queues_follow else None

    # --- learning ---------------------------------------------------------------------------------------------------

    def _noticed(self) -> None:
        if self.rule.on and not self._soon.isActive():
            self._soon.start()

    def _look(self) -> None:
        if self.rule.on and not self.waits_for:
            self._begin()
        self.changed.emit()

    def _begin(self) -> None:
        from endodesk.app.retraining.retraining import LabelSnapshot

        if self.job.running or self._others.running:
            return
        self._learnt_to = self._newest()
        self.told = self._why_not()
        if not self.told:
            self.job.start(self._project, LabelSnapshot.take(self._workspace), QUICK, self._classes(), candidate=True)
        self.changed.emit()

    def _classes(self) -> Sequence[str]:
        from endodesk.app.retraining.label_counts import count_labels

        counts = count_labels(self._columns(), tuple(self._workspace.classes))
        return tuple(count.label for count in counts if count.frames >= _FEWEST_OF_A_CLASS)

    def _why_not(self) -> str:
        """The rules of Model > Retrain, as a sentence; empty if there is something to learn from."""
        if self._workspace.reading or self._workspace.shows_own:
            return tr("It learns from what holds of all readers: leave your reading list, or turn View > Only my own labels off.")
        if self._workspace.predictor is None:
            return tr("It goes on from the active model, and there is none: Model > Retrain makes one.")
        if len(self._classes()) < 2:
            return tr("It takes two classes with at least {n} labelled frames each.").format(n=_FEWEST_OF_A_CLASS)
        return ""

    def _tell(self, progress: Progress) -> None:
        self._workspace.progressed.emit(LEARNING, progress)

    def _ended(self) -> None:
        self._workspace.progressed.emit(LEARNING, None)
        older, job = self.candidate, self.job
        if job.state is JobState.FINISHED and job.result and job.model_folder:
            self.candidate = Candidate(job.result, job.model_folder, self._learnt_to, datetime.now().astimezone())
            told = tr("A candidate has learnt from your labels: Model > Learn as I label shows it. Nothing was changed.")
            self._workspace.message.emit(told)
            if older:
                self._remove(older.folder.parent)
        else:
            self.told = job.reason if job.state is JobState.FAILED else ""
            if self.told:
                self._workspace.message.emit(tr("It could not learn from your labels: {reason}").format(reason=self.told))
            if job.run_folder:
                self._remove(job.run_folder)
        job.put_aside()
        self.changed.emit()

    def _model_changed(self) -> None:
        active = self._project.active_model
        if self.candidate and active and self.candidate.folder.parent.name != active.bundle.run:
            self.drop()  # it went on from the model of before, and was held against it

    # --- what is left of it -----------------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop what runs. A candidate that nobody decided on goes with the session: it is learnt again in seconds."""
        self.job.close()
        self.candidate = None

    def _remove(self, run: Path) -> None:
        from endodesk.app.project.project_runs import remove_candidate  # brings much of training: nobody waits for it at the start

        self._jobs.submit(lambda _task: remove_candidate(self._project, run))

    def _sweep_job(self) -> None:
        from endodesk.app.project.project_runs import CANDIDATE, remove_candidate

        for run in self._project.runs_folder.glob(f"{CANDIDATE}*/"):
            if self.job.running or self.candidate:  # what is there now may be theirs: the next session sweeps the rest
                return
            remove_candidate(self._project, run)

    def _newest(self) -> int:
        try:
            return self._project.database.corrections.newest_id()
        except EndoDeskError:  # busy: as before, so that it learns sooner than it would
            return self._learnt_to
