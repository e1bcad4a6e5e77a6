"""All acts that a project's tables hold, in the order in which they were done."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, select

from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.schema import CONCLUSIONS, CORRECTIONS, IMAGES, MERGES, OVERRIDES, PROMOTIONS, REVOCATIONS
from endodesk.domain.acts import SAID_OF_FRAMES, Act, OtherAct, outline_text
from endodesk.domain.images import proven_size, sha256_of
from endodesk.domain.overrides import outline_of


class _Word(NamedTuple):
    revoked: bool
    reader: str
    at: datetime


def recorded_acts(connection: Connection, as_of: datetime | None = None, reader: str = "") -> list[Act]:
    """All acts, or those that had been done `as_of` then, or by one `reader`; what was taken back later stands."""
    words = _words(connection, as_of)
    sizes = frame_sizes(connection)

    def correction(row: Row[Any]) -> Act:
        word, size = words.get(row.id), sizes.get(row.image, (0, 0))
        back = word if word and word.revoked else None
        return Act(
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

    def override(row: Row[Any]) -> Act:
        width, height = (row.width, row.height) if row.image is None else sizes.get(row.image, (0, 0))
        value = "" if row.outline is None else outline_text(outline_of(json.loads(row.outline)))
        return Act(row.part, value, sha256=row.image or "", reader=row.reader, at=row.at, width=width, height=height)

    readers: list[tuple[Select[Any], Callable[[Row[Any]], Act], RowKind]] = [
        (select(CORRECTIONS).order_by(CORRECTIONS.c.id), correction, RowKind.LABEL),
        (select(OVERRIDES).order_by(OVERRIDES.c.id), override, RowKind.OUTLINE),
        (select(MERGES).order_by(MERGES.c.id), _merge, RowKind.MERGE),
        (select(CONCLUSIONS).order_by(CONCLUSIONS.c.id), _conclusion, RowKind.CONCLUSION),
        (select(PROMOTIONS).order_by(PROMOTIONS.c.id), _promotion, RowKind.MODEL),
    ]
    acts = (act for query, build, kind in readers for act in read_rows(connection, query, build, kind))
    return _each_once(act for act in acts if _is_asked_for(act, as_of, reader))


def _is_asked_for(act: Act, as_of: datetime | None, reader: str) -> bool:
    late = as_of is not None and act.at is not None and act.at > as_of
    return not late and (not reader or act.reader == reader)


def _each_once(acts: Iterable[Act]) -> list[Act]:
    """What was taken in is said once more where it went on holding: of such acts the later place counts."""
    found: dict[object, Act] = {}
    for number, act in enumerate(acts):
        key = number if act.kind in SAID_OF_FRAMES else act.key
        found.pop(key, None)
        found[key] = act
    return list(found.values())


def _words(connection: Connection, as_of: datetime | None) -> dict[int, _Word]:
    """Of each correction that was ever taken back the last word on it by then."""
    query = select(REVOCATIONS).order_by(REVOCATIONS.c.id)
    found = read_rows(connection, query, lambda row: (row.correction, _Word(row.revoked, row.reader, row.at)), RowKind.LABEL)
    return {correction: word for correction, word in found if as_of is None or word.at <= as_of}


def revocation_words(connection: Connection) -> set[tuple[object, ...]]:
    """What was ever taken back, by whom and when: frame, kind, value, reader and time of the act, and of the word on it."""
    act, word = CORRECTIONS.c, REVOCATIONS.c
    columns = (act.image, act.said, act.label, act.reader, act.at, word.reader.label("by"), word.at.label("taken_back"))
    query = select(*columns).select_from(CORRECTIONS.join(REVOCATIONS, word.correction == act.id)).where(word.revoked)
    return set(read_rows(connection, query, tuple, RowKind.LABEL))


def frame_sizes(connection: Connection) -> dict[str, tuple[int, int]]:
    """Width and height of every frame, in pixels."""
    query = select(IMAGES.c.sha256, IMAGES.c.width, IMAGES.c.height)
    return dict(read_rows(connection, query, lambda row: (row.sha256, proven_size(row.width, row.height)), RowKind.FILE))


def _said(kind: str) -> str:
    if kind not in SAID_OF_FRAMES:
        raise ValueError(f"not said of a frame: {kind!r:.80}")
    return kind


def _merge(row: Row[Any]) -> Act:
    kind = OtherAct.TOGETHER if row.joined else OtherAct.APART
    return Act(kind, sha256_of(row.image_b), sha256=sha256_of(row.image_a), reader=row.reader, at=row.at)


def _conclusion(row: Row[Any]) -> Act:
    return Act(OtherAct.CONCLUSION, row.text, reader=row.reader, at=row.at, answer=row.finding, case=row.case)


def _promotion(row: Row[Any]) -> Act:
    return Act(OtherAct.PROMOTION, row.why, reader=row.reader, at=row.at, model=row.bundle)
