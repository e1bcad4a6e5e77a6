"""Some of what `python -m tests.faults.tampering` does at length."""

from pathlib import Path

import pytest

from .tampering import make_record, tamper


@pytest.mark.slow
def test_every_tampering_is_found_and_the_row_named(tmp_path: Path) -> None:
    (tmp_path / "record").mkdir()
    record = make_record(tmp_path / "record", seed=5)
    assert [one for one in tamper(record, tmp_path / "tried", 60, seed=5) if not one.is_named] == []
