"""Labelling: what a reader's keys do to the open frame, or to the frames selected in the gallery."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from endodesk.app.language import tr
from endodesk.app.review.blind import BlindFirst
from endodesk.app.review.labelling_rate import LabellingRate
from endodesk.app.review.mark_words import mark_word, unmark_word
from endodesk.app.review.overriding import Overriding
from endodesk.app.review.review_log import ReviewLog
from endodesk.data.correction_store import StoredCorrection
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import LONGEST_NOTE, YES, AnnotationKind, BundleId, Correction

if TYPE_CHECKING:
    from endodesk.app.session import Session

_GO_ON = frozenset({AnnotationKind.EXCLUDED, AnnotationKind.POOR_QUALITY, AnnotationKind.NOT_SURE})
"""After these the reader has done with the frame."""
_BY_ONE = 200  # answers of more frames are read all together


class Labelling(QObject):
    """One session's. A failure is a sentence, told by the session; nothing then looks saved."""

    blind_changed = Signal()
    """Other answers may be shown than before, of any frame."""
    revealed = Signal(object)
    """Frames (list of Sha256) whose answers may be shown from now on."""
    paced = Signal()
    """Frames were done."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.log = ReviewLog(session.project.database, session.reviews, lambda: session.reader, self)
        self.overrides = Overriding(session, self.log, self)
        self.blind = BlindFirst(session.project, session.reader)
        self.pace = LabellingRate()
        self.selection: Callable[[], Sequence[int]] = list
        """Rows selected in the gallery; two or more take what a key says all together."""
        self.goes_on = True
        """Whether a label leads on to the next frame."""

    # --- what keys do -----------------------------------------------------------------------------------------------

    def label(self, name: str) -> None:
        """Give a class, then go on to the next. Blind first, the frame stays for its answer to be seen; the next key goes on."""
        session = self._session
        targets = self._targets()
        hidden = any(self.blind.hides(image) for image in targets)
        frame = session.open_frame
        goes_on = self.goes_on and len(targets) == 1 and not (hidden and frame and frame.answer)
        if not targets or not self._give(targets, AnnotationKind.LABEL, dict.fromkeys(targets, name), goes_on=goes_on):
            return
        self._done(targets, name)
        if hidden:
            self.blind.reveal(targets)
            self.revealed.emit(targets)
        if goes_on:
            session.go(+1)

    def mark(self, mark: AnnotationKind) -> None:
        """Set it; where all have it already, take it off."""
        targets = self._targets()
        reviews = self._session.reviews
        lacking = [image for image in targets if not reviews.marks_of(image).has(mark)]
        words = dict.fromkeys(lacking, YES) if lacking else dict.fromkeys(targets, "")
        counts = bool(lacking) and mark in _GO_ON
        goes_on = self.goes_on and counts and len(targets) == 1
        if not words or not self._give(list(words), mark, words, goes_on=goes_on):
            return
        self._done(list(words), mark_word(mark) if lacking else unmark_word(mark), counts=counts)
        if goes_on:
            self._session.go(+1)

    def write_note(self, text: str) -> None:
        """Beside the open frame, or all that are selected; an empty one takes the note away."""
        targets, words = self._targets(), " ".join(text.split())[:LONGEST_NOTE]
        changed = [image for image in targets if self._session.reviews.marks_of(image).note != words]
        if changed and self._give(changed, AnnotationKind.NOTE, dict.fromkeys(changed, words)):
            self._done(changed, tr("note: {text}").format(text=words) if words else tr("note taken away"), counts=False)

    def undo(self) -> None:
        """Take the reader's last step back, and show the frame."""
        self._follow(self.log.undo, tr("undone"), tr("The label was not taken back."))

    def redo(self) -> None:
        """Do it again, and show the frame."""
        self._follow(self.log.redo, tr("done again"), tr("The label was not given again."))

    def take_back(self, stored: StoredCorrection) -> None:
        """One event of a frame's history."""
        self._try(lambda: self.log.take_back(stored), tr("It was not taken back."))

    def give_again(self, stored: StoredCorrection) -> None:
        """One that was taken back."""
        self._try(lambda: self.log.give_again(stored), tr("It was not given again."))

    @property
    def left(self) -> int:
        """Readable frames that no reader has dealt with; 100,000 take some 20 ms to count."""
        done, frames = self._session.reviews.done, self._session.frames
        return sum(1 for row, sha256 in enumerate(frames.sha256s) if sha256 not in done and not frames.is_unreadable(row))

    # --- the mode ---------------------------------------------------------------------------------------------------

    def turn_blind(self, *, on: bool) -> None:
        """Blind first, or not. EndoDeskError if that could not be kept."""
        self.blind.turn(on=on, reader=self._session.reader)
        self.blind_changed.emit()

    def reader_changed(self) -> None:
        """Another reader has steps and labels of their own."""
        self.log.read_steps()
        self.blind.read_for(self._session.reader)
        self.blind_changed.emit()

    # --- how --------------------------------------------------------------------------------------------------------

    def _targets(self) -> list[Sha256]:
        """Frames that the next key is about, each once; the reader is told if there is none."""
        session, rows = self._session, self.selection()
        if len(rows) > 1:
            entries = [session.frames[row] for row in rows]
            read = [entry.sha256 for entry in entries if entry.sha256 and not entry.unreadable]
            if not read:
                session.message.emit(tr("None of the selected frames has been read yet."))
            elif len(read) < len(entries):
                told = tr("{n} of the selected frames cannot be labelled: not read, or not readable.")
                session.message.emit(told.format(n=len(entries) - len(read)))
            return list(dict.fromkeys(read))
        if session.open_frame is None:
            session.message.emit(tr("Wait until the frame is shown, then label it."))
            return []
        return [session.open_frame.record.sha256]

    def _give(self, images: list[Sha256], said: AnnotationKind, words: dict[Sha256, str], *, goes_on: bool = False) -> bool:
        session, at = self._session, datetime.now(UTC)
        try:
            bundle, answers = self._answers(images)
            if (frame := session.open_frame) and frame.record.sha256 in words:
                session.ensure_known(frame)
            self.log.give(
                [
                    Correction(
                        image,
                        words[image],
                        session.reader,
                        at,
                        bundle if image in answers else None,
                        answers.get(image),
                        said,
                        blind=image in answers and self.blind.hides(image),
                    )
                    for image in images
                ],
                place=session.frames[session.row_after(+1)].name if goes_on else "",
            )
        except EndoDeskError as error:
            told = tr("The label was not saved. {error}") if said is AnnotationKind.LABEL else tr("It was not saved. {error}")
            session.warning.emit(told.format(error=error))
            return False
        return True

    def _answers(self, images: list[Sha256]) -> tuple[BundleId | None, dict[Sha256, str]]:
        """What the model said of these frames by now: of the open one as it was shown, of others as it is stored."""
        session = self._session
        frame = session.open_frame
        if len(images) == 1 and frame and frame.record.sha256 == images[0]:
            if frame.predictor is None or frame.answer is None:
                return None, {}
            bundle, probabilities = frame.predictor.bundle, frame.answer.probabilities
            return bundle.id, {images[0]: bundle.classes.names[max(range(len(probabilities)), key=probabilities.__getitem__)]}
        if session.predictor is None:
            return None, {}
        bundle, stored = session.predictor.bundle, session.project.database.predictions
        many = stored.of_bundle(bundle.id) if len(images) > _BY_ONE else {}
        found = [many.get(image) if many else stored.get(image, bundle.id) for image in images]
        return bundle.id, {prediction.image: bundle.classes.names[prediction.answer] for prediction in found if prediction}

    def _done(self, images: list[Sha256], what: str, *, counts: bool = True) -> None:
        entry = self._session.entry
        alone = len(images) == 1 and entry is not None
        self._session.message.emit(_where(entry.path.name if alone and entry else "", len(images), what))
        if counts:
            self.pace.add(time.monotonic(), len(images))
            self.paced.emit()

    def _follow(self, change: Callable[[], list[Sha256]], what: str, failure: str) -> None:
        session, images = self._session, list[Sha256]()
        self._try(lambda: images.extend(change()), failure)
        rows = sorted({row for image in images for row in session.frames.rows_with(image)})
        if rows and session.row not in rows:
            session.choose(rows[0])
        if images:
            name = session.frames[session.row].path.name if len(images) == 1 and rows else ""
            elsewhere = tr("{what}, for a frame that is not in this folder").format(what=what.capitalize())
            session.message.emit(_where(name, len(images), what) if rows else elsewhere)

    def _try(self, change: Callable[[], None], failure: str) -> None:
        try:
            change()
        except EndoDeskError as error:
            self._session.warning.emit(f"{failure} {error}")


def _where(name: str, frames: int, what: str) -> str:
    """What was done to one frame of that name, or to so many."""
    if name:
        return tr("{frame}: {what}").format(frame=name, what=what)
    return tr("{n:,} frames: {what}").format(n=frames, what=what)
