import contextlib
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from data_examples import NOON, a_bundle, a_file, sha

from endodesk.data.database import Database
from endodesk.data.override_store import Override
from endodesk.domain.errors import BadRequest
from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides, Part
from endodesk.domain.reviews import Prediction

SQUARE = ((0.1, 0.2), (0.5, 0.2), (0.5, 0.75), (0.1, 0.75))
SIZE = (720, 576)


def of_frame(number: int, outline=SQUARE, part: Part = Part.BOX, reader: str = "Dr. Li") -> Override:
    return Override(part, outline, reader, NOON, image=sha(number))


def of_size(outline=SQUARE, part: Part = Part.BOX, reader: str = "Dr. Li", size=SIZE) -> Override:
    return Override(part, outline, reader, NOON, size=size)


@pytest.fixture
def frames(db: Database) -> Database:
    """Three of 720 x 576, one of another size, each with an answer of a model."""
    db.images.add([a_file(1), a_file(2), a_file(3)])
    record, stamp = a_file(4)
    db.images.add([(replace(record, width=1280, height=1024), stamp)])
    db.models.add(a_bundle(), Path("/models/a"))
    db.predictions.add([said(number) for number in (1, 2, 3, 4)])
    return db


def said(number: int, given: FrameOverrides = NOTHING_GIVEN) -> Prediction:
    return Prediction(sha(number), a_bundle().id, (0.2, 0.3, 0.5), given)


def answered(db: Database) -> set[int]:
    return {int(image, 16) for image in db.predictions.of_bundle(a_bundle().id)}


def test_the_newest_holds_and_going_back_is_a_row_of_its_own(frames: Database, project: Path) -> None:
    other = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5))
    for outline in (SQUARE, other, (), None):
        frames.overrides.give([of_frame(1, outline)])
        held = frames.overrides.holding().of(sha(1), *SIZE)
        assert held == FrameOverrides(box=outline)
    assert [override.outline for override in frames.overrides.history(sha(1))] == [SQUARE, other, (), None]
    assert frames.overrides.standing() == []
    with contextlib.closing(sqlite3.connect(project)) as stranger:
        rows = stranger.execute("SELECT part, outline, reader, at FROM override").fetchall()
    assert next(json.loads(outline or "null") for _, outline, _, _ in rows) == [list(point) for point in SQUARE]
    assert {(part, reader) for part, _, reader, _ in rows} == {("box", "Dr. Li")}


def test_a_rule_of_a_size_holds_for_frames_without_an_override_of_their_own(frames: Database) -> None:
    frames.overrides.give([of_size(), of_size((), Part.FIELD)])
    frames.overrides.give([of_frame(2, ())])
    held = frames.overrides.by_frame()
    assert held[sha(1)] == held[sha(3)] == FrameOverrides(box=SQUARE, field=())
    assert held[sha(2)] == FrameOverrides(box=(), field=())
    assert sha(4) not in held
    assert frames.overrides.holding().of(sha(99), *SIZE) == FrameOverrides(box=SQUARE, field=())
    frames.overrides.give([of_size(None)])
    assert frames.overrides.by_frame()[sha(1)] == FrameOverrides(field=())


def test_answers_of_the_frames_concerned_are_forgotten_and_late_ones_are_not_kept(frames: Database) -> None:
    frames.overrides.give([of_frame(1)])
    assert answered(frames) == {2, 3, 4}
    frames.predictions.add([said(1), said(2)])  # a thread that had asked before the outline was drawn
    assert answered(frames) == {2, 3, 4}
    frames.predictions.add([said(1, FrameOverrides(box=SQUARE))])
    assert answered(frames) == {1, 2, 3, 4}
    frames.overrides.give([of_size((), Part.FIELD)])
    frames.overrides.drop_stale()
    assert answered(frames) == {4}
    frames.predictions.add([said(2, FrameOverrides(field=())), said(1, FrameOverrides(box=SQUARE, field=())), said(3)])
    assert answered(frames) == {1, 2, 4}
    frames.overrides.drop_stale()
    assert answered(frames) == {1, 2, 4}


def test_undo_and_redo_walk_over_outlines(frames: Database) -> None:
    first = frames.overrides.give([of_frame(1)])
    second = frames.overrides.give([of_frame(1, ()), of_size()])
    steps = frames.steps

    def held() -> tuple[object, object]:
        now = frames.overrides.holding()
        return now.of(sha(1), 1, 1).box, now.of(sha(9), *SIZE).box

    assert list(steps.stacks("Dr. Li").undo) == [first, second]
    for _ in range(2):
        assert steps.undo(second, reader="Dr. Li", at=NOON) == [sha(1)]
        assert held() == (SQUARE, None)
        steps.undo(first, reader="Dr. Li", at=NOON)
        assert held() == (None, None)
        frames.predictions.add([said(1)])
        steps.redo(first, reader="Dr. Li", at=NOON)
        assert held() == (SQUARE, None)
        assert 1 not in answered(frames)
        steps.redo(second, reader="Dr. Li", at=NOON)
        assert held() == ((), SQUARE)


def test_what_another_reader_has_drawn_since_stands(frames: Database) -> None:
    mine = frames.overrides.give([of_frame(1)])
    frames.overrides.give([of_frame(1, (), reader="Dr. Müller")])
    assert frames.steps.undo(mine, reader="Dr. Li", at=NOON) == []
    assert frames.overrides.holding().of(sha(1), *SIZE) == FrameOverrides(box=())


def test_unknown_frames_nameless_readers_and_nonsense_are_refused(frames: Database) -> None:
    with pytest.raises(BadRequest, match="does not know the frame"):
        frames.overrides.give([of_frame(77)])
    with pytest.raises(BadRequest, match="who draws"):
        frames.overrides.give([of_frame(1, reader="")])
    with pytest.raises(BadRequest, match="3 to 400 corners"):
        frames.overrides.give([of_frame(1, SQUARE[:2])])
    with pytest.raises(BadRequest, match="within the frame"):
        frames.overrides.give([of_frame(1, ((0.0, 0.0), (1.5, 0.0), (1.0, 1.0)))])
    with pytest.raises(ValueError, match="one frame"):
        Override(Part.BOX, SQUARE, "me", NOON)
    assert (frames.overrides.standing(), answered(frames)) == ([], {1, 2, 3, 4})
