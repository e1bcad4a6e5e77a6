"""Sides of the matrix: who says what a frame is, as far as the reader may hear it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.domain.images import printable


class Who(StrEnum):
    """What kind of a side it is."""

    RULE = "rule"
    """What holds by the project's rule, else the class folder."""
    READER = "reader"
    FOLDERS = "folders"
    MODEL = "model"
    """The active one."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are held against each other."""

    who: Who
    reader: str = ""
    """Of READER the name."""


RULE, FOLDERS, MODEL = Side(Who.RULE), Side(Who.FOLDERS), Side(Who.MODEL)


def sides_of(workspace: Workspace, readers: Iterable[str]) -> tuple[Side, ...]:
    """All that can be chosen: where the reader sees their own labels alone, nothing of others is told, class folders included."""
    me = Side(Who.READER, workspace.reader)
    if workspace.shows_own:
        return me, MODEL
    others = (Side(Who.READER, name) for name in sorted(set(readers) - {workspace.reader}))
    return RULE, me, *others, FOLDERS, MODEL


def side_told(workspace: Workspace, side: Side) -> str:
    """A side as it is offered, and as it stands beside a frame."""
    if side.who is Who.RULE:
        return tr("what holds")
    if side.who is Who.FOLDERS:
        return tr("class folder")
    if side.who is Who.MODEL:
        return tr("model")
    name = printable(side.reader)
    return tr("{reader} (you)").format(reader=name) if side.reader == workspace.reader else name
