"""SettingStore: what the project remembers of its user's choices."""

import json
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from endodesk.data.connections import Connections
from endodesk.data.schema import SETTINGS


class SettingStore:
    """Settings by key. Values are JSON: tuples come back as lists, keys of mappings as text."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or `default` if it was never set (None is a value)."""
        with self._connections.read() as connection:
            text = connection.scalar(select(SETTINGS.c.value).where(SETTINGS.c.key == key))
        return default if text is None else json.loads(text)

    def set(self, key: str, value: Any) -> None:
        """Keep a value. TypeError or ValueError if JSON has no form for it."""
        with self._connections.write() as connection:
            keep(connection, key, value)


def keep(connection: Connection, key: str, value: Any) -> None:
    """Store one setting. The caller holds the writing transaction, so that it stands or falls with what else is written there."""
    row = insert(SETTINGS).values(key=key, value=json.dumps(value, allow_nan=False))  # NaN is Python's own, not JSON's
    connection.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": row.excluded.value}))
