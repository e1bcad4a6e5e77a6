"""Settings of matched windows: table `windows` of a run's configuration."""

from collections.abc import Sequence
from dataclasses import dataclass

from endodesk.domain.errors import BadRequest
from endodesk.domain.presets import FIRST_CLASSES
from training.plan.limits import within

NORMAL = FIRST_CLASSES.names[-1]
"""What the class without a finding is called, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """Pairs of windows of one frame, with and without its finding, that are learnt from beside whole frames. Off without `masks`."""

    masks: str = ""
    """Folder of outlines as pictures of the frame's shape, white inside: NAME.png for the frame NAME.jpg, or the first 12 digits of
    its SHA-256. Empty: there are no windows."""
    without: str = ""
    """The class of mucosa without a finding; empty: the class called `normal`, if there is one."""
    pairs: int = 1
    """At most so many pairs of a frame, each of another size."""
    learn: bool = True
    """Whether training frames' windows are learnt from; else those of test frames are asked about, and that is all."""

    def check(self, classes: Sequence[str]) -> None:
        """BadRequest with a sentence that names the key, if a value cannot be used."""
        within("windows.pairs", self.pairs, 1, 4)
        if self.masks and self.without and classes and self.without not in classes:
            raise BadRequest(f"windows.without names {self.without}, which is no class of the training: {', '.join(classes)}.")

    def class_without(self, classes: Sequence[str]) -> str:
        """The class of windows without a finding; empty if the training has none."""
        name = self.without or NORMAL
        return name if name in classes else ""
