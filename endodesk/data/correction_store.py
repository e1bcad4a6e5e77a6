"""CorrectionStore: every act of a reader, in the order in which it was done. Nothing is ever lost or edited."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, true
from sqlalchemy.exc import IntegrityError

from endodesk.data.acts.standing_words import COLUMNS, StandingWords, StoredCorrection, read_standing, read_words, stored_word
from endodesk.data.chain.writing import NOTHING_MORE, ActNote
from endodesk.data.connections import Connections
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.references import require_image, require_model
from endodesk.data.schema import CORRECTIONS, REVOCATIONS
from endodesk.data.setting_store import keep
from endodesk.data.step_rows import new_step
from endodesk.data.step_store import CORRECTIONS_WITH_WORD, STANDS, add_words
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256, sha256_of
from endodesk.domain.reviews import CLASSED, AnnotationKind, Correction, Marks

_AT_ONCE = 500  # names in one query; SQLite allows some thousand


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

    def words(self) -> StandingWords:
        """Of each reader the newest word of each kind on each frame that was not taken back."""
        with self._connections.read() as connection:
            return read_standing(connection, true())

    def words_on(self, images: Iterable[Sha256]) -> StandingWords:
        """The same of some frames."""
        found = StandingWords()
        with self._connections.read() as connection:
            names = iter(images)
            while some := list(itertools.islice(names, _AT_ONCE)):
                newest = _NEWEST.where(CORRECTIONS.c.image.in_(some))
                found.add(read_words(connection, select(*COLUMNS).where(CORRECTIONS.c.id.in_(newest))))
        return found

    def current(self, class_of: Callable[[str], str] = str) -> dict[Sha256, StoredCorrection]:
        """The word that holds of each frame; left out are frames that nobody has labelled, and those on which readers disagree."""
        with self._connections.read() as connection:
            said = read_standing(connection, CORRECTIONS.c.said.in_(sorted(CLASSED)))
        decided = ((image, words.decided(class_of)) for image, words in said.items())
        return {image: found.word for image, found in decided if found and found.word}

    def marks(self) -> dict[Sha256, Marks]:
        """What stands beside the label, of each frame of which anything was ever said beside it."""
        with self._connections.read() as connection:
            return read_standing(connection, CORRECTIONS.c.said.not_in(sorted(CLASSED))).marks

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

    def newest_id(self) -> int:
        """Number of the word that was added last; 0 before the first."""
        with self._connections.read() as connection:
            return connection.scalar(select(func.max(CORRECTIONS.c.id))) or 0

    def labelled_after(self, row_id: int, *, most: int) -> int:
        """How many frames have a label or verdict that was added after that word, and stands; of `most` words at most, the first ones."""
        after = (
            select(CORRECTIONS.c.id).where(CORRECTIONS.c.id > row_id, CORRECTIONS.c.said.in_(sorted(CLASSED))).order_by(CORRECTIONS.c.id)
        )
        query = select(func.count(CORRECTIONS.c.image.distinct())).select_from(CORRECTIONS_WITH_WORD)
        with self._connections.read() as connection:
            return connection.scalar(query.where(CORRECTIONS.c.id.in_(after.limit(most)), STANDS)) or 0

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
_SELECT = select(
    *COLUMNS,
    REVOCATIONS.c.revoked.label("revoked"),
    REVOCATIONS.c.at.label("revoked_at"),
    REVOCATIONS.c.reader.label("revoked_by"),
).select_from(CORRECTIONS_WITH_WORD)


def _read(connection: Connection, query: Select[Any]) -> list[StoredCorrection]:
    return list(read_rows(connection, query, _stored, RowKind.LABEL))


def _stored(row: Row[Any]) -> StoredCorrection:
    stored = stored_word(row)
    return replace(stored, revoked_at=row.revoked_at, revoked_by=row.revoked_by) if row.revoked else stored


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
