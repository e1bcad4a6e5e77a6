"""What a training says outside of its dialog: how far it is in the title, which the task bar shows, and how it ended in the status bar."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from endodesk.app.language import marked, tr
from endodesk.app.project.project import Project
from endodesk.app.retraining.training_job import JobState, TrainingJob
from endodesk.system.task import Progress
from endodesk.ui.widgets.places import title_of
from endodesk.ui.widgets.theme import text_label

_ENDED = {
    JobState.FINISHED: marked("Training finished: see Model > Retrain"),
    JobState.CANCELLED: marked("Training cancelled: see Model > Retrain"),
    JobState.FAILED: marked("Training failed: see Model > Retrain"),
}


class TrainingTold:
    """Of one window, whatever project it shows; `label` stands in its status bar."""

    def __init__(self, window: QWidget) -> None:
        self._window, self.label = window, text_label("", "quiet")

    def follow(self, job: TrainingJob, project: Callable[[], Project]) -> None:
        """Tell of this job from now on, on the title of the window that shows this project."""

        def progressed(progress: Progress) -> None:
            self._window.setWindowTitle(title_of(project(), progress.percent))

        def ended() -> None:
            self._window.setWindowTitle(title_of(project()))
            self.label.setText(tr(_ENDED[job.state]) if job.state in _ENDED else "")  # put aside already: nothing to see

        self.label.setText("")
        for over in (job.happened, job.decided):
            over.connect(lambda *_: self.label.setText(""))
        job.progressed.connect(progressed)
        job.ended.connect(ended)
