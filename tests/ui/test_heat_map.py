"""The heat map over the frame is that of the frame, whichever panel hears of a frame first."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QPixmap

from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.app.session import Session
from endodesk.app.viewing.pictures import heat_to_qimage
from endodesk.ui.frame import panel as frame_panel
from endodesk.ui.frame.panel import FrameView
from endodesk.ui.review.answer_panel import AnswerPanel
from endodesk.ui.review.history_list import HistoryList
from endodesk.ui.review.label_panel import LabelPanel


@pytest.fixture
def session(images, tiny_bundle, qtbot):
    """With an active model."""
    session = Session(Project.of_images(images))
    session.model.promote(keep_bundle(session.project, tiny_bundle), reader=session.workspace.reader, why="a test")
    yield session
    session.close()


@pytest.fixture(params=[(FrameView, AnswerPanel), (AnswerPanel, FrameView)], ids=["the frame first", "the answer first"])
def panels(session, request, qtbot):
    """Both on one session, connected to it in this order."""
    workspace = session.workspace

    def label_panel():
        history = HistoryList(workspace, session.labelling, session.overriding, session.jobs)
        return LabelPanel(workspace, session.labelling, history, label=session.label, mark=session.mark)

    make = {
        FrameView: lambda: FrameView(workspace, lambda: session.folder_reader.listing),
        AnswerPanel: lambda: AnswerPanel(workspace, session.model, session.labelling, label_panel()),
    }
    made = {kind: make[kind]() for kind in request.param}
    view, answer = made[FrameView], made[AnswerPanel]
    answer.heat_changed.connect(view.show_heat)
    for panel in (view, answer):
        qtbot.addWidget(panel)
        panel.show()
    view.load()
    session.start()
    # idle: the model is loaded once more at the start, and the frame then opened again
    qtbot.waitUntil(lambda: view.canvas is not None and not session.model.loading and session.jobs.idle, timeout=15_000)
    opened(qtbot, session)
    return view, answer


@pytest.fixture
def drawn(monkeypatch):
    """A line for each heat map that is made for the frame."""
    lines = []
    monkeypatch.setattr(frame_panel, "heat_to_qimage", lambda *what: lines.append(1) or heat_to_qimage(*what))
    return lines


def opened(qtbot, session):
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None and session.workspace.open_frame.answer is not None)


def is_of_the_frame(view, session):
    """What lies over the frame is the heat map of the open frame, for the likeliest class."""
    frame = session.workspace.open_frame
    likeliest = max(range(len(frame.answer.probabilities)), key=frame.answer.probabilities.__getitem__)
    right = heat_to_qimage(frame.predictor.heat_map(frame.answer, likeliest))
    return view.shows_heat and view.canvas._heat.pixmap().toImage() == QPixmap.fromImage(right).toImage()


def test_the_heat_map_goes_from_frame_to_frame_and_is_made_once_a_frame(panels, session, drawn, qtbot):
    view, answer = panels
    assert not view.shows_heat
    answer.heat_box.setChecked(True)
    assert is_of_the_frame(view, session)
    between = []
    session.workspace.frame_chosen.connect(lambda _: between.append(view.shows_heat))
    for row in (3, 1, 5):
        drawn.clear()
        session.navigation.choose(row)
        opened(qtbot, session)
        assert is_of_the_frame(view, session)
        assert len(drawn) == 1
    assert between == [False] * 3, "not over the frame before, until the next one is there"
    answer.heat_box.setChecked(False)
    assert not view.shows_heat


def test_a_class_chosen_for_one_frame_is_not_kept_for_the_next(panels, session, qtbot):
    view, answer = panels
    likeliest = answer._chosen
    answer.bars.class_chosen.emit((likeliest + 1) % 3)
    assert view.shows_heat
    assert not is_of_the_frame(view, session)
    session.navigation.choose(2)
    opened(qtbot, session)
    assert is_of_the_frame(view, session)


def test_steps_other_recipes_and_unreadable_frames_have_none_and_the_frame_has_it_again(panels, session, drawn, qtbot):
    view, answer = panels
    answer.heat_box.setChecked(True)
    view.show_step(1)
    assert not view.shows_heat
    answer.opacity.setValue(90)
    assert not view.shows_heat
    view.show_step(None)
    assert is_of_the_frame(view, session)
    drawn.clear()
    with qtbot.waitSignal(session.workspace.frame_opened):
        session.navigation.show_recipe("paper")
    assert is_of_the_frame(view, session)
    assert len(drawn) == 1
    session.workspace.frames.path(4).write_bytes(b"no picture")
    with qtbot.waitSignal(session.workspace.frame_failed):
        session.navigation.choose(4)
    assert not view.shows_heat
    answer.heat_box.toggle()
    answer.heat_box.toggle()
    assert not view.shows_heat


def test_blind_first_shows_none_before_the_label(panels, session, qtbot):
    view, answer = panels
    answer.heat_box.setChecked(True)
    session.labelling.goes_on = False
    session.labelling.turn_blind(on=True)
    assert not view.shows_heat
    session.navigation.choose(3)
    opened(qtbot, session)
    assert not view.shows_heat
    session.label(session.workspace.classes.names[0])
    assert is_of_the_frame(view, session)


def test_what_is_asked_for_a_frame_read_again_is_not_laid_over_what_was_read_before(panels, session, drawn):
    view, _ = panels
    frame = session.workspace.open_frame
    # as another model or recipe gives it, decoded anew; the view has not heard of it yet
    session.workspace.show(replace(frame, image=frame.image.copy()))
    view.show_heat(0, 0.5)
    assert not view.shows_heat
    assert drawn == []


def test_it_stays_while_other_steps_of_the_frame_are_tried(panels, session, qtbot):
    """As moving a knob does: the open frame is then a copy with other steps, of the same pixels."""
    view, answer = panels
    answer.heat_box.setChecked(True)
    session.workspace.show(replace(session.workspace.open_frame))
    answer.opacity.setValue(answer.opacity.value() + 1)
    assert is_of_the_frame(view, session)
    view.show_step(0)
    assert not view.shows_heat
    view.show_step(None)
    assert is_of_the_frame(view, session)
