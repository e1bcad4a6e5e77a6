"""ReviewLog: the only code that changes a review. Each change is a step in the database; undo and redo walk over a reader's own steps."""

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from endodesk.app.frames.current_reviews import ReadAhead
from endodesk.app.review.act_words import acts_told, centres_told, classes_told
from endodesk.app.workspace import Workspace
from endodesk.data.acts.standing_words import StoredCorrection
from endodesk.data.chain.writing import NOTHING_MORE, ActNote
from endodesk.data.override_store import Override
from endodesk.data.step_rows import StepKind
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import Correction


class ReviewLog(QObject):
    """What readers did to the frames of one project. All of it is on disk when a method returns; EndoDeskError if it could not be."""

    changed = Signal(object)
    """Frames (list of Sha256) of which something else holds now."""
    steps_changed = Signal()
    """Something else can be undone or redone."""
    drawn = Signal()
    """Something else may be drawn by hand than before."""

    classes_turned = Signal()
    """A choice of classes was undone or done again."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace, self._database, self._reviews = workspace, workspace.project.database, workspace.reviews
        self._words: dict[int, str] = {}
        """What steps hold that were looked at since the start."""
        self.read_steps()

    def read_steps(self) -> None:
        """Read the steps of the reader as named now: nobody undoes what another one did."""
        self._stacks = self._database.steps.stacks(self._workspace.reader)
        self.steps_changed.emit()

    @property
    def can_undo(self) -> bool:
        """Whether there is a step of the reader's that stands."""
        return bool(self._stacks.undo)

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone and nothing done since."""
        return bool(self._stacks.redo)

    @property
    def undo_told(self) -> str:
        """What the next undo takes back, such as 804 labels; empty if there is nothing."""
        return self._told(self._stacks.next_undo)

    @property
    def redo_told(self) -> str:
        """What the next redo does again, in the same words."""
        return self._told(self._stacks.next_redo)

    def _told(self, step: int | None) -> str:
        if step is None:
            return ""
        if step not in self._words:  # asking costs as much as a label
            steps = self._database.steps
            told = acts_told(steps.acts(step)) or classes_told(steps.class_change(step))
            self._words[step] = told or centres_told(steps.centre_change(step))
        return self._words[step]

    def give(self, corrections: Sequence[Correction], *, place: str = "") -> None:
        """Add what one reader said as one step, and with it the frame to come back to on the next start, if one is named."""
        images = [correction.image for correction in corrections]
        settings = {"last_frame": place} if place else None
        step = self._database.corrections.give(corrections, settings=settings, note=self._note(images))
        self._followed(StepKind.DO, step, images)

    def draw(self, overrides: Sequence[Override]) -> None:
        """Add the outlines that one reader drew as one step."""
        images = [override.image for override in overrides if override.image]
        step = self._database.overrides.give(overrides, note=self._note(images))
        self._followed(StepKind.DO, step, images)
        self.drawn.emit()

    def choose_classes(self, label_set: LabelSet) -> None:
        """Other classes, keys or colours for the project, as one step; labels given before are of the class that their word means now."""
        step = self._database.steps.choose_classes(label_set, reader=self._workspace.reader, at=datetime.now(UTC))
        self._followed(StepKind.DO, step, [])

    def name_centre(self, images: Sequence[Sha256], name: str) -> None:
        """The reader says which centre frames come from, as one step; an empty name takes that back. BadRequest if it is too long."""
        from endodesk.app.project.grouping import name_centre  # brings what splits are made by: only who names one waits for it

        step = name_centre(self._workspace.project, images, name, reader=self._workspace.reader)
        self._followed(StepKind.DO, step, [*images])

    def took_in(self, step: int, images: list[Sha256], ahead: ReadAhead | None = None) -> None:
        """Words from elsewhere were put on record as a step of the reader's; `ahead` is what stands since of these frames."""
        self._followed(StepKind.DO, step, images, ahead)
        self.drawn.emit()

    def take_back(self, stored: StoredCorrection) -> None:
        """Take back one correction of any reader, wherever it stands in the history. What stood before it stands again."""
        step = self._database.corrections.revoke(stored.id, reader=self._workspace.reader, at=datetime.now(UTC))
        self._followed(StepKind.DO, step, [stored.correction.image])

    def give_again(self, stored: StoredCorrection) -> None:
        """Give one that was taken back again, in its old place."""
        step = self._database.corrections.give_again(stored.id, reader=self._workspace.reader, at=datetime.now(UTC))
        self._followed(StepKind.DO, step, [stored.correction.image])

    def undo(self) -> list[Sha256]:
        """Take back the reader's last step that stands; the frames concerned, none if there was no such step."""
        if (step := self._stacks.next_undo) is None:
            return []
        images = self._database.steps.undo(step, reader=self._workspace.reader, at=datetime.now(UTC), note=self._in_sight)
        return self._followed(StepKind.UNDO, step, images)

    def redo(self) -> list[Sha256]:
        """Do the step that was undone last again; the frames concerned, none if nothing is left to redo."""
        if (step := self._stacks.next_redo) is None:
            return []
        images = self._database.steps.redo(step, reader=self._workspace.reader, at=datetime.now(UTC), note=self._in_sight)
        return self._followed(StepKind.REDO, step, images)

    def _note(self, images: Sequence[Sha256]) -> ActNote:
        """Time was spent on the open frame: on others that are concerned nobody knows how much."""
        frame = self._workspace.open_frame
        return self._in_sight if frame and [*images] == [frame.record.sha256] else NOTHING_MORE

    @property
    def _in_sight(self) -> ActNote:
        """How long the open frame was in sight when something was done, whichever frame that was about."""
        return ActNote(spent_ms=self._workspace.shown_ms)

    def _followed(self, kind: StepKind, step: int, images: list[Sha256], ahead: ReadAhead | None = None) -> list[Sha256]:
        self._stacks.follow(kind, step)
        if self._stacks.since and not self._stacks.undo:  # older ones are there
            self._stacks = self._database.steps.stacks(self._workspace.reader)
        self._reviews.read_again(images, ahead)  # first: who hears of it asks what stands
        self.changed.emit(images)
        self.steps_changed.emit()
        if kind is not StepKind.DO:  # which kind of step was undone is not known here
            self.drawn.emit()
            if not images and self._database.steps.class_change(step):
                self.classes_turned.emit()
        return images
