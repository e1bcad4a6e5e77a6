"""Connections: transactions on one SQLite file, from any thread."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import cast

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from endodesk.data.chain.writing import NOTHING_MORE, ActNote, ChainWriter, chain_of, has_chain
from endodesk.data.failures import code_of, is_damage, told_as
from endodesk.data.proven_rows import DamageLog
from endodesk.data.safety.journal import Journal, RowsGone, set_aside_if_ahead
from endodesk.data.safety.record_file import RecordFile, RecordStamp
from endodesk.domain.errors import EndoDeskError, RecordLost

BUSY_MS = 5000
"""How long to wait for another program's write before giving up."""
_ASK_AGAIN_S = 0.005
_LONGEST_TURN_S = 1.0  # of the main thread, behind other threads of ours
_COMMITS_IN_WAL, _MORE_WAL_BYTES = 128, 4 * 1024 * 1024  # a label writes some seven pages of 4 kB
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


def text_or_bytes(stored: bytes) -> str | bytes:
    """A text as it is stored; bytes if it is damaged, so that reading goes on and whoever takes the row can refuse it."""
    try:
        return stored.decode()
    except UnicodeDecodeError:
        return stored


def guarded(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The connection, on which a file from anybody can do little: what its schema computes can call nothing that has an effect,
    its pages are looked over, no value of it fills the memory, and a text that is none comes as bytes.
    """
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.text_factory = text_or_bytes
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES_A_ROW)
    return connection


def is_sound(connection: sqlite3.Connection) -> bool:
    """Whether tables and indexes fit together: two states of one database, mixed page by page, pass SQLite's quick check."""
    try:
        return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return False
        raise


def raw_of(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection, in the same transaction."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


class Connections:
    """Hands out transactions. Readers run side by side; writers of this process queue at a lock, those of others at SQLite's.

    Once the file was found exchanged or changed by others nothing is written any more: `lost` says why.
    """

    def __init__(self, path: Path, *, busy_ms: int = BUSY_MS, foreign_keys: bool = True) -> None:
        self.damage = DamageLog()
        self.file, self._foreign_keys = RecordFile(path), foreign_keys
        self._busy_ms = self.main_thread_busy_ms = busy_ms
        self.lost: RecordLost | None = None
        self._overwritten = False  # what is read then may be anything
        self._damaged = False  # it is looked through at its next opening
        self._journal: Journal | None = None
        self._is_chained = False
        self._commits = self._wal_bytes = 0
        self._engine = create_engine(
            "sqlite+pysqlite://",  # the path goes past the URL: a folder may be called anything
            creator=self._connect,
            poolclass=QueuePool,
            max_overflow=-1,  # a thread that wants to read never waits for another one's connection
            execution_options={"damage": self.damage},
        )
        event.listen(self._engine, "begin", self._begin)
        self._writing_engine = self._engine.execution_options(writes=True)
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
                except (sqlite3.Error, DBAPIError) as error:
                    self._damaged = self._damaged or is_damage(error)
                    raise
                finally:
                    if self._closed:  # the pool is gone: do not return to it
                        connection.detach()

    @contextmanager
    def write(self, failure: str = "Nothing was saved", *, note: ActNote = NOTHING_MORE) -> Iterator[Connection]:
        """All or nothing; on disk once the block is left. EndoDeskError that begins with `failure`, and nothing written, if not.

        What readers did goes into the chain with it, and the `note` on it.

        The sentence says so where another program holds the file for longer than this thread may wait. RecordLost where it is not the file
        that was opened, or it was that no longer when all was written: then too nothing counts as saved.
        """
        with told_as(EndoDeskError, failure):
            turn, connection = self._begin_writing()
            with turn:
                yield connection
                if chain := chain_of(connection):
                    chain.append(note)

    def _begin_writing(self) -> tuple[ExitStack, Connection]:
        """Our turn among the writers of this process, and the transaction. Nobody keeps the turn while waiting for SQLite's lock."""
        until = time.monotonic() + self._patience_ms() / 1000
        while True:
            try:
                return self._try_to_begin()
            except (sqlite3.Error, DBAPIError) as error:
                if code_of(error) != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                    raise
            time.sleep(_ASK_AGAIN_S)

    def _try_to_begin(self) -> tuple[ExitStack, Connection]:
        with ExitStack() as turn:
            turn.enter_context(self._turn())
            self._require_open()
            self._require_same()
            turn.push(self._after)  # left in the opposite order: after the commit, before the next writer
            connection = turn.enter_context(self._writing_engine.begin())
            self._is_chained = self._is_chained or has_chain(raw_of(connection))
            if self._is_chained:
                connection = connection.execution_options(chain=ChainWriter(raw_of(connection)))
            return turn.pop_all(), connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for the write of another thread, which a slow disk may hold up: the main thread not without end."""
        if not self._one_writer.acquire(timeout=_LONGEST_TURN_S if self._is_main_thread() else -1):
            raise EndoDeskError("The disk takes long to store what was to be stored before. Try again in a moment.")
        try:
            yield
        finally:
            self._one_writer.release()

    def _after(self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """What is committed must be in the file that others see, or it is not acknowledged."""
        if kind is None:
            self._require_there()
            self._follow()  # a file that cannot be read any more fails here: what is in it alone may be lost with it
            self._work_in()

    def keep(self, journal: Path | None) -> None:
        """From now on the file is watched, as it is now, and what readers do is taken over into the journal, if one is named.

        A journal that holds more than the file is set aside first. OSError if it cannot be.
        """
        self.file.know()
        if journal:
            with self._one_writer, self._raw() as raw:
                set_aside_if_ahead(journal, raw)
                self._journal = Journal(journal)
                self._journal.follow(raw)
                self._journal.note_file(self.file.stamp)

    def close(self) -> None:
        """Waits for the write in progress; later calls raise EndoDeskError. A file that is not ours any more is left as it is."""
        with self._one_writer:
            if self._closed:
                return
            with contextlib.suppress(RecordLost, sqlite3.Error):
                self._require_same()
            self._closed = True
            if self.lost:
                if not self._overwritten:
                    self._rescue()  # again: when the loss was noticed, all connections may have been in use
                self.file.disown_wal()
            if self._journal and (self._damaged or not self.lost):
                self._journal.note_file(None)  # the last one to close works -wal in
            self._engine.dispose()
            if self._journal:
                if not self.lost and not self._damaged:
                    self._journal.note_file(RecordStamp.of(self.file.path))
                self._journal.close()

    def look(self) -> None:
        """Whether the file is still ours, for who writes nothing at the moment: `lost` tells. Does not wait for a writer."""
        if not self._closed and self._one_writer.acquire(blocking=False):
            try:
                with contextlib.suppress(RecordLost, sqlite3.Error):  # it is locked: the next look will tell
                    self._require_same()
            finally:
                self._one_writer.release()

    def distrust(self, fault: str) -> None:
        """The file was found damaged: it is looked through at its next opening, and nothing is written until then."""
        with self._one_writer:
            self.lost = self.lost or RecordLost(
                f"The file {self.file.path.name} in {self.file.path.parent} is damaged ({fault}), so nothing more is stored in it. "
                "What was stored until then is kept beside it. Open the project again: it comes back from its backup."
            )
            self._damaged = True

    # --- the file ---------------------------------------------------------------------------------------------------

    def _require_open(self) -> None:
        if self._closed:
            raise EndoDeskError("The project is closed. Open it again.")

    def _require_there(self) -> None:
        if self.lost is None:
            try:
                self.file.require_there()
            except RecordLost as error:
                self.lost = error
                self._rescue()  # the journal may be gone too; our connections still read what they opened
        if self.lost:
            raise RecordLost(str(self.lost))

    def _require_same(self) -> None:
        """RecordLost if the file is another one, or was written to past SQLite; sqlite3.Error where another program holds it.

        In the turn of a writer.
        """
        self._require_there()
        if self.file.looks_changed:  # or a share tells times late, or another EndoDesk has worked its -wal in
            if not self._is_whole():
                self.lost, self._overwritten = self.file.changed(), True
                raise self.lost
            self.file.know()

    def _is_whole(self) -> bool:
        """By a connection that remembers nothing of how the file was. sqlite3.Error where another program holds the file."""
        try:
            # no pragma that writes: to an emptied file that would wait for our own readers
            with closing(guarded(sqlite3.connect(self.file.path, timeout=0))) as fresh:
                has_tables = bool(fresh.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
                return has_tables and is_sound(fresh) and (self._journal is None or self._journal.is_whole_in(fresh))
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if code_of(error) == sqlite3.SQLITE_BUSY:
                raise  # who may wait does it outside its turn
            return False

    def _follow(self) -> None:
        if self._journal:
            try:
                with self._raw() as raw:
                    self._journal.follow(raw)
            except RowsGone as error:
                self.lost, self._overwritten = self.file.changed(), True
                raise self.lost from error

    def _rescue(self) -> None:
        """Take over what can still be read of a file that is lost."""
        with contextlib.suppress(DBAPIError, RecordLost, sqlite3.Error, UnicodeDecodeError):
            self._follow()

    # Why: docs/decisions/data.md 16
    def _work_in(self) -> None:
        """Work the -wal file into the database now and then. By ourselves, so that any other change of the file is not ours."""
        self._commits += 1  # the file tells only how long it ever was: it is written from its beginning again
        if self._journal is None or (self._commits < _COMMITS_IN_WAL and self.file.wal_bytes < self._wal_bytes + _MORE_WAL_BYTES):
            return
        if self.file.looks_changed:
            return  # since this write began: the next one finds out
        self._journal.note_file(None)
        with contextlib.suppress(sqlite3.Error), self._raw() as raw:
            raw.execute("PRAGMA wal_checkpoint(PASSIVE)")  # what fails stays in -wal, and is tried again
        self.file.know()
        self._journal.note_file(self.file.stamp)
        self._commits, self._wal_bytes = 0, self.file.wal_bytes

    # --- SQLite's connections ---------------------------------------------------------------------------------------

    def _patience_ms(self) -> int:
        return self.main_thread_busy_ms if self._is_main_thread() else self._busy_ms

    @staticmethod
    def _is_main_thread() -> bool:
        return threading.current_thread() is threading.main_thread()

    def _connect(self) -> sqlite3.Connection:
        self._require_there()
        connection = connect(self.file.path, busy_ms=self._patience_ms(), foreign_keys=self._foreign_keys)
        connection.execute("PRAGMA wal_autocheckpoint=0")  # see _work_in; the last one to close works it in
        return connection

    @contextmanager
    def _raw(self) -> Iterator[sqlite3.Connection]:
        """SQLite's own connection, without a transaction."""
        with closing(self._engine.raw_connection()) as pooled:
            yield cast("sqlite3.Connection", pooled.driver_connection)

    def _begin(self, connection: Connection) -> None:
        """Writers take SQLite's lock at once: a reader that becomes a writer midway could be refused without waiting."""
        raw = raw_of(connection)
        patience = f"PRAGMA busy_timeout={self._patience_ms()}"
        if connection.get_execution_options().get("writes"):
            raw.execute("PRAGMA busy_timeout=0")  # who is to wait does it outside its turn
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(patience)
        else:
            raw.execute(patience)
            raw.execute("BEGIN")
