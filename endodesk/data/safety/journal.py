"""Journal: all that readers did, a second time, as lines of JSON beside the database.

A line holds new rows of the append-only tables as they are in the database, the frames that they name, settings and models that are
new, and how far the journal goes by then. Each act is flushed to the disk in the database, and not here: the journal is there for what
other programs do to the database, not for power cuts. What it lacks it takes over when the project is opened.
"""

import json
import logging
import os
import sqlite3
import zlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from endodesk.data.chain.rows import COVERED, NEWEST, Row, Rows, as_json, rows_in
from endodesk.data.safety.record_file import RecordStamp
from endodesk.system.atomic import set_aside
from endodesk.system.plain_files import append_to_plain, open_plain

ACTS = (*COVERED, "event")
"""Tables whose rows are only ever added, each after those that it refers to."""
OTHERS = {"image": "sha256", "model": "id", "setting": "key"}
"""What else a journal holds, and by which column it is known."""
T = TypeVar("T")

_KEPT = "kept"
_BEFORE_THE_CHAIN = 7  # so many tables did journals tell of that programs before it have written
_AT_ONCE = dict.fromkeys(COVERED, 200) | {"event": 40}  # rows in one line, so that the last one can be found in so many bytes
_TAIL_BYTES = 8 * 1024 * 1024
_CRC = ', "crc": '
_NEWEST = "SELECT " + ", ".join(f'coalesce((SELECT max(id) FROM "{table}"), 0)' for table in ACTS)  # noqa: S608  (names of ours)
_COUNTS = "SELECT " + ", ".join(f'(SELECT count(*) FROM "{table}")' for table in COVERED)  # noqa: S608  (of events none may be missing)
_LAST_STEP = "SELECT reader, at FROM step WHERE id = ?"
_DIGEST = "SELECT digest FROM event WHERE id = ?"
_FRAMES = """SELECT sha256, width, height, reading FROM image WHERE sha256 IN (
    SELECT image FROM correction WHERE id > ? AND id <= ? UNION SELECT image FROM override WHERE id > ? AND id <= ?
    UNION SELECT image_a FROM merge WHERE id > ? AND id <= ? UNION SELECT image_b FROM merge WHERE id > ? AND id <= ?)"""
_SETTINGS = "SELECT key, value FROM setting WHERE key <> 'last_frame'"  # each label changes it, and nobody misses it
_log = logging.getLogger(__name__)


def _falls_short(newest: Sequence[int], ids: Sequence[int]) -> bool:
    """Whether a table ends before that row of it, in the order of ACTS."""
    return any(here < there for here, there in zip(newest, ids, strict=True))


class Reach(NamedTuple):
    """How far a journal goes: the newest id of each of ACTS; who did the last step, and when; the digest of the last event."""

    ids: tuple[int, ...] = (0,) * len(ACTS)
    last_step: tuple[str, str] | None = None
    digest: str | None = None

    @classmethod
    def at(cls, connection: sqlite3.Connection, ids: tuple[int, ...]) -> "Reach":
        """As far as the rows of these ids in a database."""
        digest = connection.execute(_DIGEST, ids[-1:]).fetchone()
        return cls(ids, connection.execute(_LAST_STEP, ids[:1]).fetchone(), digest and digest[0])

    @property
    def is_nothing(self) -> bool:
        """Whether no reader has done anything; choosing classes is nothing yet."""
        return not any(self.ids[:-1])

    @property
    def holds_work(self) -> bool:
        """Whether anything was done but that a model was made the active one, as a new project's first is."""
        return any(number for table, number in zip(ACTS, self.ids, strict=True) if table not in ("promotion", "event"))

    def is_in(self, connection: sqlite3.Connection) -> bool:
        """Whether a database holds all of it: no table is shorter, and its step and its event of these numbers are the same ones."""
        newest = connection.execute(_NEWEST).fetchone()
        if _falls_short(newest, self.ids):
            return False
        there = Reach.at(connection, self.ids)
        return self.last_step in (None, there.last_step) and self.digest in (None, there.digest)


class Ending(NamedTuple):
    """What the end of a journal tells: how far it goes, and size and time of the database when nobody was at work on it."""

    reach: Reach = Reach()
    size_and_time: tuple[int, int] | None = None
    """None while the -wal file was being worked into it."""
    others: int | None = None
    """Checksum of all settings and names of models that it holds, as `_checksum`; None in journals of older programs."""


class RowsGone(sqlite3.DatabaseError):
    """The database holds less than was taken over from it: what lies in its file now is something else."""


class Journal:
    """The journal of a database that is open. For whoever has the turn of the writers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        ending = ending_of(path)
        self.reach, self._others = ending.reach, ending.others
        self._unused: tuple[int, ...] = ()
        self._settings: dict[str, str] = {}
        self._models: set[str] = set()
        self._file: int | None = None
        self._torn = True  # a program that was killed may have left half a line

    def follow(self, connection: sqlite3.Connection) -> None:
        """Take over what is new in the database, which has it durably: what cannot be written here is written the next time.

        RowsGone if it holds less than the journal; another sqlite3.Error, or UnicodeDecodeError, if it cannot be read any more.
        """
        try:
            if self._file is not None and not self._is_in_place():
                self._begin_anew()
            newest = tuple(connection.execute(_NEWEST).fetchone())
            if _falls_short(newest, self.reach.ids):
                raise RowsGone("rows that were there are gone")
            if not self._unused:
                self._unused = self._unused_of(connection)
                self._know_again(connection)
            rows = self._new_rows(connection, newest)
            while rows or self.reach.ids != newest:
                self._take_over(connection, rows, newest)
                rows = {} if self.reach.ids == newest else self._new_rows(connection, newest)
        except OSError as error:
            self._torn = True
            _log.warning("the journal %s was not written: %s", self.path, error)

    def note_file(self, stamp: RecordStamp | None) -> None:
        """The database looks like this from now on; None: it is being worked on."""
        try:
            self._write({"file": None if stamp is None else [stamp.size, stamp.mtime_ns]})
        except OSError:
            self._torn = True

    def is_whole_in(self, connection: sqlite3.Connection) -> bool:
        """Whether a database holds all that was taken over, without a gap."""
        return self.reach.is_in(connection) and self._unused_of(connection) == self._unused

    def close(self) -> None:
        """No more is written."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    # --- how --------------------------------------------------------------------------------------------------------

    # Why: docs/decisions/data.md 30
    def _know_again(self, connection: sqlite3.Connection) -> None:
        """Settings and models that an earlier session has written: else each session would write all of them once more."""
        settings = {row["key"]: row["value"] for row in rows_in(connection, _SETTINGS)}
        models = {name for (name,) in connection.execute("SELECT id FROM model")}
        if self._others == _checksum(settings, models):
            self._settings, self._models = settings, models

    def _new_rows(self, connection: sqlite3.Connection, newest: Sequence[int]) -> Rows:
        rows: Rows = {}
        between: dict[str, tuple[int, int]] = {}
        for table, old, new in zip(ACTS, self.reach.ids, newest, strict=True):
            between[table] = old, min(new, old + _AT_ONCE[table])
            if new > old:
                query = f'SELECT * FROM "{table}" WHERE id > ? AND id <= ?'  # noqa: S608
                rows[table] = list(rows_in(connection, query, between[table]))
        if any(rows.values()):
            rows["image"] = list(rows_in(connection, _FRAMES, [bound for name in _NAMING_FRAMES for bound in between[name]]))
        rows["setting"] = [row for row in rows_in(connection, _SETTINGS) if self._settings.get(row["key"]) != row["value"]]
        if any(name not in self._models for (name,) in connection.execute("SELECT id FROM model")):
            rows["model"] = [row for row in rows_in(connection, "SELECT * FROM model") if row["id"] not in self._models]
        return {table: found for table, found in rows.items() if found}

    def _take_over(self, connection: sqlite3.Connection, rows: Rows, newest: Sequence[int]) -> None:
        ids = tuple(min(new, old + most) for new, old, most in zip(newest, self.reach.ids, _AT_ONCE.values(), strict=True))
        reach = Reach.at(connection, ids)
        settings = self._settings | {row["key"]: row["value"] for row in rows.get("setting", ())}
        models = self._models | {row["id"] for row in rows.get("model", ())}
        if self._others is None or "setting" in rows or "model" in rows:
            self._others = _checksum(settings, models)
        self._write({"reach": reach, "rows": rows, "others": self._others})
        self.reach, self._settings, self._models = reach, settings, models

    def _unused_of(self, connection: sqlite3.Connection) -> tuple[int, ...]:
        """How many numbers up to the newest have no row: always the same ones, since rows are only added."""
        newest, counts = (connection.execute(query).fetchone() for query in (NEWEST, _COUNTS))
        return tuple(new - count for new, count in zip(newest, counts, strict=True))

    def _write(self, told: dict[str, Any]) -> None:
        if self._file is None:
            self._file = append_to_plain(self.path, 0o600)
        text = json.dumps(told, ensure_ascii=False, default=as_json)[:-1]
        line = f"{text}{_CRC}{zlib.crc32(text.encode())}}}\n".encode()
        if self._torn:
            line = b"\n" + line
        if os.write(self._file, line) != len(line):
            raise OSError("not the whole line was written")
        self._torn = False

    def _is_in_place(self) -> bool:
        there, ours = RecordStamp.of(self.path), os.fstat(self._file or 0)
        return there is not None and there.identity == (ours.st_dev, ours.st_ino)

    def _begin_anew(self) -> None:
        """It was deleted or exchanged like the database: all of it is written once more, behind what may lie there."""
        self.close()
        self.reach, self._others, self._torn = Reach(), None, True
        self._settings.clear()
        self._models.clear()


_NAMING_FRAMES = ("correction", "override", "merge", "merge")


def reach_of(connection: sqlite3.Connection) -> Reach:
    """How far a journal would go that holds all of a database."""
    return Reach.at(connection, tuple(connection.execute(_NEWEST).fetchone()))


def kept_journals(path: Path) -> list[Path]:
    """Journals that were set aside beside this one, since the database lacked what they hold."""
    return sorted(path.parent.glob(f"{path.stem}.{_KEPT}*{path.suffix}"))


def set_aside_if_ahead(path: Path, connection: sqlite3.Connection) -> None:
    """A journal that holds what the database lacks is kept under another name, to be offered; a new one begins. OSError if it cannot be."""
    if not ending_of(path).reach.is_in(connection):
        set_aside(path, _KEPT)


def ending_of(path: Path) -> Ending:
    """What the last lines tell; a Reach of nothing where there is no journal, or none that can be read."""
    reach: Reach | None = None
    files: list[object] = []
    others: int | None = None
    for told in map(_told, reversed(_last_lines(path))):
        if reach is None and (reach := _reach(told.get("reach"))):
            others = told["others"] if isinstance(told.get("others"), int) else None
        files += [told["file"]] if "file" in told else []
        if reach and files:
            break
    match files[:1]:
        case [[int(size), int(time)]]:
            return Ending(reach or Reach(), (size, time), others)
    return Ending(reach or Reach(), None, others)


def _checksum(settings: dict[str, str], models: set[str]) -> int:
    return zlib.crc32(json.dumps([sorted(settings.items(), key=repr), sorted(models, key=repr)], default=as_json).encode())


def _reach(told: object) -> Reach | None:
    match told:
        case [[*ids], None, *digest]:
            last = None
        case [[*ids], [str(reader), str(at)], *digest]:
            last = reader, at
        case _:
            return None
    numbers = tuple(number for number in ids if isinstance(number, int))
    if len(numbers) != len(ids) or len(numbers) not in (_BEFORE_THE_CHAIN, len(ACTS)):
        return None
    chained = [text for text in digest if isinstance(text, str)]
    return Reach((numbers + Reach().ids)[: len(ACTS)], last, chained[0] if chained else None)


def rows_of(path: Path) -> Rows:
    """All rows that a journal holds, each once. OSError if it cannot be read.

    Lines that are torn or damaged are passed over, and rows that no program of ours has written: anybody may have made the file.
    """
    found: dict[str, dict[Any, Row]] = {table: {} for table in (*ACTS, *OTHERS)}
    with open_plain(path) as lines:
        for told in map(_told, lines):
            for table, rows in _of_type(dict, told.get("rows")).items():
                if table in found:
                    key = OTHERS.get(table, "id")
                    found[table] |= {row[key]: row for row in _of_type(list, rows) if _is_row(row, table)}
    return {table: [rows[key] for key in (sorted(rows) if table in ACTS else rows)] for table, rows in found.items()}


def _is_row(row: object, table: str) -> bool:
    if not isinstance(row, dict) or not all(map(_is_value, row.values())):
        return False
    if table in OTHERS:
        return isinstance(row.get(OTHERS[table]), str)
    try:
        return isinstance(row.get("id"), int) and datetime.fromisoformat(row["at"]).tzinfo is not None
    except (KeyError, TypeError, ValueError):
        return False


def _is_value(value: object) -> bool:
    """Whether SQLite can hold it."""
    if isinstance(value, int):
        return abs(value) < 2**63
    return isinstance(value, bytes) or (isinstance(value, str) and value.isascii()) or _is_unicode(value)


def _is_unicode(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(value.encode())
    except UnicodeEncodeError:
        return False


def _of_type(kind: type[T], value: object) -> T:
    return value if isinstance(value, kind) else kind()


def _last_lines(path: Path) -> list[bytes]:
    try:
        with open_plain(path) as stream:
            stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            return stream.read().splitlines()
    except OSError:
        return []


def _told(line: bytes) -> dict[str, Any]:
    """What a line says; nothing if it is not whole."""
    text, crc, number = line.decode("utf-8", "replace").rpartition(_CRC)
    try:
        if crc and int(number.strip().rstrip("}")) == zlib.crc32(text.encode()):
            return _of_type(dict, json.loads(text + "}", object_hook=_read))
    except (ValueError, RecursionError):
        pass
    return {}


def _read(value: dict[str, Any]) -> Any:
    return bytes.fromhex(value["bytes"]) if value.keys() == {"bytes"} else value
