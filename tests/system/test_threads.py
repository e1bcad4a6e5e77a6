"""Work on all cores in the order of the items, and what is for the main thread alone."""

import os
import subprocess
import sys
import threading

import pytest

from endodesk.system.threads import in_threads, main_thread_only


class Live:
    @main_thread_only
    def write(self, value: int) -> int:
        return value


def in_another_thread(work):
    """What it gave, or the error that it ended with."""
    ended = []

    def run():
        try:
            ended.append(work())
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return ended[0]


def test_the_main_thread_may_and_another_is_told_what_it_did():
    assert Live().write(3) == 3
    error = in_another_thread(lambda: Live().write(3))
    assert isinstance(error, AssertionError)
    assert str(error) == "Live.write is for the main thread"


def test_without_assertions_nothing_is_checked_and_nothing_is_paid():
    code = "from endodesk.system.threads import main_thread_only as only\ndef f(): ...\nprint(only(f) is f)"
    assert subprocess.run([sys.executable, "-O", "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


def test_results_come_in_order_and_what_has_not_begun_is_dropped():
    begun = []

    def work(item):
        begun.append(item)
        if item == 3:
            raise ValueError(item)
        return -item

    assert list(in_threads(lambda item: -item, range(50), workers=4)) == [-item for item in range(50)]
    with pytest.raises(ValueError, match="3"):
        list(in_threads(work, range(1000), workers=2))
    assert max(begun) < 20


@pytest.mark.parametrize("elsewhere", [False, pytest.param(True, id="where the system cannot be told")])
@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="Linux alone says which cores a process may use")
def test_who_makes_way_has_a_lower_priority_and_leaves_one_core_and_so_do_its_children(elsewhere):
    code = f"""
import os, subprocess, sys
from endodesk.system.threads import cores, make_way
before = cores()
if {elsewhere}: del os.sched_setaffinity
make_way()
code = "import os; print(os.nice(0), len(os.sched_getaffinity(0)))"
print(before, cores(), *map(int, subprocess.check_output([sys.executable, "-c", code]).split()))
"""
    before, after, nice, childs = map(int, subprocess.check_output([sys.executable, "-c", code]).split())
    assert after == max(1, before - 1)
    assert nice >= 10
    assert elsewhere or childs == after
