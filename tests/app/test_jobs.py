import logging
import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer

from endodesk.app.jobs import INTERNAL_ERROR, Jobs, Urgency
from endodesk.domain.errors import BadRequest


class Heard:
    """What the callbacks were told, and on which threads."""

    def __init__(self):
        self.words = []
        self.threads = set()

    def __call__(self, *word):
        self.words.append(word)
        self.threads.add(threading.get_ident())

    def on(self, name):
        return lambda *values: self(name, *values)

    def listen(self):
        return {name: self.on(name) for name in ("done", "failed", "cancelled")}


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def jobs(qapp):
    jobs = Jobs(threads=2)
    yield jobs
    jobs.close()


def fail(error):
    raise error


def test_the_result_arrives_once_on_the_thread_that_asked(jobs, heard, qtbot):
    jobs.submit(lambda _: threading.get_ident(), **heard.listen())
    qtbot.waitUntil(lambda: jobs.idle)
    [(kind, worker)] = heard.words
    assert kind == "done"
    assert heard.threads == {threading.get_ident()} != {worker}


def test_every_job_ends_exactly_once(jobs, heard, qtbot):
    def work(number):
        def run(task):
            if number % 4 == 1:
                raise BadRequest(f"No {number}.")
            if number % 4 == 2:
                task.cancel()
                task.raise_if_cancelled()
            return number

        return run

    for number in range(200):
        task = jobs.submit(
            work(number),
            done=lambda _, n=number: heard("done", n),
            failed=lambda text, n=number: heard(text, n),
            cancelled=lambda n=number: heard("cancelled", n),
        )
        if number % 4 == 3:
            task.cancel()
    qtbot.waitUntil(lambda: jobs.idle)
    ended = {}
    for word, number in heard.words:
        assert number not in ended
        ended[number] = word
    assert len(ended) == 200
    assert {ended[n] for n in range(0, 200, 4)} == {"done"}
    assert all(ended[n] == f"No {n}." for n in range(1, 200, 4))
    assert {ended[n] for n in range(2, 200, 4)} == {"cancelled"}
    assert {ended[n] for n in range(3, 200, 4)} <= {"cancelled", "done"}  # done if it was faster than the wish


def test_a_defect_of_ours_is_a_sentence_for_the_user_and_a_traceback_in_the_log(jobs, heard, qtbot, caplog):
    with caplog.at_level(logging.ERROR):
        jobs.submit(lambda _: fail(ZeroDivisionError("inside")), **heard.listen())
        qtbot.waitUntil(lambda: jobs.idle)
    assert heard.words == [("failed", INTERNAL_ERROR)]
    assert "ZeroDivisionError: inside" in caplog.text


def test_progress_arrives_in_order_before_the_end(jobs, heard, qtbot):
    def work(task):
        for done in range(1, 4):
            task.report(done, 3, f"step {done}")
        return "end"

    jobs.submit(work, **heard.listen(), progress=lambda p: heard("progress", p.done))
    qtbot.waitUntil(lambda: jobs.idle)
    told = [word[1] for word in heard.words if word[0] == "progress"]
    assert told == sorted(told)
    assert told[-1] == 3
    assert heard.words[-1] == ("done", "end")


def test_who_is_more_urgent_goes_first(qapp, heard, qtbot):
    jobs = Jobs(threads=1)
    go = threading.Event()
    jobs.submit(lambda _: go.wait(10))
    for urgency in (Urgency.LATER, Urgency.SOON, Urgency.NOW, Urgency.SOON):
        jobs.submit(lambda _, u=urgency: u, done=heard.on("done"), urgency=urgency)
    go.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert [urgency for _, urgency in heard.words] == [Urgency.NOW, Urgency.SOON, Urgency.SOON, Urgency.LATER]
    jobs.close()


def test_threads_keep_what_is_theirs_from_job_to_job(jobs, qtbot):
    """A predictor has an interpreter a thread; it must not be made anew for each frame."""
    own, made = threading.local(), []

    def work(_):
        if not hasattr(own, "interpreter"):
            own.interpreter = object()
            made.append(own.interpreter)

    for _ in range(20):
        jobs.submit(work)
    qtbot.waitUntil(lambda: jobs.idle)
    assert 1 <= len(made) <= 2


def test_closing_waits_and_nothing_is_heard_afterwards(heard, qtbot, qapp):
    jobs = Jobs(threads=1)
    began, ended = threading.Event(), threading.Event()

    def work(task):
        began.set()
        try:
            while True:
                task.report(1, 2)
        finally:
            ended.set()

    listen = {**heard.listen(), "progress": heard.on("progress")}
    jobs.submit(work, **listen)
    jobs.submit(lambda _: "never started", **listen)
    assert began.wait(10)
    jobs.close()
    assert ended.is_set()
    before = list(heard.words)
    jobs.submit(lambda _: ended.clear(), **listen)
    jobs.post(lambda: heard("posted"))
    qapp.processEvents()
    assert heard.words == before
    assert ended.is_set()
    jobs.close()


def test_closing_before_anything_was_asked_is_nothing(qapp):
    Jobs().close()


@pytest.mark.slow
def test_much_that_is_posted_at_once_lets_the_window_have_its_turns(jobs, qapp, qtbot):
    heard, turns = [], []
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: turns.append(len(heard)))

    def piece(number):
        time.sleep(0.004)
        heard.append(number)

    timer.start()
    for number in range(100):
        jobs.post(lambda number=number: piece(number))
    qtbot.waitUntil(lambda: len(heard) == 100)
    timer.stop()
    assert heard == list(range(100))
    assert max(np.diff([0, *turns, 100])) <= 4  # two or three pieces between two turns; in one burst all 100


def test_a_dialog_within_a_callback_hears_what_is_posted_meanwhile(jobs, qapp, qtbot):
    heard = []

    def ask():
        loop = QEventLoop()
        jobs.submit(lambda _: 1, done=lambda _: loop.quit())
        QTimer.singleShot(5000, loop.quit)
        loop.exec()
        heard.append("asked")

    jobs.post(ask)
    jobs.post(lambda: heard.append("after"))
    started = time.monotonic()
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert time.monotonic() - started < 4


def test_a_callback_that_fails_does_not_keep_the_others_waiting(jobs, qapp, qtbot):
    heard = []
    with qtbot.captureExceptions() as caught:
        jobs.post(lambda: fail(ValueError("a defect")))
        jobs.post(lambda: heard.append(1))
        qtbot.waitUntil(lambda: heard == [1])
    assert [kind for kind, *_ in caught] == [ValueError]
