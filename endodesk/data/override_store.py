"""OverrideStore: what readers drew by hand, of frames and for all frames of a size. Nothing is ever lost or edited."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, literal_column, or_, select

from endodesk.data.chain.writing import NOTHING_MORE, ActNote
from endodesk.data.connections import Connections
from endodesk.data.proven_rows import RowKind, read_rows
from endodesk.data.references import require_image
from endodesk.data.schema import IMAGES, OVERRIDES, PREDICTIONS
from endodesk.data.step_rows import new_step
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256, proven_size, sha256_of
from endodesk.domain.overrides import FrameOverrides, FrameSize, Outline, Overrides, Part, outline_of


@dataclass(frozen=True, slots=True)
class Override:
    """One act of a reader: from `at` on this outline holds of a part, or the program looks for it itself again."""

    part: Part
    outline: Outline | None
    """Empty: there is none. None: back to what the program finds, or to the rule of the size."""
    reader: str
    at: datetime
    image: Sha256 | None = None
    """The frame that it is about; else `size`."""
    size: FrameSize | None = None

    def __post_init__(self) -> None:
        if (self.image is None) is (self.size is None):
            raise ValueError("an override is about one frame, or about frames of one size")

    @property
    def about(self) -> tuple[Part, Sha256 | FrameSize]:
        """The part, and the frame or size: of overrides about the same only the newest holds."""
        return self.part, self.image or self.size or (0, 0)  # one of the two is there: see __post_init__


_SELECT: Select[Any] = select(OVERRIDES)
_ROW: ColumnElement[int] = literal_column("prediction.rowid")  # DELETE with a LIMIT is not compiled into every SQLite, so rows are named
_AT_ONCE = 2000  # answers a transaction: 100,000 in one hold the window for 0.2 s


# Why: docs/decisions/data.md 6
class OverrideStore:
    """Append-only. Newest means added last, whatever the clock said."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def give(self, overrides: Sequence[Override], *, note: ActNote = NOTHING_MORE) -> int:
        """All of one reader as one step; what models said of a frame drawn on is forgotten with it. The step's number.

        After a rule for a size `drop_stale` is to be called: it may concern very many frames.
        BadRequest if nobody is named or the project lacks a frame, EndoDeskError if it could not be written; then none is added.
        """
        first = overrides[0]
        if not first.reader:
            raise BadRequest("Say who draws the outline.")
        with self._connections.write(note=note) as connection:
            for override in overrides:
                if override.image is not None:
                    require_image(connection, override.image)
            step = new_step(connection, first.reader, first.at)
            add_overrides(connection, overrides, step)
            return step

    def standing(self) -> list[Override]:
        """Of each part of each frame and size what was said last, unless that was to go back to what the program finds."""
        with self._connections.read() as connection:
            return [override for override in standing_overrides(connection) if override.outline is not None]

    def history(self, image: Sha256) -> list[Override]:
        """All that was ever said of a frame itself, oldest first."""
        with self._connections.read() as connection:
            return _read(connection, _SELECT.where(OVERRIDES.c.image == image).order_by(OVERRIDES.c.id))

    def holding(self) -> Overrides:
        """All outlines that hold now, by frame and by size: a snapshot, which jobs may take along."""
        return overrides_of(self.standing())

    def drop_stale(self) -> None:
        """Forget what models said of frames before the rule of their size was another one; some thousand at a time: nobody waits long."""
        with self._connections.read() as connection:
            rules = [override for override in standing_overrides(connection) if override.size is not None]
        for rule in rules:
            stale = select(_ROW).where(PREDICTIONS.c.created < rule.at, PREDICTIONS.c.image.in_(_of_size(rule.size or (0, 0))))
            dropped = _AT_ONCE
            while dropped == _AT_ONCE:
                with self._connections.write() as connection:
                    dropped = connection.execute(delete(PREDICTIONS).where(_ROW.in_(stale.limit(_AT_ONCE)))).rowcount

    def sizes(self, sizes: Iterable[FrameSize]) -> dict[Sha256, FrameSize]:
        """Every frame that the project knows of one of these sizes."""
        with self._connections.read() as connection:
            return _frames_of(connection, sizes)

    def by_frame(self) -> dict[Sha256, FrameOverrides]:
        """What holds now of each frame that the project knows, the rules of sizes worked in."""
        with self._connections.read() as connection:
            held = overrides_of(standing_overrides(connection))
            found = {image: held.of(image, *size) for image, size in _frames_of(connection, held.sizes).items()}
        return {**held.frames, **found}


def overrides_of(standing: Iterable[Override]) -> Overrides:
    """The same by frame and by size; those that say to go back to what the program finds are left out."""
    frames: dict[Sha256, FrameOverrides] = {}
    sizes: dict[FrameSize, FrameOverrides] = {}
    for override in standing:
        if override.outline is None:
            continue
        if override.image is not None:
            frames[override.image] = _with(frames.get(override.image, FrameOverrides()), override)
        elif override.size is not None:
            sizes[override.size] = _with(sizes.get(override.size, FrameOverrides()), override)
    return Overrides(frames, sizes)


def _with(given: FrameOverrides, override: Override) -> FrameOverrides:
    return replace(given, box=override.outline) if override.part is Part.BOX else replace(given, field=override.outline)


# --- within a transaction ---------------------------------------------------------------------------------------------


def add_overrides(connection: Connection, overrides: Sequence[Override], step: int, *, as_dated: bool = False) -> None:
    """Rows, and away with what models said of the frames as they were.

    A rule is of now, when nobody else writes: all answers stored until then are older than it, which is how `drop_stale` tells them.
    `as_dated` rules keep their time, by which they are known again elsewhere; answers of frames of their sizes go at once.
    """
    if not overrides:
        return
    now = datetime.now(UTC)
    words = [override if override.size is None or as_dated else replace(override, at=max(override.at, now)) for override in overrides]
    connection.execute(insert(OVERRIDES), [_values(override, step) for override in words])
    for size in {override.size for override in overrides if override.size} if as_dated else ():
        connection.execute(delete(PREDICTIONS).where(PREDICTIONS.c.image.in_(_of_size(size))))
    images = [override.image for override in overrides if override.image is not None]
    connection.execute(delete(PREDICTIONS).where(PREDICTIONS.c.image.in_(images)))  # they were of frames that are seen otherwise now


def standing_overrides(connection: Connection) -> list[Override]:
    """The newest of each part of each frame and size, also where that says to go back."""
    about = (OVERRIDES.c.image, OVERRIDES.c.width, OVERRIDES.c.height, OVERRIDES.c.part)
    newest = select(func.max(OVERRIDES.c.id)).group_by(*about)
    return read_overrides(connection, OVERRIDES.c.id.in_(newest))


def read_overrides(connection: Connection, which: ColumnElement[bool]) -> list[Override]:
    """Those of which that holds, in the order in which they were drawn."""
    return _read(connection, _SELECT.where(which).order_by(OVERRIDES.c.id))


def turned(connection: Connection, step: int, *, back: bool, reader: str, at: datetime) -> list[Override]:
    """What must be said for a step's overrides to hold no longer (`back`), or to hold again; not where others have spoken since."""

    def word(row: Row[Any]) -> Override | None:
        done = _override(row)
        lines = select(OVERRIDES.c.outline).where(OVERRIDES.c.part == row.part, _about(row)).order_by(OVERRIDES.c.id.desc()).limit(1)
        now, before = _outline(connection.scalar(lines)), _outline(connection.scalar(lines.where(OVERRIDES.c.id < row.id)))
        held, wanted = (done.outline, before) if back else (before, done.outline)
        # of an outline only the newest word counts, so that a row takes another back
        return replace(done, outline=wanted, reader=reader, at=at) if now == held else None

    rows = _SELECT.where(OVERRIDES.c.step == step).order_by(OVERRIDES.c.id)
    return [said for said in read_rows(connection, rows, word, RowKind.OUTLINE) if said]


def held_now(connection: Connection, images: Sequence[Sha256]) -> dict[Sha256, FrameOverrides]:
    """What holds of these frames, of those of which anything does."""
    if connection.scalar(select(OVERRIDES.c.id).limit(1)) is None:  # as in most projects; every batch of answers asks
        return {}
    held = overrides_of(standing_overrides(connection))
    return {image: held.of(image, *size) for image, size in _sizes(connection, IMAGES.c.sha256.in_(images)).items()}


def _frames_of(connection: Connection, sizes: Iterable[FrameSize]) -> dict[Sha256, FrameSize]:
    wanted = list(sizes)
    if not wanted:
        return {}
    of_one = or_(*(and_(IMAGES.c.width == width, IMAGES.c.height == height) for width, height in wanted))
    return _sizes(connection, of_one)


def _sizes(connection: Connection, which: ColumnElement[bool]) -> dict[Sha256, FrameSize]:
    query = select(IMAGES.c.sha256, IMAGES.c.width, IMAGES.c.height).where(which)
    return dict(read_rows(connection, query, lambda row: (sha256_of(row.sha256), proven_size(row.width, row.height)), RowKind.FILE))


def _of_size(size: FrameSize) -> Select[Any]:
    return select(IMAGES.c.sha256).where(IMAGES.c.width == size[0], IMAGES.c.height == size[1])


def _about(row: Row[Any]) -> Any:
    if row.image is not None:
        return OVERRIDES.c.image == row.image
    return and_(OVERRIDES.c.width == row.width, OVERRIDES.c.height == row.height)


def _read(connection: Connection, query: Select[Any]) -> list[Override]:
    return list(read_rows(connection, query, _override, RowKind.OUTLINE))


def _override(row: Row[Any]) -> Override:
    size = None if row.width is None else proven_size(row.width, row.height)
    image = None if row.image is None else sha256_of(row.image)
    return Override(Part(row.part), _outline(row.outline), row.reader, row.at, image, size)


def _outline(text: str | None) -> Outline | None:
    return None if text is None else outline_of(json.loads(text))


def _values(override: Override, step: int) -> dict[str, Any]:
    width, height = override.size or (None, None)
    outline = None if override.outline is None else json.dumps(outline_of(override.outline))
    return {
        "image": override.image,
        "width": width,
        "height": height,
        "part": str(override.part),
        "outline": outline,
        "reader": override.reader,
        "at": override.at,
        "step": step,
    }
