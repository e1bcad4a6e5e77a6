"""A task for a piece of a longer one."""

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
