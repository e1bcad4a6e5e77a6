from dataclasses import dataclass

import pytest
from frame_folders import png, put, put_bad, put_classes
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QMessageBox, QPushButton
from watching import choose, picture, press, settle, words

from endodesk.app.browsing.frame_columns import LabelState
from endodesk.app.browsing.frame_filter import FrameFilter, FrameOrder
from endodesk.domain.reviews import AnnotationKind
from endodesk.ui.gallery.layout import CardLayout
from endodesk.ui.gallery.panel import CORRECTED_ROLE, LABEL_ROLE, REASON_ROLE, Gallery, GalleryModel


@pytest.fixture
def session(tmp_path, open_window, qtbot):
    put_classes(tmp_path / "frames")
    put_bad(tmp_path / "frames")
    window = open_window(tmp_path / "frames")
    qtbot.waitUntil(lambda: not window.session.folder_reader.listing and window.session.jobs.idle, timeout=15_000)
    return window.session


def test_the_model_is_a_proper_model_while_frames_come_and_change(session, qtmodeltester, qtbot, tmp_path):
    model = GalleryModel(session.workspace, session.shown, session.thumbnails)
    qtmodeltester.check(model)
    put(tmp_path / "frames" / "new.png", png(8))
    session.list_folder()
    qtbot.waitUntil(lambda: model.rowCount() == 11 and session.jobs.idle, timeout=10_000)
    qtmodeltester.check(model)
    assert model.rowCount(model.index(0)) == 0


def test_a_row_tells_label_thumbnail_and_reason(session, qtbot):
    model = GalleryModel(session.workspace, session.shown, session.thumbnails)
    bad = model.index(session.workspace.frames.row_of(next(e.path for e in session.workspace.frames if e.unreadable)))
    assert bad.data(REASON_ROLE).endswith(".")
    assert bad.data(Qt.ItemDataRole.DecorationRole) is None
    assert bad.data(REASON_ROLE) in bad.data(Qt.ItemDataRole.ToolTipRole)
    row = next(row for row, e in enumerate(session.workspace.frames) if e.folder_label == "polyps")
    good = model.index(row)
    assert (good.data(LABEL_ROLE), good.data(CORRECTED_ROLE), good.data(REASON_ROLE)) == ("polyps", False, "")
    qtbot.waitUntil(lambda: isinstance(good.data(Qt.ItemDataRole.DecorationRole), QImage))
    assert "polyps" in good.data(Qt.ItemDataRole.AccessibleTextRole)
    session.navigation.choose(row)
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None)
    session.label("esophagitis")
    assert (good.data(LABEL_ROLE), good.data(CORRECTED_ROLE)) == ("esophagitis", True)


def test_of_a_file_exchanged_under_the_window_the_thumbnail_follows_the_frame(session, qtbot):
    model = GalleryModel(session.workspace, session.shown, session.thumbnails)
    frames = session.workspace.frames
    row = next(row for row in range(1, len(frames)) if not frames[row].unreadable)
    qtbot.waitUntil(lambda: isinstance(model.index(row).data(Qt.ItemDataRole.DecorationRole), QImage))
    before = model.index(row).data(Qt.ItemDataRole.DecorationRole).copy()
    frames.path(row).write_bytes(png(91))
    session.navigation.choose(row)
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None)
    qtbot.waitUntil(lambda: model.index(row).data(Qt.ItemDataRole.DecorationRole) not in (None, before), timeout=5000)


@pytest.mark.slow
def test_thumbnails_are_made_for_what_is_on_screen_only(tmp_path, open_window, qtbot):
    for n in range(400):
        put(tmp_path / "many" / f"{n:04}.png", png(1) + str(n).encode())
    window = open_window(tmp_path / "many")
    qtbot.waitUntil(lambda: not window.session.folder_reader.listing and window.session.jobs.idle, timeout=30_000)
    kept = list((window.session.project.cache_folder).rglob("*.jpg"))
    assert 4 <= len(kept) <= 150


@pytest.mark.slow
def test_keys_keep_the_lines_before_and_after_the_open_frame_in_sight(tmp_path, open_window, qtbot):
    for n in range(60):
        put(tmp_path / "many" / f"{n:04}.png", png(1) + str(n).encode())
    window = open_window(tmp_path / "many")
    settle(qtbot, window)
    view = window.gallery.view
    for key, times in ((Qt.Key.Key_Right, 59), (Qt.Key.Key_Left, 40)):
        for _ in range(times):
            press(qtbot, window, key)
            here = view.currentIndex().row()
            assert here == window.session.workspace.row
            assert {view.cards.above(here), here, view.cards.below(here)} <= wholly_in_sight(view)


def wholly_in_sight(view):
    seen = view.viewport().rect()
    return {place for place in view.visible if seen.contains(view.visualRect(view.model().index(place, 0)))}


def test_neighbours_that_become_known_are_told_in_one_signal(session, qtbot):
    queues, thumbnails = session.browsing.queues, session.thumbnails
    gallery = Gallery(session.workspace, session.shown, session.navigation, queues, thumbnails, session.answers)
    qtbot.addWidget(gallery)
    spans = []
    gallery.model.dataChanged.connect(lambda first, last: spans.append((first.row(), last.row())))
    session.navigation.note_rows([5, 3, 4, 1])
    assert spans == [(1, 1), (3, 5)]


# --- the window on frames in cases --------------------------------------------------------------------------------------


@pytest.fixture
def images(tmp_path):
    """Three classes; case-a (3 frames) and case-b (2) in polyps, a part of case-b in esophagitis, one frame of no case."""
    places = (
        "esophagitis/case-b/e1",
        "polyps/case-a/p1",
        "polyps/case-a/p2",
        "polyps/case-a/p3",
        "polyps/case-b/p4",
        "ulcerative-colitis/u1",
    )
    for number, place in enumerate((*places, "ulcerative-colitis/u1")):
        put(tmp_path / "frames" / f"{place}.png", png(number, place.split("/")[0]))
    return tmp_path / "frames"


def names(window):
    """What the gallery lists: file names, and headers by their first word."""
    model = window.gallery.model
    return [str(model.index(place).data()).split("  ")[0].removesuffix(".png") for place in range(model.rowCount())]


def row_of(window, name):
    return next(row for row, entry in enumerate(window.session.workspace.frames) if entry.path.stem == name)


def chips(window):
    return [button for button in window.gallery.bar.chips.findChildren(QPushButton) if button.isVisibleTo(window)]


def click(window, place, modifier=Qt.KeyboardModifier.NoModifier):
    view = window.gallery.view
    view.scrollTo(view.model().index(place, 0))
    at = QPointF(view.visualRect(view.model().index(place, 0)).center())
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        event = QMouseEvent(kind, at, view.viewport().mapToGlobal(at), Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, modifier)
        QApplication.sendEvent(view.viewport(), event)


def answer_all(window, said):
    """As if a model had answered: by file name."""
    session = window.session
    session.answers.said_of = lambda row: said.get(session.workspace.frames[row].path.stem)
    session.navigation.note_rows(list(range(len(session.workspace.frames))))


CASES = ["case-b", "e1", "p4", "case-a", "p1", "p2", "p3", "Without a case", "u1"]


def test_cases_stand_under_headers_that_tell_frames_labelled_and_classes(window, qtmodeltester):
    assert names(window) == CASES
    model = window.gallery.model
    assert model.index(0).data() == "case-b  \N{MIDDLE DOT}  2 frames  \N{MIDDLE DOT}  0 labelled  \N{MIDDLE DOT}  esophagitis 1, polyps 1"
    qtmodeltester.check(model)
    window.session.navigation.choose(row_of(window, "p4"))
    window.session.shown.set_filter(FrameFilter(classes=("polyps",)))
    assert model.index(0).data().startswith("case-b  \N{MIDDLE DOT}  1 of 2 frames")
    qtmodeltester.check(model)


def test_a_header_counts_a_label_as_soon_as_it_is_given(window, qtbot):
    choose(qtbot, window, row_of(window, "p1"))
    with qtbot.waitSignal(window.gallery.model.dataChanged, check_params_cb=lambda first, last, _: first.row() <= 3 <= last.row()):
        press(qtbot, window, Qt.Key.Key_2)
    assert "1 labelled" in window.gallery.model.index(3).data()


def test_a_click_on_a_header_folds_its_case_and_the_frames_are_passed_over(window, qtbot):
    choose(qtbot, window, row_of(window, "p4"))
    click(window, 3)
    assert names(window) == ["case-b", "e1", "p4", "case-a", "Without a case", "u1"]
    press(qtbot, window, Qt.Key.Key_Right)
    assert window.session.workspace.row == row_of(window, "u1")
    click(window, 3)
    assert names(window) == CASES
    assert window.session.workspace.row == row_of(window, "u1")


def test_folding_the_open_frames_case_leaves_it_open(window, qtbot):
    choose(qtbot, window, row_of(window, "p2"))
    click(window, 3)
    assert window.session.workspace.row == row_of(window, "p2")
    press(qtbot, window, Qt.Key.Key_Left)
    assert window.session.workspace.row == row_of(window, "p4")


def test_the_one_frame_left_beside_a_header_is_the_open_one(window, qtbot):
    click(window, CASES.index("p3"))
    click(window, CASES.index("u1"), Qt.KeyboardModifier.ShiftModifier)
    click(window, CASES.index("u1"), Qt.KeyboardModifier.ControlModifier)
    assert window.gallery.selected_rows() == [row_of(window, "p3")]
    assert window.session.workspace.entry.path.stem == "p3"


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"classes": ("polyps",)}, ["p4", "p1", "p3"]),
        ({"states": (LabelState.READER,)}, ["p2"]),
        ({"readers": ("Dr. Li",)}, ["p2"]),
        ({"cases": ("case-b",)}, ["e1", "p4"]),
        ({"disagreeing": True}, ["p1", "p2"]),
        ({"confidence": (50, 70)}, ["p1", "u1"]),
        ({"text": "case-a 3"}, ["p3"]),
        ({"text": "P", "cases": ("case-b",), "disagreeing": False}, ["e1", "p4"]),
        ({"classes": ("polyps", "ulcerative-colitis"), "confidence": (60, 100), "states": (LabelState.FOLDER,)}, ["p1", "u1"]),
        ({"text": "none such"}, []),
    ],
)
def test_filters_alone_and_combined(window, qtbot, asked, left):
    window.session.labelling.name_reader("Dr. Li")
    choose(qtbot, window, row_of(window, "p2"))
    press(qtbot, window, Qt.Key.Key_1)
    answer_all(window, {"p1": ("esophagitis", 0.6), "p2": ("polyps", 0.9), "u1": ("ulcerative-colitis", 0.7)})
    window.session.shown.set_filter(FrameFilter(**asked))
    stems = [name for name in names(window) if not name.startswith(("case", "Without"))]
    assert stems == left
    assert f"{len(left)} of 6 frames" in words(window.gallery)
    assert len(chips(window)) == sum(bool(value) for value in asked.values()) + 1
    if left:
        assert window.session.workspace.entry.path.stem in left
    press(qtbot, window, Qt.Key.Key_Escape)
    assert names(window) == CASES
    assert chips(window) == []


def test_a_chip_takes_its_part_away_and_clear_all(window, qtbot):
    window.session.shown.set_filter(FrameFilter(classes=("polyps",), text="p4"))
    [text, polyps, clear] = chips(window)
    assert (text.text(), polyps.text(), clear.text()) == ('"p4"  \N{MULTIPLICATION SIGN}', "polyps  \N{MULTIPLICATION SIGN}", "Clear")
    polyps.click()
    assert window.session.shown.filter == FrameFilter(text="p4")
    qtbot.waitUntil(lambda: len(chips(window)) == 2)
    chips(window)[-1].click()
    assert window.session.shown.filter.is_empty
    assert window.gallery.bar.search.text() == ""


def test_words_typed_filter_and_digits_among_them_label_nothing(window, qtbot):
    choose(qtbot, window, 0)
    press(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is window.gallery.bar.search
    qtbot.keyClicks(window.gallery.bar.search, "p3")
    qtbot.waitUntil(lambda: names(window) == ["case-a", "p3"])
    assert len(window.session.workspace.reviews) == 0
    press(qtbot, window.gallery.bar.search, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is window.gallery.view
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
    press(qtbot, window.gallery.view, Qt.Key.Key_1)
    assert len(window.session.workspace.reviews) == 1


def test_the_panel_offers_what_there_is_and_acts_at_once(window, qtbot):
    answer_all(window, {"p1": ("esophagitis", 0.6)})
    panel = window.gallery.bar.open_panel()
    boxes = {box.text().split("   ")[-1]: box for box in panel.findChildren(QCheckBox)}
    assert {"polyps  (4)", "By folder only", "Is not the label", "Show one of each group"} <= set(boxes)
    boxes["polyps  (4)"].click()
    panel.high.setValue(90)
    panel.cases.item(1).setCheckState(Qt.CheckState.Checked)
    assert window.session.shown.filter == FrameFilter(classes=("polyps",), confidence=(0, 90), cases=("case-a",))
    assert names(window) == ["case-a", "p1"]
    boxes["polyps  (4)"].click()
    panel.close()
    assert QApplication.focusWidget() is window.gallery.view
    assert window.session.shown.filter == FrameFilter(confidence=(0, 90), cases=("case-a",))


def test_a_label_under_a_filter_leaves_the_open_frame_until_the_reader_moves_on(window, qtbot):
    window.session.shown.set_filter(FrameFilter(states=(LabelState.FOLDER,)))
    choose(qtbot, window, row_of(window, "u1"))  # the last one: the reader stays there
    press(qtbot, window, Qt.Key.Key_1)
    assert names(window)[-1] == "u1"
    assert window.session.workspace.row == row_of(window, "u1")
    press(qtbot, window, Qt.Key.Key_Left)
    assert names(window) == CASES[:-2]
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert names(window) == CASES
    assert window.session.workspace.row == row_of(window, "u1")


def test_labelling_down_a_filtered_list_meets_every_frame_once(window, qtbot):
    window.session.shown.set_filter(FrameFilter(states=(LabelState.FOLDER,)))
    choose(qtbot, window, row_of(window, "e1"))
    met = []
    for _ in range(6):
        qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None)
        met.append(window.session.workspace.entry.path.stem)
        press(qtbot, window.gallery.view, Qt.Key.Key_1)
    assert met == ["e1", "p4", "p1", "p2", "p3", "u1"]
    assert len(window.session.workspace.reviews) == 6


def test_orders_and_the_first_of_an_order_of_which_the_first_are_wanted(window, qtbot):
    answer_all(window, {"p1": ("polyps", 0.6), "p2": ("polyps", 0.9), "u1": ("polyps", 0.7)})
    order = window.gallery.bar.order
    expected = {
        FrameOrder.FILE: ["e1", "p1", "p2", "p3", "p4", "u1"],
        FrameOrder.LEAST_SURE: ["p1", "u1", "p2", "e1", "p3", "p4"],
        FrameOrder.SUREST: ["p2", "u1", "p1", "e1", "p3", "p4"],
    }
    for wanted, stems in expected.items():
        order.setCurrentIndex(order.findData(str(wanted)))
        order.activated.emit(order.currentIndex())
        assert names(window) == stems
    assert window.session.workspace.row == row_of(window, "p2")
    press(qtbot, window, Qt.Key.Key_Right)
    assert window.session.workspace.row == row_of(window, "u1")
    press(qtbot, window, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert window.session.workspace.row == row_of(window, "p4")


@dataclass(frozen=True)
class AQueue:
    key: str = "odd"
    title: str = "Odd ones first"
    tooltip: str = "What is odd"


@dataclass(frozen=True)
class AnItem:
    row: int
    reason: str


class AMaker:
    """Makes a queue at once."""

    def __init__(self, items):
        self.items = items

    def make(self, queue, *, done, failed, progress):
        done(self.items) if self.items else failed("There is nothing odd.")

    def cancel(self):
        pass


def test_a_queue_is_offered_made_and_shown_with_its_reasons(images, open_window, qtbot, monkeypatch):
    from endodesk.app import session
    from endodesk.app.browsing import queue_choice

    monkeypatch.setattr(queue_choice, "QUEUES", (AQueue(),))
    maker = AMaker([AnItem(5, "very odd"), AnItem(1, "a little odd")])
    monkeypatch.setattr(session, "QueueMaker", lambda *_: maker)
    window = open_window(images)
    settle(qtbot, window)
    order = window.gallery.bar.order
    place = order.findText("Odd ones first")
    order.setCurrentIndex(place)
    order.activated.emit(place)
    assert names(window) == ["u1", "p1"]
    assert window.session.workspace.row == 5
    assert "very odd" in window.gallery.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert order.currentText() == "Odd ones first"
    maker.items = []
    order.setCurrentIndex(0)
    order.activated.emit(0)
    assert names(window) == CASES
    order.setCurrentIndex(place)
    order.activated.emit(place)
    assert "nothing odd" in window.findChild(QMessageBox).text()
    assert order.currentText() == "By case"


def test_grid_list_size_order_and_filter_are_there_again_after_reopening(images, window, open_window, qtbot):
    before = picture(window.gallery.view)
    window.gallery.list.click()
    assert picture(window.gallery.view) != before
    window.gallery.zoom.setValue(100)
    window.session.shown.set_order(FrameOrder.FILE)
    window.session.shown.set_filter(FrameFilter(classes=("polyps",)))
    settle(qtbot, window)
    window.close()
    again = open_window(images)
    settle(qtbot, again)
    assert names(again) == ["p1", "p2", "p3", "p4"]
    assert again.gallery.list.isChecked()
    assert again.gallery.zoom.value() == 100
    assert again.gallery.bar.order.currentText() == "By file"
    assert [chip.text()[:6] for chip in chips(again)] == ["polyps", "Clear"]


def test_cards_grow_with_the_size_and_lines_of_the_list_are_as_wide_as_the_gallery(window):
    view = window.gallery.view
    small = view.visualRect(view.model().index(1, 0))
    window.gallery.zoom.setValue(190)
    assert view.visualRect(view.model().index(1, 0)).height() > small.height()
    window.gallery.list.click()
    assert view.visualRect(view.model().index(1, 0)).width() == view.viewport().width()


def test_several_frames_are_selected_with_ctrl_shift_and_a_band_but_no_header(window, qtbot):
    gallery = window.gallery
    click(window, 1)
    click(window, 4, Qt.KeyboardModifier.ShiftModifier)
    assert gallery.selected_rows() == [row_of(window, name) for name in ("e1", "p4", "p1")]
    click(window, 2, Qt.KeyboardModifier.ControlModifier)
    assert gallery.selected_rows() == [row_of(window, name) for name in ("e1", "p1")]
    window.session.shown.set_filter(FrameFilter(classes=("esophagitis", "polyps")))
    assert gallery.selected_rows() == [row_of(window, name) for name in ("e1", "p1")]
    press(qtbot, gallery.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(gallery.selected_rows()) == 5
    press(qtbot, window, Qt.Key.Key_Right)
    assert len(gallery.selected_rows()) == 1
    click(window, 1)
    press(qtbot, gallery.view, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert len(gallery.selected_rows()) == 5


def test_arrows_go_over_headers_a_line_at_a_time(window, qtbot):
    window.gallery.list.click()
    click(window, 2)
    press(qtbot, window.gallery.view, Qt.Key.Key_Down)
    assert window.session.workspace.entry.path.stem == "p1"
    press(qtbot, window.gallery.view, Qt.Key.Key_Up)
    assert window.session.workspace.entry.path.stem == "p4"
    press(qtbot, window.gallery.view, Qt.Key.Key_End)
    assert window.session.workspace.entry.path.stem == "u1"
    press(qtbot, window.gallery.view, Qt.Key.Key_PageUp)
    assert window.session.workspace.entry.path.stem != "u1"


def test_near_identical_frames_are_shown_once_and_expand(images, window, qtbot):
    put(images / "polyps" / "case-a" / "copy.png", png(1, "polyps") + b" ")
    window.session.list_folder()
    settle(qtbot, window)
    window.session.shown.set_filter(FrameFilter(collapsed=True))
    qtbot.waitUntil(lambda: len(window.session.shown) < 7, timeout=10_000)
    hidden = 7 - len(window.session.shown)
    model, more = window.gallery.model, window.session.shown.arrangement.more
    place = next(place for place, item in enumerate(model.items) if int(item) in more)
    assert f"{more[int(model.items[place])]} near-identical" in model.index(place).data(Qt.ItemDataRole.ToolTipRole)
    window.gallery.view.doubleClicked.emit(window.gallery.model.index(place))
    assert 7 - len(window.session.shown) < hidden
    settle(qtbot, window)


@pytest.mark.slow
def test_thumbnails_that_scrolled_away_are_cancelled(tmp_path, open_window, qtbot):
    for n in range(300):
        put(tmp_path / "many" / f"{n:04}.png", png(1) + str(n).encode())
    window = open_window(tmp_path / "many")
    settle(qtbot, window)
    thumbnails, bar = window.session.thumbnails, window.gallery.view.verticalScrollBar()
    for value in range(0, bar.maximum(), 200):
        bar.setValue(value)
        window.gallery.view.grab()
    visible = {window.session.workspace.frames.path(int(window.gallery.model.items[place])) for place in window.gallery.view.visible}
    assert set(thumbnails._wishes) <= visible
    settle(qtbot, window)
    qtbot.waitUntil(lambda: thumbnails.idle)
    index = window.gallery.model.index(window.gallery.view.visible[0])
    assert isinstance(index.data(Qt.ItemDataRole.DecorationRole), QImage)


def test_a_pattern_for_cases_holds_in_the_gallery_too(images, window, open_window, qtbot):
    from endodesk.app.project.grouping import Grouping, keep_grouping

    keep_grouping(window.session.project, Grouping(case=r"/(\w)\d\.png"))
    window.session.list_folder()
    settle(qtbot, window)
    assert names(window)[::1] == ["e", "e1", "p", "p1", "p2", "p3", "p4", "u", "u1"]
    keep_grouping(window.session.project, Grouping(case="none"))
    window.session.list_folder()
    settle(qtbot, window)
    assert names(window) == ["e1", "p1", "p2", "p3", "p4", "u1"]


def test_blind_first_no_card_order_or_filter_tells_an_answer_before_the_readers_own_label(window, qtbot):
    choose(qtbot, window, row_of(window, "p1"))
    window.session.labelling.turn_blind(on=True)
    answer_all(window, {"p1": ("esophagitis", 0.6), "p2": ("esophagitis", 0.9)})
    window.session.shown.set_filter(FrameFilter(disagreeing=True))
    assert names(window) == []
    press(qtbot, window, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_2)
    tips = {name: window.gallery.model.index(place).data(Qt.ItemDataRole.ToolTipRole) for place, name in enumerate(names(window))}
    assert "answer: esophagitis, 60%" in tips["p1"]
    assert "answer" not in tips["p2"]
    window.session.labelling.turn_blind(on=False)
    window.session.shown.set_filter(FrameFilter(disagreeing=True))
    qtbot.waitUntil(lambda: names(window) == ["case-a", "p1", "p2"])


def test_marks_and_notes_stand_on_the_card_and_can_be_filtered_and_searched(window, qtbot):
    choose(qtbot, window, row_of(window, "p1"))
    window.session.mark(AnnotationKind.FLAGGED)
    window.session.labelling.write_note("Blurred, ask Li")
    window.session.shown.set_filter(FrameFilter(marks=("flagged",)))
    assert names(window) == ["case-a", "p1"]
    tip = window.gallery.model.index(1).data(Qt.ItemDataRole.ToolTipRole)
    assert "flagged\nBlurred, ask Li" in tip
    window.session.shown.set_filter(FrameFilter(text="blurred"))
    assert names(window) == ["case-a", "p1"]
    window.session.mark(AnnotationKind.FLAGGED)
    window.session.shown.set_filter(FrameFilter(marks=("flagged", "excluded")))
    assert names(window) == []


def test_a_change_of_many_rows_asks_for_the_places_of_those_on_screen_only(tmp_path, open_window, qtbot, monkeypatch):
    for n in range(300):
        put(tmp_path / "many" / f"{n:04}.png", b"")
    window = open_window(tmp_path / "many")
    settle(qtbot, window)
    asked, box = [], CardLayout.box
    monkeypatch.setattr(CardLayout, "box", lambda layout, place: asked.append(place) or box(layout, place))
    window.session.workspace.rows_changed.emit(0, 299)
    assert set(asked) == set(window.gallery.view.visible)


def test_a_label_is_painted_at_once(window, qtbot):
    choose(qtbot, window, row_of(window, "u1"))
    settle(qtbot, window)
    before = picture(window.gallery.view)
    press(qtbot, window, Qt.Key.Key_1)
    assert picture(window.gallery.view) != before
