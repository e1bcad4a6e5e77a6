"""Choices of classes as steps of a reader, to be undone and done again: what was chosen stands in the chain, before and after."""

import json
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from endodesk.data.chain.rows import reach_in
from endodesk.data.chain.writing import BEFORE_CHOICE, CLASSES
from endodesk.data.connections import raw_of
from endodesk.data.schema import CORRECTIONS, MODELS, STEPS
from endodesk.data.setting_store import keep, label_set_in, label_set_of
from endodesk.data.step_rows import StepKind, new_step
from endodesk.domain.errors import BadRequest
from endodesk.domain.label_set import LabelSet


@dataclass(frozen=True, slots=True)
class ClassChange:
    """The classes of a project before and after a choice."""

    before: LabelSet
    after: LabelSet


# Why: docs/decisions/data.md 28
def choose_classes(connection: Connection, label_set: LabelSet, reader: str, at: datetime) -> int:
    """Make these the classes of the project as a step of the reader's; its number."""
    step = new_step(connection, reader, at)
    keep(connection, CLASSES, label_set.to_json(), reader)
    return step


def class_change(connection: Connection, step: int) -> ClassChange | None:
    """What a step did to the classes; None if it is about something else, or the chain is damaged there."""
    told = told_of_step(connection, step, CLASSES)
    try:
        return ClassChange(label_set_of(told[BEFORE_CHOICE]), label_set_of(told[CLASSES]))
    except (ValueError, TypeError, LookupError, RecursionError, BadRequest):
        return None


def told_of_step(connection: Connection, step: int, kind: str) -> dict[str, Any]:
    """What the event of a step tells beside its rows, if it is of that kind; else, or if it is damaged, nothing."""
    raw = raw_of(connection)
    last = raw.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]

    def newest_step(event: int) -> int:
        found = raw.execute("SELECT reach FROM event WHERE id = ?", (event,)).fetchone()
        reach = reach_in(found[0]) if found else None
        return reach["step"] if reach else 0

    event = 1 + bisect_left(range(1, last + 1), step, key=newest_step)  # of many, and without an index: a label pays for none
    found = raw.execute("SELECT told FROM event WHERE id = ? AND kind = ?", (event, kind)).fetchone()
    try:
        told = json.loads(found[0]) if found else {}
    except (ValueError, TypeError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def turn_classes(connection: Connection, step: int, kind: StepKind, reader: str, at: datetime) -> bool:
    """Undo or redo a step, if it is a choice of classes; whether it is.

    Where the classes were chosen anew since, or one that would go is in use, they stay as they are.
    """
    if class_change(connection, step) is None:
        return False
    newest, was_undone, last = _last_turning(connection, step)
    new_step(connection, reader, at, kind, step)
    if was_undone is (kind is StepKind.UNDO) or last is None or last.after != label_set_in(connection):
        return True
    if label_set := _taken_back(connection, last, newest):
        keep(connection, CLASSES, label_set.to_json(), reader)
    return True


def _last_turning(connection: Connection, step: int) -> tuple[int, bool, ClassChange | None]:
    """Of doing, undoing and redoing a choice the last that changed the classes: its step, whether it was undone by it, and the change."""
    turnings = select(STEPS.c.id, STEPS.c.kind).where(STEPS.c.id >= step, or_(STEPS.c.id == step, STEPS.c.of == step))
    for number, kind in connection.execute(turnings.order_by(STEPS.c.id.desc())).all():
        if change := class_change(connection, number):
            return number, kind == StepKind.UNDO, change
    return step, False, None


def _taken_back(connection: Connection, change: ClassChange, step: int) -> LabelSet | None:
    """The classes of before, meant also by names that were used since; None if that is the name of a class that was none before."""
    label_set = change.before
    for one in change.after.classes:
        if one.name not in label_set and _is_used_since(connection, one.name, step):
            known = next((label_set.class_of(word) for word in one.aliases if word in label_set), None)
            if known is None:
                return None
            label_set = label_set.meant_by(known, one.name)
    return label_set


def _is_used_since(connection: Connection, name: str, step: int) -> bool:
    """By a label of a later step, or maybe by a model that came later."""
    labels = select(CORRECTIONS.c.id).where(and_(CORRECTIONS.c.step > step, CORRECTIONS.c.label == name))
    models = select(MODELS.c.id).where(MODELS.c.added_at > select(STEPS.c.at).where(STEPS.c.id == step).scalar_subquery())
    return any(connection.execute(query.limit(1)).first() for query in (labels, models))
