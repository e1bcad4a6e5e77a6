"""Memory that was let go of is the system's again."""

import subprocess
import sys

import pytest

HOLES = """
import os
from pathlib import Path
from endodesk.system.allocator import give_holes_back, give_large_blocks_back

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

give_large_blocks_back()
blocks = [bytearray(os.urandom(200_000)) for _ in range(500)]
blocks = blocks[::2]
before = resident()
give_holes_back()
print((before - resident()) // 1_000_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own")
def test_holes_between_what_is_in_use_are_given_back():
    given = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True, timeout=60)
    assert int(given.stdout) > 40  # of 50 MB
