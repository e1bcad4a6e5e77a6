import contextlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from data_examples import NOON

from endodesk.data.database import Database
from endodesk.domain.conclusions import LONGEST_CONCLUSION, Conclusion
from endodesk.domain.errors import BadRequest

ONE = Conclusion("Fall 1/a", "One polyp.", "polyps", "Dr. Li", NOON)


def test_all_that_was_concluded_stays_in_the_order_it_was_said(db: Database) -> None:
    later = replace(ONE, text="", finding="", reader="Dr. Novák")
    for conclusion in (ONE, later, replace(ONE, case="other")):
        db.conclusions.add(conclusion)
    assert db.conclusions.history("Fall 1/a") == [ONE, later]
    assert db.conclusions.concluded() == {"other"}


@pytest.mark.parametrize("bad", [replace(ONE, case=""), replace(ONE, reader=""), replace(ONE, text="x" * (LONGEST_CONCLUSION + 1))])
def test_what_is_not_whole_is_refused(db: Database, bad: Conclusion) -> None:
    with pytest.raises(BadRequest):
        db.conclusions.add(bad)
    assert db.conclusions.concluded() == set()


@pytest.mark.parametrize(
    "act", ["UPDATE conclusion SET text = ''", "DELETE FROM conclusion", "REPLACE INTO conclusion VALUES (1, 'c', '', '', 'r', '2026')"]
)
def test_rows_are_never_edited(project: Path, act: str) -> None:
    with Database.open(project) as db:
        db.conclusions.add(ONE)
    with contextlib.closing(sqlite3.connect(project)) as connection, pytest.raises(sqlite3.IntegrityError, match="never edited"):
        connection.execute(act)
