"""Rows of files that cannot be read, whoever found out: the threads that list, those that answer, or the reader who opened one."""

from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.language import tr
from endodesk.domain.images import printable


class RefusedRows(set[int]):
    """They have no answer. The reader is told how many of the folder they are, and again when they are more."""

    def __init__(self) -> None:
        super().__init__()
        self._told: set[int] = set()

    def news(self, frames: FrameRows) -> str:
        """A sentence with the number of all; empty if the last one counted them."""
        if self <= self._told:
            return ""
        self._told |= self
        one = tr("1 file cannot be read and has no answer; the first: {file}.")
        many = tr("{n} files cannot be read and have no answer; the first: {file}.")
        return (one if len(self) == 1 else many).format(n=len(self), file=printable(frames.path(min(self)).name))
