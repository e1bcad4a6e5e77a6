"""SplitChecker: checks the split of the open project in the background, whenever what it depends on has changed."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from endodesk.app.answers.measuring import measure_features
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.project.active_model import ActiveModel
from endodesk.app.project.grouping import Grouping, centre_words, grouping_of, keep_grouping
from endodesk.app.retraining.retraining import LabelSnapshot
from endodesk.app.retraining.splits import SplitCheck, check_splits, join_frames
from endodesk.app.review.overriding import Overriding
from endodesk.app.workspace import Workspace
from endodesk.dataset.leaks import Pair
from endodesk.domain.centre_rules import CENTRE_FOLDERS
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import Sha256
from endodesk.imaging.pixels import Floats
from endodesk.inference.predictor import Predictor
from endodesk.system.collector import collector_paused
from endodesk.system.task import Progress, TaskContext


class SplitChecker(QObject):
    """What was asked for last wins; a grouping is kept with the project once a check with it has succeeded."""

    checked = Signal(object)
    """The SplitCheck that was asked for last is there."""
    refused = Signal(str)
    """The frames cannot be split like this, and why."""
    layout_changed = Signal()
    """Another level of folders is the centre, so that the folder must be listed anew; what is checked follows."""
    warning = Signal(str)
    """A merge or a grouping could not be kept with the project; a sentence that says why."""
    not_compared = Signal(str)
    """The model cannot look at the frames, and why; empty when it begins to."""
    reading = Signal(object)
    """Progress of reading frames that were not hashed yet; None when the check ended."""
    measuring = Signal(object)
    """Progress of the comparison by what the model sees; None when it ended."""

    def __init__(self, workspace: Workspace, jobs: Jobs, overrides: Overriding, model: ActiveModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._jobs, self._overrides, self._model = workspace, jobs, overrides, model
        self.grouping = grouping_of(workspace.project)
        self.check: SplitCheck | None = None
        self._looked_at: tuple[object, ...] = ()
        self._features: dict[Sha256, Floats] = {}
        self._checking: TaskContext | None = None
        self._measuring: TaskContext | None = None
        workspace.model_changed.connect(self._forget_features)
        overrides.changed.connect(self._forget_features)

    def look(self) -> None:
        """Check the labels as they are now."""
        self._looked_at = self._state()
        if self._checking:
            self._checking.cancel()
        # copied: more are measured while the job runs
        workspace, grouping, features = self._workspace, self.grouping, dict(self._features)
        project, classes, labels = workspace.project, workspace.classes, LabelSnapshot.take(workspace)

        def check_job(task: TaskContext) -> SplitCheck:
            with collector_paused():
                return check_splits(project, labels.files(classes), grouping, task, features, labels.notes())

        self._checking = task = self._jobs.submit(
            check_job,
            done=lambda check: self._ended(task, partial(self._checked, check)),
            failed=lambda reason: self._ended(task, partial(self.refused.emit, reason)),
            cancelled=lambda: self._ended(task, lambda: None),  # so that its bar goes
            progress=lambda progress: self.reading.emit(progress) if task is self._checking else None,
            urgency=Urgency.LATER,
        )

    def stop(self) -> None:
        """Read no further; what was checked before stays."""
        if self._checking:
            self._checking.cancel()

    def look_again(self) -> None:
        """Check again if a label was given or taken back, or frames were read, since the last check."""
        if self._looked_at != self._state():
            self.look()

    def _state(self) -> tuple[object, ...]:
        """Equal as long as labels and centres are the same; labels by counts, since comparing 100,000 takes most of a second."""
        workspace = self._workspace
        return (
            id(workspace.frames),
            workspace.frames.changes,
            workspace.reviews.changes,
            workspace.label_set,
            centre_words(workspace.project),
        )

    def use(self, grouping: Grouping) -> None:
        """Check with another grouping; it is kept with the project if frames can be split like this.

        At once is kept what level of folders is the centre: that decides which folders are classes.
        """
        self.grouping = grouping
        kept = grouping_of(self._workspace.project)
        if kept.centre != grouping.centre and not {kept.centre, grouping.centre}.isdisjoint(CENTRE_FOLDERS):
            self._keep(replace(kept, centre=grouping.centre))
            self.layout_changed.emit()
        self.look()

    def _keep(self, grouping: Grouping) -> None:
        try:
            if grouping != grouping_of(self._workspace.project):
                keep_grouping(self._workspace.project, grouping)
        except EndoDeskError as error:
            self.warning.emit(str(error))

    def join(self, pair: Pair, *, joined: bool) -> None:
        """Keep the reader's word that two frames belong together, or no longer; a check follows."""
        try:
            join_frames(self._workspace.project, pair, joined=joined, reader=self._workspace.reader)
        except EndoDeskError as error:
            self.warning.emit(str(error))
            return
        self.look()

    def compare(self) -> None:
        """Look for leaks by what the active model sees, too; a check follows."""
        predictor = self._workspace.predictor
        if predictor is None:
            loading = tr("The model is still being loaded: try again in a moment.")
            missing = tr("There is no active model to compare with: make one under Model > Retrain, or choose one under Model > Models.")
            self.not_compared.emit(loading if self._model.loading else missing)
            return
        if self.check is None or self._measuring:
            return
        rows = [row for row in self.check.rows if row.sha256 not in self._features]
        self.not_compared.emit("")
        self.measuring.emit(Progress(0, len(rows), "", 0.0))
        drawn = self._overrides.drawn
        self._measuring = self._jobs.submit(
            lambda t: measure_features(predictor, rows, t, drawn),
            done=lambda found: self._measured(predictor, found),
            failed=lambda reason: self._measured(predictor, {}, reason),
            cancelled=lambda: self._measured(predictor, {}),
            progress=self.measuring.emit,
            urgency=Urgency.LATER,
        )

    def cancel(self) -> None:
        """Stop the comparison; what was found before stays."""
        if self._measuring:
            self._measuring.cancel()

    def _ended(self, task: TaskContext, tell: Callable[[], None]) -> None:
        if task is self._checking:
            self._checking = None
            self.reading.emit(None)
            tell()

    def _checked(self, check: SplitCheck) -> None:
        self.check = check
        self.checked.emit(check)
        self._keep(check.grouping)

    def _measured(self, predictor: Predictor, found: dict[Sha256, Floats], reason: str = "") -> None:
        self._measuring = None
        self.measuring.emit(None)
        if reason:
            self.not_compared.emit(reason)
        if found and predictor is self._workspace.predictor:  # else another model became active meanwhile
            self._features |= found
            self.look()

    def _forget_features(self) -> None:
        """Drop what was measured: another model, or by other outlines, sees frames otherwise."""
        self.cancel()
        if self._features:
            self._features = {}
            self.look()
