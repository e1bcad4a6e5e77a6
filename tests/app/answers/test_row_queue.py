"""What is looked at next, and with which content."""

from endodesk.app.answers.row_queue import RowQueue

OLD, NEW = "0" * 64, "1" * 64


def test_what_is_on_screen_comes_first_then_the_rows_in_order_each_once():
    queue = RowQueue()
    queue.add((row, None) for row in (5, 1, 3, 1))
    queue.want([3, 7])
    assert [queue.take() for _ in range(4)] == [(3, None), (1, None), (5, None), None]


def test_a_row_that_waits_is_looked_at_with_the_content_that_was_learnt_meanwhile():
    queue = RowQueue()
    queue.add([(0, OLD), (1, OLD)])
    queue.take()
    queue.learn([0, 1, 2], NEW)  # of these 1 alone waits
    assert (queue.take(), queue.take(), len(queue)) == ((1, NEW), None, 0)
