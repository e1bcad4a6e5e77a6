"""Live objects of the open project are for the main thread; jobs have frozen copies, which do not change under them."""

import threading

import pytest
from sessions import choose

from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import AnnotationKind


def error_in_a_thread(call):
    """What a job would get that called it."""
    errors = []

    def run():
        try:
            call()
        except AssertionError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return errors


WRITES = {
    "Workspace.choose": lambda session: session.workspace.choose(1),
    "Workspace.list_frames": lambda session: session.workspace.list_frames(session.workspace.frames),
    "Workspace.use_model": lambda session: session.workspace.use_model(None),
    "Workspace.tell_rows": lambda session: session.workspace.tell_rows([0]),
    "FrameList.learn_row": lambda session: session.workspace.frames.learn_row(0, "0" * 64),
    "FrameList.snapshot": lambda session: session.workspace.frames.snapshot(),
    "Reviews.read_again": lambda session: session.workspace.reviews.read_again([]),
    "Reviews.snapshot": lambda session: session.workspace.reviews.snapshot(),
    "BackgroundAnswers.said_of": lambda session: session.answers.said_of(0),
    "BackgroundAnswers.snapshot": lambda session: session.answers.snapshot(),
    "BackgroundAnswers.learned": lambda session: session.answers.learned([0]),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_job_that_touches_what_is_live_is_stopped_and_told(session, name):
    before = session.workspace.row, session.workspace.frames.sha256s[0]
    [error] = error_in_a_thread(lambda: WRITES[name](session))
    assert str(error) == f"{name} is for the main thread"
    assert (session.workspace.row, session.workspace.frames.sha256s[0]) == before


def test_what_a_job_was_given_stays_as_it_was(session, qtbot):
    workspace = session.workspace
    choose(qtbot, session, 0)
    frames, reviews, image = workspace.frames.snapshot(), workspace.reviews.snapshot(), workspace.entry.sha256
    session.label("polyps")
    session.mark(AnnotationKind.FLAGGED)
    workspace.frames.refuse_row(2, "It is gone.")
    workspace.frames.learn_row(3, image)
    assert (reviews.label_of(frames[0], LabelSet.of(("no folder",))), reviews.is_labelled(image), len(reviews)) == (None, False, 0)
    assert (frames.is_unreadable(2), frames[2].unreadable, frames.sha256s[3] == image) == (False, "", False)
    assert workspace.reviews.is_labelled(image)
    assert workspace.frames[2].unreadable == "It is gone."
    assert [frames.path(row) for row in range(len(frames))] == [workspace.frames.path(row) for row in range(len(frames))]
