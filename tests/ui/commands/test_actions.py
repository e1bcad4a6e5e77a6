"""What does an entry of the menus: each has exactly one action, on the project that is open now."""

import pytest
from frame_folders import png, put
from watching import choose, settle

from endodesk.ui.commands.actions import put_together
from endodesk.ui.commands.entries import ENTRIES
from endodesk.ui.main_window import MainWindow


class Menu:
    """With these actions, which do nothing."""

    def __init__(self, *names):
        self._names = names

    def actions(self):
        return dict.fromkeys(self._names, lambda: None)


NAMES = [entry.does for entry in ENTRIES if entry.words]


def test_all_menus_together_have_an_action_for_each_entry():
    assert put_together([Menu(*NAMES[:3]), Menu(*NAMES[3:])]).keys() == set(NAMES)


@pytest.mark.parametrize(
    ("menus", "said"),
    [
        ([Menu(*NAMES), Menu("undo")], "given twice: {'undo'}"),
        ([Menu(*NAMES[1:])], "an entry without an action"),
        ([Menu(*NAMES, "no_entry")], "or the other way round: {'no_entry'}"),
    ],
)
def test_an_action_given_twice_or_missing_or_without_an_entry_ends_the_start(menus, said):
    with pytest.raises(AssertionError, match=said):
        put_together(menus)


def test_the_window_is_its_own_class_alone():
    ours = [kind for kind in MainWindow.__mro__ if kind.__module__.startswith("endodesk")]
    assert ours == [MainWindow]


@pytest.mark.slow
def test_after_another_project_every_menu_acts_on_that_one(window, tmp_path, qtbot):
    before = window.session
    for number in (1, 2):
        put(tmp_path / "other" / "polyps" / f"{number}.png", png(number))
    window.open(tmp_path / "other")
    settle(qtbot, window)
    assert window.session is not before
    choose(qtbot, window, 0)
    window.do("exclude")
    sha256 = window.session.workspace.frames[0].sha256
    assert window.session.workspace.reviews.marks_of(sha256).unfit
    window.do("undo")
    assert not window.session.workspace.reviews.marks_of(sha256).unfit
    choose(qtbot, window, 0)
    window.do("next_frame")
    assert window.session.workspace.row == 1
    blind = window.session.workspace.blind
    assert not blind.on
    window.do("turn_blind")
    assert blind.on
    assert window.actions_by_name["turn_blind"].isChecked()
    window.do("turn_side")
    assert window.side.shows_case
    window.do("turn_full_screen")
    assert not window.gallery.isVisible()
    window.do("show_frame")
    assert window.gallery.isVisible()
