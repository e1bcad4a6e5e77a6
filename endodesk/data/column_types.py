"""Column types: how times and paths are written into SQLite, and how they come back."""

import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Dialect, Text
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator


class ZonelessTime(ValueError, DontWrapMixin):
    """A time without its zone was about to be stored; SQLAlchemy lets the error through as it is."""


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

    def process_result_value(self, value: str | None, _dialect: Dialect) -> datetime | None:
        """Back as an aware datetime in UTC; None for NULL."""
        return None if value is None else datetime.fromisoformat(value)


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

    def process_result_value(self, value: str | bytes | None, _dialect: Dialect) -> Path | None:
        """The same path as went in."""
        return None if value is None else Path(os.fsdecode(value))
