"""ActStore: a project's acts to be passed on, and acts from elsewhere taken in. No word of anybody is changed or lost by that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from endodesk.data.acts.record import FRESH, ON_RECORD, ForeignChains, JudgedAct, KnownActs, Verdict
from endodesk.data.acts.recorded import Word, frame_sizes, recorded_acts
from endodesk.data.chain.foreign import add_foreign
from endodesk.data.chain.writing import IMPORT, ActNote, chain_of
from endodesk.data.connections import Connections, raw_of
from endodesk.data.override_store import Override, add_overrides
from endodesk.data.schema import CONCLUSIONS, CORRECTIONS, MERGES, REVOCATIONS
from endodesk.data.step_rows import new_step
from endodesk.domain.acts import OUTLINES, SAID_OF_FRAMES, Act, ActKey, OtherAct
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import Part
from endodesk.system.task import TaskContext

_AT_ONCE = 2000
"""Rows that are added between two looks at whether to go on."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of taking acts in."""

    judged: tuple[JudgedAct, ...]
    step: int | None = None
    """The step of who took them in, which undo takes back; None if no act was added."""

    @property
    def images(self) -> list[Sha256]:
        """Frames of which something was added."""
        added = (one.act.sha256 for one in self.judged if one.verdict in _ADDED and one.act.kind in _OF_STEPS)
        return [Sha256(name) for name in dict.fromkeys(added) if name]

    def count(self, *verdicts: Verdict) -> int:
        """How many acts are one of these."""
        return sum(one.verdict in verdicts for one in self.judged)

    @property
    def added(self) -> int:
        """Of how many acts something is new."""
        return self.count(*_ADDED)

    @property
    def undoable(self) -> int:
        """How many undoing the step takes back: a word on what was on record, a conclusion and a pair stay."""
        return sum(one.verdict in FRESH and one.act.kind in _OF_STEPS for one in self.judged)


_ADDED = FRESH | ON_RECORD
_OF_STEPS = SAID_OF_FRAMES | OUTLINES


# Why: docs/decisions/data.md 22
class ActStore:
    """All kinds of acts at once, out of the tables and into them."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def recorded(self, as_of: datetime | None = None, reader: str = "") -> list[Act]:
        """All acts in the order in which they were done, as the record held them `as_of` then, of one `reader` or of all."""
        with self._connections.read() as connection:
            return recorded_acts(connection, as_of, reader)

    def frame_sizes(self) -> dict[str, tuple[int, int]]:
        """Width and height of every frame that the project knows, in pixels."""
        with self._connections.read() as connection:
            return frame_sizes(connection)

    def judge(self, acts: Iterable[Act], *, chains: ForeignChains | None = None, task: TaskContext | None = None) -> TakenIn:
        """What each would be to this project; nothing is written. Words that mean one class of today say the same. Cancelled."""
        with self._connections.read() as connection:
            return TakenIn(tuple(KnownActs(connection, chains).judge(acts, task or TaskContext())))

    def take_in(
        self, acts: Iterable[Act], *, by: str, at: datetime, chains: ForeignChains | None = None, task: TaskContext | None = None
    ) -> TakenIn:
        """Add what is new, with its own reader and time, as one step of who takes it in; all of it or nothing.

        An act without a reader or a time is `by` and `at`. EndoDeskError if it could not be written; Cancelled.
        """
        if not by:
            raise BadRequest("Say who takes this in.")
        task = task or TaskContext()
        with self._connections.write() as connection:
            known = KnownActs(connection, chains)
            judged = known.judge(acts, task)
            added = sum(one.verdict in _ADDED for one in judged)
            step = new_step(connection, by, at) if added else None
            lines = add_foreign(raw_of(connection), chains.lines) if chains else 0
            adding = _Adding(connection, known, ActNote(IMPORT, by, told={"acts": added, **(chains.told if chains else {})}), task)
            if step is not None:
                adding.add(judged, step, by, at)
            elif lines:
                adding.append()
            return TakenIn(tuple(judged), step)


class _Adding:
    """Acts into their tables, piece by piece, each covered by the chain at once."""

    def __init__(self, connection: Connection, known: KnownActs, note: ActNote, task: TaskContext) -> None:
        self._connection, self._known, self._note, self._task = connection, known, note, task
        self._row: int = connection.scalar(select(func.coalesce(func.max(CORRECTIONS.c.id), 0))) or 0
        self._rows: dict[ActKey, int] = {}
        """Of acts that were on record and are said once more: where they stand now."""

    def add(self, judged: Sequence[JudgedAct], step: int, by: str, at: datetime) -> None:
        """Of a frame each reader's words in their order; of cases, pairs and outlines all words on each."""
        untimed = self._known.times_of_untimed(judged, at)
        fresh = {one.key: _signed(one.act, by, untimed.get(one.key, at)) for one in judged if one.verdict in FRESH}
        keys = self._known.to_be_added(judged)
        said = [key for key in keys if key[0][0] in SAID_OF_FRAMES]
        for done in range(0, len(said), _AT_ONCE):
            self._task.report(done, len(said), "adding")
            self._add_said(said[done : done + _AT_ONCE], fresh, step, Word(True, by, at))
        self._add_words([one for one in judged if one.verdict in ON_RECORD], by, at)
        rest = [fresh.get(key) or self._known[key].act for key in keys if key[0][0] not in SAID_OF_FRAMES]
        _add_outlines([act for act in rest if act.kind in OUTLINES], self._connection, step)
        _add_merges([act for act in rest if act.kind in {OtherAct.TOGETHER, OtherAct.APART}], self._connection)
        _add_conclusions([act for act in rest if act.kind == OtherAct.CONCLUSION], self._connection)
        self.append()

    def append(self) -> None:
        """Cover what was added."""
        if chain := chain_of(self._connection):
            chain.append(self._note)

    def _add_said(self, keys: Sequence[ActKey], fresh: Mapping[ActKey, Act], step: int, aside: Word) -> None:
        rows: list[dict[str, Any]] = []
        words: list[dict[str, Any]] = []
        for key in keys:
            self._row += 1
            if act := fresh.get(key):
                rows.append(_correction(self._row, act, self._known.models, step))
                words += [_word(self._row, word) for word in self._known.words(act)]
                continue
            # with its own step, by which its reader undoes it; where it stood before it is set aside
            known = self._known[key]
            rows.append(_correction(self._row, known.act, self._known.models, known.step))
            words += [_word(self._row, word, of) for word, of in known.words]
            words += [_word(known.row, aside)] if known.act.stands else []
            self._rows[key] = self._row
        self._insert(CORRECTIONS, rows)
        self._insert(REVOCATIONS, words)

    def _add_words(self, judged: Sequence[JudgedAct], by: str, at: datetime) -> None:
        """On acts that are on record. Of no step: undoing that this was taken in must not give again what its reader took back."""
        words: list[dict[str, Any]] = []
        for one in judged:
            known = self._known[one.key]
            said = self._known.words_to_add(one.act, known)
            said += [Word(False, by, at)] if one.verdict is Verdict.DISPUTED else []
            words += [_word(self._rows.get(one.key, known.row), word) for word in said]
        for done in range(0, len(words), _AT_ONCE):
            self._task.report(done, len(words), "adding")
            self._insert(REVOCATIONS, words[done : done + _AT_ONCE])

    def _insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), rows)
            self.append()


def _signed(act: Act, by: str, at: datetime) -> Act:
    if act.reader and act.at and (act.revoked_by or not act.revoked_at):
        return act
    return replace(act, reader=act.reader or by, at=act.at or at, revoked_by=act.revoked_by or (by if act.revoked_at else ""))


# --- within a transaction ---------------------------------------------------------------------------------------------


def _correction(row: int, act: Act, models: set[str], step: int | None) -> dict[str, Any]:
    return {
        "id": row,
        "image": act.sha256,
        "label": act.value,
        "reader": act.reader,
        "at": act.at,
        "bundle": act.model if act.model in models else None,
        "answer": act.answer or None,
        "said": act.kind,
        "blind": act.blind,
        "step": step,
    }


def _word(row: int, word: Word, step: int | None = None) -> dict[str, Any]:
    return {"correction": row, "revoked": word.revoked, "reader": word.reader, "at": word.at, "step": step}


def _add_outlines(acts: Sequence[Act], connection: Connection, step: int) -> None:
    drawn = [
        Override(
            Part(act.kind),
            act.drawn,
            act.reader,
            act.at,  # type: ignore[arg-type]  # it is signed
            image=Sha256(act.sha256) if act.sha256 else None,
            size=None if act.sha256 else (act.width, act.height),
        )
        for act in acts
    ]
    add_overrides(connection, drawn, step, as_dated=True)


def _add_merges(acts: Sequence[Act], connection: Connection) -> None:
    rows = [
        {
            "image_a": min(act.sha256, act.value),
            "image_b": max(act.sha256, act.value),
            "joined": act.kind == OtherAct.TOGETHER,
            "reader": act.reader,
            "at": act.at,
        }
        for act in acts
    ]
    if rows:
        connection.execute(insert(MERGES), rows)


def _add_conclusions(acts: Sequence[Act], connection: Connection) -> None:
    rows = [{"case": act.case, "text": act.value, "finding": act.answer, "reader": act.reader, "at": act.at} for act in acts]
    if rows:
        connection.execute(insert(CONCLUSIONS), rows)
