"""The one order into which what was said here and what was said elsewhere are brought, whichever of them came first."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
Place = tuple[datetime, str]
"""When something was said, and what tells it from another thing of that very time."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
"""The least by which times on record differ."""


def placed(told: Sequence[T], place: Callable[[T], Place]) -> dict[T, Place]:
    """Where each stands that came in this order: no earlier than the one before it, also where a clock was set back between them."""
    places: dict[T, Place] = {}
    last = _EARLIEST
    for one in told:
        at, what = place(one)
        last = at if at > last else last + MOMENT
        places.setdefault(one, (last, what))
    return places


def to_be_added(here: Sequence[T], told: Sequence[T], place: Callable[[T], Place]) -> dict[T, Place]:
    """What must be added at the end of `here`, in this order, so that of all the last one stands last: also some of what is here, again."""
    places = placed(here, place) | placed(told, place)
    ordered = sorted(places, key=places.__getitem__)
    same = next((n for n, (one, other) in enumerate(zip(here, ordered, strict=False)) if one != other), len(here))
    return {one: places[one] for one in ordered[same:]}
