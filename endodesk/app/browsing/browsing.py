"""Browsing: how a session's frames are gone through. Joins what is shown with the session, the model's answers and the queues."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from endodesk.app.browsing.frame_filter import FrameOrder
from endodesk.app.browsing.near_frames import NearFrames
from endodesk.app.browsing.queue_choice import QueueChoice
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.jobs import Urgency
from endodesk.app.language import marked
from endodesk.domain.reviews import MARKS, NO_MARKS

if TYPE_CHECKING:
    from endodesk.app.session import Session

_SETTING = "shown_frames"
READING, MAKING, COMPARING = marked("Reading frames"), marked("Making the queue"), marked("Comparing frames")
"""Long jobs by name: told as they stand here, translated where they are shown."""


class Browsing:
    """Of one session; it comes into being before any frame is listed."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        jobs, project, progressed = session.jobs, session.project, session.progressed.emit
        self.shown = ShownFrames(
            session.frames, session.classes, session.label_of, session, marks_of=self.marks_of, answer_of=self.answer_of
        )
        self.shown.take_json(project.database.settings.get(_SETTING))
        self.queues = QueueChoice(session.queues, self.shown, failed=self._queue_failed, progressed=partial(progressed, MAKING))
        self.near = NearFrames(
            jobs, project, found=self._near_found, failed=session.warning.emit, progressed=partial(progressed, COMPARING)
        )
        self.stops: dict[str, Callable[[], None]] = {MAKING: self.queues.leave, COMPARING: self.near.stop}
        """How to end a long job, by the name under which the session tells its progress."""
        session.answers.forgotten.connect(self.shown.forget_answers)
        self.shown.groups_wanted.connect(lambda: self.near.look(session.frames))
        self.shown.asked.connect(self._asked)
        session.labelling.blind_changed.connect(self._blind_changed)
        self.shown.reordered.connect(lambda: session.go(-len(session.frames)))

    def answer_of(self, row: int) -> tuple[str, float] | None:
        """What the model is known to say of a row's frame, and how probable it says that is; nothing while it is kept from the reader."""
        session = self._session
        return None if session.hides_answer(row) else session.answers.said_of(row)

    def marks_of(self, row: int) -> tuple[Collection[str], str]:
        """What readers say of a row's frame beside its class, and their note."""
        marks = self._session.reviews.marks_of(self._session.frames.sha256s[row])
        return ((), "") if marks is NO_MARKS else ([mark for mark in MARKS if marks.has(mark)], marks.note)

    def put_on_screen(self, rows: Sequence[int]) -> None:
        """These are on screen, from the top: their thumbnails come first, and no others; their answers come first."""
        self._session.answers.wanted(rows)
        self._session.thumbnails.keep_to([self._session.frames.path(row) for row in rows])

    def _asked(self) -> None:
        """After another filter: stay if the open frame is shown, else go to the next that is."""
        session = self._session
        if self.shown.place(session.row) < 0:
            session.go(+1)
        else:
            self.shown.stay_at(session.row)
            session.open_chosen()  # other frames are its neighbours now
        asked = self.shown.to_json()
        session.jobs.submit(
            lambda _: session.project.database.settings.set(_SETTING, asked), failed=session.message.emit, urgency=Urgency.LATER
        )

    def _blind_changed(self) -> None:
        """Who reads blind must not see a queue that was made before: its reasons tell what the model said."""
        if self._session.labelling.blind.on:
            self.queues.leave()
            if self.shown.queue:
                self.shown.set_order(FrameOrder.CASE)

    def _queue_failed(self, reason: str) -> None:
        self._session.warning.emit(reason)
        self.shown.asked.emit()  # what is shown is still what was

    def _near_found(self, frames: FrameList, group: NDArray[np.int64]) -> None:
        if frames is self._session.frames:
            self.shown.note_groups(group)
