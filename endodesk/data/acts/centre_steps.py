"""Words on the centre of frames as steps of a reader, to be undone and done again: before and after stand in the chain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, func, select

from endodesk.data.acts.class_steps import told_of_step
from endodesk.data.chain.writing import BEFORE_CHOICE, CENTRE
from endodesk.data.schema import STEPS
from endodesk.data.setting_store import CENTRES, keep, read_in, text_of
from endodesk.data.step_rows import StepKind, new_step
from endodesk.domain.images import Sha256

_FRAMES = "frames"
CentreWords = Mapping[Sha256, str]
NO_WORDS: CentreWords = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CentreChange:
    """What readers call the centre of some frames before and after a step; empty where nobody says."""

    before: CentreWords
    after: CentreWords


def centre_words_of(kept: Any) -> CentreWords:
    """The words that the setting holds. TypeError, ValueError or AttributeError if it is damaged."""
    return {Sha256(text_of(image)): text_of(name) for image, name in kept.items()}


# Why: docs/decisions/data.md 32
def name_centre(connection: Connection, images: Iterable[Sha256], name: str, reader: str, at: datetime) -> int:
    """Keep a reader's word that frames come from a centre, as a step; an empty name takes the word back. The number of the step."""
    step, images = new_step(connection, reader, at), list(dict.fromkeys(images))
    words = _words_in(connection)
    told = {CENTRE: name, _FRAMES: images, BEFORE_CHOICE: {image: words[image] for image in images if image in words}}
    _keep(connection, words, dict.fromkeys(images, name), reader, told)
    return step


def centre_change(connection: Connection, step: int) -> CentreChange | None:
    """What a step did to the words; None if it is about something else, or the chain is damaged there."""
    told = told_of_step(connection, step, CENTRE)
    try:
        images = [Sha256(text_of(image)) for image in told[_FRAMES]]
        said, before = told[CENTRE], centre_words_of(told[BEFORE_CHOICE])
        after = dict.fromkeys(images, said) if isinstance(said, str) else {image: text_of(said.get(image, "")) for image in images}
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    return CentreChange({image: before.get(image, "") for image in images}, after)


def turn_centres(connection: Connection, step: int, kind: StepKind, reader: str, at: datetime) -> list[Sha256] | None:
    """Undo or redo a step, if it is a word on centres: the frames that it was about; None if it is not.

    Frames of which something else was said since keep that.
    """
    change = centre_change(connection, step)
    if change is None:
        return None
    turned: CentreChange | None = change
    if kind is StepKind.REDO:  # what the newest undoing changed, and no more
        undoing = select(func.max(STEPS.c.id)).where(STEPS.c.id > step, STEPS.c.of == step, STEPS.c.kind == str(StepKind.UNDO))
        turned = centre_change(connection, connection.scalar(undoing) or 0)
    new_step(connection, reader, at, kind, step)
    words = _words_in(connection)
    back = {image: turned.before[image] for image, name in turned.after.items() if words.get(image, "") == name} if turned else {}
    if back:
        told = {CENTRE: back, _FRAMES: [*back], BEFORE_CHOICE: {image: words[image] for image in back if image in words}}
        _keep(connection, words, back, reader, told)
    return [*change.after]


def _words_in(connection: Connection) -> CentreWords:
    return read_in(connection, CENTRES, centre_words_of, NO_WORDS)


def _keep(connection: Connection, words: CentreWords, changed: CentreWords, reader: str, told: Mapping[str, Any]) -> None:
    kept = {image: name for image, name in {**words, **changed}.items() if name}
    keep(connection, CENTRES, kept, reader, told)
