"""What the menus' objects have in common, and how the window puts their actions together."""

from collections.abc import Callable, Iterable
from typing import Protocol

from endodesk.ui.commands.entries import ENTRIES

Actions = dict[str, Callable[[], None]]
"""What is done, by the name that an entry of the table has; an EndoDeskError out of it is a sentence for the user."""


class Commands(Protocol):
    """One menu: it is made anew with each project, since it holds the services of that one."""

    def actions(self) -> Actions:
        """What the entries of the menu do, by the names that they have in the table of entries."""


def put_together(menus: Iterable[Commands]) -> Actions:
    """The actions of all menus together; each entry of the table has exactly one, else the program does not start."""
    together: Actions = {}
    for menu in menus:
        own = menu.actions()
        assert not own.keys() & together.keys(), f"given twice: {own.keys() & together.keys()}"  # noqa: S101
        together |= own
    wanted = {entry.does for entry in ENTRIES if entry.words}
    assert together.keys() == wanted, f"an entry without an action, or the other way round: {together.keys() ^ wanted}"  # noqa: S101
    return together
