"""Where the pictures of a DICOM file lie among the items of its coded pixel data: counted, whatever the file says of their number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from endodesk.imaging.reading.dicom.dicom_parts import CutShort, Damaged, fragments_of

Spans = tuple[tuple[int, int], ...]
_BEGINNINGS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  ")


@dataclass(frozen=True, slots=True)
class CodedFrames:
    """A file's coded pictures."""

    data: bytes
    spans: tuple[Spans, ...]
    """Of each picture, from where to where its pieces lie."""

    def code(self, index: int) -> bytes:
        """One picture's code in one piece."""
        return b"".join(self.data[start:end] for start, end in self.spans[index])


@dataclass(frozen=True, slots=True)
class Offsets:
    """What the file says outside of its pixel data of where its pictures are."""

    claimed: int
    """Number of pictures."""
    starts: tuple[int, ...] = ()
    """Of the extended table of offsets, from the first byte behind the basic table."""


def coded_frames(data: bytes, start: int, end: int, said: Offsets, *, runs: bool) -> CodedFrames:
    """`runs`: coded as RLE, of which each picture is one piece.

    CutShort where the file ends too early for what it announces, Damaged where pieces cannot be told apart.
    """
    items, ended = fragments_of(data, start, end)
    if not items:
        raise CutShort
    (first, behind), pieces = items[0], tuple(items[1:])
    if not pieces:
        raise CutShort if not ended else Damaged
    starts = said.starts or tuple(int.from_bytes(data[at : at + 4], "little") for at in range(first, behind, 4))
    frames = _by_offsets(pieces, starts, behind) or _by_beginnings(data, pieces, said.claimed, _begins_runs if runs else _begins)
    if frames is None:
        raise Damaged
    if not ended and len(frames) < max(said.claimed, len(starts)):
        raise CutShort
    return CodedFrames(data, frames)


def _by_offsets(pieces: Spans, starts: Sequence[int], origin: int) -> tuple[Spans, ...] | None:
    """None where there is no table, or where it points elsewhere than to pieces."""
    numbers = {start - 8 - origin: number for number, (start, _) in enumerate(pieces)}
    if not starts or starts[0] != 0 or any(one >= other for one, other in pairwise(starts)):
        return None
    if not all(offset in numbers for offset in starts):
        return None
    if len(starts) == 1 and len(pieces) > 1:  # some write one offset for any number of pictures
        return None
    bounds = [*(numbers[offset] for offset in starts), len(pieces)]
    return tuple(pieces[at:to] for at, to in pairwise(bounds))


def _by_beginnings(data: bytes, pieces: Spans, claimed: int, begins: Callable[[bytes], bool]) -> tuple[Spans, ...] | None:
    """A picture goes on until the next piece that begins as a coded picture does. None where their number is not the claimed one."""
    heads = [number for number, (start, _) in enumerate(pieces) if begins(data[start : start + 64])]
    if not heads or heads[0] != 0:
        if claimed == 1:
            return (pieces,)
        return tuple((piece,) for piece in pieces) if claimed >= len(pieces) else None
    bounds = [*heads, len(pieces)]
    return tuple(pieces[at:to] for at, to in pairwise(bounds))


def _begins(head: bytes) -> bool:
    return head.startswith(_BEGINNINGS)


def _begins_runs(head: bytes) -> bool:
    """The header of RLE: how many segments, and where the first is: right behind."""
    return len(head) == 64 and 1 <= int.from_bytes(head[:4], "little") <= 15 and head[4:8] == b"\x40\x00\x00\x00"
