"""A file that is held: by one process, for as long as that lives."""

import signal
import subprocess
import sys

import pytest

from endodesk.system.held_file import hold, is_held

HOLDS = """
import sys, time
from pathlib import Path
from endodesk.system.held_file import hold
print(hold(Path(sys.argv[1])), flush=True)
time.sleep(60)
"""


def holder(place):
    child = subprocess.Popen([sys.executable, "-c", HOLDS, str(place)], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    return child, child.stdout.readline().strip()


@pytest.mark.slow
def test_one_process_holds_it_until_it_is_killed(tmp_path):
    place = tmp_path / "running.lock"
    assert not is_held(place)
    assert not place.exists()  # who only looks makes nothing
    child, said = holder(place)
    assert said == "True"
    assert is_held(place)
    assert not hold(place)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not is_held(place)
    child.stdout.close()


def test_what_lies_there_is_not_believed(tmp_path):
    place = tmp_path / "running.lock"
    place.write_text("12345\n")
    assert not is_held(place)
    place.unlink()
    place.mkdir()
    assert not is_held(place)
