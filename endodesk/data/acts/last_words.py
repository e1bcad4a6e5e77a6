"""What held before readers had labels of their own: the last word on a frame, whoever's. Kept as verdicts, so that it goes on holding."""

import json
import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from endodesk.domain.consensus import decide
from endodesk.domain.label_set import LabelSet
from endodesk.domain.presets import FIRST_CLASSES

_STANDING = """
    SELECT id, image, reader, at, label FROM correction
    WHERE said = 'label' AND typeof(reader) = 'text' AND typeof(label) = 'text' AND id NOT IN (
        SELECT correction FROM revocation WHERE id IN (SELECT max(id) FROM revocation GROUP BY correction) AND revoked
    ) AND image IN (SELECT image FROM correction WHERE said = 'label' GROUP BY image HAVING count(DISTINCT reader) > 1)
    ORDER BY id
"""
_AS_VERDICT = """
    INSERT INTO correction (image, label, reader, at, bundle, answer, said, blind, step)
    SELECT image, label, reader, at, bundle, answer, 'verdict', blind, step FROM correction WHERE id = ?
"""


class _Word(NamedTuple):
    id: int
    reader: str
    at: None
    value: str


# Why: docs/decisions/data.md 27
def keep_last_words(connection: sqlite3.Connection) -> int:
    """Where the readers of a frame do not agree on its last label's class, that label is a verdict too, undone with it; how many."""
    class_of = _label_set(connection).class_of
    words: dict[str, dict[str, _Word]] = {}
    for number, image, reader, _, label in connection.execute(_STANDING):
        of_frame = words.setdefault(image, {})
        of_frame.pop(reader, None)  # to its later place: the last of all is the one that held
        of_frame[reader] = _Word(number, reader, None, label)
    kept = [last.id for of in words.values() if (last := [*of.values()][-1]) and not _holds(last, [*of.values()], class_of)]
    connection.executemany(_AS_VERDICT, [(number,) for number in kept])
    return len(kept)


def _holds(last: _Word, labels: list[_Word], class_of: Callable[[str], str]) -> bool:
    decided = decide(labels, (), said=lambda word: word, class_of=class_of)
    return bool(decided and decided.word and class_of(decided.word.value) == class_of(last.value))


def _label_set(connection: sqlite3.Connection) -> LabelSet:
    found = connection.execute("SELECT value FROM setting WHERE key = 'classes'").fetchone()
    try:
        return LabelSet.from_json(json.loads(found[0])) if found else LabelSet.of(FIRST_CLASSES)
    except (ValueError, TypeError, KeyError, RecursionError):
        return LabelSet.of(FIRST_CLASSES)  # as it is opened then
