"""Overrides: box and field of view drawn by hand, which hold instead of what the program finds."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256

MOST_POINTS = 400  # an ellipse is kept as 64
"""Corners of one outline."""


class Part(StrEnum):
    """What a reader can draw on a frame by hand, instead of what the steps find."""

    BOX = "box"
    FIELD = "field"


Outline = tuple[tuple[float, float], ...]
"""Corners of a polygon, x and y in shares (0..1) of the frame's width and height. Empty: there is none."""

FrameSize = tuple[int, int]
"""Width and height in pixels."""


# Why: docs/decisions/domain.md 2
def outline_of(points: Iterable[Sequence[float]]) -> Outline:
    """Checked: nothing, or three to MOST_POINTS corners within the frame. BadRequest if it is anything else."""
    try:
        outline = tuple((float(x), float(y)) for x, y in points)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadRequest("An outline is a list of points, each with two numbers.") from error
    if outline and not 3 <= len(outline) <= MOST_POINTS:
        raise BadRequest(f"An outline has 3 to {MOST_POINTS} corners, not {len(outline)}.")
    if not all(math.isfinite(value) and 0 <= value <= 1 for point in outline for value in point):  # JSON as Python reads it may hold NaN
        raise BadRequest("An outline must lie within the frame.")
    return outline


@dataclass(frozen=True, slots=True)
class FrameOverrides:
    """What holds of one frame by hand; None where the program looks for it itself."""

    box: Outline | None = None
    field: Outline | None = None

    def __bool__(self) -> bool:
        return self.box is not None or self.field is not None

    def of(self, part: Part) -> Outline | None:
        """The outline drawn for this part: empty if it was said not to be there, None where the program looks for it."""
        return self.box if part is Part.BOX else self.field

    def over(self, other: "FrameOverrides") -> "FrameOverrides":
        """Part by part what is given here, else what is given there."""
        return FrameOverrides(other.box if self.box is None else self.box, other.field if self.field is None else self.field)

    # Why: docs/decisions/app.md 13
    def name_of(self, image: Sha256) -> Sha256:
        """A name for the frame as it is preprocessed with this: its own where nothing is given, so that caches stay as they are."""
        if not self:
            return image
        told = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))  # written in one way only: it becomes a name
        return Sha256(hashlib.sha256(f"{image} {told}".encode()).hexdigest())

    def to_json(self) -> dict[str, Any]:
        """Lists of points by part, for `json`; None where nothing is given. `from_json` reads it back."""
        return {str(part): None if (outline := self.of(part)) is None else [list(point) for point in outline] for part in Part}

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Back from `to_json`; BadRequest if it is not of that form."""
        if not isinstance(value, dict) or set(value) != {str(part) for part in Part}:
            raise BadRequest("What was drawn by hand is not written as it should be.")
        box, around = (None if value[part] is None else outline_of(value[part]) for part in (Part.BOX, Part.FIELD))
        return cls(box, around)


NOTHING_GIVEN = FrameOverrides()


def _read_only(pairs: Mapping[Any, FrameOverrides]) -> Mapping[Any, FrameOverrides]:
    return MappingProxyType(dict(pairs))  # copied: jobs read it while the window goes on drawing


@dataclass(frozen=True, slots=True)
class Overrides:
    """What holds of which frames: their own overrides, and the rules for all frames of a size. To be read only; any thread may."""

    frames: Mapping[Sha256, FrameOverrides] = field(default_factory=dict)
    sizes: Mapping[FrameSize, FrameOverrides] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "frames", _read_only(self.frames))
        object.__setattr__(self, "sizes", _read_only(self.sizes))

    def __bool__(self) -> bool:
        return bool(self.frames or self.sizes)

    def of(self, image: Sha256, width: int, height: int) -> FrameOverrides:
        """Of a frame: part by part its own override, else the rule of its size."""
        return self.frames.get(image, NOTHING_GIVEN).over(self.sizes.get((width, height), NOTHING_GIVEN))


NO_OVERRIDES = Overrides()
