"""overrides.json of a run folder: which frames were drawn on by hand, and what, when the training was prepared."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import NO_OVERRIDES, FrameOverrides, Overrides
from endodesk.system.plain_files import plain_bytes

OVERRIDES = "overrides.json"
_FORMAT = 1
_MOST_BYTES = 64 * 1024 * 1024
_NAME = re.compile(r"[0-9a-f]{64}")


# Why: docs/decisions/dataset.md 10
def write_overrides(path: Path, overrides: Mapping[Sha256, FrameOverrides]) -> None:
    """Outlines once each, since a rule holds for many frames. OSError if it cannot be written."""
    places: dict[FrameOverrides, int] = {}
    # sorted: the same outlines are the same file, which checkpoints are bound to
    frames = {image: places.setdefault(given, len(places)) for image, given in sorted(overrides.items())}
    told = {"format": _FORMAT, "given": [given.to_json() for given in places], "frames": frames}
    path.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")


def read_overrides(path: Path) -> Overrides:
    """Back from `write_overrides`; none where there is no such file. BadRequest with a sentence if it is damaged or too large."""
    if not path.exists():
        return NO_OVERRIDES
    failure = f"{path} is damaged: it does not tell which frames were drawn on by hand. Prepare the training again."
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadRequest(failure)
        told: Any = json.loads(plain_bytes(path).decode("utf-8"))
        if told["format"] != _FORMAT:
            raise BadRequest(f"{path} was written by a newer EndoDesk. Train with that version.")
        given = [FrameOverrides.from_json(one) for one in told["given"]]
        frames = {Sha256(image): given[_place(place, len(given))] for image, place in told["frames"].items() if _NAME.fullmatch(image)}
        if len(frames) != len(told["frames"]):
            raise BadRequest(failure)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadRequest(failure) from error
    return Overrides(frames)


def _place(value: Any, number: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < number:  # True is an int to Python, and would be place 1
        raise ValueError("no such outline")
    return value
