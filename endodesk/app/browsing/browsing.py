"""Browsing: what the reader asks to see of the frames: a filter, an order, a queue, near-identical ones as one."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from endodesk.app.browsing.frame_filter import FrameOrder
from endodesk.app.browsing.navigation import Navigation
from endodesk.app.browsing.near_frames import NearFrames
from endodesk.app.browsing.queue_choice import QueueChoice
from endodesk.app.browsing.reading_list import ReadingList
from endodesk.app.browsing.row_facts import RowFacts
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import marked, tr
from endodesk.app.queues.queue_maker import QueueMaker
from endodesk.app.queues.queues import ADJUDICATION, OF_OTHERS, TELL_NOTHING
from endodesk.app.workspace import Workspace

_SETTING = "shown_frames"
READING, MAKING, COMPARING = marked("Reading frames"), marked("Making the queue"), marked("Comparing frames")
"""Long jobs by name: told as they stand here, translated where they are shown."""


class Browsing:
    """Joins the frames shown with the queues, the near-identical frames and the project's settings."""

    def __init__(self, workspace: Workspace, shown: ShownFrames, navigation: Navigation, maker: QueueMaker, jobs: Jobs) -> None:
        self._workspace, self.shown, self._navigation, self._jobs = workspace, shown, navigation, jobs
        progressed = workspace.progressed.emit
        self.reading = ReadingList(workspace, shown, jobs)
        self.queues = QueueChoice(maker, shown, self.reading, failed=self._queue_failed, progressed=partial(progressed, MAKING))
        self.near = NearFrames(
            jobs, workspace.project, found=self._near_found, failed=workspace.warning.emit, progressed=partial(progressed, COMPARING)
        )
        shown.groups_wanted.connect(lambda: self.near.look(workspace.frames))
        shown.asked.connect(self._asked)
        shown.reordered.connect(navigation.go_to_first)
        workspace.blind_changed.connect(self._blind_changed)
        workspace.label_view_changed.connect(self._label_view_changed)
        workspace.model_changed.connect(self._model_changed)

    def _asked(self) -> None:
        """Stay after another filter if the open frame is shown, else go to the next that is."""
        row = self._workspace.row
        if self.shown.arrangement.place(row) < 0:
            self._navigation.go(+1)
        else:
            self.shown.stay_at(row)
            self._navigation.open_chosen()  # other frames are its neighbours now
        asked, settings = self.shown.to_json(), self._workspace.project.database.settings
        # LATER, and a mere message: nobody waits for it, and no work is lost if it fails
        self._jobs.submit(lambda _: settings.set(_SETTING, asked), failed=self._workspace.message.emit, urgency=Urgency.LATER)

    def decides(self) -> bool:
        """Whether frames are shown on which readers disagree, for somebody to decide."""
        return self.shown.queue == ADJUDICATION

    def _blind_changed(self) -> None:
        """Who reads blind must not see a queue that was made before: its reasons tell what the model said."""
        if self._workspace.blind.on:
            self.queues.leave()
            if self.shown.queue and self.shown.queue not in TELL_NOTHING:
                self.shown.set_order(FrameOrder.CASE)

    def _model_changed(self) -> None:
        """A queue that was made before tells what the model of before said."""
        if self.shown.queue and self.shown.queue not in TELL_NOTHING:
            self.shown.set_order(FrameOrder.CASE)
            self._workspace.message.emit(tr("That order was of the model before. Choose it again for the present one."))

    def _label_view_changed(self) -> None:
        """Who sees their own labels alone must not see what others say, as some queues tell."""
        if self._workspace.shows_own and self.shown.queue in OF_OTHERS:
            self.shown.set_order(FrameOrder.CASE)

    def _queue_failed(self, reason: str) -> None:
        self._workspace.warning.emit(reason)
        self.shown.asked.emit()  # what is shown is still what was

    def _near_found(self, frames: FrameList, group: NDArray[np.int64]) -> None:
        if frames is self._workspace.frames:  # else the folder was listed anew meanwhile
            self.shown.note_groups(group)


def shown_frames(workspace: Workspace, facts: RowFacts) -> ShownFrames:
    """The frames shown, with filter and order as the project was left."""
    shown = ShownFrames(
        workspace.frames, workspace.label_set, workspace.label_of, workspace, marks_of=facts.marks_of, answer_of=facts.answer_of
    )
    shown.take_json(workspace.project.database.settings.get(_SETTING))
    return shown
