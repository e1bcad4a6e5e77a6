"""Overriding: box and field of view drawn by hand, of the open frame or of all frames of its size."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from endodesk.app.frames.active_overrides import ActiveOverrides
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.review.review_log import ReviewLog
from endodesk.app.viewing.open_frame import OpenFrame, ensure_known
from endodesk.app.workspace import Workspace
from endodesk.data.override_store import Override
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import FrameSize, Outline, Overrides, Part


class Overriding(QObject):
    """What readers draw in one workspace. A failure is a sentence, told by the workspace; nothing then looks saved."""

    changed = Signal()
    """Something else is drawn by hand than before. The open frame comes again by itself."""

    def __init__(
        self,
        workspace: Workspace,
        log: ReviewLog,
        active: ActiveOverrides,
        jobs: Jobs,
        *,
        forget: Callable[[Sequence[Sha256]], None],
        reopen: Callable[[], None],
    ) -> None:
        """`forget` what was answered of frames of which something else holds now; `reopen` the frame that is open."""
        super().__init__(workspace)
        self._workspace, self._log, self._active, self._jobs = workspace, log, active, jobs
        self._forget, self._reopen = forget, reopen
        self._database = workspace.project.database
        self._standing = self._read()
        log.drawn.connect(self._follow)

    # --- what holds -------------------------------------------------------------------------------------------------

    @property
    def drawn(self) -> Overrides:
        """All that holds now, frozen: for jobs."""
        return self._active.now

    def own(self, part: Part, image: Sha256) -> Override | None:
        """What was drawn on a frame itself."""
        return self._standing.get((part, image))

    def rule(self, part: Part, size: FrameSize) -> Override | None:
        """What was drawn for all frames of a size."""
        return self._standing.get((part, size))

    def of_frame(self, part: Part, frame: OpenFrame) -> Override | None:
        """What a frame was opened with."""
        return self.own(part, frame.record.sha256) or self.rule(part, size_of(frame))

    def history(self, image: Sha256) -> list[Override]:
        """All that was ever drawn on a frame itself, oldest first."""
        return self._database.overrides.history(image)

    def count(self, size: FrameSize, part: Part, done: Callable[[int], None]) -> None:
        """How many readable frames of the folder a rule for this size would be about; told later."""
        own = {where for what, where in self._standing if what is part}
        contents = self._workspace.frames.snapshot().sha256s

        def count_job(_: object) -> int:
            ruled = self._database.overrides.sizes([size]).keys() - own
            return sum(image in ruled for image in contents)

        self._jobs.submit(count_job, done=done, failed=self._workspace.warning.emit, urgency=Urgency.NOW)

    # --- what a reader draws ----------------------------------------------------------------------------------------

    def draw(self, part: Part, outline: Outline | None) -> bool:
        """Draw on the open frame: an outline, an empty one (there is none), or None to go back. Whether it was kept."""
        frame = self._workspace.open_frame
        if frame is None:
            return False
        # there is nothing to go back from
        if outline is None and self.own(part, frame.record.sha256) is None:
            return True
        return self._give([self._word(part, outline, image=frame.record.sha256)])

    def draw_for_size(self, part: Part, outline: Outline | None) -> bool:
        """Draw for all frames of the open one's size that have none of their own; the open one follows it from then on."""
        frame = self._workspace.open_frame
        if frame is None:
            return False
        words = [self._word(part, outline, size=size_of(frame))]
        if outline is not None and self.own(part, frame.record.sha256):
            words.append(self._word(part, None, image=frame.record.sha256))
        return self._give(words)

    def _word(self, part: Part, outline: Outline | None, *, image: Sha256 | None = None, size: FrameSize | None = None) -> Override:
        return Override(part, outline, self._workspace.reader, datetime.now(UTC), image, size)

    def _give(self, words: list[Override]) -> bool:
        try:
            if frame := self._workspace.open_frame:
                ensure_known(self._database, frame)
            self._log.draw(words)
        except EndoDeskError as error:
            self._workspace.warning.emit(tr("The outline was not saved. {reason}").format(reason=error))
            return False
        return True

    # --- what follows -----------------------------------------------------------------------------------------------

    def _read(self) -> dict[tuple[Part, Sha256 | FrameSize], Override]:
        return {override.about: override for override in self._database.overrides.standing()}

    def _follow(self) -> None:
        """Answers of the frames concerned are asked for again, and the open one is opened again."""
        before, self._standing = self._standing, self._read()
        both = before.keys() | self._standing.keys()
        differ = [about for about in both if _outline(before.get(about)) != _outline(self._standing.get(about))]
        if not differ:
            return  # every undo is told as if it were of an outline
        self._active.read_again()  # first: frames asked again are asked with what holds now
        images = [where for _, where in differ if isinstance(where, str)]
        sizes = [where for _, where in differ if not isinstance(where, str)]
        self._forget([Sha256(image) for image in images])
        # Why: docs/decisions/app.md 13
        if sizes:
            self._jobs.submit(
                lambda _: self._concerned_job(sizes),
                done=self._forget_many,
                failed=self._workspace.warning.emit,
                urgency=Urgency.NOW,
            )
        self._reopen()
        self.changed.emit()

    def _concerned_job(self, sizes: list[FrameSize]) -> list[Sha256]:
        """Frames of these sizes, once what was said of them is forgotten. Runs in a job."""
        self._database.overrides.drop_stale()
        return list(self._database.overrides.sizes(sizes))

    def _forget_many(self, images: list[Sha256]) -> None:
        self._forget(images)
        self._workspace.message.emit(tr("The model is asked again about {n} frames of this size.").format(n=f"{len(images):,}"))


def size_of(frame: OpenFrame) -> FrameSize:
    """Width and height of a frame as it was read; here it stands for the device."""
    return frame.record.width, frame.record.height


def _outline(override: Override | None) -> Outline | None:
    return override.outline if override else None
