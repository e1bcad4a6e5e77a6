"""Taking in what a journal holds and the database lacks: acts of readers, as they were done and by whom."""

import contextlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from endodesk.data.chain.chain_lines import BrokenLine, lines_of, proven_line
from endodesk.data.chain.foreign import add_foreign
from endodesk.data.chain.rows import COVERED, NEWEST, Row, Rows, reach_in
from endodesk.data.safety.journal import ACTS, OTHERS
from endodesk.data.schema import EVENTS, FOREIGN_EVENTS

_Key = tuple[Any, ...]
# Numbers of rows are those of another file: an act is known again by what it says, who did it and when.
_KEYS: dict[str, tuple[str, ...]] = {
    "step": ("reader", "at", "kind"),
    "correction": ("image", "said", "label", "reader", "at"),
    "revocation": ("correction", "revoked", "reader", "at"),
    "override": ("image", "width", "height", "part", "outline", "reader", "at"),
    "merge": ("image_a", "image_b", "joined", "reader", "at"),
    "conclusion": ("case", "text", "finding", "reader", "at"),
    "promotion": ("bundle", "reader", "at"),
}
_REFERS = {"step": "step", "of": "step", "correction": "correction"}
_FILLED = {table.name: {column.name for column in table.c if not column.nullable} for table in (EVENTS, FOREIGN_EVENTS)}
_LARGEST_ID = 2**40  # of a row that is to keep its number: SQLite counts on from the largest


class TakingIn:
    """The rows of one journal beside one database, in a transaction of the caller's."""

    def __init__(self, connection: sqlite3.Connection, rows: Rows) -> None:
        self._connection, self._rows = connection, {**rows, **{table: _whole(rows.get(table, ()), table) for table in _FILLED}}
        self._columns = {table: [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')] for table in (*ACTS, *OTHERS)}
        self._there = {table: self._known(table) for table in _KEYS}
        self._ids = {table: _by_key(known) for table, known in self._there.items()}
        self._numbers: dict[str, dict[int, int]] = defaultdict(dict)
        """By table, the number that a row of the journal has in the database."""

    def lacking(self) -> int:
        """How many acts the database lacks: labels, marks, notes, outlines and so on, also those taken back since."""
        return sum(1 for table in _KEYS if table != "step" for _ in self._new(table))

    def take_in(self, *, settings: bool) -> int:
        """Add what is lacking, also settings if so asked; how many acts were. What a reader said of a frame since stays on top.

        sqlite3.IntegrityError if rows do not fit together; then nothing may be kept.
        """
        for table, key in OTHERS.items():
            if table != "setting":
                self._add_missing(table, key)
        for row in self._rows.get("setting", ()) if settings else ():
            self._connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (row["key"], row.get("value", "null")))
        if (newest := self._here()) is not None:
            return self._go_on(newest)
        later = self._said_later()
        added = 0
        for table in _KEYS:
            for row in list(self._new(table)):
                number = self._put(table, self._renumbered(row))
                self._numbers[table][row["id"]] = number
                if table == "correction" and later.get((row["image"], row["said"], row["reader"]), "") > row["at"]:
                    self._put("revocation", {"correction": number, "revoked": 1, **_by(row), **_step(self._renumbered(row))})
                added += table != "step"
        add_foreign(self._connection, [row["line"] for row in self._rows.get("foreign_event", ())])
        add_foreign(self._connection, self._lines())
        return added

    # Why: docs/decisions/data.md 20
    def _here(self) -> dict[str, int] | None:
        """The newest numbers of the database, if it is as the journal's record was once: what follows then keeps number and chain."""
        here = dict(zip(COVERED, self._connection.execute(NEWEST).fetchone(), strict=True))
        last = self._connection.execute("SELECT id, digest, reach FROM event ORDER BY id DESC LIMIT 1").fetchone()
        if any(row["id"] > _LARGEST_ID for table in ACTS for row in self._rows.get(table, ())):
            return None
        if last is None:
            return None if any(here.values()) else {**here, "event": 0}
        number, digest, reach = last
        same = any(row["id"] == number and row.get("digest") == digest for row in self._rows.get("event", ()))
        same = same and reach_in(reach) == here and all(map(self._is_same_so_far, _KEYS, here.values()))
        return {**here, "event": number} if same else None

    def _is_same_so_far(self, table: str, newest: int) -> bool:
        there, names = self._there[table], _KEYS[table]
        rows = (row for row in self._rows.get(table, ()) if row["id"] <= newest)
        return all(there.get(row["id"]) == tuple(row.get(name) for name in names) for row in rows)

    def _go_on(self, newest: dict[str, int]) -> int:
        added = 0
        for table in ACTS:
            known = self._connection.execute(f'SELECT id FROM "{table}"')  # noqa: S608  (names of ours)
            self._numbers[table] = {number: number for (number,) in known}
            for row in self._rows.get(table, ()):
                if row["id"] > newest[table]:
                    self._numbers[table][row["id"]] = self._put(table, {**self._renumbered(row), "id": row["id"]})
                    added += table in _KEYS and table != "step"
        return added

    def _lines(self) -> Iterator[str]:
        """The journal's events that the database lacks, which tell of its rows as they were numbered there."""
        rows = {(table, row["id"]): row for table in COVERED for row in self._rows.get(table, ())}
        common = dict(self._connection.execute("SELECT id, digest FROM event"))
        before = {event["id"] + 1: event["digest"] for event in self._rows["event"]}
        for event in self._rows["event"]:
            if common.get(event["id"]) != event["digest"]:
                # what does not hold is no chain: its words are taken in all the same
                with contextlib.suppress(BrokenLine):
                    [line] = lines_of([(event, before.get(event["id"]))], lambda table, number: rows.get((table, number)))
                    proven_line(line, event["id"])
                    yield line

    def _known(self, table: str) -> dict[int, tuple[Any, ...]]:
        columns = ", ".join(f'"{name}"' for name in _KEYS[table])
        rows = self._connection.execute(f'SELECT id, {columns} FROM "{table}"')  # noqa: S608  (names of ours)
        return {number: tuple(key) for number, *key in rows}

    def _new(self, table: str) -> Iterator[Row]:
        """Rows that the database lacks; those that it has get their numbers on the way."""
        rows, names = self._rows.get(table, ()), _KEYS[table]
        keys = [tuple(self._renumbered(row, names).get(name) for name in names) for row in rows]
        for row, known in zip(rows, _known_as(keys, self._ids[table]), strict=True):
            if known is None:
                yield row
            else:
                self._numbers[table][row["id"]] = known

    def _renumbered(self, row: Row, names: tuple[str, ...] = ()) -> Row:
        """The row as it is to be here: without its number, and with those of the rows that it refers to."""
        taken = {name: value for name, value in row.items() if name != "id" and (not names or name in names)}
        for name in taken.keys() & _REFERS.keys():
            taken[name] = self._numbers[_REFERS[name]].get(taken[name])
        return taken

    def _said_later(self) -> dict[tuple[str, str, str], str]:
        """When a reader last said something of a frame, by kind, that the journal knows nothing of."""
        ours = {tuple(row.get(name) for name in _KEYS["correction"]) for row in self._rows.get("correction", ())}
        later: dict[tuple[str, str, str], str] = {}
        for image, said, label, reader, at in self._there["correction"].values():
            if (image, said, label, reader, at) not in ours:
                later[image, said, reader] = max(later.get((image, said, reader), ""), at)
        return later

    def _add_missing(self, table: str, key: str) -> None:
        known = {name for (name,) in self._connection.execute(f'SELECT "{key}" FROM "{table}"')}  # noqa: S608  (names of ours)
        for row in self._rows.get(table, ()):
            if row[key] not in known:
                self._put(table, {"phash": "", "first_seen": "1970-01-01T00:00:00.000000+00:00", **row} if table == "image" else row)

    def _put(self, table: str, row: Row) -> int:
        """Only columns that there are: the names stand in a file that anybody may have written."""
        values = {name: row[name] for name in self._columns[table] if name in row}
        names = ", ".join(f'"{name}"' for name in values)
        sql = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(values))})'  # noqa: S608
        return self._connection.execute(sql, list(values.values())).lastrowid or 0


def _by_key(rows: Mapping[int, _Key]) -> dict[_Key, list[int]]:
    """Numbers, the newest last: what came from elsewhere and is older has what is here said once more."""
    found: dict[_Key, list[int]] = {}
    for number, key in rows.items():
        found.setdefault(key, []).append(number)
    return found


def _known_as(keys: Sequence[_Key], there: Mapping[_Key, Sequence[int]]) -> Iterator[int | None]:
    """The row there that each is; None if there is none. Of what was said there more often the last ones: those before are set aside."""
    often, before = Counter(keys), Counter[_Key]()
    for key in keys:
        numbers = there.get(key, ())
        place = before[key] + max(len(numbers) - often[key], 0)
        yield numbers[place] if place < len(numbers) else None
        before[key] += 1


def _whole(rows: Iterable[Row], table: str) -> list[Row]:
    """Those with all columns that are never NULL: anybody may have made the journal."""
    return [row for row in rows if _FILLED[table] <= row.keys()]


def _by(row: Row) -> Row:
    return {"reader": row["reader"], "at": row["at"]}


def _step(row: Row) -> Row:
    return {"step": row["step"]} if "step" in row else {}
