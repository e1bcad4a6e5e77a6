"""AnswerCrew: the threads that ask one model about the frames of one list."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from endodesk.app.answers.classifier import Answerer, Desk, Looked
from endodesk.app.answers.row_queue import Agenda
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.jobs import Jobs
from endodesk.app.project.project import Project
from endodesk.app.review.active_overrides import Held
from endodesk.domain.images import Sha256
from endodesk.imaging.pixels import Floats
from endodesk.inference.predictor import Predictor
from endodesk.system.task import Ticket
from endodesk.system.threads import cores

_LET_PASS_S = 0.25


class AnswerCrew:
    """First the stored answers, then the frames. Callbacks arrive on the GUI thread, and none after `dismiss`."""

    def __init__(
        self,
        jobs: Jobs,
        project: Project,
        frames: FrameList,
        predictor: Predictor,
        *,
        held: Held,
        others: Jobs,
        stored: Callable[[list[Sha256], Floats], None],
        prepared: Callable[[], None],
        looked: Callable[[list[Looked]], None],
        finished: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:
        """`jobs` are the crew's alone; `others` go first. `finished` whenever there is nothing left to do."""
        self._jobs, self._project, self._frames, self._others = jobs, project, frames, others
        self._predictor, self._held = predictor, held
        self._stored, self._prepared, self._looked, self._finished, self._failed = stored, prepared, looked, finished, failed
        self._agenda = Agenda()
        self._desk: Desk | None = None
        self._hired: set[Ticket] = set()
        self._paused = self._dismissed = False
        self.answerer: Answerer | None = None
        """Once it is loaded."""
        self._submit(self._prepare, self._ready)

    def add(self, rows: Iterable[int]) -> None:
        """These are to be asked about."""
        self._agenda.add(rows)
        self._hire()

    def want(self, rows: Iterable[int]) -> None:
        """These come first, in this order."""
        self._agenda.want(rows)

    def is_done(self, image: Sha256) -> bool:
        """Whether nothing is left to do for a frame."""
        return self.answerer is not None and self.answerer.is_done(image)

    @property
    def idle(self) -> bool:
        """Whether nobody is at work, and nothing is left to do."""
        return not self._hired and not len(self._agenda)

    def pause(self, paused: bool) -> None:
        """Finish the frames in work, then wait; or go on."""
        self._paused = paused
        self._agenda.pause(paused)
        self._hire()

    def dismiss(self) -> None:
        """Finish and store the frames in work, and tell nothing any more."""
        self._dismissed = True
        self._agenda.pause(True)
        for ticket in self._hired:
            ticket.cancel()

    # --- threads ----------------------------------------------------------------------------------------------------

    def _prepare(self, ticket: Ticket) -> Answerer:
        database, bundle = self._project.database, self._predictor.bundle
        database.overrides.drop_stale()  # a rule may have been made just before the program ended
        known: set[Sha256] = set()
        for images, values in database.predictions.pieces_of(bundle.id, len(bundle.classes)):
            ticket.check()
            known.update(images)
            self._post(self._stored, images, values)
        return Answerer.prepare(database, self._held, self._project.cache_folder, self._predictor.folder, known)

    def _ready(self, answerer: Answerer) -> None:
        self.answerer = answerer
        self._desk = Desk(self._project.database, answerer, lambda batch: self._post(self._looked, batch))
        self._prepared()
        self._hire()

    def _hire(self) -> None:
        """As many threads as there are cores, while there is something to do."""
        if self.answerer and not self._paused and not self._dismissed:
            while len(self._agenda) and len(self._hired) < cores():
                self._submit(self._work, lambda _: self._went())

    def _work(self, ticket: Ticket) -> None:
        answerer, desk = self.answerer, self._desk
        if answerer is None or desk is None:
            raise RuntimeError("nobody is hired before the model is loaded")
        while not ticket.cancelled and (row := self._agenda.take()) is not None:
            self._others.let_pass(_LET_PASS_S)
            entry = self._frames[row]
            desk.put(answerer.look(row, entry.path, entry.sha256))
        desk.flush()

    def _went(self) -> None:
        """A thread found nothing to do any more; what came in meanwhile it has not seen."""
        self._hire()
        if not self._hired and not self._paused:
            self._finished()

    def _submit(self, work: Callable[[Ticket], Any], done: Callable[[Any], None]) -> None:
        def ended(callback: Callable[..., None], *told: Any) -> None:
            self._hired.discard(ticket)
            if not self._dismissed:
                callback(*told)

        ticket = self._jobs.submit(
            work,
            done=partial(ended, done),
            failed=partial(ended, self._failed),
            cancelled=partial(ended, lambda: None),
        )
        self._hired.add(ticket)

    def _post(self, callback: Callable[..., None], *told: Any) -> None:
        self._jobs.post(lambda: None if self._dismissed else callback(*told))
