import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from data_examples import NOON, a_file, sha
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.data.database import Database
from endodesk.data.merge_store import Merge
from endodesk.domain.errors import BadRequest


def test_a_merge_is_there_on_reopening_with_who_and_when(project: Path) -> None:
    with Database.open(project) as db:
        db.images.add([a_file(1), a_file(2)])
        db.merges.add(sha(2), sha(1), joined=True, reader="Dr. Müller", at=NOON)
    with Database.open(project) as db:
        assert db.merges.standing() == {(sha(1), sha(2)): Merge((sha(1), sha(2)), True, "Dr. Müller", NOON)}


def test_the_act_added_last_holds_whatever_the_clock_said(db: Database) -> None:
    db.images.add([a_file(1), a_file(2)])
    db.merges.add(sha(1), sha(2), joined=True, reader="me", at=NOON)
    db.merges.add(sha(2), sha(1), joined=False, reader="me", at=NOON - timedelta(days=1))
    assert db.merges.standing() == {}
    db.merges.add(sha(1), sha(2), joined=True, reader="you", at=NOON - timedelta(days=2))
    assert [merge.reader for merge in db.merges.standing().values()] == ["you"]


@pytest.mark.parametrize(("left", "right", "reader", "said"), [(1, 1, "me", "two frames"), (1, 2, "", "who"), (1, 3, "me", "not know")])
def test_what_makes_no_sense_is_told_and_not_kept(db: Database, left: int, right: int, reader: str, said: str) -> None:
    db.images.add([a_file(1), a_file(2)])
    with pytest.raises(BadRequest, match=said):
        db.merges.add(sha(left), sha(right), joined=True, reader=reader, at=NOON)
    assert db.merges.standing() == {}


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(acts=st.lists(st.tuples(st.integers(0, 2), st.integers(3, 5), st.booleans(), st.booleans()), max_size=12))
def test_what_stands_is_what_a_plain_mapping_says(acts: list[tuple[int, int, bool, bool]]) -> None:
    told: dict[tuple[str, str], bool] = {}
    with tempfile.TemporaryDirectory() as folder, Database.open(Path(folder) / "project.sqlite") as db:
        db.images.add(a_file(number) for number in range(6))
        for a, b, joined, turned in acts:
            left, right = (b, a) if turned else (a, b)
            db.merges.add(sha(left), sha(right), joined=joined, reader="me", at=NOON)
            told[sha(a), sha(b)] = joined
        assert set(db.merges.standing()) == {pair for pair, joined in told.items() if joined}
