"""In the status bar: how fast the reader is, and how many frames are left."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.frames.reading_view import ReadingView
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.retraining.training_job import TrainingJob
from endodesk.app.review.labelling import Labelling
from endodesk.app.review.since_training import MOST, labelled_since, trained_to
from endodesk.app.workspace import Workspace
from endodesk.ui.widgets.theme import text_label

_LAZY_MS = 500  # not at each key: see ShownFrames.left


class LabelStatus:
    """Pace and frames left, as one label of the status bar; it follows the project that is open."""

    def __init__(self, window: QWidget) -> None:
        self.label = text_label("", "quiet")
        self._shown: ShownFrames | None = None
        self._labelling: Labelling | None = None
        self._reading: Callable[[], ReadingView | None] = lambda: None
        self._project: Project | None = None
        self._trained_to: int | None = None
        self._timer = QTimer(window, singleShot=True, interval=_LAZY_MS)
        self._timer.timeout.connect(self.tell)

    def follow(self, workspace: Workspace, shown: ShownFrames, labelling: Labelling, job: TrainingJob) -> None:
        """Tell of these frames and of this labelling from now on."""
        self._shown, self._labelling, self._reading = shown, labelling, lambda: workspace.reading
        self._project = workspace.project
        self._read_trained_to()
        told_by = (workspace.frames_listed, workspace.rows_changed, workspace.label_view_changed, job.ended, labelling.paced)
        for signal in told_by:
            signal.connect(self._later)
        for signal in (job.ended, workspace.model_changed):
            signal.connect(self._read_trained_to)
        self.tell()

    def _read_trained_to(self) -> None:
        """Read once a training: where there was none, no key asks the disk for it."""
        self._trained_to = trained_to(self._project) if self._project else None

    def _later(self, *_what: object) -> None:
        if not self._timer.isActive():  # not begun anew: else a fast reader would never see it
            self._timer.start()

    def tell(self) -> None:
        """Say how fast the reader is and how many frames are left, at once; nothing where no frames are listed."""
        shown, labelling = self._shown, self._labelling
        if shown is None or labelling is None or not len(shown.frames):
            self.label.setText("")
            return
        reading, pace = self._reading(), labelling.pace.per_minute
        told = reading.told if reading else tr("1 frame left") if (left := shown.left) == 1 else tr("{n:,} frames left").format(n=left)
        since = labelled_since(self._project, self._trained_to) if self._project else 0
        if since:
            one, many = tr("1 label since the last training"), tr("{n:,} labels since the last training")
            most = tr("{n:,} labels and more since the last training")
            form = one if since == 1 else many if since < MOST else most
            told = tr("{left}, {since}").format(left=told, since=form.format(n=since))
        self.label.setText(tr("{pace:.0f} frames a minute, {left}").format(pace=pace, left=told) if pace else told)
        self.label.setToolTip(tr("Frames that no reader has labelled, set aside or called not sure; pauses do not slow the pace"))
