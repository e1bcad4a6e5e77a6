"""Labelling: what a reader's keys do to the open frame, or to the frames selected in the gallery."""

import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, Signal

from endodesk.app.answers.probability_table import AnswerInClasses
from endodesk.app.frames.frame_list import FrameEntry
from endodesk.app.frames.indexing import unchanged
from endodesk.app.frames.mark_words import mark_word, unmark_word
from endodesk.app.language import tr
from endodesk.app.review.labelling_rate import LabellingRate
from endodesk.app.review.review_log import ReviewLog
from endodesk.app.viewing.open_frame import ensure_known
from endodesk.app.workspace import Workspace
from endodesk.data.acts.standing_words import StoredCorrection
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import CLASSED, LONGEST_NOTE, YES, AnnotationKind, BundleId, Correction

_GO_ON = frozenset({AnnotationKind.EXCLUDED, AnnotationKind.POOR_QUALITY, AnnotationKind.NOT_SURE})
"""Marks after which the reader has done with a frame, as after a label."""
_NAMES_HIDDEN = "names_hidden"
MANY = 50
"""Frames that a key may be for without asking: more are seldom all on the screen."""
_MOST_AHEAD = timedelta(days=1)
"""Further ahead is no clock, but a mistake that must not be passed on."""
_BY_ONE = 200  # answers of more frames are read all together


class Labelling(QObject):
    """What readers say in one workspace. A failure is a sentence, told by the workspace; nothing then looks saved.

    Nothing here navigates: what ends a frame returns whether to go on, and undo and redo return the row to show.
    """

    revealed = Signal(object)
    """Frames (list of Sha256) whose answers may be shown from now on."""
    paced = Signal()
    """Frames were labelled or set aside, and `pace` has counted them."""

    def __init__(self, workspace: Workspace, log: ReviewLog, next_name: Callable[[], str]) -> None:
        """`next_name` tells the frame that would follow: the place to come back to, written with the label."""
        super().__init__(workspace)
        self._workspace, self.log, self._next_name = workspace, log, next_name
        self.pace = LabellingRate()
        self.selection: Callable[[], Sequence[int]] = list
        """Rows selected in the gallery; two or more take what a key says all together."""
        self.agrees: Callable[[int], bool] = lambda _: True
        """Whether the reader means so many frames, asked before a key is for more than MANY."""
        self.goes_on = True
        """Whether a label leads on to the next frame."""
        self.decides: Callable[[], bool] = lambda: False
        """Whether frames are shown on which readers disagree, for somebody to decide."""
        self.names_hidden = workspace.project.database.settings.get(_NAMES_HIDDEN, False) is True

    # --- what keys do -----------------------------------------------------------------------------------------------

    def label(self, name: str) -> bool:
        """Give a class; whether to go on. Blind first, the frame stays for its answer to be seen; the next key goes on."""
        workspace = self._workspace
        if self.adjudicating:
            return self._adjudicate(name)
        targets = self._targets()
        hidden = any(workspace.blind.hides(image) for image in targets)
        frame = workspace.open_frame
        goes_on = self.goes_on and len(targets) == 1 and not (hidden and frame and frame.answer)
        if not self._meant(targets) or not self._give(targets, AnnotationKind.LABEL, dict.fromkeys(targets, name), goes_on=goes_on):
            return False
        self._done(targets, name)
        if hidden:
            workspace.blind.reveal(targets)
            self.revealed.emit(targets)
        return goes_on

    @property
    def adjudicating(self) -> bool:
        """Whether the keys of classes give verdicts."""
        return self.decides() and not self._workspace.shows_own

    @property
    def hides_names(self) -> bool:
        """Whether who decides is not to see who said what."""
        return self.adjudicating and self.names_hidden

    def hide_names(self, on: bool) -> None:
        """Decide without knowing who said what, or knowing it; a failure is told."""

        def keep() -> None:
            self._workspace.project.database.settings.set(_NAMES_HIDDEN, on)
            self.names_hidden = on

        self._try(keep, tr("That could not be kept."))
        self._workspace.label_changed.emit()

    # Why: docs/decisions/domain.md 8
    def _adjudicate(self, name: str) -> bool:
        """A verdict on one frame that others have read, by somebody who has not; whether to go on."""
        workspace, targets = self._workspace, self._targets()
        if not targets:
            return False
        words = workspace.reviews.words_of(targets[0])
        if len(targets) > 1:
            refused = tr("A verdict is for one frame at a time: select one.")
        elif len(words.labels) < 2:
            refused = tr("This frame has no two readers. Choose another order to label it yourself.")
        elif words.of(workspace.reader):
            told = tr(
                "You have labelled this frame yourself, so somebody else decides. If you decide together, first take a name for both, "
                "such as {both} (File > Reader)."
            )
            both = "A + B" if self.hides_names else " + ".join(sorted({stored.correction.reader for stored in words.labels}))
            refused = told.format(both=both)
        else:
            refused = ""
        if refused:
            workspace.warning.emit(refused)
            return False
        if not self._give(targets, AnnotationKind.VERDICT, dict.fromkeys(targets, name), goes_on=self.goes_on):
            return False
        self._done(targets, tr("verdict {label}").format(label=name))
        return self.goes_on

    def mark(self, mark: AnnotationKind) -> bool:
        """Set it, or where all have it already, take it off; whether to go on."""
        targets = self._targets()
        lacking = [image for image in targets if not self._workspace.marks_of(image).has(mark)]
        words = dict.fromkeys(lacking, YES) if lacking else dict.fromkeys(targets, "")
        counts = bool(lacking) and mark in _GO_ON
        goes_on = self.goes_on and counts and len(targets) == 1
        if not self._meant(words) or not self._give(list(words), mark, words, goes_on=goes_on):
            return False
        self._done(list(words), mark_word(mark) if lacking else unmark_word(mark), counts=counts)
        return goes_on

    def write_note(self, text: str) -> None:
        """Write a note beside the open frame, or all that are selected; an empty one takes the note away."""
        targets, words = self._targets(), " ".join(text.split())[:LONGEST_NOTE]
        changed = [image for image in targets if self._workspace.marks_of(image).note != words]
        if changed and self._give(changed, AnnotationKind.NOTE, dict.fromkeys(changed, words)):
            self._done(changed, tr("note: {text}").format(text=words) if words else tr("note taken away"), counts=False)

    def undo(self) -> int | None:
        """Take the reader's last step back; the row to show, None if it is shown already or in no row of this folder."""
        if not self.log.can_undo:
            return None
        what = tr("undone: {acts}").format(acts=self.log.undo_told)
        return self._follow(self.log.undo, what, tr("The label was not taken back."))

    def redo(self) -> int | None:
        """Do it again; the row to show, as of `undo`."""
        if not self.log.can_redo:
            return None
        what = tr("done again: {acts}").format(acts=self.log.redo_told)
        return self._follow(self.log.redo, what, tr("The label was not given again."))

    def take_back(self, stored: StoredCorrection) -> None:
        """Take back one event of a frame's history; a failure is told. Of another reader's label it is refused: it is theirs."""
        said = stored.correction
        if said.kind in CLASSED and said.reader != self._workspace.reader:
            told = tr("This is {reader}'s word: nobody else takes it back. Give a label of your own, or decide (order: Readers disagree).")
            self._workspace.warning.emit(told.format(reader=said.reader))
            return
        self._try(lambda: self.log.take_back(stored), tr("It was not taken back."))

    def give_again(self, stored: StoredCorrection) -> None:
        """Give an event that was taken back again, in its old place; a failure is told."""
        self._try(lambda: self.log.give_again(stored), tr("It was not given again."))

    # --- the mode ---------------------------------------------------------------------------------------------------

    def turn_blind(self, *, on: bool) -> None:
        """Blind first, or not. EndoDeskError if that could not be kept."""
        workspace = self._workspace
        workspace.blind.turn(on=on, reader=workspace.reader)
        workspace.blind_changed.emit()

    def name_reader(self, name: str) -> None:
        """Another reader, who has steps and labels of their own. EndoDeskError if the name could not be kept."""
        self._workspace.name_reader(name)
        self.read_for_reader()

    def read_for_reader(self) -> None:
        """What the reader as named now has done until now: nobody undoes what another one did."""
        workspace = self._workspace
        workspace.read_reader()
        self.log.read_steps()
        workspace.blind.read_for(workspace.reader)
        workspace.blind_changed.emit()
        workspace.label_view_changed.emit()  # whose own labels they are is another one, too

    # --- how --------------------------------------------------------------------------------------------------------

    def _meant(self, images: Collection[Sha256]) -> bool:
        return 0 < len(images) <= MANY or (bool(images) and self.agrees(len(images)))

    def _targets(self) -> list[Sha256]:
        """Frames that the next key is about, each once; the reader is told if there is none."""
        workspace, rows = self._workspace, self.selection()
        if len(rows) > 1:
            return self._selected([workspace.frames[row] for row in rows])
        if workspace.open_frame is None:
            refused = workspace.entry is not None and workspace.entry.unreadable
            words = tr("A frame that cannot be shown is not labelled.") if refused else tr("Wait until the frame is shown, then label it.")
            workspace.message.emit(words)
            return []
        return [workspace.open_frame.record.sha256]

    def _selected(self, entries: Sequence[FrameEntry]) -> list[Sha256]:
        """Contents of these frames, of which none is open: only those whose files are as they were when they were read."""
        workspace = self._workspace
        read = [entry for entry in entries if entry.sha256 and not entry.unreadable]
        same = unchanged([entry.path for entry in read], workspace.project.database)
        if not read:
            workspace.message.emit(tr("None of the selected frames has been read yet."))
        elif len(read) < len(entries):
            told = tr("{n} of the selected frames cannot be labelled: not read, or not readable.")
            workspace.message.emit(told.format(n=len(entries) - len(read)))
        if exchanged := [entry.path.name for entry in read if entry.path not in same]:
            told = tr(
                "{n} of the selected files have changed since they were read, {file} the first of them. Press F5, look again, then label."
            )
            workspace.warning.emit(told.format(n=len(exchanged), file=exchanged[0]))
            return []
        return list(dict.fromkeys(entry.sha256 for entry in read if entry.sha256))

    def _give(self, images: list[Sha256], said: AnnotationKind, words: dict[Sha256, str], *, goes_on: bool = False) -> bool:
        workspace, at = self._workspace, _after(self._workspace.reviews.newest_at(images))
        try:
            bundle, answers = self._answers(images)
            reader = workspace.reader
            if (frame := workspace.open_frame) and frame.record.sha256 in words:
                ensure_known(workspace.project.database, frame)
            self.log.give(
                [
                    Correction(
                        image,
                        words[image],
                        reader,
                        at,
                        bundle if image in answers else None,
                        answers.get(image),
                        said,
                        blind=image in answers and workspace.blind.hides(image),
                    )
                    for image in images
                ],
                place=self._next_name() if goes_on else "",
            )
        except EndoDeskError as error:
            told = tr("The label was not saved. {error}") if said is AnnotationKind.LABEL else tr("It was not saved. {error}")
            workspace.warning.emit(told.format(error=error))
            return False
        return True

    def _answers(self, images: list[Sha256]) -> tuple[BundleId | None, dict[Sha256, str]]:
        """What the model said of these frames by now: of the open one as it was shown, of others as it is stored."""
        workspace = self._workspace
        frame = workspace.open_frame
        if len(images) == 1 and frame and frame.record.sha256 == images[0]:
            if frame.predictor is None or frame.answer is None:
                return None, {}
            bundle, probabilities = frame.predictor.bundle, frame.answer.probabilities
            return bundle.id, {images[0]: AnswerInClasses(workspace.label_set, bundle.classes.names).of(probabilities)[0]}
        if workspace.predictor is None:
            return None, {}
        bundle, stored = workspace.predictor.bundle, workspace.project.database.predictions
        many = stored.of_bundle(bundle.id) if len(images) > _BY_ONE else {}
        found = [many.get(image) if many else stored.get(image, bundle.id) for image in images]
        meant = AnswerInClasses(workspace.label_set, bundle.classes.names)  # as it is shown
        return bundle.id, {prediction.image: meant.of(prediction.probabilities)[0] for prediction in found if prediction}

    def _done(self, images: list[Sha256], what: str, *, counts: bool = True) -> None:
        entry = self._workspace.entry
        alone = len(images) == 1 and entry is not None
        self._workspace.message.emit(_where(entry.path.name if alone and entry else "", len(images), what))
        if counts:
            self.pace.add(time.monotonic(), len(images))
            self.paced.emit()

    def _follow(self, change: Callable[[], list[Sha256]], what: str, failure: str) -> int | None:
        workspace, images = self._workspace, list[Sha256]()
        done = self._try(lambda: images.extend(change()), failure)
        if not images:
            if done:  # it is about no frame: classes, outlines of all frames of a size
                workspace.message.emit(_sentence(what))
            return None
        rows = sorted({row for image in images for row in workspace.frames.rows_with(image)})
        if not rows:
            workspace.message.emit(tr("{what}, for a frame that is not in this folder").format(what=_sentence(what)))
            return None
        row = workspace.row if workspace.row in rows else rows[0]  # of copies the one in sight
        workspace.message.emit(_where(workspace.frames.path(row).name if len(images) == 1 else "", len(images), what))
        return row if row != workspace.row else None

    def _try(self, change: Callable[[], None], failure: str) -> bool:
        try:
            change()
        except EndoDeskError as error:
            self._workspace.warning.emit(f"{failure} {error}")
            return False
        return True


def _sentence(what: str) -> str:
    return what[:1].upper() + what[1:]  # the rest as it is: names of classes


def _after(newest: datetime | None) -> datetime:
    """Now; a moment after what was said last, where a colleague's clock is ahead: words of several readers are ordered by their times."""
    now = datetime.now(UTC)
    ahead = newest is not None and timedelta(0) <= newest - now < _MOST_AHEAD
    return newest + timedelta(microseconds=1) if newest and ahead else now


def _where(name: str, frames: int, what: str) -> str:
    """What was done to one frame of that name, or to so many."""
    if name:
        return tr("{frame}: {what}").format(frame=name, what=what)
    return tr("{n:,} frames: {what}").format(n=frames, what=what)
