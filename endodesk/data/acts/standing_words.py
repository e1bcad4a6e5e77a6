"""StandingWords: of each frame the newest word of each reader that was not taken back, made of its rows when it is asked for."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, true

from endodesk.data.column_types import are_times, time_of
from endodesk.data.proven_rows import RowKind, read_rows, rows_as_stored
from endodesk.data.schema import CORRECTIONS, REVOCATIONS
from endodesk.domain.consensus import Decision, decide, in_force, newest
from endodesk.domain.images import Sha256, are_hashes, sha256_of
from endodesk.domain.reviews import CLASSED, NO_MARKS, AnnotationKind, BundleId, Correction, Marks
from endodesk.system.collector import collector_paused

_Stored = tuple[int, Sha256, str, str, str, str | None, str | None, str, int]
"""A row as SQLite holds it, proven to be whole; its columns are COLUMNS."""

COLUMNS = tuple(CORRECTIONS.c[name] for name in ("id", "image", "label", "reader", "at", "bundle", "answer", "said", "blind"))
_KINDS = {str(kind): kind for kind in AnnotationKind}  # asked a million times: calling the enumeration takes four times as long
_AT_ONCE = 50_000  # names of frames in one query: no value in a project's file may have over 64 MB
_CLASSED = frozenset(map(str, CLASSED))
_TEXT, _TEXT_OR_NONE = frozenset({str}), frozenset({str, type(None)})


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


# Why: docs/decisions/data.md 31
class StandingWords(Mapping[Sha256, FrameWords]):
    """Words on the class of each frame of which there is any, and what is said beside. Any thread may read one that nobody changes."""

    def __init__(self) -> None:
        self._classed: dict[Sha256, FrameWords | list[_Stored]] = {}
        self._beside: dict[Sha256, list[StoredCorrection]] = {}
        self.marks: dict[Sha256, Marks] = {}
        """What stands beside the label, of each frame of which anything was ever said beside it."""

    @classmethod
    def of(cls, words: Iterable[StoredCorrection]) -> "StandingWords":
        """From words, of which each reader has one of a kind on a frame."""
        made = cls()
        for stored in words:
            image, kind = stored.correction.image, stored.correction.kind
            if kind not in CLASSED:
                made._beside.setdefault(image, []).append(stored)
                continue
            before = made.get(image, _UNSAID)
            if kind is AnnotationKind.LABEL:
                made._classed[image] = FrameWords((*before.labels, stored), before.verdicts)
            else:
                made._classed[image] = FrameWords(before.labels, (*before.verdicts, stored))
        made._note_marks(made._beside)
        return made

    @classmethod
    def of_rows(cls, rows: Sequence[_Stored]) -> "StandingWords | None":
        """From rows as they are stored: of what names a class nothing is made yet, which is nearly all of a large record.

        None if any row is damaged.
        """
        made, classed, beside = cls(), defaultdict[Sha256, list[_Stored]](list), defaultdict[Sha256, list[_Stored]](list)
        for row in rows:
            (classed if row[7] in _CLASSED else beside)[row[1]].append(row)
        if not _are_whole(rows, chain(classed, beside)):
            return None
        made._classed.update(classed)
        made._beside.update((image, [_made(row) for row in of]) for image, of in beside.items())
        made._note_marks(made._beside)
        return made

    def __getitem__(self, image: Sha256) -> FrameWords:
        """The words on the class of a frame. KeyError where there are none."""
        words = self._classed[image]
        if isinstance(words, list):
            made = [_made(row) for row in words]
            labels = tuple(stored for stored in made if stored.correction.kind is AnnotationKind.LABEL)
            words = FrameWords(labels, tuple(stored for stored in made if stored.correction.kind is AnnotationKind.VERDICT))
            self._classed[image] = words  # another thread may do the same: then one of two equal ones stays
        return words

    def __contains__(self, image: object) -> bool:
        """Whether anybody has said what the class of a frame is."""
        return image in self._classed

    def __iter__(self) -> Iterator[Sha256]:
        """Frames on whose class there is a word."""
        return iter(self._classed)

    def __len__(self) -> int:
        """How many these are."""
        return len(self._classed)

    def beside(self, image: Sha256) -> Sequence[StoredCorrection]:
        """What readers say of a frame beside its class."""
        return self._beside.get(image, ())

    def every(self) -> Iterator[StoredCorrection]:
        """All words."""
        return chain(
            (stored for words in self.values() for stored in (*words.labels, *words.verdicts)), chain.from_iterable(self._beside.values())
        )

    def readers(self) -> set[str]:
        """Everybody who has said what the class of a frame is."""
        found: set[str] = set()
        for words in self._classed.values():
            if isinstance(words, list):
                found.update(row[3] for row in words)
            else:
                found.update(stored.correction.reader for stored in (*words.labels, *words.verdicts))
        return found

    def labelled_by_several(self) -> Iterator[tuple[Sha256, FrameWords]]:
        """Frames that more than one reader has labelled."""
        words = ((image, self[image]) for image, of in self._classed.items() if not isinstance(of, list) or len(of) > 1)
        return ((image, of) for image, of in words if len(of.labels) > 1)

    def copy(self) -> "StandingWords":
        """Another one that says the same; some milliseconds for 100,000 frames."""
        copied = StandingWords()
        copied._classed, copied._beside, copied.marks = self._classed.copy(), self._beside.copy(), self.marks.copy()
        return copied

    def replace(self, images: Iterable[Sha256], words: "StandingWords") -> None:
        """Of these frames `words` is all that stands now."""
        for image in images:  # of what was taken back nothing comes again
            self._classed.pop(image, None)
            self._beside.pop(image, None)
            self.marks.pop(image, None)
        self.add(words)

    def add(self, words: "StandingWords") -> None:
        """Words on frames of which none were known."""
        self._classed.update(words._classed)
        self._beside.update(words._beside)
        self.marks.update(words.marks)

    def _note_marks(self, images: Iterable[Sha256]) -> None:
        self.marks.update((image, marks_among(self._beside[image])) for image in images)


_UNSAID = FrameWords()


def read_words(connection: Connection, query: Select[Any]) -> StandingWords:
    """Words of the rows that a query of COLUMNS gives; a row that is damaged is left out and noted."""
    rows = rows_as_stored(connection, query)
    found = None if rows is None else StandingWords.of_rows(rows)
    return StandingWords.of(read_rows(connection, query, stored_word, RowKind.LABEL)) if found is None else found


@collector_paused()
def read_standing(connection: Connection, of: ColumnElement[bool], words: ColumnElement[bool] | None = None) -> StandingWords:
    """Each reader's newest of each kind on each frame of which that holds and that stands, by those `words` of REVOCATIONS, or by all."""
    last = select(func.max(REVOCATIONS.c.id)).where(true() if words is None else words).group_by(REVOCATIONS.c.correction)
    taken_back = select(REVOCATIONS.c.correction).where(REVOCATIONS.c.id.in_(last), REVOCATIONS.c.revoked)
    standing = of & CORRECTIONS.c.id.not_in(taken_back)
    # few are taken back: to ask that of a million rows takes as long as to find the newest of them
    rows, numbers = rows_as_stored(connection, _newest(of)), rows_as_stored(connection, taken_back)
    found = None if rows is None or numbers is None else StandingWords.of_rows(rows)
    if rows is None or numbers is None or found is None:
        return read_words(connection, _newest(standing))
    gone = {number for (number,) in numbers}
    touched = list(dict.fromkeys(row[1] for row in rows if row[0] in gone))
    for first in range(0, len(touched), _AT_ONCE):
        some = touched[first : first + _AT_ONCE]
        names = select(func.json_each(json.dumps(some)).table_valued("value").c.value)
        found.replace(some, read_words(connection, _newest(standing & CORRECTIONS.c.image.in_(names))))
    return found


def _newest(of: ColumnElement[bool]) -> Select[Any]:
    by_reader = select(func.max(CORRECTIONS.c.id)).where(of).group_by(CORRECTIONS.c.image, CORRECTIONS.c.said, CORRECTIONS.c.reader)
    return select(*COLUMNS).where(CORRECTIONS.c.id.in_(by_reader))


def _are_whole(rows: Sequence[_Stored], images: Iterable[Sha256]) -> bool:
    """Whether `stored_word` takes each row; `images` has what they call frames. A column at a time, and each distinct value once where
    there are few: a tenth of what it takes to ask row by row.
    """
    _, _, values, readers, times, bundles, answers, kinds, blind = (itemgetter(place) for place in range(len(COLUMNS)))
    try:
        if not (set(map(kinds, rows)) <= _KINDS.keys() and set(map(blind, rows)) <= {0, 1}):
            return False
        if not (are_hashes(images) and are_times(map(times, rows))):
            return False
    except TypeError:  # one is no text
        return False
    said, by = set(map(values, rows)), set(map(readers, rows))
    if not (_TEXT.issuperset(map(type, said | by)) and all(by)):
        return False
    if not _TEXT_OR_NONE.issuperset(map(type, set(map(bundles, rows)) | set(map(answers, rows)))):
        return False
    return all(said) or all(value or kind not in _CLASSED for value, kind in map(itemgetter(2, 7), rows))


def _made(row: _Stored) -> StoredCorrection:
    number, image, value, reader, at, bundle, answer, said, blind = row
    model = None if bundle is None else BundleId(bundle)
    return StoredCorrection(number, Correction(image, value, reader, time_of(at), model, answer, _KINDS[said], bool(blind)))


def stored_word(row: Row[Any]) -> StoredCorrection:
    """Of a row that begins with COLUMNS. ValueError, KeyError if it is damaged."""
    number, image, value, reader, at, bundle, answer, said, blind = row[: len(COLUMNS)]
    model = None if bundle is None else BundleId(bundle)
    return StoredCorrection(number, Correction(sha256_of(image), value, reader, at, model, answer, _KINDS[said], blind))


def marks_among(words: Iterable[StoredCorrection]) -> Marks:
    """What stands beside the label of a frame: of the readers' newest words of each kind on it the one said last."""
    said: dict[AnnotationKind, list[StoredCorrection]] = defaultdict(list)
    for stored in words:
        said[stored.correction.kind].append(stored)
    return Marks.of({kind: newest(of, correction_of).correction.value for kind, of in said.items()}) if said else NO_MARKS


def correction_of(stored: StoredCorrection) -> Correction:
    """What was said, by whom and when."""
    return stored.correction
