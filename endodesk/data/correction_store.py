"""CorrectionStore: every act of a reader, in the order in which it was done. Nothing is ever lost or edited."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select, true
from sqlalchemy.exc import IntegrityError

from endodesk.data.chain.writing import NOTHING_MORE, ActNote
from endodesk.data.connections import Connections
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.references import require_image, require_model
from endodesk.data.schema import CORRECTIONS, REVOCATIONS
from endodesk.data.setting_store import keep
from endodesk.data.step_rows import new_step
from endodesk.data.step_store import CORRECTIONS_WITH_WORD, STANDS, add_words
from endodesk.domain.consensus import Decision, decide, in_force, newest
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256, sha256_of
from endodesk.domain.reviews import CLASSED, AnnotationKind, BundleId, Correction, Marks

_KINDS = {str(kind): kind for kind in AnnotationKind}  # asked a million times: calling the enumeration takes four times as long
_AT_ONCE = 500  # names in one query; SQLite allows some thousand


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """A correction as it is on disk; taken back if `revoked_at` is set."""

    id: int
    correction: Correction
    revoked_at: datetime | None = None
    revoked_by: str | None = None


@dataclass(frozen=True, slots=True)
class FrameWords:
    """What the class of one frame is said to be: of each reader the newest label, and the newest verdict, that stand."""

    labels: tuple[StoredCorrection, ...] = ()
    verdicts: tuple[StoredCorrection, ...] = ()

    def decided(self, class_of: Callable[[str], str] = str) -> Decision[StoredCorrection] | None:
        """What holds of it, where words mean the classes that `class_of` tells; None where nothing was said."""
        return decide(self.labels, self.verdicts, said=correction_of, class_of=class_of)

    def classes(self, class_of: Callable[[str], str]) -> set[str]:
        """All classes that anybody says it is of."""
        return {class_of(stored.correction.value) for stored in (*self.labels, *self.verdicts)}

    @property
    def in_force(self) -> list[StoredCorrection]:
        """Verdicts that count: their readers have given no label of their own since."""
        return in_force(self.labels, self.verdicts, correction_of)

    def of(self, reader: str) -> StoredCorrection | None:
        """A reader's own label."""
        return next((stored for stored in self.labels if stored.correction.reader == reader), None)


class CorrectionStore:
    """Append-only. A reader's newest word is the one added last, whatever the clock said."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, correction: Correction) -> int:
        """As a step of its own; the row's id once it is on disk. Raises as `give` does."""
        step = self.give([correction])
        with self._connections.read() as connection:
            row_id: int = connection.execute(select(CORRECTIONS.c.id).where(CORRECTIONS.c.step == step)).scalar_one()
        return row_id

    def give(self, corrections: Sequence[Correction], *, settings: Mapping[str, Any] | None = None, note: ActNote = NOTHING_MORE) -> int:
        """All of one reader as one step, in one transaction, settings with them; the step's number once they are on disk.

        The `note` goes into the chain with them.

        Raises BadRequest if the project lacks a frame or a model, EndoDeskError if it could not be written; then none is added.
        """
        first = corrections[0]
        with self._connections.write(note=note) as connection:
            step = new_step(connection, first.reader, first.at)
            try:
                connection.execute(insert(CORRECTIONS), [_values(correction, step) for correction in corrections])
            except IntegrityError:
                # asked only now: nearly all rows fit, and the sentence is to name what is missing
                _require_all(connection, corrections)
                raise
            for key, value in (settings or {}).items():  # a label and the place to come back to stand or fall together
                keep(connection, key, value)
            return step

    def revoke(self, row_id: int, *, reader: str, at: datetime) -> int:
        """Take a correction back, durably; the step. BadRequest if there is none, it was taken back before, or no reader is named."""
        return self._turn(row_id, revoked=True, reader=reader, at=at)

    def give_again(self, row_id: int, *, reader: str, at: datetime) -> int:
        """One that was taken back stands again, in its old place among the others. BadRequest if it stands."""
        return self._turn(row_id, revoked=False, reader=reader, at=at)

    # Why: docs/decisions/data.md 8
    def _turn(self, row_id: int, *, revoked: bool, reader: str, at: datetime) -> int:
        if not reader:
            raise BadRequest("Say who takes the correction back, or gives it again.")
        with self._connections.write() as connection:
            _require(connection, row_id, standing=revoked)
            step = new_step(connection, reader, at)
            add_words(connection, {row_id: revoked}, step, reader, at)
            return step

    def words(self) -> list[StoredCorrection]:
        """Of each reader the newest word of each kind on each frame that was not taken back."""
        with self._connections.read() as connection:
            return read_standing(connection, true())

    def words_on(self, images: Iterable[Sha256]) -> list[StoredCorrection]:
        """The same of some frames."""
        found: list[StoredCorrection] = []
        with self._connections.read() as connection:
            names = iter(images)
            while some := list(itertools.islice(names, _AT_ONCE)):
                found += _read(connection, _SELECT.where(CORRECTIONS.c.id.in_(_NEWEST.where(CORRECTIONS.c.image.in_(some)))))
        return found

    def current(self, class_of: Callable[[str], str] = str) -> dict[Sha256, StoredCorrection]:
        """The word that holds of each frame; left out are frames that nobody has labelled, and those on which readers disagree."""
        with self._connections.read() as connection:
            said = read_standing(connection, CORRECTIONS.c.said.in_(sorted(CLASSED)))
        decided = ((image, words.decided(class_of)) for image, words in frame_words(said).items())
        return {image: found.word for image, found in decided if found and found.word}

    def marks(self) -> dict[Sha256, Marks]:
        """What stands beside the label, of each frame of which anything was ever said beside it."""
        with self._connections.read() as connection:
            said = read_standing(connection, CORRECTIONS.c.said.not_in(sorted(CLASSED)))
        return marks_among(said)

    def history(self, image: Sha256) -> list[StoredCorrection]:
        """All that was said of a frame, also what was taken back, oldest first."""
        with self._connections.read() as connection:
            found = _read(connection, _SELECT.where(CORRECTIONS.c.image == image).order_by(CORRECTIONS.c.id))
        last = {stored.correction: stored.id for stored in found}  # what was said once more, after older words from elsewhere, is one word
        return [stored for stored in found if last[stored.correction] == stored.id]

    def words_by(self, reader: str) -> dict[Sha256, list[Correction]]:
        """All that one reader said and that stands, by frame, oldest first: by their times, as the words may come from several PCs."""
        query = _SELECT.where(CORRECTIONS.c.reader == reader, STANDS)
        with self._connections.read() as connection:
            found = sorted(_read(connection, query), key=lambda stored: (stored.correction.at, stored.id))
        words: dict[Sha256, list[Correction]] = defaultdict(list)
        for stored in found:
            words[stored.correction.image].append(stored.correction)
        return words

    def labelled_by(self, reader: str) -> set[Sha256]:
        """Frames that a reader ever gave a label, also one taken back since."""
        query = (
            select(CORRECTIONS.c.image).where(CORRECTIONS.c.reader == reader, CORRECTIONS.c.said == str(AnnotationKind.LABEL)).distinct()
        )
        with self._connections.read() as connection:
            return set(read_rows(connection, query, lambda row: sha256_of(row.image), RowKind.LABEL))


_NEWEST = (  # of some frames: of all it is some ten times as slow as `read_standing`
    select(func.max(CORRECTIONS.c.id))
    .select_from(CORRECTIONS_WITH_WORD)
    .where(STANDS)
    .group_by(CORRECTIONS.c.image, CORRECTIONS.c.said, CORRECTIONS.c.reader)
)
_COLUMNS = tuple(CORRECTIONS.c[name] for name in ("id", "image", "label", "reader", "at", "bundle", "answer", "said", "blind"))
_SELECT = select(
    *_COLUMNS,
    REVOCATIONS.c.revoked.label("revoked"),
    REVOCATIONS.c.at.label("revoked_at"),
    REVOCATIONS.c.reader.label("revoked_by"),
).select_from(CORRECTIONS_WITH_WORD)


def read_standing(connection: Connection, of: ColumnElement[bool], words: ColumnElement[bool] | None = None) -> list[StoredCorrection]:
    """Each reader's newest of each kind on each frame of which that holds and that stands, by those `words` of REVOCATIONS, or by all."""
    last = select(func.max(REVOCATIONS.c.id)).where(true() if words is None else words).group_by(REVOCATIONS.c.correction)
    taken_back = select(REVOCATIONS.c.correction).where(REVOCATIONS.c.id.in_(last), REVOCATIONS.c.revoked)
    last_said = select(func.max(CORRECTIONS.c.id)).where(of, CORRECTIONS.c.id.not_in(taken_back))
    by_reader = last_said.group_by(CORRECTIONS.c.image, CORRECTIONS.c.said, CORRECTIONS.c.reader)
    query = select(*_COLUMNS).where(CORRECTIONS.c.id.in_(by_reader))
    return list(read_rows(connection, query, lambda row: StoredCorrection(row.id, _correction(row)), RowKind.LABEL))


def _read(connection: Connection, query: Select[Any]) -> list[StoredCorrection]:
    return list(read_rows(connection, query, _stored, RowKind.LABEL))


def _stored(row: Row[Any]) -> StoredCorrection:
    stored = StoredCorrection(row.id, _correction(row))
    return replace(stored, revoked_at=row.revoked_at, revoked_by=row.revoked_by) if row.revoked else stored


def _correction(row: Row[Any]) -> Correction:
    _, image, label, reader, at, bundle, answer, said, blind = row[: len(_COLUMNS)]
    return Correction(sha256_of(image), label, reader, at, None if bundle is None else BundleId(bundle), answer, _KINDS[said], blind)


def frame_words(words: Iterable[StoredCorrection]) -> dict[Sha256, FrameWords]:
    """Labels and verdicts among the newest words of readers, by frame."""
    found: dict[Sha256, FrameWords] = {}
    for stored in words:
        image, kind = stored.correction.image, stored.correction.kind
        before = found.get(image)
        if kind is AnnotationKind.LABEL:
            found[image] = FrameWords((*before.labels, stored), before.verdicts) if before else FrameWords((stored,))
        elif kind is AnnotationKind.VERDICT:
            found[image] = FrameWords(before.labels, (*before.verdicts, stored)) if before else FrameWords((), (stored,))
    return found


def marks_among(words: Iterable[StoredCorrection]) -> dict[Sha256, Marks]:
    """What stands beside the label, of each frame: of the readers' newest words of each kind the one said last."""
    said: dict[Sha256, dict[AnnotationKind, StoredCorrection]] = defaultdict(dict)
    for stored in words:
        kind = stored.correction.kind
        if kind not in CLASSED:
            of_frame = said[stored.correction.image]
            of_frame[kind] = newest([of_frame[kind], stored], correction_of) if kind in of_frame else stored
    values = ((image, {kind: stored.correction.value for kind, stored in of.items()}) for image, of in said.items())
    return {image: Marks.of(words) for image, words in values}


def correction_of(stored: StoredCorrection) -> Correction:
    """What was said, by whom and when."""
    return stored.correction


def _values(correction: Correction, step: int) -> dict[str, Any]:
    """The columns `label` and `said` keep the names that they had in the first version of the database."""
    same = {name: getattr(correction, name) for name in ("image", "reader", "at", "bundle", "answer", "blind")}
    return {**same, "label": correction.value, "said": str(correction.kind), "step": step}


def _require_all(connection: Connection, corrections: Sequence[Correction]) -> None:
    for correction in corrections:
        require_image(connection, correction.image)
        if correction.bundle is not None:
            require_model(connection, correction.bundle)


def _require(connection: Connection, row_id: int, *, standing: bool) -> None:
    query = select(CORRECTIONS.c.id, REVOCATIONS.c.revoked).select_from(CORRECTIONS_WITH_WORD)
    found = connection.execute(query.where(CORRECTIONS.c.id == row_id)).one_or_none()
    if found is None:
        raise BadRequest(f"There is no correction {row_id} to take back.")
    if bool(found.revoked) is standing:
        raise BadRequest(f"The correction {row_id} was taken back before." if standing else f"The correction {row_id} stands.")
