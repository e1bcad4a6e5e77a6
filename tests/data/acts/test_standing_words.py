"""What stands is the same, whichever way it is read: all at once, of some frames, by the history, and beside a damaged row."""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from data_examples import NOON, a_correction, a_file, sha
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.data.acts import standing_words
from endodesk.data.acts.standing_words import StoredCorrection
from endodesk.data.database import Database
from endodesk.data.proven_rows import RowKind
from endodesk.domain.reviews import YES, AnnotationKind

FRAMES, READERS = 4, ("Ann", "Bob", "内")
WORDS = {
    AnnotationKind.LABEL: ("polyps", "normal"),
    AnnotationKind.VERDICT: ("polyps", "normal"),
    AnnotationKind.FLAGGED: (YES, ""),
    AnnotationKind.NOTE: ("bile", ""),
}
SAID = st.tuples(st.just("say"), st.integers(0, FRAMES - 1), st.sampled_from(READERS), st.sampled_from(list(WORDS)), st.integers(0, 1))
TURNED = st.tuples(st.just("turn"), st.integers(0, 30))
ACTS = st.lists(st.one_of(SAID, SAID, TURNED), max_size=40)


@dataclass
class Record:
    """What was done, as a plain list would keep it."""

    words: dict[int, StoredCorrection]
    gone: set[int]

    def standing(self) -> set[StoredCorrection]:
        newest = {}
        for number, stored in sorted(self.words.items()):
            if number not in self.gone:
                said = stored.correction
                newest[said.image, said.reader, said.kind] = stored
        return set(newest.values())


def do(db: Database, acts) -> Record:
    db.images.add(a_file(number) for number in range(FRAMES))
    record = Record({}, set())
    for act, *what in acts:
        if act == "say":
            frame, reader, kind, word = what
            said = replace(a_correction(frame, minutes=len(record.words)), reader=reader, kind=kind, value=WORDS[kind][word])
            number = db.corrections.add(said)
            record.words[number] = StoredCorrection(number, said)
        elif record.words:
            number = sorted(record.words)[what[0] % len(record.words)]
            turn = db.corrections.give_again if number in record.gone else db.corrections.revoke
            turn(number, reader="Ann", at=NOON)
            record.gone ^= {number}
    return record


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(acts=ACTS, some=st.sets(st.integers(0, FRAMES - 1)), at_once=st.integers(1, 3))
def test_what_stands_is_what_a_plain_list_says(acts, some: set[int], at_once: int) -> None:
    with (
        pytest.MonkeyPatch.context() as patched,
        tempfile.TemporaryDirectory() as folder,
        Database.open(Path(folder) / "project.sqlite") as db,
    ):
        patched.setattr(standing_words, "_AT_ONCE", at_once)  # frames of which words were taken back are asked for in pieces
        record = do(db, acts)
        found, of_some = db.corrections.words(), db.corrections.words_on(map(sha, some))
        classed = {stored for stored in record.standing() if stored.correction.kind in ("label", "verdict")}
        assert found.readers() == {stored.correction.reader for stored in classed}
        labels = [stored.correction.image for stored in classed if stored.correction.kind == "label"]
        assert {image for image, _ in found.labelled_by_several()} == {image for image in labels if labels.count(image) > 1}
        assert set(found.every()) == record.standing()
        assert set(found) == {stored.correction.image for stored in classed}
        assert set(of_some.every()) == {stored for stored in record.standing() if stored.correction.image in set(map(sha, some))}
        kept = found.copy()
        found.replace([sha(0)], db.corrections.words_on([sha(0)]))
        assert dict(found) == dict(kept)
        assert found.marks == kept.marks == db.corrections.marks()
        assert set(kept.every()) == record.standing()


DAMAGE = {
    "no text": "label = CAST(x'ff41' AS TEXT)",
    "a blob": "label = x'706f'",
    "no label": "label = ''",
    "no reader": "reader = ''",
    "unknown kind": "said = 'shout'",
    "no name of a frame": "image = 'polyps'",
    "a name that is a blob": "image = x'70'",
    "a reader that is a blob": "reader = x'416e6e'",
    "a kind that is a blob": "said = x'6c6162656c'",
    "a model that is a blob": "bundle = x'70'",
    "an answer that is a blob": "answer = x'70'",
}


def edit(project: Path, damage: str) -> None:
    with closing(sqlite3.connect(project)) as other, other:
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f"DROP TRIGGER {name}")  # the record refuses edits; a disk asks nobody
        other.execute(f"UPDATE correction SET {damage} WHERE id = 1")  # noqa: S608


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_row_costs_itself_and_is_told(project: Path, damage: str) -> None:
    with Database.open(project) as db:
        record = do(db, [("say", frame, reader, AnnotationKind.LABEL, 0) for frame in range(2) for reader in READERS[:2]] + [("turn", 3)])
    edit(project, damage)
    with Database.open(project) as db:
        assert set(db.corrections.words().every()) == {stored for stored in record.standing() if stored.id != 1}
        assert RowKind.LABEL in db.damage.take_news()


@pytest.mark.parametrize("time", ["'noon'", "x'32303236'"])
def test_a_time_that_cannot_be_read_costs_no_word(project: Path, time: str) -> None:
    with Database.open(project) as db:
        do(db, [("say", frame, "Ann", AnnotationKind.LABEL, 0) for frame in range(2)])
    edit(project, f"at = {time}")
    with Database.open(project) as db:
        found = [stored.correction.value for stored in db.corrections.words().every()]
        assert found == ["polyps", "polyps"]
        assert RowKind.TIME in db.damage.take_news()
