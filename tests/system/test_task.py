"""A task for a piece of a longer one."""

import contextlib
import threading
import time

import pytest

from endodesk.domain.errors import Cancelled
from endodesk.system.task import TaskContext


def test_a_piece_tells_its_progress_as_part_of_the_whole():
    told = []
    whole = TaskContext(told.append, interval=0)
    for start in (0, 3):
        piece = whole.part(start, 6)
        for done in range(1, 4):
            piece.report(done, 3, "asking")
    assert [(one.done, one.total, one.text) for one in told] == [(done, 6, "asking") for done in range(1, 7)]


def test_a_piece_is_cancelled_with_the_whole():
    whole = TaskContext()
    piece = whole.part(0, 2)
    whole.cancel()
    assert piece.cancelled
    with pytest.raises(Cancelled):
        piece.raise_if_cancelled()


def test_held_it_waits_in_all_its_threads_until_it_goes_on_or_is_cancelled():
    whole, made = TaskContext(), []
    pieces = [whole.part(0, 2), whole.part(1, 2)]

    def work(piece):
        with contextlib.suppress(Cancelled):
            while True:
                piece.report(0, 1)
                made.append(1)
                time.sleep(0.002)

    threads = [threading.Thread(target=work, args=(piece,), daemon=True) for piece in pieces]
    for thread in threads:
        thread.start()
    whole.hold()
    time.sleep(0.05)
    held = len(made)
    time.sleep(0.1)
    assert len(made) == held
    whole.go_on()
    time.sleep(0.1)
    assert len(made) > held
    whole.hold()
    whole.cancel()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
    whole.hold()  # too late: what is cancelled does not wait
    with pytest.raises(Cancelled):
        whole.report(0, 1)
