"""Some of what `python -m tests.faults.tampering` does at length."""

import os
from pathlib import Path

import pytest

from tests.faults.killed import kill_some
from tests.faults.tampering import make_record, tamper


@pytest.mark.slow
def test_every_tampering_is_found_and_the_row_named(tmp_path: Path) -> None:
    (tmp_path / "record").mkdir()
    record = make_record(tmp_path / "record", seed=5)
    assert [one for one in tamper(record, tmp_path / "tried", 60, seed=5) if not one.is_named] == []


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_who_is_killed_loses_no_label_and_leaves_a_chain_that_holds(tmp_path: Path) -> None:
    killed = list(kill_some(tmp_path, 4, seed=0))
    assert [one for one in killed if one.lost or one.unasked or one.broken] == []
    assert sum(one.acknowledged for one in killed) > 10
