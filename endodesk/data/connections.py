"""Connections: transactions on one SQLite file, from any thread."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import QueuePool

from endodesk.data.failures import told_as
from endodesk.domain.errors import EndoDeskError

BUSY_MS = 5000
"""How long to wait for another program's write before giving up."""
_MOST_BYTES_A_ROW = 64 * 1024 * 1024  # the largest of ours is the description of a model, which may have 4 MB


def connect(path: Path, *, busy_ms: int, foreign_keys: bool = True) -> sqlite3.Connection:
    """A connection with the pragmas in force. A commit that has returned survives a power cut (synchronous=FULL)."""
    # Python would begin transactions by itself, late and not for reading; and the pool lends connections to any thread
    connection = sqlite3.connect(path, timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False)
    try:
        guarded(connection)
        connection.execute("PRAGMA journal_mode=WAL")  # readers go on while one writes
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")  # SQLite heeds none unless each connection asks for it
    except BaseException:
        connection.close()
        raise
    return connection


def guarded(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The connection, on which a file from anybody can do little: what its schema computes can call nothing that has an effect,
    its pages are looked over, and no value of it fills the memory.
    """
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES_A_ROW)
    return connection


class Connections:
    """Hands out transactions. Readers run side by side; writers of this process queue at a lock, those of others at SQLite's."""

    def __init__(self, path: Path, *, busy_ms: int = BUSY_MS, foreign_keys: bool = True) -> None:
        self._engine = create_engine(
            "sqlite+pysqlite://",  # the path goes past the URL: a folder may be called anything
            creator=lambda: connect(path, busy_ms=busy_ms, foreign_keys=foreign_keys),
            poolclass=QueuePool,
            max_overflow=-1,  # a thread that wants to read never waits for another one's connection
        )
        event.listen(self._engine, "begin", _begin)
        self._writing_engine = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        self._one_writer = threading.Lock()
        self._closed = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the whole database. EndoDeskError if it cannot be read."""
        with told_as(EndoDeskError, "The project cannot be read"):
            self._require_open()
            with self._engine.begin() as connection:
                try:
                    yield connection
                finally:
                    if self._closed:  # the pool is gone: do not return to it
                        connection.detach()

    @contextmanager
    def write(self, failure: str = "Nothing was saved") -> Iterator[Connection]:
        """All or nothing; on disk once the block is left. EndoDeskError that begins with `failure`, and nothing written, if not."""
        with told_as(EndoDeskError, failure), self._one_writer:
            self._require_open()
            with self._writing_engine.begin() as connection:
                yield connection

    def close(self) -> None:
        """Waits for the write in progress; later calls raise EndoDeskError."""
        with self._one_writer:
            self._closed = True
            self._engine.dispose()

    def _require_open(self) -> None:
        if self._closed:
            raise EndoDeskError("The project is closed. Open it again.")


def _begin(connection: Connection) -> None:
    """Writers take SQLite's lock at once: a reader that becomes a writer midway could be refused without waiting."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
