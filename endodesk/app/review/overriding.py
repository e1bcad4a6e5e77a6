"""Overriding: box and field of view drawn by hand, of the open frame or of all frames of its size."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from endodesk.app.jobs import Urgency
from endodesk.app.language import tr
from endodesk.app.review.active_overrides import ActiveOverrides
from endodesk.app.review.review_log import ReviewLog
from endodesk.app.viewing.opening import OpenFrame
from endodesk.data.override_store import Override
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import FrameSize, Outline, Part

if TYPE_CHECKING:
    from endodesk.app.session import Session


class Overriding(QObject):
    """One session's. A failure is a sentence, told by the session; nothing then looks saved."""

    changed = Signal()
    """Something else is drawn by hand than before. The open frame comes again by itself."""

    def __init__(self, session: "Session", record: ReviewLog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._record, self._database = session, record, session.project.database
        self.held = ActiveOverrides(self._database)
        self._standing = self._read()
        record.drawn.connect(self._follow)

    # --- what holds -------------------------------------------------------------------------------------------------

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
        frames = self._session.frames

        def work(_: object) -> int:
            ruled = [image for image in self._database.overrides.sizes([size]) if self.own(part, image) is None]
            return sum(len(list(frames.rows_with(image))) for image in ruled)

        self._session.jobs.submit(work, done=done, failed=self._session.warning.emit, urgency=Urgency.NOW)

    # --- what a reader draws ----------------------------------------------------------------------------------------

    def draw(self, part: Part, outline: Outline | None) -> bool:
        """On the open frame: an outline, an empty one (there is none), or None to go back. Whether it was kept."""
        frame = self._session.open_frame
        if frame is None:
            return False
        if outline is None and self.own(part, frame.record.sha256) is None:
            return True
        return self._give([self._word(part, outline, image=frame.record.sha256)])

    def draw_for_size(self, part: Part, outline: Outline | None) -> bool:
        """For all frames of the open one's size that have none of their own; the open one follows it from then on."""
        frame = self._session.open_frame
        if frame is None:
            return False
        words = [self._word(part, outline, size=size_of(frame))]
        if outline is not None and self.own(part, frame.record.sha256):
            words.append(self._word(part, None, image=frame.record.sha256))
        return self._give(words)

    def _word(self, part: Part, outline: Outline | None, *, image: Sha256 | None = None, size: FrameSize | None = None) -> Override:
        return Override(part, outline, self._session.reader, datetime.now(UTC), image, size)

    def _give(self, words: list[Override]) -> bool:
        try:
            if frame := self._session.open_frame:
                self._session.ensure_known(frame)
            self._record.draw(words)
        except EndoDeskError as error:
            self._session.warning.emit(tr("The outline was not saved. {reason}").format(reason=error))
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
            return
        self.held.read_again()
        images = [where for _, where in differ if isinstance(where, str)]
        sizes = [where for _, where in differ if not isinstance(where, str)]
        self._session.answers.forget([Sha256(image) for image in images])
        if sizes:
            self._session.jobs.submit(
                lambda _: self._concerned(sizes),
                done=self._forget_many,
                failed=self._session.warning.emit,
                urgency=Urgency.NOW,
            )
        self._session.show_recipe(self._session.recipe_choice)
        self.changed.emit()

    def _concerned(self, sizes: list[FrameSize]) -> list[Sha256]:
        """Frames of these sizes, once what was said of them is forgotten. Runs in a job."""
        self._database.overrides.drop_stale()
        return list(self._database.overrides.sizes(sizes))

    def _forget_many(self, images: list[Sha256]) -> None:
        self._session.answers.forget(images)
        self._session.message.emit(tr("The model is asked again about {n} frames of this size.").format(n=f"{len(images):,}"))


def size_of(frame: OpenFrame) -> FrameSize:
    """Width and height of a frame as it was read; here it stands for the device."""
    return frame.record.width, frame.record.height


def _outline(override: Override | None) -> Outline | None:
    return override.outline if override else None
