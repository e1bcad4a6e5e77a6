"""Random actions of readers in the real window: nothing fails, and what is stored and shown is what a plain list of acts says."""

import logging

import pytest
from frame_folders import png, put, sha256_of
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from plain_record import PlainRecord, answered_in, stored_in
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QInputDialog, QMessageBox, QPushButton, QToolButton
from sessions import use_bundle
from watching import press, warnings, words

from endodesk.app.answers.answers_progress import AnswersState
from endodesk.app.browsing.frame_columns import LabelState
from endodesk.app.browsing.frame_filter import FrameFilter, FrameOrder
from endodesk.app.project.project import Project
from endodesk.app.project.project_file import DATABASE_NAME
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import MARKS
from endodesk.ui.classes.dialog import ClassesDialog
from endodesk.ui.classes.removed_dialog import RemovedClassesDialog
from endodesk.ui.gallery.panel import CORRECTED_ROLE, LABEL_ROLE
from endodesk.ui.main_window import MainWindow
from endodesk.ui.review.history_list import HistoryList
from endodesk.ui.widgets.theme import apply_theme

NONE, CTRL, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
READERS = ("Dr. Ada", "Dr. Li")
CLASS_SETS = (("esophagitis", "polyps"), ("normal", "polyps", "esophagitis", "elsewhere"), ("polyps", "varices", "barretts"))
NOTES = ("", "bile", "Case 1  seen twice")
SEARCHES = ("", "case-a", "copy", "BILE", "1", "none such", "case png")
MARK_KEYS = dict(zip("XQUB", MARKS, strict=True))
FRAMES = {  # of two cases and none, in class folders and another one; copies of a frame within a case, and across cases
    "polyps/case-a/1.png": 1, "polyps/case-a/2.png": 2, "polyps/case-a/copy-of-1.png": 1, "polyps/case-b/3.png": 3,
    "esophagitis/case-b/copy-of-1.png": 1, "esophagitis/case-b/4.png": 4, "normal/5.png": 5, "elsewhere/6.png": 6,
}  # fmt: skip
BROKEN = {"polyps/case-a/empty.png": b"", "normal/cut.png": png(7, width=48)[:-200]}
CHANGING = ("polyps/case-a/new.png", "normal/5.png", "polyps/case-a/empty.png")

_BETWEEN_STARTS = 4  # actions: opening a window takes as long as thirty of them


class Readers(RuleBasedStateMachine):
    """Two readers at one window, whose every action is noted in a plain record before the window is asked."""

    qtbot = monkeypatch = new_folder = mishaps = bundle = None
    """The test's; without a bundle no model answers."""

    def __init__(self):
        super().__init__()
        home = self.new_folder("home")
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            self.monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        self.monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: (self.typed, True))
        self.root = self.new_folder("frames")
        for name, number in FRAMES.items():
            put(self.root / name, png(number, width=48))
        for name, data in BROKEN.items():
            put(self.root / name, data)
        self.mishaps.clear()
        self.record, self.typed, self.stale = PlainRecord(), "", False
        self.touched, self.refuses = set(), False
        self.hurried, self.actions = 0, 0
        self.classes = sorted({name.split("/")[0] for name in FRAMES})
        self.open_window()
        self.settle()
        if self.bundle:
            use_bundle(self.session, self.bundle)
        self.reader = READERS[0]
        self.do("ask_reader")
        self.name_reader()

    # --- hands and eyes -----------------------------------------------------------------------------------------------

    def open_window(self):
        self.window = MainWindow(Project.of_images(self.root))
        self.window.show()
        self.window.activateWindow()
        self.window.start()

    def close_window(self):
        self.window.close()
        assert not warnings(self.window)
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    @property
    def session(self):
        return self.window.session

    @property
    def database(self):
        return self.session.project.folder / DATABASE_NAME

    def name_reader(self):
        """Who labels, where the window asks: on demand, and at the start where others have labelled."""
        for asking in self.window.findChildren(QInputDialog):
            asking.setTextValue(self.reader)
            asking.accept()
            QApplication.sendPostedEvents(asking, QEvent.Type.DeferredDelete)
        self.window.activateWindow()

    def do(self, name):
        self.window.actions_by_name[name].trigger()

    def press(self, key, modifier=NONE):
        press(self.qtbot, self.window, key, modifier)

    def settle(self):
        self.qtbot.waitUntil(self.is_idle, timeout=15_000)

    def is_idle(self):
        for _ in range(3):
            QApplication.processEvents()
        reads = self.session.model.loading or self.session.answers.state is AnswersState.RUNNING
        return (
            not reads
            and not self.session.folder_reader.listing
            and self.session.jobs.idle
            and not self.window.gallery.bar._typed.isActive()
        )

    def listed(self):
        """The rows that the gallery shows, in their order."""
        return [int(item) for item in self.window.gallery.model.items if item >= 0]

    def targets(self):
        """The frames that a key is about: those selected, else the one that is shown."""
        session, rows = self.session, self.window.gallery.selected_rows()
        if len(rows) > 1:
            entries = [session.workspace.frames[row] for row in rows]
            if any(entry.name in self.touched for entry in entries if entry.sha256 and not entry.unreadable):
                self.refuses = True
                return []
            return list(dict.fromkeys(entry.sha256 for entry in entries if entry.sha256 and not entry.unreadable))
        return [session.workspace.open_frame.record.sha256] if session.workspace.open_frame else []

    def give(self, said, words):
        """Note in the plain record what a key is about to say, as things are before it."""
        alone, frame = (
            list(words) == [self.session.workspace.open_frame and self.session.workspace.open_frame.record.sha256],
            self.session.workspace.open_frame,
        )
        answered = ({*words} if frame.answer else set()) if alone else answered_in(self.database)
        self.record.give(self.reader, said, words, answered=answered, hidden=self.hidden(words))

    def hidden(self, images):
        """Those whose answers are kept from the reader."""
        return set(images) - self.record.labelled_by(self.reader) if self.session.workspace.blind.on else set()

    def label_of(self, row):
        """Class that a row should show, and who has labelled it: none where only the folder says so."""
        entry = self.session.workspace.frames[row]
        if readers := self.record.own_labels(entry.sha256):
            return self.record.label(entry.sha256), readers
        folder = entry.name.split("/")[0]
        return (folder, ()) if folder in self.classes else ("", ())

    def passes(self, row):
        """Whether a row should pass the filter; near-identical ones all do."""
        asked, (label, readers), entry = self.session.shown.filter, self.label_of(row), self.session.workspace.frames[row]
        by_readers = LabelState.READER if label else LabelState.DISAGREEMENT
        state = by_readers if readers else LabelState.FOLDER if label else LabelState.NONE
        text = f"{entry.name}\n{self.record.word(entry.sha256, 'note')}".casefold()
        answer = self.session.facts.answer_of(row)
        return (
            (not asked.disagreeing or (answer and label and answer[0] != label))
            and (not asked.classes or label in asked.classes)
            and (not asked.states or state in asked.states)
            and (not asked.readers or not set(readers).isdisjoint(asked.readers))
            and (not asked.marks or any(self.record.word(entry.sha256, mark) for mark in asked.marks))
            and all(word in text for word in asked.text.casefold().split())
        )

    def check_went_on(self, before, row):
        """After a key that goes on: the next of those that were listed and still pass."""
        if not self.hurried and not self.session.shown.filter.collapsed and row in before:
            rest = [other for other in before[before.index(row) + 1 :] if self.passes(other)]
            assert self.session.workspace.row == (rest[0] if rest else row)

    # --- labels -------------------------------------------------------------------------------------------------------

    @rule(place=st.integers(0, 3), key=st.booleans())
    def give_a_class(self, place, key):
        targets, before, row = self.targets(), self.listed(), self.session.workspace.row
        name = self.classes[place] if place < len(self.classes) else ""
        stays = len(targets) != 1 or (self.hidden(targets) and self.session.workspace.open_frame.answer)
        if name:
            self.give("label", dict.fromkeys(targets, name))
        if key:
            self.press(str(place + 1))
        elif name:
            buttons = self.window.answer.label.findChildren(QPushButton)
            [button for button in buttons if button.accessibleName() == f"Label {name}"][-1].click()  # those before are about to go
        if name and stays and not self.hurried:
            assert self.session.workspace.row == row
        elif name and not stays:
            self.check_went_on(before, row)

    @rule(key=st.sampled_from("XQUB"), by_key=st.booleans())
    def mark(self, key, by_key):
        mark, targets, before, row = MARK_KEYS[key], self.targets(), self.listed(), self.session.workspace.row
        lacking = [image for image in targets if not self.record.word(image, mark)]
        self.give(mark, dict.fromkeys(lacking, "yes") if lacking else dict.fromkeys(targets, ""))
        if by_key:
            self.press(key)
        else:
            self.window.answer.label.marks[mark].click()
        if len(lacking) == len(targets) == 1 and key != "B":
            self.check_went_on(before, row)

    @rule(text=st.sampled_from(NOTES))
    def note(self, text):
        targets, self.typed, words = self.targets(), text, " ".join(text.split())
        if self.session.workspace.entry:
            self.give("note", {image: words for image in targets if self.record.word(image, "note") != words})
        self.press("T")

    @rule()
    def undo(self):
        self.check_turned(self.record.undo(self.reader), "Z", CTRL)

    @rule()
    def redo(self):
        self.check_turned(self.record.redo(self.reader), "Z", CTRL | SHIFT)

    def check_turned(self, images, key, modifier):
        row, before = self.session.workspace.row, self.session.workspace.label_set
        chosen = self.record.turned_choice(before)
        self.press(key, modifier)
        if chosen is not None:
            self.check_chosen(chosen, stays=chosen == before)
            return
        self.check_alone(row)
        rows = [row for image in images for row in self.session.workspace.frames.rows_with(image)]
        assert not rows or self.session.workspace.row in rows

    def check_chosen(self, chosen, *, stays):
        told = [box for box in self.window.findChildren(QMessageBox) if box.isVisible()]
        assert ["stay as they are" in box.text() for box in told] == [True] * stays
        for box in told:
            box.close()
        self.window.activateWindow()
        assert self.session.workspace.label_set == chosen
        self.classes = list(chosen.names)

    @rule(data=st.data())
    def turn_one_event(self, data):
        QApplication.processEvents()  # lines come to sight
        entry = self.session.workspace.entry
        history = self.record.history(entry.sha256)[-12:][::-1] if entry and entry.sha256 else []
        [panel] = self.window.answer.findChildren(HistoryList)
        buttons = [
            button for button in panel.findChildren(QToolButton) if button is not panel.as_of.fold and not button.parentWidget().isHidden()
        ]
        history = [act for act in history if act.said != "label" or act.reader == self.reader]  # another's label is theirs
        assert [button.text() for button in buttons] == ["Take back" if act.stands else "Give again" for act in history]
        if buttons:
            place = data.draw(st.integers(0, len(buttons) - 1))
            buttons[place].click()
            self.record.turn(self.reader, history[place], stands=not history[place].stands)

    @rule(name=st.sampled_from(READERS))
    def change_reader(self, name):
        self.reader = name
        self.do("ask_reader")
        self.name_reader()

    @rule()
    def turn_blind(self):
        before = self.session.workspace.blind.on
        self.do("turn_blind")
        assert self.session.workspace.blind.on is not before

    @rule(names=st.sampled_from(CLASS_SETS))
    def change_classes(self, names):
        self.do("ask_classes")
        [dialog] = [dialog for dialog in self.window.findChildren(ClassesDialog) if dialog.isVisible()]
        before, after = self.session.workspace.label_set, LabelSet.of(names)
        if before != after:
            self.record.choose(self.reader, before, after)
        dialog.editor.model.show_classes(after)
        dialog.buttons.button(dialog.buttons.StandardButton.Ok).click()
        for asked in dialog.findChildren(RemovedClassesDialog):
            asked.accept()  # their labels stay on record, out of sight
        self.window.activateWindow()
        self.classes = list(names)

    # --- what is shown ------------------------------------------------------------------------------------------------

    @rule(key=st.sampled_from((Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_N)))
    def go(self, key):
        before, row = self.listed(), self.session.workspace.row
        self.press(key)
        self.check_alone(row)
        if row not in before:
            return
        place = before.index(row)
        if key == Qt.Key.Key_N:
            unread = [other for other in before[place + 1 :] if not self.is_done(other)]
            assert self.session.workspace.row == (unread[0] if unread else row)
        else:
            place += 1 if key == Qt.Key.Key_Right else -1
            assert self.session.workspace.row == before[min(max(place, 0), len(before) - 1)]

    def is_done(self, row):
        entry = self.session.workspace.frames[row]
        return bool(entry.unreadable or self.label_of(row)[1] or any(self.record.word(entry.sha256, mark) for mark in MARKS[:3]))

    @rule(key=st.sampled_from((Qt.Key.Key_Home, Qt.Key.Key_End)))
    def go_to_an_end(self, key):
        row = self.session.workspace.row
        self.press(key, CTRL)
        if listed := self.listed():
            assert self.session.workspace.row == listed[0 if key == Qt.Key.Key_Home else -1]
            self.check_alone(row)

    def check_alone(self, before):
        """Whoever has gone to another frame has selected no other."""
        if self.session.workspace.row != before and self.session.workspace.row in self.listed():
            assert self.window.gallery.selected_rows() == [self.session.workspace.row]

    @rule(
        keys=st.lists(
            st.sampled_from((Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)), min_size=1, max_size=3
        ),
        modifier=st.sampled_from((NONE, SHIFT)),
    )
    def move_on_the_cards(self, keys, modifier):
        for key in keys:
            press(self.qtbot, self.window.gallery.view, key, modifier)

    @rule()
    def select_all(self):
        press(self.qtbot, self.window.gallery.view, Qt.Key.Key_A, CTRL)
        assert self.window.gallery.selected_rows() == self.listed()

    @rule(places=st.lists(st.integers(0, 14), min_size=1, max_size=3), modifier=st.sampled_from((NONE, CTRL, SHIFT)), twice=st.booleans())
    def click_cards(self, places, modifier, twice):
        view = self.window.gallery.view
        kinds = [QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease]
        if twice:
            kinds += [QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease]
        for place in places:
            index = self.window.gallery.model.index(place)
            if index.isValid():
                view.scrollTo(index)
                at = QPointF(view.visualRect(index).center())
                for kind in kinds:
                    event = QMouseEvent(
                        kind, at, view.viewport().mapToGlobal(at), Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, modifier
                    )
                    QApplication.sendEvent(view.viewport(), event)

    @rule(text=st.sampled_from(SEARCHES), key=st.sampled_from((Qt.Key.Key_Return, Qt.Key.Key_Escape, None)))
    def search(self, text, key):
        self.press("F", CTRL)
        search = self.window.gallery.bar.search
        search.selectAll()
        press(self.qtbot, search, Qt.Key.Key_Delete)
        self.qtbot.keyClicks(search, text)
        if key:
            press(self.qtbot, search, key)
        if key == Qt.Key.Key_Return:
            assert self.session.shown.filter.text == text

    @rule(data=st.data(), ticks=st.integers(1, 2))
    def filter(self, data, ticks):
        panel = self.window.gallery.bar.open_panel()
        boxes = panel.findChildren(QCheckBox)
        for place in data.draw(st.lists(st.integers(0, len(boxes) - 1), min_size=ticks, max_size=ticks)):
            boxes[place].toggle()
        panel.close()
        self.window.activateWindow()  # the offscreen platform leaves no window active

    @rule(order=st.sampled_from(FrameOrder))
    def order(self, order):
        box = self.window.gallery.bar.order
        place = box.findData(str(order))
        box.setCurrentIndex(place)
        box.activated.emit(place)

    @rule()
    def escape(self):
        shows_step = self.window.view.shows_step
        self.press(Qt.Key.Key_Escape)
        assert shows_step or self.session.shown.filter == FrameFilter()

    @rule(place=st.integers(0, 5))
    def enlarge_a_step(self, place):
        cards = self.window.strip._shown
        if place < len(cards):
            cards[place].picture.click()

    @rule(width=st.integers(980, 1800), height=st.integers(640, 1100), as_list=st.booleans(), size=st.integers(72, 192))
    def resize(self, width, height, as_list, size):
        self.window.resize(width, height)
        (self.window.gallery.list if as_list else self.window.gallery.grid).click()
        self.window.gallery.zoom.setValue(size)

    # --- the folder ---------------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from((None, *CHANGING)), number=st.sampled_from((None, 1, 2, 8)), again=st.booleans())
    def list_again(self, name, number, again):
        """After a file came, went, or became another frame."""
        if name:
            if number:
                put(self.root / name, png(number, width=48))
            else:
                (self.root / name).unlink(missing_ok=True)
            self.stale = True
            self.touched.add(name)
        if again or not name:
            self.press(Qt.Key.Key_F5)
            self.stale = False
            self.touched.clear()

    @precondition(lambda self: self.actions > _BETWEEN_STARTS)
    @rule()
    def close_and_reopen(self):
        self.actions = 0
        entry, filtered, hurried = self.session.workspace.entry, self.session.shown.filter, self.hurried
        self.close_window()
        assert stored_in(self.database) == self.record.stored
        self.open_window()
        self.stale, self.hurried = False, 0
        self.touched.clear()
        self.settle()
        self.name_reader()
        if not hurried:
            assert self.session.shown.filter == filtered
        if entry and self.session.workspace.frames.row_of(entry.path) is not None:
            assert self.session.workspace.entry.name == entry.name

    @precondition(lambda self: not self.hurried)
    @rule(actions=st.integers(1, 4))
    def hurry(self, actions):
        """The next actions wait for nothing."""
        self.hurried = actions + 1

    # --- what must always be so ---------------------------------------------------------------------------------------

    @invariant()
    def nothing_failed(self):
        assert self.mishaps == []
        if self.refuses:  # several frames are selected, of which one is no longer what it was
            assert all("changed since they were read" in told for told in warnings(self.window))
            for box in self.window.findChildren(QMessageBox):
                box.close()
            self.refuses = False
            self.window.activateWindow()
        assert warnings(self.window) == []

    @invariant()
    def what_is_stored_is_what_was_done(self):
        assert stored_in(self.database) == self.record.stored
        assert self.window.actions_by_name["undo"].isEnabled() == bool(self.record.undoable[self.reader])
        assert self.window.actions_by_name["redo"].isEnabled() == bool(self.record.redoable[self.reader])

    @invariant()
    def what_is_shown_is_what_is_so(self):
        self.hurried, self.actions = max(0, self.hurried - 1), self.actions + 1
        if self.hurried:
            return
        self.settle()
        self.check_frames()
        self.check_gallery()
        self.check_panel()

    def check_frames(self):
        if not self.stale:
            files = {str(path.relative_to(self.root)): sha256_of(path) for path in self.root.rglob("*.png")}
            frames = self.session.workspace.frames
            assert set(frames.names) == set(files)
            assert all(frames[row].unreadable or frames[row].sha256 == files[name] for row, name in enumerate(frames.names))

    def check_gallery(self):
        listed, row, shown = self.listed(), self.session.workspace.row, self.session.shown
        passing = {row for row in range(len(self.session.workspace.frames)) if self.passes(row)}
        assert set(listed) <= passing | {row}
        assert len(set(listed)) == len(listed)
        folded = shown.has_headers and any(shown.is_folded(case) for case in range(-1, 9))
        if not folded and not shown.filter.collapsed:
            assert passing <= set(listed)
        if listed and not folded:
            assert row in listed
        for place in map(shown.arrangement.place, listed):
            index = self.window.gallery.model.index(place)
            label, readers = self.label_of(int(self.window.gallery.model.items[place]))
            assert (index.data(LABEL_ROLE) or "", bool(index.data(CORRECTED_ROLE))) == (label, bool(label and readers))
        selected = self.window.gallery.selected_rows()
        assert len(selected) != 1 or row not in listed or selected == [row]
        assert f"{len(self.record.labelled)} labelled by a reader" in words(self.window.gallery)

    def check_panel(self):
        session, panel = self.session, self.window.answer.label
        if session.workspace.entry is None:
            return
        image, told = session.workspace.entry.sha256, words(panel).split("\n")
        if session.workspace.open_frame:
            hidden = bool(self.hidden([image]))
            assert self.window.answer.bars.isVisible() == (session.workspace.predictor is not None and not hidden)
            assert (session.facts.answer_of(session.workspace.row) is None) == (session.workspace.predictor is None or hidden)
        assert (session.workspace.open_frame is None) == bool(session.workspace.entry.unreadable)
        label, readers = self.label_of(session.workspace.row)
        assert (label or ("readers disagree" if readers else "not labelled")) in told
        assert [button.isChecked() for button in panel.marks.values()] == [bool(self.record.word(image, mark)) for mark in MARKS]
        note = self.record.word(image, "note")
        assert [line for line in told if line.startswith("Note: ")] == ([f"Note: {note}"] if note else [])

    def teardown(self):
        self.close_window()
        assert stored_in(self.database) == self.record.stored


class Mishaps(logging.Handler):
    """Defects that jobs have told to the log only."""

    def __init__(self, kept):
        super().__init__(logging.ERROR)
        self.kept = kept

    def emit(self, record):
        self.kept.append(record.getMessage() + (f"\n{record.exc_text or record.exc_info}" if record.exc_info else ""))


@pytest.fixture
def readers(qapp, qtbot, monkeypatch, tmp_path_factory):
    """The machine in this test's surroundings."""
    apply_theme(qapp)
    with qtbot.capture_exceptions() as failed:
        log = Mishaps(failed)
        logging.getLogger().addHandler(log)
        around = {"qtbot": qtbot, "monkeypatch": monkeypatch, "new_folder": tmp_path_factory.mktemp, "mishaps": failed}
        yield type("Readers", (Readers,), around)
        logging.getLogger().removeHandler(log)


def run(readers, *, examples, actions):
    """The same actions each time. To look for others set derandomize=False; to see fewer steps that fail, add Phase.shrink (minutes)."""
    few = settings(derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(readers, settings=settings(few, max_examples=examples, stateful_step_count=actions))


@pytest.mark.slow
def test_random_actions_never_fail_and_what_is_stored_is_what_was_done(readers):
    run(readers, examples=20, actions=40)


def test_random_actions_with_a_model_and_blind_first(readers, tiny_bundle):
    readers.bundle = tiny_bundle
    run(readers, examples=5, actions=40)
