"""Filter and order of many rows: the arrays agree with a plain model of the same rules."""

import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.app.browsing.case_summary import case_under
from endodesk.app.browsing.frame_columns import LabelState
from endodesk.app.browsing.frame_filter import STATES, WITHOUT_CASE, FrameFilter, FrameOrder
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.frames.current_reviews import Label
from endodesk.app.frames.frame_list import FrameList
from endodesk.data.acts.standing_words import StoredCorrection
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import Correction

ROOT = Path("/frames")
CLASSES = LabelSet.of(("a", "b"))
READERS = ("Li", "Ruiz")


@dataclass(frozen=True)
class Row:
    """What a plain model knows of a frame."""

    name: str
    given: tuple[str, str, int] | None = None  # label, reader, time
    answer: tuple[str, float] | None = None
    marks: tuple[str, ...] = ()
    note: str = ""
    group: int = 0

    @property
    def parts(self):
        return self.name.split("/")

    @property
    def label(self):
        return self.given[0] if self.given else self.folder_label

    @property
    def folder_label(self):
        return self.parts[0] if self.parts[0] in CLASSES else ""

    @property
    def state(self):
        return LabelState.READER if self.given else LabelState.FOLDER if self.folder_label else LabelState.NONE

    @property
    def case(self):
        return self.parts[1] if len(self.parts) > 2 else ""


rows_of_frames = st.lists(
    st.builds(
        Row,
        st.tuples(st.sampled_from(["a", "b", "other"]), st.sampled_from(["", "c1/", "c2/"]), st.uuids()).map(
            lambda p: f"{p[0]}/{p[1]}{p[2]}"
        ),
        st.none() | st.tuples(st.sampled_from(["a", "b", "x"]), st.sampled_from(READERS), st.integers(1, 9)),
        st.none() | st.tuples(st.sampled_from(["a", "b"]), st.sampled_from([0.5, 0.6, 0.75, 0.9])),
        st.sampled_from([(), ("flagged",), ("excluded", "not sure")]),
        st.sampled_from(["", "blurred", "ask Li"]),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row.name,
).filter(lambda rows: any(row.folder_label for row in rows))
filters = st.builds(
    FrameFilter,
    classes=st.sampled_from([(), ("a",), ("a", "x"), ("none such",)]),
    states=st.sampled_from([(), (0,), (1, 2), (2,)]),
    readers=st.sampled_from([(), ("Li",), READERS]),
    cases=st.sampled_from([(), ("c1",), ("c2", WITHOUT_CASE)]),
    marks=st.sampled_from([(), ("flagged",), ("flagged", "not sure")]),
    disagreeing=st.booleans(),
    confidence=st.sampled_from([None, (0, 60), (60, 90)]),
    text=st.sampled_from(["", " ", "B", "c1 1", "BLUR", "li ask"]),
    collapsed=st.booleans(),
)


def passes(row, wanted):
    """The rules in plain words."""
    words = [row.name.casefold(), row.case.casefold(), row.note.casefold()]
    percent = row.answer and 100 * row.answer[1]
    return (
        (not wanted.classes or row.label in wanted.classes)
        and (not wanted.states or row.state in wanted.states)
        and (not wanted.readers or (row.given is not None and row.given[1] in wanted.readers))
        and (not wanted.cases or (row.case or WITHOUT_CASE) in wanted.cases)
        and (not wanted.marks or bool({*wanted.marks} & {*row.marks}))
        and (not wanted.disagreeing or bool(row.label and row.answer and row.label != row.answer[0]))
        and (not wanted.confidence or (percent is not None and wanted.confidence[0] <= percent <= wanted.confidence[1]))
        and all(any(word in text for text in words) for word in wanted.text.casefold().split())
    )


def sort_key(rows, order):
    first_seen = list(dict.fromkeys(row.case for row in rows if row.case))
    last = float("inf")
    return {
        FrameOrder.FILE: lambda row: 0,
        FrameOrder.CASE: lambda row: first_seen.index(row.case) if row.case else last,
        FrameOrder.LEAST_SURE: lambda row: row.answer[1] if row.answer else last,
        FrameOrder.SUREST: lambda row: -row.answer[1] if row.answer else last,
        FrameOrder.LABELLED_FIRST: lambda row: row.given[2] if row.given else last,
        FrameOrder.LABELLED_LAST: lambda row: -row.given[2] if row.given else last,
    }[order]


def expected(rows, wanted, order):
    ranked = sorted((row for row in rows if passes(row, wanted)), key=sort_key(rows, order))
    if not wanted.collapsed:
        return [row.name for row in ranked]
    firsts = {}
    for row in ranked:
        firsts.setdefault(row.group, row)
    return [row.name for row in ranked if firsts[row.group] is row]


def label_of(row):
    if row.given is None:
        return Label(row.folder_label, None) if row.folder_label else None
    label, reader, at = row.given
    return Label(label, StoredCorrection(1, Correction("0" * 64, label, reader, datetime.fromtimestamp(at, UTC))))


def shown_of(rows):
    shown = ShownFrames(
        FrameList(ROOT, [row.name for row in rows]),
        CLASSES,
        lambda number: label_of(rows[number]),
        marks_of=lambda number: (rows[number].marks, rows[number].note),
        answer_of=lambda number: rows[number].answer,
    )
    shown.note(range(len(rows)))
    shown.note_groups(np.array([row.group for row in rows]))
    return shown


def names(shown):
    return [shown.frames.names[row] for row in shown.rows]


@pytest.mark.slow
@settings(deadline=None)
@given(rows_of_frames, filters, st.sampled_from(list(FrameOrder)))
def test_filter_and_order_agree_with_a_plain_model(qapp, rows, wanted, order):
    shown = shown_of(rows)
    shown.set_order(order)
    shown.set_filter(wanted)
    assert names(shown) == expected(rows, wanted, order)
    assert sum(shown.arrangement.more.get(int(row), 0) for row in shown.rows) + len(shown) == sum(passes(row, wanted) for row in rows)
    frames = [item for item in shown.items if item >= 0]
    assert frames == list(shown.rows)
    for place, item in enumerate(shown.items):
        if item >= 0:
            assert shown.arrangement.place(int(item)) == place
        else:
            assert shown.summary(case_under(int(item))).shown >= 1
    assert FrameFilter.from_json(json.loads(json.dumps(wanted.to_json()))) == wanted
    assert bool(wanted.parts) is not (wanted.is_empty or wanted == FrameFilter(text=" "))
    for part, _ in wanted.parts:
        assert part not in dict(wanted.without(part).parts)


@pytest.mark.slow
@settings(deadline=None)
@given(rows_of_frames, filters, st.integers(0, 11), st.sampled_from([-2, -1, 1, 2]))
def test_next_and_previous_go_through_what_is_shown(qapp, rows, wanted, start, step):
    shown = shown_of(rows)
    shown.set_filter(wanted)
    start = min(start, len(rows) - 1)
    went = shown.arrangement.row_after(start, step)
    order = expected(rows, FrameFilter(), FrameOrder.CASE)
    here, listed = order.index(rows[start].name), names(shown)
    if not listed:
        assert went is None
        return
    ahead = [name for name in listed if order.index(name) > here]
    behind = [name for name in listed if order.index(name) < here]
    way = ahead if step > 0 else behind[::-1]
    if len(way) >= abs(step):
        assert shown.frames.names[went] == way[abs(step) - 1]
    else:
        assert shown.frames.names[went] == (listed[-1] if step > 0 else listed[0])


@pytest.fixture
def rows():
    return [Row(f"a/c{n // 3}/{n}") for n in range(9)]


def test_a_label_does_not_take_the_open_frame_away_until_the_reader_leaves_it(qapp, rows):
    shown = shown_of(rows)
    shown.set_filter(FrameFilter(states=(LabelState.FOLDER,)))
    shown.stay_at(4)
    rows[4] = replace(rows[4], given=("b", "Li", 1))
    shown.note([4])
    assert 4 in shown.rows
    assert shown.arrangement.row_after(4, 1) == 5
    shown.stay_at(5)
    assert list(shown.rows) == [0, 1, 2, 3, 5, 6, 7, 8]
    shown.stay_at(4)  # undone, or found in another way
    assert 4 in shown.rows
    rows[4] = replace(rows[4], given=None)
    shown.note([4])
    shown.stay_at(5)
    assert 4 in shown.rows


def test_a_label_moves_no_frame_in_the_order_of_labels_until_it_is_asked_for_again(qapp, rows):
    shown = shown_of(rows)
    shown.set_order(FrameOrder.LABELLED_LAST)
    for at, row in enumerate((2, 5)):
        rows[row] = replace(rows[row], given=("b", "Li", at))
        shown.note([row])
    assert list(shown.rows) == list(range(9))
    shown.set_order(FrameOrder.LABELLED_LAST)
    assert list(shown.rows)[:2] == [5, 2]


def test_folded_cases_show_their_header_and_are_passed_over(qapp, rows):
    shown = shown_of(rows)
    shown.fold(1, True)
    assert [int(item) if item >= 0 else f"case {case_under(int(item))}" for item in shown.items] == [
        "case 0",
        0,
        1,
        2,
        "case 1",
        "case 2",
        6,
        7,
        8,
    ]
    assert shown.arrangement.row_after(2, 1) == 6
    assert (shown.arrangement.row_after(4, 1), shown.arrangement.row_after(4, -1)) == (6, 2)
    assert shown.summary(1).folded
    shown.fold_all(True)
    assert (len(shown), shown.arrangement.row_after(4, 1), shown.next_unread(0)) == (0, None, None)
    shown.fold_all(False)
    assert len(shown) == 9


def test_a_header_says_frames_labelled_and_classes_found(qapp, rows):
    rows[3] = replace(rows[3], given=("b", "Li", 1))
    shown = shown_of(rows)
    shown.set_filter(FrameFilter(states=(LabelState.FOLDER,)))
    summary = shown.summary(1)
    assert (summary.name, summary.frames, summary.shown, summary.labelled) == ("c1", 3, 2, 1)
    assert summary.classes == (("a", 2), ("b", 1))


def test_without_cases_there_are_no_headers_and_folders_that_are_no_classes_are_cases(qapp):
    assert not shown_of([Row("a/1"), Row("b/2")]).has_headers
    assert shown_of([Row("monday/1"), Row("tuesday/2")]).columns.case_names == ["monday", "tuesday"]


def test_a_pattern_in_the_path_tells_the_case(qapp):
    frames = FrameList(ROOT, ["p1_a.png", "p2_a.png", "p1_b.png"], case_in=lambda path: path.rpartition("/")[2].partition("_")[0])
    shown = ShownFrames(frames, CLASSES, lambda row: None)
    assert list(shown.items) == [-2, 0, 2, -3, 1]
    assert shown.summary(0).name == "p1"


def test_a_collapsed_group_expands(qapp, rows):
    rows = [replace(row, group=0 if n in (1, 4, 7) else n) for n, row in enumerate(rows, 10)]
    rows[1], rows[4], rows[7] = (replace(rows[n], group=0) for n in (1, 4, 7))
    shown = shown_of(rows)
    shown.set_filter(FrameFilter(collapsed=True))
    assert list(shown.rows) == [0, 1, 2, 3, 5, 6, 8]
    assert shown.arrangement.more.get(1, 0) == 2
    shown.expand(1)
    assert len(shown) == 9
    assert shown.arrangement.more.get(1, 0) == 0


def test_groups_are_asked_for_when_they_are_needed(qapp, qtbot, rows):
    shown = ShownFrames(FrameList(ROOT, [row.name for row in rows]), CLASSES, lambda row: None)
    with qtbot.waitSignal(shown.groups_wanted):
        shown.set_filter(FrameFilter(collapsed=True))
    assert len(shown) == 9
    with qtbot.waitSignal(shown.groups_wanted):
        shown.relist(shown.frames, CLASSES)


def test_a_queue_has_its_own_order_and_reasons_and_can_be_filtered(qapp, rows):
    shown = shown_of(rows)
    shown.show_queue("least sure", [7, 2, 5], {7: "51 %", 2: "60 %", 5: "70 %"})
    assert list(shown.rows) == [7, 2, 5]
    assert (shown.reason(2), shown.reason(0)) == ("60 %", "")
    assert shown.arrangement.row_after(7, 1) == 2
    assert not shown.has_headers
    shown.set_filter(FrameFilter(cases=("c2",)))
    assert list(shown.rows) == [7]
    shown.set_order(FrameOrder.FILE)
    assert (shown.queue, shown.reason(7), list(shown.rows)) == ("", "", [6, 7, 8])


def test_answers_that_come_in_by_the_hundred_are_shown_together(qapp, qtbot):
    rows = [Row(f"a/{n}") for n in range(100)]
    shown = shown_of(rows)
    shown.set_filter(FrameFilter(confidence=(0, 100)))
    with qtbot.waitSignal(shown.changed):
        rows[:] = [replace(row, answer=("a", 0.5)) for row in rows]
        shown.note_all()
    qtbot.waitUntil(lambda: len(shown) == 100)
    shown.forget_answers()
    qtbot.waitUntil(lambda: len(shown) == 0)


def test_damaged_settings_ask_for_nothing():
    for told in (None, 3, {"classes": "a"}, {"confidence": [1]}, {"states": [7]}, {"no such": 1}, {"text": 3}):
        assert FrameFilter.from_json(told).is_empty


def test_a_hundred_thousand_rows_are_filtered_and_ordered_in_a_moment(qapp):
    frames = FrameList(ROOT, [f"a/c{n // 200}/{n}.png" for n in range(100_000)])
    shown = ShownFrames(frames, CLASSES, lambda row: None)
    shown.columns.confidence[:] = np.random.default_rng(1).random(100_000)
    times = []
    for wanted in (FrameFilter(states=(1,), text="7"), FrameFilter(confidence=(10, 60), cases=("c7",)), FrameFilter()):
        began = time.process_time()
        shown.set_filter(wanted)
        times.append(time.process_time() - began)
    assert max(times) < 0.1
    assert set(STATES) == set(LabelState)
