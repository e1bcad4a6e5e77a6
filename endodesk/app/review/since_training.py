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


def labelled_since_training(project: Project) -> int:
    """Frames that were labelled since the labels of the last training; 0 if there was none, or it cannot be read. At most MOST: some ms."""
    with contextlib.suppress(EndoDeskError):
        trained_to = project.database.settings.read(_TRAINED_TO, int, None)
        return 0 if trained_to is None else project.database.corrections.labelled_after(trained_to, most=MOST)
    return 0
