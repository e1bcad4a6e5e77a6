"""Where frames lie: in the folder that is open, or, taken from a film, in the project, named as if they lay in a folder beside the film."""

import os
from collections.abc import Mapping
from pathlib import Path


# Why: docs/decisions/app.md 15
class FramePlaces:
    """Names (relative to the open folder, for the eye) and paths of its frames."""

    def __init__(self, root: Path, taken: Mapping[str, str] | None = None) -> None:
        """`taken` are folders of taken frames: their names, such as polyps/film.mp4, and where they lie."""
        self.taken = taken or {}
        self.prefix = os.path.join(root, "")  # noqa: PTH118
        """What the paths of all frames begin with that were not taken from films; it ends with one separator."""
        self._names = {place: name for name, place in self.taken.items()}

    def path(self, name: str) -> str:
        """Where the frame of that name lies."""
        if self.taken:
            folder, _, file = name.rpartition(os.sep)
            if place := self.taken.get(folder):
                return place + os.sep + file
        return self.prefix + name

    def name(self, path: str) -> str | None:
        """Name of the frame that lies there; None for what is neither in the folder nor taken."""
        if self._names:
            folder, _, file = path.rpartition(os.sep)
            if name := self._names.get(folder):  # first: the project may lie in the folder
                return name + os.sep + file
        return path[len(self.prefix) :] if path.startswith(self.prefix) else None
