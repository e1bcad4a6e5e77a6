"""Which frame a table means by a name: the one of just that name, or the only one that is written so on another system."""

import unicodedata
from collections import defaultdict
from functools import cached_property

from endodesk.app.frames.frame_list import FrameRows
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import printable


# Why: docs/decisions/dataset.md 12
class FrameNames:
    """Names of frames as other systems write them: backslashes, accents as one letter or two, a leading `./`, spaces around them."""

    def __init__(self, frames: FrameRows) -> None:
        self._frames = frames

    def is_name(self, text: str) -> bool:
        """Whether a frame has just this name."""
        return self._frames.row_of(self._frames.root / text) is not None

    def row_of(self, text: str) -> int | None:
        """The row of the frame that is meant; None if there is none. BadRequest if it may be one or another."""
        row = self._frames.row_of(self._frames.root / text)
        if row is not None:
            return row
        for written in (text, text.strip()):
            rows = self._rows_of.get(self._within(_as_one(written)), [])
            if len(rows) > 1:
                both = " and ".join(ascii(self._frames.names[row]) for row in rows[:2])
                raise BadRequest(f"{printable(text)} may be {both}. Write the name of one of them letter by letter")
            if rows:
                return rows[0]
        return None

    @cached_property
    def _rows_of(self) -> dict[str, list[int]]:
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(self._frames.names):
            rows[_as_one(name)].append(row)
        return rows

    def _within(self, name: str) -> str:
        return name.removeprefix(_as_one(self._frames.places.prefix) + "/")


def _as_one(name: str) -> str:
    """The same for all ways in which systems write a name."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    return "/" * name.startswith("/") + "/".join(part for part in name.split("/") if part not in {"", "."})
