"""The real window on a folder, in a process of its own, trained in until it is killed.

`python -m tests.faults.training_window_child FOLDER`, driven by lines of JSON on stdin, as `window_child`. `found` tells what the window
makes of the training before; `train` begins one by the dialog's own buttons, tells each phase as the window hears of it, and at the end
uses the new model; `go_on` goes on with what was interrupted.
"""

import json
import sys
import time
from pathlib import Path

from endodesk.app.project.project_runs import last_run
from endodesk.app.retraining.training_job import JobState
from endodesk.domain.runs import RunEventKind
from endodesk.ui.start import make_window
from endodesk.ui.training.retrain_dialog import RetrainDialog

from .window_child import Driver, say

_LOOKS_S, _TRAINS_S = 15, 300
_SETTLED_S = 1.2  # a page that has just come takes no click


class TrainingDriver(Driver):
    """Trains as a reader does."""

    def found(self) -> None:
        """How the window opens: what it tells of the last training, and whether it offers to go on with it."""
        job, window = self.window.job, self.window
        end = time.monotonic() + _LOOKS_S
        while job.running and time.monotonic() < end:
            self.application.processEvents()
        dialog = self._dialog()
        offers_result = dialog.pages.currentWidget() is dialog.outcome and job.state is JobState.FINISHED
        reason, state = job.reason, str(job.state)
        run = last_run(window.session.project)
        if dialog.pages.currentWidget() is dialog.outcome:
            dialog.show_setup()
        known = [stored.bundle.run for stored in window.session.project.database.models.all()]
        say(
            state=state,
            reason=reason,
            offers_result=offers_result,
            offers_to_go_on=bool(dialog.setup.interrupted) and dialog.setup.go_on.isVisibleTo(dialog),
            run=run.name if run else "",
            is_known=bool(run and run.name in known),
        )

    def train(self, setup: str) -> None:
        """Begin a training by a file of settings, and use what comes of it."""
        dialog = self._dialog()
        dialog.show_setup()  # the result of the one before is not decided on
        preset = dialog.setup.preset
        preset.setItemData(0, setup)
        preset.setCurrentIndex(0)
        self.window.job.happened.connect(lambda event: say(phase=event.phase) if event.kind is RunEventKind.PHASE else None)
        self.until(lambda: dialog.setup.start.isEnabled())
        dialog.setup.start.click()
        if self._followed(dialog):
            self._use(dialog)
        say(state=str(self.window.job.state), reason=self.window.job.reason)

    def go_on(self) -> None:
        """Go on with the interrupted training, to its end."""
        dialog = self._dialog()
        dialog.setup.go_on.click()
        self._followed(dialog)
        say(state=str(self.window.job.state), reason=self.window.job.reason)

    def _dialog(self) -> RetrainDialog:
        self.window.actions_by_name["retrain"].trigger()
        [dialog] = self.window.findChildren(RetrainDialog)
        return dialog

    def _followed(self, dialog: RetrainDialog) -> bool:
        job, end, keeping = self.window.job, time.monotonic() + _TRAINS_S, False
        while job.running and time.monotonic() < end:
            self.application.processEvents()
            if not keeping and any(event.kind is RunEventKind.FINISHED for event in job.told):
                say(phase="keeping")  # signed, and copied into the project's models
                keeping = True
            time.sleep(0.001)
        return job.state is JobState.FINISHED

    def _use(self, dialog: RetrainDialog) -> None:
        end = time.monotonic() + _SETTLED_S
        while time.monotonic() < end:
            self.application.processEvents()
        page = dialog.outcome
        if not page.use.isEnabled():
            page.reason.setText("to see whether it can be killed")
        say(phase="promotion")
        page.use.click()
        end = time.monotonic() + _SETTLED_S  # killed meanwhile, at the latest while the new model begins to answer
        while time.monotonic() < end:
            self.application.processEvents()


def main() -> None:
    application, window = make_window(Path(sys.argv[1]))
    window.show()
    driver = TrainingDriver(application, window)
    driver.settle()
    say()
    for line in sys.stdin:
        told = json.loads(line)
        getattr(driver, told.pop("do"))(**told)
    window.close()


if __name__ == "__main__":
    main()
