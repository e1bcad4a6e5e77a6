"""Blind first: a model's answer is kept from a reader until that reader has given a label of their own."""

from collections.abc import Iterable

from endodesk.app.project.project import Project
from endodesk.domain.images import Sha256

_SETTING = "blind_first"


# Why: docs/decisions/app.md 18
class BlindFirst:
    """The mode of one project, and which frames its reader has labelled.

    A frame once labelled stays open to the reader also when the label was taken back: what was seen cannot be unseen.
    """

    def __init__(self, project: Project, reader: str) -> None:
        self._project = project
        self._again: set[Sha256] = set()
        self.on = bool(project.database.settings.get(_SETTING, False))
        self.read_for(reader)

    def read_for(self, reader: str) -> None:
        """Read which frames this reader ever labelled: another reader has seen other answers."""
        self._labelled = self._project.database.corrections.labelled_by(reader) if self.on else set()

    def turn(self, *, on: bool, reader: str) -> None:
        """Turn the mode on or off, for the project and whoever reads it. EndoDeskError if that could not be kept."""
        self._project.database.settings.set(_SETTING, on)  # first: if it cannot be kept, the mode stays
        self.on = on
        self.read_for(reader)

    def hides(self, image: Sha256 | None) -> bool:
        """Whether nothing that tells an answer may be shown of a frame; None is one whose content is not known yet."""
        return self.on and (image not in self._labelled or image in self._again)

    def hide_again(self, images: Iterable[Sha256]) -> None:
        """Keep the answers of these frames, and of no others that were labelled, from the reader until they are revealed anew."""
        self._again = set(images)

    def reveal(self, images: list[Sha256]) -> None:
        """Show the answers of these frames from now on: the reader has labelled them."""
        self._again.difference_update(images)
        if self.on:
            self._labelled.update(images)
