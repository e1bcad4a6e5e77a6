"""How much was labelled since a model last learnt from the labels."""

import contextlib

from endodesk.app.project.project import Project
from endodesk.domain.errors import EndoDeskError

_TRAINED_TO = "trained_to"
MOST = 1000
"""Words that are counted: more take longer than a key may, and say no more."""


def note_trained(project: Project, newest: int) -> None:
    """A model has learnt from all labels up to a word, by its number. A mere count: the model is kept also where this could not be."""
    with contextlib.suppress(EndoDeskError):
        project.database.settings.set(_TRAINED_TO, newest)


def trained_to(project: Project) -> int | None:
    """The word that the last training had labels up to; None if there was none, or it cannot be read."""
    with contextlib.suppress(EndoDeskError):
        return project.database.settings.read(_TRAINED_TO, int, None)
    return None


def labelled_since(project: Project, word: int | None) -> int:
    """Frames that were labelled since that word; 0 without one, or if they cannot be read. At most MOST are counted: some ms."""
    with contextlib.suppress(EndoDeskError):
        return 0 if word is None else project.database.corrections.labelled_after(word, most=MOST)
    return 0
