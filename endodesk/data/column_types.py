"""Column types: how times and paths are written into SQLite, and how they come back."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Dialect, Text
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator


class ZonelessTime(ValueError, DontWrapMixin):
    """A time without its zone was about to be stored; SQLAlchemy lets the error through as it is."""


class UnknownTime(datetime):
    """In place of a stored time that cannot be read: what else its row says holds, since no row's weight depends on its time."""


UNKNOWN_TIME = UnknownTime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
"""A time outside of them is damaged, or of a clock that was never set; some could not be shown in the local zone."""


def time_of(stored: object) -> datetime:
    """An aware datetime; UNKNOWN_TIME of what is none."""
    try:
        moment = datetime.fromisoformat(stored)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return UNKNOWN_TIME
    return moment if moment.tzinfo and _FIRST_YEAR <= moment.year <= _LAST_YEAR else UNKNOWN_TIME


def are_times(stored: Iterable[str]) -> bool:
    """Whether `time_of` knows each: in a fifth of the time that it takes to ask it."""
    try:
        moments = list(map(datetime.fromisoformat, stored))
    except ValueError:
        return False
    years = {moment.year for moment in moments}
    return all(_FIRST_YEAR <= year <= _LAST_YEAR for year in years) and None not in {moment.tzinfo for moment in moments}


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime as ISO 8601 text in UTC, of one width so that text order is time order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> str | None:
        """The time as text; ZonelessTime if it has no zone, None for NULL."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ZonelessTime(f"a stored time must carry its zone: {value}")
        return value.astimezone(UTC).isoformat(timespec="microseconds")  # a time on the full second would else be shorter, and sort wrongly

    def process_result_value(self, value: object, _dialect: Dialect) -> datetime | None:
        """Back as an aware datetime; UNKNOWN_TIME if it is none, None for NULL."""
        return None if value is None else time_of(value)


class PathText(TypeDecorator[Path]):
    """A path as text; as bytes where its name is not proper Unicode, which Linux and Windows both allow."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Path | None, _dialect: Dialect) -> str | bytes | None:
        """Text that any SQLite tool shows, or the system's own bytes."""
        if value is None:
            return None
        try:
            str(value).encode()  # names that are no Unicode come from the system with lone surrogates, which UTF-8 refuses
        except UnicodeEncodeError:
            return os.fsencode(value)
        return str(value)

    def process_result_value(self, value: object, _dialect: Dialect) -> Path | None:
        """The same path as went in; None for NULL, and for what can be no path."""
        if not isinstance(value, str | bytes):
            return None
        name = os.fsdecode(value)
        return None if "\0" in name else Path(name)
