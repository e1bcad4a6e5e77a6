"""A few of the faults that `make faults` tries by the thousand."""

import subprocess
import sys

import pytest

from tests.faults.disk import build_shim, run
from tests.faults.killed_window import killed_runs
from tests.faults.record import FAULTS, HARMLESS, runs
from training.plan.launch import why_not_trained


@pytest.mark.slow
def test_no_label_that_the_window_showed_as_given_is_lost_whatever_others_do_to_its_file(tmp_path):
    tried = list(runs(tmp_path, len(FAULTS), seed=1))
    assert [one for one in tried if one.lost or one.unasked] == []
    assert [one for one in tried if not one.was_told and one.fault not in HARMLESS] == []
    assert [one for one in tried if one.broken] == []
    assert {one.fault for one in tried} == FAULTS.keys()


@pytest.mark.slow
def test_no_label_is_lost_or_made_up_where_the_disk_fails(tmp_path):
    shim = build_shim(tmp_path)
    if shim is None:
        pytest.skip("there is no C compiler, or this is not Linux: the disk's faults are not tried")
    tried = list(run(shim, tmp_path, range(1, 400, 16), seed=0))
    assert sum(one["fired"] for one in tried) == len(tried) == 25
    wrong = [one for one in tried if one["lost"] or one["unasked"] or not one["sound"] or one["crashed"]]
    assert wrong == []


@pytest.mark.slow
def test_no_label_is_lost_and_no_backup_torn_where_the_program_is_killed_while_it_copies(tmp_path):
    tried = list(killed_runs(tmp_path, 4, seed=2))
    assert [one for one in tried if one.lost or one.unasked or one.unsound] == []
    assert sum(one.acknowledged for one in tried) > 20
    assert tried[-1].backups > 1


@pytest.mark.slow
@pytest.mark.skipif(bool(why_not_trained()), reason=why_not_trained() or "-")
def test_a_training_whose_window_was_killed_is_found_by_the_next_one():
    command = [sys.executable, "-m", "tests.faults.killed_training_window", "--n", "5", "--phases", "verifying", "exporting", "keeping"]
    tried = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert tried.returncode == 0, tried.stdout + tried.stderr
