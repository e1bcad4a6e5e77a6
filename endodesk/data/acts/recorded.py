"""All acts that a project's tables hold, in the order in which they were done."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, Table, select

from endodesk.data.chain.moment import Cut, cut_at
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.schema import CONCLUSIONS, CORRECTIONS, IMAGES, MERGES, OVERRIDES, PROMOTIONS, REVOCATIONS
from endodesk.domain.acts import SAID_OF_FRAMES, Act, ActKey, OtherAct, outline_text
from endodesk.domain.images import proven_size, sha256_of
from endodesk.domain.overrides import outline_of


class Word(NamedTuple):
    """That an act was taken back, or given again: by whom and when."""

    revoked: bool
    reader: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """An act, and of one that is said of a frame its row, its step, and every word on it with the step of that."""

    act: Act
    row: int = 0
    step: int | None = None
    words: tuple[tuple[Word, int | None], ...] = ()


def recorded_acts(connection: Connection, as_of: datetime | None = None, reader: str = "") -> list[Act]:
    """All acts, or those that the record held `as_of` then, or by one `reader`; what was taken back later stands."""
    found = each_once(connection, cut_at(connection, as_of), frame_sizes(connection)).values()
    return [one.act for one in found if not reader or one.act.reader == reader]


def each_once(connection: Connection, cut: Cut, sizes: Mapping[str, tuple[int, int]]) -> dict[ActKey, RecordedAct]:
    """Acts by their keys. What was said once more, after what came from elsewhere and is older, has its later place.

    By `sizes` they tell how large their frames are.
    """
    found: dict[ActKey, RecordedAct] = {}
    for one in _recorded(connection, cut, sizes):
        key = one.act.key
        found.pop(key, None)
        found[key] = one
    return found


def _recorded(connection: Connection, cut: Cut, sizes: Mapping[str, tuple[int, int]]) -> Iterator[RecordedAct]:
    words = _words(connection, cut)

    def correction(row: Row[Any]) -> RecordedAct:
        size, on_it = sizes.get(row.image, (0, 0)), words.get(row.id, ())
        back = on_it[-1][0] if on_it and on_it[-1][0].revoked else None
        act = Act(
            _said(row.said),
            row.label,
            sha256=sha256_of(row.image),
            reader=row.reader,
            at=row.at,
            blind=row.blind,
            model=row.bundle or "",
            answer=row.answer or "",
            width=size[0],
            height=size[1],
            revoked_at=back.at if back else None,
            revoked_by=back.reader if back else "",
        )
        return RecordedAct(act, row.id, row.step, tuple(on_it))

    def override(row: Row[Any]) -> RecordedAct:
        width, height = (row.width, row.height) if row.image is None else sizes.get(row.image, (0, 0))
        value = "" if row.outline is None else outline_text(outline_of(json.loads(row.outline)))
        return RecordedAct(Act(row.part, value, sha256=row.image or "", reader=row.reader, at=row.at, width=width, height=height))

    readers: list[tuple[Select[Any], Callable[[Row[Any]], RecordedAct], RowKind]] = [
        (_all(CORRECTIONS, cut), correction, RowKind.LABEL),
        (_all(OVERRIDES, cut), override, RowKind.OUTLINE),
        (_all(MERGES, cut), _merge, RowKind.MERGE),
        (_all(CONCLUSIONS, cut), _conclusion, RowKind.CONCLUSION),
        (_all(PROMOTIONS, cut), _promotion, RowKind.MODEL),
    ]
    for query, build, kind in readers:
        yield from read_rows(connection, query, build, kind)


def _all(table: Table, cut: Cut) -> Select[Any]:
    return select(table).where(cut.holds(table)).order_by(table.c.id)


def _words(connection: Connection, cut: Cut) -> dict[int, list[tuple[Word, int | None]]]:
    """Of each correction that was ever taken back all words on it by then, each with its step."""
    found: dict[int, list[tuple[Word, int | None]]] = defaultdict(list)

    def word(row: Row[Any]) -> tuple[int, Word, int | None]:
        return row.correction, Word(row.revoked, row.reader, row.at), row.step

    for correction, said, step in read_rows(connection, _all(REVOCATIONS, cut), word, RowKind.LABEL):
        found[correction].append((said, step))
    return found


def frame_sizes(connection: Connection) -> dict[str, tuple[int, int]]:
    """Width and height of every frame, in pixels."""
    query = select(IMAGES.c.sha256, IMAGES.c.width, IMAGES.c.height)
    return dict(read_rows(connection, query, lambda row: (row.sha256, proven_size(row.width, row.height)), RowKind.FILE))


def _said(kind: str) -> str:
    if kind not in SAID_OF_FRAMES:
        raise ValueError(f"not said of a frame: {kind!r:.80}")
    return kind


def _merge(row: Row[Any]) -> RecordedAct:
    kind = OtherAct.TOGETHER if row.joined else OtherAct.APART
    return RecordedAct(Act(kind, sha256_of(row.image_b), sha256=sha256_of(row.image_a), reader=row.reader, at=row.at))


def _conclusion(row: Row[Any]) -> RecordedAct:
    return RecordedAct(Act(OtherAct.CONCLUSION, row.text, reader=row.reader, at=row.at, answer=row.finding, case=row.case))


def _promotion(row: Row[Any]) -> RecordedAct:
    return RecordedAct(Act(OtherAct.PROMOTION, row.why, reader=row.reader, at=row.at, model=row.bundle))
