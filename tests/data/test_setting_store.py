from typing import Any

import pytest

from endodesk.data.database import Database


@pytest.mark.parametrize("value", [None, True, 3, 0.1, "Dr. Müller", ["a", {"b": [1, None]}], {}])
def test_a_value_comes_back(db: Database, value: Any) -> None:
    db.settings.set("shown_frames", value)
    assert db.settings.get("shown_frames", "default") == value


def test_what_was_never_set_is_the_default(db: Database) -> None:
    assert db.settings.get("shown_frames") is None
    assert db.settings.get("shown_frames", 7) == 7


def test_the_last_value_counts(db: Database) -> None:
    db.settings.set("shown_frames", 1)
    db.settings.set("reader", 2)
    db.settings.set("shown_frames", 3)
    assert (db.settings.get("shown_frames"), db.settings.get("reader")) == (3, 2)


@pytest.mark.parametrize("value", [object(), float("nan")])
def test_what_json_cannot_say_is_refused(db: Database, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        db.settings.set("shown_frames", value)
    assert db.settings.get("shown_frames") is None


def test_only_what_the_program_keeps_is_a_setting(db: Database) -> None:
    with pytest.raises(ValueError, match="no setting"):
        db.settings.set("run_at_start", "calc.exe")
    assert db.settings.unknown() == []
