"""Classes as steps: any choices, labels, undoing and redoing keep every label in sight that a class meant."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from data_examples import a_correction, a_file
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.data.database import Database
from endodesk.domain.label_set import LabelSet
from endodesk.system.task import TaskContext

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
FIRST = LabelSet.of(("a", "b", "c"))


def choose(db: Database, label_set: LabelSet, reader: str = "Ann") -> int:
    return db.steps.choose_classes(label_set, reader=reader, at=NOW)


def test_undo_and_redo_turn_a_choice_as_often_as_one_likes(db: Database) -> None:
    before, other = db.settings.label_set(), FIRST.meant_by("a", "d")
    step = choose(db, other)
    for _ in range(3):
        assert db.steps.undo(step, reader="Ann", at=NOW) == []
        assert db.settings.label_set() == before
        assert db.steps.redo(step, reader="Ann", at=NOW) == []
        assert db.settings.label_set() == other
    change = db.steps.class_change(step)
    assert change is not None
    assert (change.before, change.after) == (before, other)
    assert db.steps.stacks("Ann").next_undo == step


def test_a_step_with_labels_is_no_choice_of_classes(db: Database) -> None:
    db.images.add([a_file(1)])
    chosen = choose(db, FIRST)
    labelled = db.corrections.give([a_correction(1, "a")])
    assert [db.steps.class_change(step) is None for step in (chosen, labelled, labelled + 1)] == [False, True, True]


def test_another_choice_since_is_left_as_it_is(db: Database) -> None:
    step = choose(db, FIRST)
    other = FIRST.renewed(("a", "b"))
    choose(db, other, "Bob")
    db.steps.undo(step, reader="Ann", at=NOW)
    assert db.settings.label_set() == other
    db.steps.redo(step, reader="Ann", at=NOW)
    assert db.settings.label_set() == other
    assert db.chain.verify(TaskContext()).broken is None


def test_an_undo_that_could_change_nothing_is_made_up_for_once_it_can(db: Database) -> None:
    """Ann chooses, then Bob: Ann's undo leaves his classes. When he takes his back she redoes hers, which they are, and undoes it."""
    before, hers = db.settings.label_set(), FIRST.renewed(("a", "b"))
    ann = choose(db, hers)
    bob = choose(db, FIRST.renewed(("a",)), "Bob")
    db.steps.undo(ann, reader="Ann", at=NOW)
    db.steps.undo(bob, reader="Bob", at=NOW)
    assert db.settings.label_set() == hers
    db.steps.redo(ann, reader="Ann", at=NOW)
    assert db.settings.label_set() == hers
    db.steps.undo(ann, reader="Ann", at=NOW)
    assert db.settings.label_set() == before


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["rename", "move", "add", "label", "undo", "redo"]), min_size=6, max_size=16), st.integers(0, 2**32))
def test_whatever_is_done_no_label_is_out_of_sight(acts: list[str], seed: int) -> None:
    chance = Random(seed)
    with TemporaryDirectory() as folder, Database.open(Path(folder) / "project.sqlite") as db:
        db.images.add([a_file(number) for number in range(5)])
        db.settings.set("classes", FIRST.to_json())
        for number, act in enumerate(acts):
            reader, known = chance.choice(("Ann", "Bob")), db.settings.label_set()
            one, stacks = chance.choice(known.classes), db.steps.stacks(reader)
            if act == "add":
                choose(db, known.renewed((*known.names, f"n{number}")), reader)
            elif act == "rename":
                renamed = [(f"r{number}" if name == one.name else name) for name in known.names]
                fresh = LabelSet.of(renamed)
                for old, name in zip(known.classes, renamed, strict=True):
                    fresh = fresh.meant_by(name, old.name, *old.aliases)
                choose(db, fresh, reader)
            elif act == "move" and len(known.classes) > 1:
                rest = known.renewed([name for name in known.names if name != one.name])
                choose(db, rest.meant_by(chance.choice(rest.classes).name, one.name, *one.aliases), reader)
            elif act == "label":
                db.corrections.give([a_correction(chance.randrange(5), one.name)])
            elif act == "undo" and stacks.next_undo is not None:
                db.steps.undo(stacks.next_undo, reader=reader, at=NOW)
            elif act == "redo" and stacks.next_redo is not None:
                db.steps.redo(stacks.next_redo, reader=reader, at=NOW)
            words = {stored.correction.value for stored in db.corrections.current().values()}
            assert words <= set(db.settings.label_set().words)
        assert db.chain.verify(TaskContext()).broken is None
