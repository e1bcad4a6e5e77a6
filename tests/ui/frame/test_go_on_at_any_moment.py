"""Whatever is pressed while a frame is opened, and at whichever stage of it: every frame that was visited has its answer in the end."""

import contextlib
import random
import sqlite3
import threading

import pytest
from frame_folders import png, put
from sessions import activate

from endodesk.app.answers import background_answers, classifier
from endodesk.app.answers.answers_progress import AnswersState
from endodesk.app.viewing import open_frame
from endodesk.imaging.reading.read import OpenImage
from endodesk.inference.predictor import Predictor

FRAMES = 24


class Moments:
    """Stops threads of the program at a stage now and then, until the window has done something; of a seed."""

    def __init__(self, seed, monkeypatch):
        self.random, self.acted = random.Random(seed), 0
        self.here, self.post, self.actions = threading.local(), None, []
        for owner, name in (
            (open_frame, "read_bytes"),
            (open_frame, "sha256_bytes"),
            (OpenImage, "decode"),
            (Predictor, "answer_frame"),
            (background_answers, "keep_opened"),
            (classifier.BatchWriter, "flush"),
            (classifier.FrameClassifier, "classify"),
        ):
            monkeypatch.setattr(owner, name, self.around(getattr(owner, name)))

    def around(self, plain):
        def staged(*given, **named):
            self.may_stop()
            result = plain(*given, **named)
            self.may_stop()
            return result

        return staged

    def may_stop(self):
        post = self.post
        if post is None or threading.current_thread() is threading.main_thread() or self.random.random() > 0.3:
            return
        done, action = threading.Event(), self.random.choice(self.actions)

        def act():
            try:
                if self.post is not None:  # what was posted before the end and comes after it would go to another frame
                    action()
            finally:
                self.acted += 1
                done.set()

        post(act)
        done.wait(1)


@pytest.mark.slow
@pytest.mark.parametrize("ends_paused", [False, True])
def test_every_frame_visited_has_its_answer_whatever_was_pressed_while_it_was_opened(
    tmp_path, tiny_bundle, open_window, qtbot, monkeypatch, ends_paused
):
    for number in range(FRAMES):
        put(tmp_path / "frames" / f"{number:02}.png", png(1) + bytes(2) + str(number).encode())
    activate(tmp_path / "frames", tiny_bundle)
    moments = Moments(17 + ends_paused, monkeypatch)
    window = open_window(tmp_path / "frames")
    session = window.session
    answers, navigation, workspace = session.answers, session.navigation, session.workspace
    qtbot.waitUntil(lambda: len(workspace.frames) == FRAMES and workspace.row >= 0, timeout=20_000)
    qtbot.waitUntil(lambda: session.workspace.predictor is not None, timeout=20_000)
    visited = set()

    def visit(step):
        navigation.go(step)
        visited.add(workspace.row)

    moments.actions = [
        answers.go_on,
        answers.go_on,
        answers.pause,
        lambda: (answers.pause(), answers.go_on()),
        lambda: (answers.cancel(), answers.go_on()),
        answers.cancel,
        answers.hold,
        answers.release,
        lambda: visit(+1),
        lambda: (answers.go_on(), visit(+1)),
        lambda: (visit(-1), answers.go_on()),
    ]
    moments.post = session.jobs.post
    visit(0)
    turns = random.Random(5)
    while moments.acted < 200 or len(visited) < FRAMES - 4:
        visit(turns.choice((1, 1, 2, -1, -3, FRAMES)) if turns.random() < 0.9 else -FRAMES)
        qtbot.wait(turns.choice((0, 1, 5, 15)))
    moments.post = None
    answers.release()
    if ends_paused:  # then only what is opened is answered
        answers.pause()
        for row in sorted(visited):
            navigation.choose(row)
            qtbot.waitUntil(lambda row=row: workspace.row == row and workspace.open_frame is not None, timeout=30_000)
    else:
        qtbot.waitUntil(lambda: answers.state is AnswersState.IDLE and answers.idle, timeout=20_000)
    qtbot.waitUntil(lambda: session.jobs.idle and answers.idle, timeout=30_000)
    assert workspace.open_frame.answer is not None
    due = sorted(visited) if ends_paused else range(FRAMES)
    assert not [row for row in due if answers.said_of(row) is None]
    with contextlib.closing(sqlite3.connect(session.project.database.path)) as other:
        stored = {image for (image,) in other.execute("SELECT image FROM prediction")}
    assert {workspace.frames.sha256s[row] for row in due} <= stored
