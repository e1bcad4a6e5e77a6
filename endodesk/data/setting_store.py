"""SettingStore: what the project remembers of its user's choices."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from endodesk.data.connections import Connections
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.schema import SETTINGS

T = TypeVar("T")
KNOWN_SETTINGS = frozenset({
    "blind_first", "case_rule", "classes", "grouping", "hash_rule", "last_frame", "last_run", "reader", "shown_frames",
    "source", "spellings_told", "synthetic",
})  # fmt: skip
"""All that this program keeps."""


class SettingStore:
    """Settings by key. Values are JSON: tuples come back as lists, keys of mappings as text."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or `default` if it was never set (None is a value) or is damaged."""
        return self.read(key, lambda value: value, default)

    def read(self, key: str, build: Callable[[Any], T], default: T) -> T:
        """What `build` makes of the value; `default` if it was never set, is damaged, or `build` refuses it as one of DAMAGED."""
        query = select(SETTINGS.c.value).where(SETTINGS.c.key == key)
        with self._connections.read() as connection:
            found = list(read_rows(connection, query, lambda row: build(json.loads(row.value)), RowKind.SETTING))
        return found[0] if found else default

    def has(self, key: str) -> bool:
        """Whether the setting was ever set, whatever it says."""
        with self._connections.read() as connection:
            return connection.scalar(select(SETTINGS.c.key).where(SETTINGS.c.key == key)) is not None

    def unknown(self) -> list[str]:
        """Names of what no version of this program keeps, by letter; nothing reads it."""
        query = select(SETTINGS.c.key).where(SETTINGS.c.key.not_in(KNOWN_SETTINGS)).order_by(SETTINGS.c.key)
        with self._connections.read() as connection:
            return list(read_rows(connection, query, lambda row: text_of(row.key), RowKind.SETTING))

    def set(self, key: str, value: Any) -> None:
        """Keep a value of KNOWN_SETTINGS. TypeError or ValueError if it is none, or JSON has no form for it."""
        with self._connections.write() as connection:
            keep(connection, key, value)


def text_of(value: Any) -> str:
    """A setting that is a text, of which names of files may be made; TypeError or ValueError if it is none."""
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r:.80}")
    if "\0" in value:
        raise ValueError("a text with a zero byte in it")
    return value


def keep(connection: Connection, key: str, value: Any) -> None:
    """Store one setting, as `SettingStore.set`. The caller holds the transaction, so that it stands or falls with what else is written."""
    if key not in KNOWN_SETTINGS:
        raise ValueError(f"{key!r} is no setting of a project")
    row = insert(SETTINGS).values(key=key, value=json.dumps(value, allow_nan=False))  # NaN is Python's own, not JSON's
    connection.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": row.excluded.value}))
