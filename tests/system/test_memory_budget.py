"""Memory for pictures: never more at once than the budget has, nobody waits for ever, and what is never possible is refused."""

import gc
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.domain.errors import Cancelled
from endodesk.system.memory_budget import MemoryBudget, NeverFits
from endodesk.system.task import TaskContext

MB = 1_000_000


class Picture:
    """What is kept."""


@settings(max_examples=25)
@given(needs=st.lists(st.integers(34, 1000), min_size=1, max_size=12), kept=st.integers(34, 3000))
def test_all_get_their_turn_and_never_more_at_once_than_there_is(needs, kept):
    budget, inside, seen = MemoryBudget(1000 * MB), 0, []
    owner, lock = Picture(), threading.Lock()
    budget.keep(owner, kept * MB)

    def work(need):
        nonlocal inside
        with budget.room(need * MB):
            with lock:
                inside += need
                seen.append((inside, need))
            time.sleep(0.0005)
            with lock:
                inside -= need

    threads = [threading.Thread(target=work, args=(need,)) for need in needs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(seen) == len(needs)
    most = max(1000 - kept, 500)
    assert all(filled <= most or filled == need for filled, need in seen)  # alone one may take more


def test_more_than_all_is_refused_and_leaves_the_room_to_others():
    budget = MemoryBudget(100 * MB)
    with pytest.raises(NeverFits, match=r"[0-9]+ MB of memory, and [0-9]+ MB"), budget.room(200 * MB):
        pass
    with budget.room(100 * MB):
        assert budget.filled == 100 * MB
    assert budget.filled == 0


def test_who_has_room_gets_more_without_waiting_for_itself():
    budget = MemoryBudget(100 * MB)
    with budget.room(80 * MB), budget.room(90 * MB):
        assert budget.filled == 90 * MB
        with budget.room(40 * MB):
            assert budget.filled == 90 * MB
    assert budget.filled == 0


def test_a_wait_ends_when_its_task_is_cancelled():
    budget, task, ended = MemoryBudget(100 * MB), TaskContext(), threading.Event()

    def wait():
        with task.worked_on(), pytest.raises(Cancelled), budget.room(100 * MB):
            pass
        ended.set()

    with budget.room(100 * MB):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not ended.wait(0.2)
        task.cancel()
        assert ended.wait(5)
        thread.join()
    with budget.room(100 * MB):  # its turn is nobody's any more
        pass


@pytest.mark.slow
def test_a_picture_counts_as_long_as_it_lives():
    budget, picture = MemoryBudget(1000 * MB), np.zeros((8000, 8000), np.uint8)
    budget.keep(picture, picture.nbytes)
    part = picture[:10]
    del picture
    gc.collect()
    assert budget.filled == 64 * MB  # a part of it holds all of it
    del part
    gc.collect()
    assert budget.filled == 0
