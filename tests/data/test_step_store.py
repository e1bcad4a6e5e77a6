"""Undo and redo in the record: any order of acts by two readers agrees with a plain model of it."""

import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest
from data_examples import NOON, a_correction, a_file, sha
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.data.database import Database
from endodesk.data.step_rows import StepKind
from endodesk.data.step_store import Stacks
from endodesk.domain.errors import BadRequest

READERS = ("first", "second")
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("give"), st.sampled_from(READERS), st.sets(st.integers(0, 2), min_size=1), st.sampled_from(["a", "b"])),
        st.tuples(st.just("turn"), st.sampled_from(READERS), st.integers(0, 8), st.booleans()),
        st.tuples(st.sampled_from(["undo", "redo"]), st.sampled_from(READERS)),
        st.tuples(st.just("reopen")),
    ),
    max_size=18,
)


class Plain:
    """Rows with whether they stand; for each reader the steps: row -> whether it stands after. Beside those undone: what that changed."""

    def __init__(self):
        self.rows, self.stands = [], {}
        self.undo = {reader: [] for reader in READERS}
        self.redo = {reader: [] for reader in READERS}

    def do(self, reader, wanted):
        self.stands |= wanted
        self.undo[reader].append(wanted)
        self.redo[reader].clear()

    def back(self, reader):
        if self.undo[reader]:
            step = self.undo[reader].pop()
            changed = {row: after for row, after in step.items() if self.stands[row] is after}
            self.stands |= {row: not after for row, after in changed.items()}
            self.redo[reader].append((step, changed))

    def again(self, reader):
        if self.redo[reader]:
            step, changed = self.redo[reader].pop()
            self.stands |= changed
            self.undo[reader].append(step)

    @property
    def own(self):
        """Of each reader the label of each frame that was given last and stands."""
        rows = enumerate(self.rows, 1)
        return {(sha(frame), reader): label for row, (frame, label, reader) in rows if self.stands[row]}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Three frames, and nothing said of them: to be copied, since making a database anew takes a while."""
    path = tmp_path_factory.mktemp("made") / "project.sqlite"
    with Database.open(path) as db:
        db.images.add(a_file(number) for number in range(3))
    return path


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(acts=ACTS)
def test_undo_and_redo_are_those_of_a_plain_list_also_after_reopening(made, acts):
    plain = Plain()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(made, folder))
        db = Database.open(path)
        for act in acts:
            db = _do(db, path, act, plain)
            said = [stored.correction for stored in db.corrections.words().every()]
            assert {(one.image, one.reader): one.value for one in said} == plain.own
        for reader in READERS:
            stacks = db.steps.stacks(reader)
            assert (len(stacks.undo), len(stacks.redo)) == (len(plain.undo[reader]), len(plain.redo[reader]))
        db.close()


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(acts=st.lists(st.sampled_from(["give", "undo", "redo"]), max_size=25), most=st.integers(0, 3))
def test_of_a_long_record_the_newest_steps_are_enough(made, acts, most):
    with tempfile.TemporaryDirectory() as folder, Database.open(Path(shutil.copy(made, folder))) as db:
        live = db.steps.stacks("first", most=most)
        for act in acts:
            step = db.corrections.give([replace(a_correction(1), reader="first")]) if act == "give" else getattr(live, f"next_{act}")
            if step is None:
                continue
            if act != "give":
                getattr(db.steps, act)(step, reader="first", at=NOON)
            live.follow({"give": StepKind.DO, "undo": StepKind.UNDO, "redo": StepKind.REDO}[act], step)
            if live.since and not live.undo:  # as the log of reviews does
                live = db.steps.stacks("first", most=most)
            whole = db.steps.stacks("first", most=10**6)
            again = db.steps.stacks("first", most=most)
            assert [(one.next_undo, one.next_redo) for one in (live, again)] == [(whole.next_undo, whole.next_redo)] * 2


def _do(db, path, act, plain):
    if act[0] == "give":
        _, reader, frames, label = act
        db.corrections.give([replace(a_correction(frame, label), reader=reader) for frame in sorted(frames)])
        plain.rows += [(frame, label, reader) for frame in sorted(frames)]
        plain.do(reader, dict.fromkeys(range(len(plain.rows) - len(frames) + 1, len(plain.rows) + 1), True))
    elif act[0] == "turn":
        _, reader, row, again = act
        if row in plain.stands and plain.stands[row] is not again:
            (db.corrections.give_again if again else db.corrections.revoke)(row, reader=reader, at=NOON)
            plain.do(reader, {row: again})
    elif act[0] == "reopen":
        db.close()
        return Database.open(path)
    else:
        kind, reader = act
        step = getattr(db.steps.stacks(reader), f"next_{kind}")
        if step is not None:
            getattr(db.steps, kind)(step, reader=reader, at=NOON)
        plain.back(reader) if kind == "undo" else plain.again(reader)
    return db


def test_nobody_undoes_what_another_reader_did(db):
    db.images.add([a_file(1)])
    step = db.corrections.give([a_correction(1)])
    with pytest.raises(BadRequest, match="did no step"):
        db.steps.undo(step, reader="someone else", at=NOON)
    assert db.steps.stacks("someone else").next_undo is None
    assert list(db.corrections.current()) == [sha(1)]


def test_redo_leaves_alone_what_another_reader_took_back_first(db):
    db.images.add([a_file(1)])
    step = db.corrections.give([replace(a_correction(1), reader="first")])
    db.corrections.revoke(1, reader="second", at=NOON)
    db.steps.undo(step, reader="first", at=NOON)  # changes nothing: it was taken back already
    db.steps.redo(step, reader="first", at=NOON)
    assert db.corrections.current() == {}
    [stored] = db.corrections.history(sha(1))
    assert stored.revoked_by == "second"


def test_a_long_record_is_replayed_as_fast_as_it_is_read():
    steps = range(40_000)
    before, stacks = time.process_time(), Stacks()
    for step in steps:
        stacks.follow(StepKind.DO, step)
    for kind, order in ((StepKind.UNDO, reversed(steps)), (StepKind.REDO, steps), (StepKind.UNDO, reversed(steps))):
        for step in order:
            stacks.follow(kind, step)
    assert (stacks.next_undo, stacks.next_redo, len(stacks.redo)) == (None, 0, len(steps))
    assert time.process_time() - before < 1  # 0.05 s; with lists, in which each step is looked for, 20 s
