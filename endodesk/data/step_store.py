"""StepStore: what readers did at one go, and how it is undone and redone, also after the program was closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, or_, select

from endodesk.data.acts.centre_steps import CentreChange, centre_change, name_centre, turn_centres
from endodesk.data.acts.class_steps import ClassChange, choose_classes, class_change, turn_classes
from endodesk.data.chain.writing import NOTHING_MORE, ActNote
from endodesk.data.connections import Connections
from endodesk.data.override_store import add_overrides, turned
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.schema import CORRECTIONS, OVERRIDES, REVOCATIONS, STEPS
from endodesk.data.step_rows import StepKind, new_step
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet

OUTLINE = "outline"
"""What an outline drawn by hand is called among the acts of a step."""
_WORD = REVOCATIONS.alias()
_NEWEST_WORD = select(func.max(_WORD.c.id)).where(_WORD.c.correction == CORRECTIONS.c.id).correlate(CORRECTIONS).scalar_subquery()
CORRECTIONS_WITH_WORD = CORRECTIONS.outerjoin(REVOCATIONS, REVOCATIONS.c.id == _NEWEST_WORD)
"""Corrections, each with the row of `revocation` that tells whether it was taken back; NULL where there never was one."""
STANDS: ColumnElement[bool] = or_(REVOCATIONS.c.id.is_(None), REVOCATIONS.c.revoked.is_(False))
"""True in a row of CORRECTIONS_WITH_WORD whose correction was never taken back, or was given again."""


_AT_FIRST = 5_000  # steps that are read when a project is opened: some 15 ms


@dataclass(slots=True)
class Stacks:
    """Steps that can be undone and redone, each once, the next one last: keys of a dict, in which none is looked for in vain."""

    undo: dict[int, None] = field(default_factory=dict)
    redo: dict[int, None] = field(default_factory=dict)
    since: int = 0
    """Of the steps before this one nothing was read: those that stand are below these on the stack."""

    @property
    def next_undo(self) -> int | None:
        """The step that is undone next; None if there is none."""
        return next(reversed(self.undo), None)

    @property
    def next_redo(self) -> int | None:
        """The step that is done again next; None if there is none."""
        return next(reversed(self.redo), None)

    def follow(self, kind: StepKind, step: int) -> None:
        """A new step was done, or this one was undone or redone."""
        if kind is StepKind.DO:
            self.undo[step] = None
            self.redo.clear()  # what was undone before a new act could contradict it
            return
        source, target = (self.undo, self.redo) if kind is StepKind.UNDO else (self.redo, self.undo)
        # it is not in a record that something else than this program has written
        if step in source or (kind is StepKind.UNDO and step < self.since):
            source.pop(step, None)
            target[step] = None


class StepStore:
    """Append-only. Undoing takes the rows of a step back and gives again what it took back; redoing does the opposite of that."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # Why: docs/decisions/data.md 24
    def stacks(self, reader: str, *, most: int = _AT_FIRST) -> Stacks:
        """The steps that a reader can undo and redo now; never those of another reader. Of very many the newest, some `most` of them.

        Where all of these are undone by now older ones come, too: with nothing to undo there is nothing older.
        """
        with self._connections.read() as connection:
            while True:
                stacks = _replayed(connection, reader, most)
                if stacks.undo or not stacks.since:
                    return stacks
                most = 20 * (most + 1)

    def acts(self, step: int) -> dict[str, int]:
        """How many acts of each kind (a name of AnnotationKind, or OUTLINE) a step holds."""
        with self._connections.read() as connection:
            found = {row.said: row.acts for row in connection.execute(_ACTS, {"step": step})}
            drawn = connection.scalar(_DRAWN, {"step": step})
        return found | ({OUTLINE: drawn} if drawn else {})

    def choose_classes(self, label_set: LabelSet, *, reader: str, at: datetime) -> int:
        """Make these the project's classes, durably; the number of the step."""
        with self._connections.write() as connection:
            return choose_classes(connection, label_set, reader, at)

    def class_change(self, step: int) -> ClassChange | None:
        """What a step did to the classes; None if it is about something else."""
        with self._connections.read() as connection:
            return class_change(connection, step)

    def name_centre(self, images: Iterable[Sha256], name: str, *, reader: str, at: datetime) -> int:
        """A reader's word that frames come from a centre, durably; an empty name takes it back. The number of the step."""
        with self._connections.write() as connection:
            return name_centre(connection, images, name, reader, at)

    def centre_change(self, step: int) -> CentreChange | None:
        """What a step did to the words on centres; None if it is about something else."""
        with self._connections.read() as connection:
            return centre_change(connection, step)

    def undo(self, step: int, *, reader: str, at: datetime, note: ActNote = NOTHING_MORE) -> list[Sha256]:
        """Durably, and the `note` with it in the chain; the frames concerned. BadRequest if the reader did no such step."""
        return self._turn(step, StepKind.UNDO, reader, at, note)

    def redo(self, step: int, *, reader: str, at: datetime, note: ActNote = NOTHING_MORE) -> list[Sha256]:
        """What the undoing changed is as it was before that; where another reader had already said the same, theirs stands."""
        return self._turn(step, StepKind.REDO, reader, at, note)

    def _turn(self, step: int, kind: StepKind, reader: str, at: datetime, note: ActNote) -> list[Sha256]:
        with self._connections.write(note=note) as connection:
            if connection.scalar(select(STEPS.c.reader).where(STEPS.c.id == step)) != reader:
                raise BadRequest(f"{reader} did no step {step}.")
            touched = connection.execute(_TOUCHED, {"step": step}).all()
            if not touched and turn_classes(connection, step, kind, reader, at):
                return []
            if not touched and (named := turn_centres(connection, step, kind, reader, at)) is not None:
                return named
            if kind is StepKind.UNDO:
                words = _words_of(connection, step)
                wanted = {row: not words.get(row, False) for row, _, _ in touched}
            else:
                # the newest: a step may have been undone and redone before
                undoing = select(func.max(STEPS.c.id)).where(STEPS.c.id > step, STEPS.c.of == step, STEPS.c.kind == str(StepKind.UNDO))
                wanted = {row: not revoked for row, revoked in _words_of(connection, connection.scalar(undoing)).items()}
            own = new_step(connection, reader, at, kind, step)
            changed = {row: wanted[row] for row, _, now in touched if row in wanted and bool(now) is not wanted[row]}
            add_words(connection, changed, own, reader, at)
            drawn = turned(connection, step, back=kind is StepKind.UNDO, reader=reader, at=at)
            add_overrides(connection, drawn, own)
            images = [Sha256(image) for _, image, _ in touched] + [override.image for override in drawn if override.image]
            return list(dict.fromkeys(images))  # a step may hold both a label and an outline of one frame


def _replayed(connection: Connection, reader: str, most: int) -> Stacks:
    own = STEPS.c.reader == reader
    # from a new act on: what could be done again before it cannot any more
    first = select(STEPS.c.id).where(own, STEPS.c.kind == str(StepKind.DO)).order_by(STEPS.c.id.desc()).offset(most).limit(1)
    stacks = Stacks(since=connection.scalar(first) or 0)
    query = select(STEPS.c.id, STEPS.c.kind, STEPS.c.of).where(own, STEPS.c.id >= stacks.since).order_by(STEPS.c.id)
    for step, kind, of in read_rows(connection, query, _step, RowKind.STEP):
        stacks.follow(kind, step if of is None else of)
    return stacks


def _step(row: Row[Any]) -> tuple[int, StepKind, int | None]:
    step, kind, of = tuple[Any, ...](row)
    return step, _KINDS[kind], of


_OF_STEP = select(CORRECTIONS.c.id).where(CORRECTIONS.c.step == bindparam("step"))
_TURNED = select(_WORD.c.correction).where(_WORD.c.step == bindparam("step"))
_ACTS = (
    select(CORRECTIONS.c.said, func.count().label("acts")).where(CORRECTIONS.c.id.in_(_OF_STEP.union(_TURNED))).group_by(CORRECTIONS.c.said)
)
_DRAWN = select(func.count()).select_from(OVERRIDES).where(OVERRIDES.c.step == bindparam("step"))
_KINDS = {str(kind): kind for kind in StepKind}
_TOUCHED = (
    select(CORRECTIONS.c.id, CORRECTIONS.c.image, REVOCATIONS.c.revoked)
    .select_from(CORRECTIONS_WITH_WORD)
    .where(
        or_(
            CORRECTIONS.c.step == bindparam("step"),
            CORRECTIONS.c.id.in_(select(_WORD.c.correction).where(_WORD.c.step == bindparam("step"))),
        )
    )
)


def _words_of(connection: Connection, step: int | None) -> dict[int, bool]:
    """Corrections that a step took back (True) or gave again."""
    words = select(REVOCATIONS.c.correction, REVOCATIONS.c.revoked).where(REVOCATIONS.c.step == step)
    return {word.correction: word.revoked for word in connection.execute(words)}


def add_words(connection: Connection, revoked: Mapping[int, bool], step: int, reader: str, at: datetime) -> None:
    """Take corrections back (True), or give them again."""
    if revoked:
        rows = [{"correction": row, "revoked": word, "reader": reader, "at": at, "step": step} for row, word in revoked.items()]
        connection.execute(insert(REVOCATIONS), rows)
