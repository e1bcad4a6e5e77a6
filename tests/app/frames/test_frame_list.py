from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from endodesk.app.frames.frame_list import FrameList

ROOT = Path("/frames")
PATHS = [ROOT / "polyps" / "case-1" / "a.png", ROOT / "polyps" / "b.png", ROOT / "c.png", ROOT / "normal" / "d.png"]


def test_rows_know_their_name_class_folder_and_case():
    frames = FrameList(ROOT, PATHS)
    assert [(e.name, e.folder_label, e.case) for e in frames] == [
        ("polyps/case-1/a.png", "polyps", "polyps/case-1"),
        ("polyps/b.png", "polyps", ""),
        ("c.png", "", ""),
        ("normal/d.png", "normal", ""),
    ]
    assert frames.class_folders == ["normal", "polyps"]
    assert frames.row_of(PATHS[2]) == 2
    assert frames.row_of(ROOT / "other.png") is None


def test_a_frame_that_can_be_read_again_is_no_longer_refused():
    frames = FrameList(ROOT, PATHS)
    frames.learn(PATHS[0], "a")
    assert frames.refuse(PATHS[0], "It is away.") == 0
    assert frames.refuse(PATHS[0], "It is away.") is None
    assert frames.learn(PATHS[0], "a") == 0
    assert frames[0].unreadable == ""
    assert frames.rows_with("a") == [0]


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["a", "b", "c", None])), max_size=20))
def test_rows_by_content_are_what_the_rows_say(acts):
    frames = FrameList(ROOT, PATHS)
    for row, content in acts:
        changed = frames.learn(PATHS[row], content) if content else frames.refuse(PATHS[row], "No.")
        assert changed in (row, None)
    for content in "abc":
        assert sorted(frames.rows_with(content)) == [row for row in range(4) if frames[row].sha256 == content]
