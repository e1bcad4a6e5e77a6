"""ActStore: a project's acts to be passed on, and acts from elsewhere taken in. No word of anybody is changed or hidden by that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select

from endodesk.data.acts.recorded import frame_sizes, recorded_acts, revocation_words
from endodesk.data.chain.writing import IMPORT, ActNote, chain_of
from endodesk.data.connections import Connections
from endodesk.data.override_store import Override, add_overrides
from endodesk.data.schema import CONCLUSIONS, CORRECTIONS, IMAGES, MERGES, MODELS, REVOCATIONS
from endodesk.data.setting_store import label_set_in
from endodesk.data.step_rows import new_step
from endodesk.domain.acts import OUTLINES, SAID_OF_FRAMES, Act, ActAbout, ActKey, OtherAct
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import Part


class Verdict(StrEnum):
    """What an act from elsewhere is to a project."""

    NEW = "new"
    SAME = "same"
    """The same act is on record, or, of one without a time, that word of that reader."""
    CONFLICT = "in conflict"
    """Another word on the same stands here. It is taken in, and the word here goes on holding."""
    OLDER = "older"
    """The same reader says otherwise here since. Taken in too, and what is said since holds."""
    TAKEN_BACK = "taken back"
    """The act is on record, and its own reader took it back elsewhere since."""
    DISPUTED = "disputed"
    """The act is on record, and another reader took it back elsewhere. That goes on record, and the act goes on holding."""
    NOT_HERE = "of frames that are not here"
    NOT_TAKEN = "not taken"
    """Which model is active is a project's own."""


@dataclass(frozen=True, slots=True)
class JudgedAct:
    """An act from elsewhere, and what it is to the project."""

    act: Act
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of taking acts in."""

    judged: tuple[JudgedAct, ...]
    step: int | None = None
    """The step of who took them in, which undo takes back; None if nothing was written."""

    @property
    def images(self) -> list[Sha256]:
        """Frames of which something was added."""
        added = (one.act.sha256 for one in self.judged if one.verdict not in _PASSED_OVER and one.act.kind in SAID_OF_FRAMES | OUTLINES)
        return [Sha256(name) for name in dict.fromkeys(added) if name]

    def count(self, *verdicts: Verdict) -> int:
        """How many acts are one of these."""
        return sum(one.verdict in verdicts for one in self.judged)


_KNOWN = frozenset({Verdict.TAKEN_BACK, Verdict.DISPUTED})
"""The act itself is there, and a word on it is new."""
_PASSED_OVER = frozenset({Verdict.SAME, Verdict.NOT_HERE, Verdict.NOT_TAKEN})


# Why: docs/decisions/data.md 22
class ActStore:
    """All kinds of acts at once, out of the tables and into them."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def recorded(self, as_of: datetime | None = None, reader: str = "") -> list[Act]:
        """All acts in the order in which they were done, as they stood `as_of` then, of one `reader` or of all."""
        with self._connections.read() as connection:
            return recorded_acts(connection, as_of, reader)

    def frame_sizes(self) -> dict[str, tuple[int, int]]:
        """Width and height of every frame that the project knows, in pixels."""
        with self._connections.read() as connection:
            return frame_sizes(connection)

    def judge(self, acts: Iterable[Act]) -> TakenIn:
        """What each would be to this project; nothing is written. Words that mean one class of today say the same."""
        with self._connections.read() as connection:
            return TakenIn(tuple(_Record(connection).judge(acts)))

    def take_in(self, acts: Iterable[Act], *, by: str, at: datetime) -> TakenIn:
        """Add what is new, with its own reader and time, as one step of who takes it in; all of it or nothing.

        An act without a reader or a time is `by` and `at`. EndoDeskError if it could not be written.
        """
        if not by:
            raise BadRequest("Say who takes this in.")
        with self._connections.write() as connection:
            record = _Record(connection)
            judged = record.judge(acts)
            added = [one for one in judged if one.verdict not in _PASSED_OVER]
            if not added:
                return TakenIn(tuple(judged))
            signed = [replace(one, act=_signed(one.act, by, at)) for one in added]
            step = new_step(connection, by, at)
            _add_said([one for one in signed if one.act.kind in SAID_OF_FRAMES], record.models, connection, step, by, at)
            rest = [one.act for one in _restated(signed, record.standing)]
            _add_outlines([act for act in rest if act.kind in OUTLINES], connection, step)
            _add_merges([act for act in rest if act.kind in {OtherAct.TOGETHER, OtherAct.APART}], connection)
            _add_conclusions([act for act in rest if act.kind == OtherAct.CONCLUSION], connection)
            if chain := chain_of(connection):
                chain.append(ActNote(IMPORT, by, told={"acts": len(added)}))
            return TakenIn(tuple(judged), step)


class _Record:
    """What is on record, and what holds, before anything is added."""

    def __init__(self, connection: Connection) -> None:
        self._classes = label_set_in(connection)
        self._known: dict[ActKey, Act] = {}
        self._untimed: set[tuple[object, ...]] = set()
        self.standing: dict[ActAbout, Act] = {}
        for act in recorded_acts(connection):
            key = act.in_classes(self._classes).key
            self._note(key, act)
            if act.stands:
                self.standing[key[0]] = act
        self._words = revocation_words(connection)
        self._frames = set(connection.scalars(select(IMAGES.c.sha256)))
        self.models = set(connection.scalars(select(MODELS.c.id)))

    def judge(self, acts: Iterable[Act]) -> list[JudgedAct]:
        judged: list[JudgedAct] = []
        for act in acts:
            key = act.in_classes(self._classes).key
            verdict = self._verdict(act, key)
            if verdict is Verdict.TAKEN_BACK:  # the row has the word that was said here
                act = replace(act, value=self._known[key].value)
            if verdict is not Verdict.SAME:  # the same twice in one file counts once
                self._note(key, act)
            judged.append(JudgedAct(act, verdict))
        return judged

    def _note(self, key: ActKey, act: Act) -> None:
        self._known[key] = act
        self._untimed.add(key[:3])

    def _verdict(self, act: Act, key: ActKey) -> Verdict:
        if act.kind == OtherAct.PROMOTION:
            return Verdict.NOT_TAKEN
        named = (act.sha256, act.value if act.kind in {OtherAct.TOGETHER, OtherAct.APART} else "")
        if any(name and name not in self._frames for name in named) or (act.kind in SAID_OF_FRAMES and not act.sha256):
            return Verdict.NOT_HERE
        held, said = self.standing.get(key[0]), key[1]
        same = held is not None and held.in_classes(self._classes).said == said
        if act.at is None and (key[:3] in self._untimed or same):
            return Verdict.SAME
        if known := self._known.get(key):
            return Verdict.SAME if act.stands or not known.stands else self._taken_back(act)
        if held is None or same or not act.stands:
            return Verdict.NEW
        if held.reader != act.reader or act.at is None or held.at is None:
            return Verdict.CONFLICT
        return Verdict.OLDER if act.at < held.at else Verdict.NEW

    def _taken_back(self, act: Act) -> Verdict:
        if (act.sha256, act.kind, act.value, act.reader, act.at, act.revoked_by, act.revoked_at) in self._words:
            return Verdict.SAME  # and was given again here
        return Verdict.TAKEN_BACK if act.revoked_by == act.reader else Verdict.DISPUTED


def _signed(act: Act, by: str, at: datetime) -> Act:
    return replace(act, reader=act.reader or by, at=act.at or at, revoked_by=act.revoked_by or (by if act.revoked_at else ""))


def _restated(added: Sequence[JudgedAct], standing: Mapping[ActAbout, Act]) -> list[JudgedAct]:
    """Of what cannot be taken back the last word holds: what held before is said again after what is only to be on record."""
    rest = [one for one in added if one.act.kind not in SAID_OF_FRAMES]
    again = {one.act.about: standing[one.act.about] for one in rest if one.verdict in {Verdict.CONFLICT, Verdict.OLDER}}
    return [*rest, *(JudgedAct(act, Verdict.SAME) for act in again.values())]


# --- within a transaction ---------------------------------------------------------------------------------------------


def _add_said(added: Sequence[JudgedAct], models: set[str], connection: Connection, step: int, by: str, at: datetime) -> None:
    """Labels, marks and notes. What does not hold is taken back by who takes it in, so that no word is put into a reader's mouth."""
    fresh = [one for one in added if one.verdict not in _KNOWN]
    if fresh:
        connection.execute(insert(CORRECTIONS), [_correction(one.act, models, step) for one in fresh])
    ids = connection.scalars(select(CORRECTIONS.c.id).where(CORRECTIONS.c.step == step).order_by(CORRECTIONS.c.id)).all()
    words: list[dict[str, Any]] = []
    for row, one in zip(ids, fresh, strict=True):
        if one.act.revoked_at:
            words.append(_word(row, one.act.revoked_by, one.act.revoked_at))
        elif one.verdict in {Verdict.CONFLICT, Verdict.OLDER}:
            words.append(_word(row, by, at))
    for one in added:
        if one.verdict in _KNOWN and one.act.revoked_at:
            row = _row_of(one.act, connection)
            words.append(_word(row, one.act.revoked_by, one.act.revoked_at))
            words += [_word(row, by, at, revoked=False)] if one.verdict is Verdict.DISPUTED else []
    if words:
        connection.execute(insert(REVOCATIONS), words)


def _correction(act: Act, models: set[str], step: int) -> dict[str, Any]:
    told = {"image": act.sha256, "label": act.value, "reader": act.reader, "at": act.at, "said": act.kind, "blind": act.blind}
    return {**told, "bundle": act.model if act.model in models else None, "answer": act.answer or None, "step": step}


def _word(row: int, reader: str, at: datetime, *, revoked: bool = True) -> dict[str, Any]:
    """Of no step: undoing that this was taken in must not give again what did not hold."""
    return {"correction": row, "revoked": revoked, "reader": reader, "at": at, "step": None}


def _row_of(act: Act, connection: Connection) -> int:
    columns = CORRECTIONS.c
    same = (columns.image == act.sha256, columns.said == act.kind, columns.label == act.value, columns.reader == act.reader)
    found: int | None = connection.scalars(select(columns.id).where(*same, columns.at == act.at).order_by(columns.id)).first()
    assert found is not None  # noqa: S101  # it is known by just these
    return found


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
