"""LiveMatrix: what two sides say of the frames of the open folder, followed while labels are given and models answer."""

import time
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from endodesk.app.browsing.frame_columns import NOTHING, mark_bits
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.matrix.pairs import Pairs, by_case, by_frame
from endodesk.app.matrix.sides import FOLDERS, MODEL, RULE, Side, Who, sides_of
from endodesk.app.project.project_runs import frames_learnt_here, learnt_here
from endodesk.app.workspace import Workspace
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import AnnotationKind

_TURN_S = 0.004
"""How long rows are looked at in one go: keys and painting get their turn between two."""
_PIECE = 100
_SOON_MS = 150  # answers come in by the hundred: they are counted together
_UNFIT = mark_bits((AnnotationKind.EXCLUDED, AnnotationKind.POOR_QUALITY))


# Why: docs/decisions/app.md 50
class LiveMatrix(QObject):
    """Main thread. Each content counts once; frames that are set aside, or cannot be read, do not count."""

    changed = Signal()
    """Other counts than before, or the same once more."""
    sides_changed = Signal()
    """Other sides can be chosen."""

    def __init__(self, workspace: Workspace, shown: ShownFrames, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._shown, self._jobs = workspace, shown, jobs
        self._follows = False
        self.rows, self.columns = RULE, MODEL
        self.cases = self.unlearnt = False
        """Whether cases are counted instead of frames; whether frames that the model has learnt from are left out."""
        self.sides: tuple[Side, ...] = ()
        self._learnt_images: set[Sha256] = set()
        self.knows_learnt: bool | None = None
        """Whether all that the model has learnt from is known here; None while that is not found out."""
        self._tick, self._soon = QTimer(self, interval=0), QTimer(self, interval=_SOON_MS, singleShot=True)
        self._tick.timeout.connect(self._look_at_some)
        self._soon.timeout.connect(self._tell)
        for rows_told in (workspace.rows_changed, shown.noted):
            rows_told.connect(self._note)
        for all_told in (workspace.frames_listed, workspace.classes_changed, workspace.blind_changed, workspace.label_view_changed):
            all_told.connect(self._begin)
        workspace.model_changed.connect(self._model_changed)
        self._begin()

    # --- what is chosen ---------------------------------------------------------------------------------------------

    def follow(self, on: bool) -> None:
        """Whether anybody looks: else nothing is counted, and all of it anew the next time."""
        if on and not self._follows:
            self._follows = True
            self._model_changed()
        elif not on:
            self._follows = False
            self._tick.stop()
            self._soon.stop()

    def choose(self, rows: Side, columns: Side) -> None:
        """Hold these two against each other."""
        self.rows, self.columns = rows, columns
        self._begin()

    def count(self, *, cases: bool, unlearnt: bool) -> None:
        """Count cases or frames, with or without those that the model has learnt from."""
        self.cases, self.unlearnt = cases, unlearnt
        self.changed.emit()

    @property
    def of_model(self) -> bool:
        """Whether one of the two is the model."""
        return MODEL in (self.rows, self.columns)

    @property
    def counting(self) -> bool:
        """Whether frames are still to be looked at."""
        return bool(self._dirty.any())

    # --- following --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Nothing is known of any row, and all are looked at anew: nothing of before may be seen that must not be seen now."""
        n = len(self._workspace.frames)
        self._once, self._learnt = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
        self._hidden, self._dirty = np.ones(n, np.bool_), np.ones(n, np.bool_)
        self._offer()
        chosen = dict.fromkeys(side for side in (self.rows, self.columns) if side.who is Who.READER)
        self._words: dict[Side, NDArray[np.int16]] = {side: np.full(n, NOTHING, np.int16) for side in chosen}
        if self._follows:
            self._tick.start()
            self.changed.emit()

    def _offer(self) -> None:
        sides = sides_of(self._workspace, self._shown.columns.readers.names)
        if sides == self.sides:
            return
        self.sides = sides
        self.rows = self.rows if self.rows in sides else sides[0]
        self.columns = self.columns if self.columns in sides and self.columns != self.rows else MODEL
        self.sides_changed.emit()

    def _note(self, first: int, last: int) -> None:
        if self._follows:
            self._dirty[first : last + 1] = True
            self._tick.start()

    def _look_at_some(self) -> None:
        end = time.perf_counter() + _TURN_S
        while time.perf_counter() < end:
            rows = np.flatnonzero(self._dirty)[:_PIECE]
            if not len(rows):
                self._tick.stop()
                break
            self._dirty[rows] = False
            for row in rows.tolist():
                self._look_at(row)
        if not self._soon.isActive():
            self._soon.start()

    def _look_at(self, row: int) -> None:
        frames, image = self._workspace.frames, self._workspace.frames.sha256s[row]
        self._once[row] = not frames.is_unreadable(row) and (image is None or frames.rows_with(image)[0] == row)
        self._hidden[row] = self._workspace.hides_answer(row)
        self._learnt[row] = image in self._learnt_images
        for side, words in self._words.items():
            words[row] = self._shown.columns.classes.number(self._word(row, side.reader))

    def _word(self, row: int, reader: str) -> str:
        """The class that a reader says; empty where they say none."""
        workspace = self._workspace
        image = workspace.frames.sha256s[row]
        if not workspace.reviews.is_labelled(image):
            return ""
        if workspace.shows_own:
            label = workspace.label_of(row)
            return label.name if label else ""
        word = workspace.reviews.words_of(image).of(reader)
        return workspace.label_set.class_of(word.correction.value) if word else ""

    def _tell(self) -> None:
        self._offer()  # somebody may have labelled for the first time
        self.changed.emit()

    # --- the model --------------------------------------------------------------------------------------------------

    def _model_changed(self) -> None:
        """Find out what the model has learnt from; until then nothing is known of that."""
        self._learnt_images, self.knows_learnt = set(), None
        self._begin()
        predictor, project = self._workspace.predictor, self._workspace.project
        if predictor and self._follows:
            bundle = predictor.bundle

            def learnt(found: tuple[set[Sha256], bool]) -> None:
                if self._follows and self._is_active(bundle):
                    self._learnt_images, self.knows_learnt = found
                    self._note(0, len(self._dirty) - 1)

            # LATER: a list of frames that is damaged is told by whoever needs it
            self._jobs.submit(
                lambda _: (frames_learnt_here(project, bundle), learnt_here(project, bundle)), done=learnt, urgency=Urgency.LATER
            )

    def _is_active(self, bundle: ModelBundle) -> bool:
        predictor = self._workspace.predictor
        return predictor is not None and predictor.bundle.id == bundle.id

    # --- what it comes to -------------------------------------------------------------------------------------------

    def pairs(self) -> Pairs:
        """What both sides say now, of frames or of cases; milliseconds for 100,000 frames."""
        columns = self._shown.columns
        one, other = self._said(self.rows), self._said(self.columns)
        both = self._counted() & (one != NOTHING) & (other != NOTHING)
        if self.unlearnt and self.of_model:
            both &= ~self._learnt
        rows = np.flatnonzero(both)
        made = by_case if self.cases else by_frame
        return made(
            columns.classes.names, rows, one[rows].astype(np.int64), other[rows].astype(np.int64), columns.case[rows].astype(np.int64)
        )

    def learnt(self, rows: Iterable[int]) -> int:
        """From how many of these frames the model is known to have learnt."""
        return int(np.count_nonzero(self._learnt[list(rows)]))

    def _counted(self) -> NDArray[np.bool_]:
        counted: NDArray[np.bool_] = self._once & ((self._shown.columns.marks & _UNFIT) == 0)
        return counted

    def _said(self, side: Side) -> NDArray[np.int16]:
        """Number of the class that a side says of each row; NOTHING where it says none, or that is kept from the reader."""
        columns = self._shown.columns
        if side == RULE:
            return columns.label
        if side == MODEL:
            return np.where(self._hidden, np.int16(NOTHING), columns.answer)
        if side == FOLDERS:
            return columns.of_folders(self._workspace.label_set)
        return self._words[side]
