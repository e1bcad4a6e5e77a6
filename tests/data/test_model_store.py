from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from data_examples import NOON, a_bundle

from endodesk.data.database import Database
from endodesk.data.model_store import Promotion
from endodesk.domain.errors import BadRequest
from endodesk.domain.reviews import BundleId

ONE, TWO = a_bundle("one"), a_bundle("two")


@pytest.fixture
def ready(db: Database) -> Database:
    db.models.add(ONE, Path("/models/one"))
    db.models.add(TWO, Path("/models/two"))
    return db


def test_models_come_back_in_the_order_added(ready: Database) -> None:
    assert [(m.bundle, m.folder) for m in ready.models.all()] == [(ONE, Path("/models/one")), (TWO, Path("/models/two"))]
    assert all(m.added_at.utcoffset() == timedelta(0) for m in ready.models.all())


def test_adding_again_tells_the_new_folder(ready: Database) -> None:
    before = ready.models.all()[0]
    ready.models.add(ONE, Path("/elsewhere/one"))
    assert ready.models.all()[0] == replace(before, folder=Path("/elsewhere/one"))
    assert len(ready.models.all()) == 2


def test_a_model_within_the_project_moves_with_it(project: Path, tmp_path: Path) -> None:
    with Database.open(project) as db:
        db.models.add(ONE, project.parent / "models" / "one")
        assert [m.folder for m in db.models.all()] == [project.parent / "models" / "one"]
    moved = project.parent.rename(tmp_path / "umgezogen")
    with Database.open(moved / project.name) as db:
        assert [m.folder for m in db.models.all()] == [moved / "models" / "one"]


def test_the_active_model_is_the_one_promoted_last(ready: Database) -> None:
    assert ready.models.active() is None
    steps = [(ONE, "first"), (TWO, "better on the test part"), (ONE, "rolled back")]
    for minutes, (bundle, why) in enumerate(steps):
        ready.models.promote(bundle.id, reader="Dr. Müller", why=why, at=NOON - timedelta(minutes=minutes))
        active = ready.models.active()
        assert active is not None
        assert active.bundle == bundle
    assert ready.models.promotions() == [
        Promotion(number + 1, bundle.id, "Dr. Müller", NOON - timedelta(minutes=number), why) for number, (bundle, why) in enumerate(steps)
    ]


def test_a_promotion_of_nothing_or_by_nobody_is_told(ready: Database) -> None:
    with pytest.raises(BadRequest, match="does not know the model 0123"):
        ready.models.promote(BundleId("0123"), reader="me", why="", at=NOON)
    with pytest.raises(BadRequest, match="who"):
        ready.models.promote(ONE.id, reader="", why="", at=NOON)
    with pytest.raises(ValueError, match="zone"):
        ready.models.promote(ONE.id, reader="me", why="", at=NOON.replace(tzinfo=None))
    assert ready.models.active() is None


def test_a_model_that_is_added_with_its_promotion_is_there_only_if_that_is(ready: Database) -> None:
    before = ready.models.all()
    new = replace(ONE, temperature=2.5)
    adds = (new, Path("/elsewhere/new"))
    with pytest.raises(ValueError, match="zone"):
        ready.models.promote(new.id, reader="me", why="", at=NOON.replace(tzinfo=None), adds=adds)
    assert ready.models.all() == before
    ready.models.promote(new.id, reader="me", why="", at=NOON, adds=adds)
    active = ready.models.active()
    assert active is not None
    assert (active.bundle, active.folder) == adds
    assert len(ready.models.all()) == len(before) + 1
    assert ready.chain.verify().broken is None
