import contextlib
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from data_examples import a_bundle, a_file, sha

from endodesk.data.database import Database
from endodesk.domain.errors import BadRequest
from endodesk.domain.reviews import BundleId, Prediction

BUNDLE, OTHER = a_bundle("one"), a_bundle("two")


@pytest.fixture
def ready(db: Database) -> Database:
    db.images.add(a_file(number) for number in range(3))
    db.models.add(BUNDLE, Path("/models/one"))
    db.models.add(OTHER, Path("/models/two"))
    return db


def test_predictions_come_back_exactly(ready: Database) -> None:
    said = [Prediction(sha(0), BUNDLE.id, (0.1, 0.2, 0.7)), Prediction(sha(1), BUNDLE.id, (1 / 3, 1 / 3, 1 / 3))]
    ready.predictions.add([*said, Prediction(sha(0), OTHER.id, (1.0, 0.0, 0.0))])
    assert ready.predictions.of_bundle(BUNDLE.id) == {sha(0): said[0], sha(1): said[1]}
    assert ready.predictions.get(sha(1), BUNDLE.id) == said[1]


def test_what_was_not_asked_is_none(ready: Database) -> None:
    ready.predictions.add([])
    assert ready.predictions.get(sha(0), BUNDLE.id) is None
    assert ready.predictions.of_bundle(BUNDLE.id) == {}


def test_a_new_prediction_takes_the_place_of_the_old_one(ready: Database) -> None:
    ready.predictions.add([Prediction(sha(0), BUNDLE.id, (1.0, 0.0, 0.0))])
    ready.predictions.add([Prediction(sha(0), BUNDLE.id, (0.0, 1.0, 0.0))])
    assert [p.answer for p in ready.predictions.of_bundle(BUNDLE.id).values()] == [1]


def test_numbers_of_numpy_are_taken(ready: Database) -> None:
    ready.predictions.add([Prediction(sha(0), BUNDLE.id, tuple(np.array([0.25, 0.25, 0.5], np.float32)))])
    assert ready.predictions.get(sha(0), BUNDLE.id) == Prediction(sha(0), BUNDLE.id, (0.25, 0.25, 0.5))


def test_an_unknown_frame_or_model_is_told_and_none_is_added(ready: Database) -> None:
    good = Prediction(sha(0), BUNDLE.id, (1.0, 0.0, 0.0))
    with pytest.raises(BadRequest, match="does not know the frame"):
        ready.predictions.add([good, Prediction(sha(9), BUNDLE.id, (1.0, 0.0, 0.0))])
    with pytest.raises(BadRequest, match="does not know the model 0123"):
        ready.predictions.add([good, Prediction(sha(0), BundleId("0123"), (1.0, 0.0, 0.0))])
    assert ready.predictions.of_bundle(BUNDLE.id) == {}


DAMAGED = [
    "",
    "null",
    "[0.1, 0.9",
    "[0.5, 0.5]",
    '["a", 0.5, 0.5]',
    "[NaN, 0.5, 0.5]",
    "[2, -0.5, -0.5]",
    "[0.1, 0.1, 0.1]",
    "[[0.2, 0.3, 0.5]]",
    "{}",
]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_row_is_as_if_the_model_had_not_been_asked(ready: Database, text: str) -> None:
    good = Prediction(sha(0), BUNDLE.id, (0.2, 0.3, 0.5))
    ready.predictions.add([good, Prediction(sha(1), BUNDLE.id, (1.0, 0.0, 0.0))])
    with contextlib.closing(sqlite3.connect(ready.path)) as other, other:
        other.execute("UPDATE prediction SET probabilities = ? WHERE image = ?", (text, sha(1)))
    [(images, values)] = ready.predictions.pieces_of(BUNDLE.id, 3)
    assert images == [sha(0)]
    assert values == pytest.approx(np.array([[0.2, 0.3, 0.5]]))
    if text != "[0.5, 0.5]":  # of another number of classes: only who knows the model can tell
        assert ready.predictions.get(sha(1), BUNDLE.id) is None
        assert ready.predictions.of_bundle(BUNDLE.id) == {sha(0): good}
    ready.predictions.add([Prediction(sha(1), BUNDLE.id, (1.0, 0.0, 0.0))])
    assert len(ready.predictions.of_bundle(BUNDLE.id)) == 2


def test_pieces_hold_every_prediction_of_the_model_once(db: Database) -> None:
    db.images.add(a_file(number) for number in range(1200))
    db.models.add(BUNDLE, Path("/models/one"))
    assert list(db.predictions.pieces_of(BUNDLE.id, 3)) == []
    db.predictions.add(Prediction(sha(number), BUNDLE.id, (0.5, 0.25, 0.25)) for number in range(1200))
    pieces = list(db.predictions.pieces_of(BUNDLE.id, 3))
    assert len(pieces) == 3
    assert sorted(image for images, _ in pieces for image in images) == [sha(number) for number in range(1200)]
