"""The file of a label pack: a line with a signed heading, then the record's chain as it is exported, a JSON object a line."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from io import BufferedReader
from pathlib import Path
from typing import Any, Self

from endodesk.data.chain.chain_lines import BrokenLine, Chain, proven_lines, read_chains
from endodesk.data.chain.rows import line_of
from endodesk.domain.errors import BadRequest
from endodesk.domain.shown_text import visible
from endodesk.system.plain_files import open_plain
from endodesk.system.signing import is_signed
from endodesk.system.task import TaskContext

ENDING = ".pack"
_BEGINNING = b'{"heading":'
_FORMAT, _VERSION = "EndoDesk label pack", 1
_MOST_BYTES = 512 * 1024 * 1024
"""A million labels have some 700 MB as they are given singly, 400 as they are given by hundreds."""
_LONGEST_LINE = 64 * 1024 * 1024
_LONGEST_NAME = 1000


# Why: docs/decisions/data.md 26
@dataclass(frozen=True, slots=True)
class Heading:
    """What is signed: whose pack this is, and by the last digest all of the chain."""

    name: str
    """Who made it, as they call themselves."""
    key: str
    """Public, hexadecimal."""
    made: str
    """ISO 8601, UTC."""
    events: int
    """Of the record's own chain."""
    digest: str
    """Of the last of them."""
    format: str = _FORMAT
    version: int = _VERSION

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """TypeError or ValueError if it is none."""
        heading = cls(**told)
        if any(type(told.get(field.name)) is not field.type for field in fields(cls)) or heading.format != _FORMAT:
            raise ValueError("no heading of a pack")
        name = heading.name
        if not name or name != visible(name).strip() or len(name.encode()) > _LONGEST_NAME:  # none may look like another
            raise ValueError("nobody is named")
        return heading

    @property
    def signed_bytes(self) -> bytes:
        """What the signature is of."""
        return line_of(asdict(self)).encode()


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A pack whose signature and chains hold."""

    heading: Heading
    chains: list[Chain]
    """The record's own first."""
    lines: list[str]
    """All events."""


def write_pack(path: Path, heading: Heading, sign: Callable[[bytes], str], lines: Iterable[str]) -> None:
    """To a name that `endodesk.system.atomic` gave. BrokenLine if the chain does not hold; OSError."""
    with path.open("w", encoding="ascii", newline="\n") as stream:
        stream.write(line_of({"heading": asdict(heading), "signature": sign(heading.signed_bytes)}) + "\n")

        def written() -> Iterator[str]:
            for line in lines:
                stream.write(line + "\n")
                yield line

        for _ in proven_lines(written()):
            pass


def is_pack(path: Path) -> bool:
    """Whether a file begins as packs do. OSError or ValueError if it cannot be read."""
    if path.is_dir():
        return False
    with open_plain(path) as stream:
        return stream.read(len(_BEGINNING)) == _BEGINNING


def read_pack(path: Path, task: TaskContext) -> Pack:
    """Proven before anything of it is used. BadRequest that names the line; OSError, Cancelled."""
    with open_plain(path) as stream:
        total = stream.seek(0, 2)
        stream.seek(0)
        if total > _MOST_BYTES:
            raise BadRequest(f"it is larger than {_MOST_BYTES >> 20} MB")
        coming = _lines_of(stream, total, task)
        heading = _proven_heading(next(coming, ""))
        lines: list[str] = []

        def kept() -> Iterator[str]:
            for line in coming:
                lines.append(line)
                yield line

        chains = read_chains(kept(), first=2)
    _require_signed(chains[0], heading)
    return Pack(heading, chains, lines)


def _require_signed(own: Chain, heading: Heading) -> None:
    """The chain is the one whose end stands in the heading; its first event is in line 2."""
    if own.events < heading.events:
        raise BrokenLine(f"Line {own.events + 2}: event {own.events + 1} of {heading.events} is missing.")
    if own.events > heading.events:
        raise BrokenLine(f"Line {heading.events + 2}: event {heading.events + 1} was added after it was signed.")
    if own.digest != heading.digest:
        raise BrokenLine(f"Line {own.events + 1}: event {own.events} is not the one that was signed.")


def _lines_of(stream: BufferedReader, total: int, task: TaskContext) -> Iterator[str]:
    """Without their ends."""
    number = 0
    while line := stream.readline(_LONGEST_LINE + 1):
        number += 1
        task.report(stream.tell(), total, "reading")
        if len(line) > _LONGEST_LINE:
            raise BrokenLine(f"Line {number} is too long.")
        if not line.endswith(b"\n") or not line.isascii():
            raise BrokenLine(f"Line {number} was changed, or cut off.")
        yield line[:-1].decode("ascii")


def _proven_heading(line: str) -> Heading:
    try:
        told = json.loads(line)
        if isinstance(told["heading"].get("version"), int) and told["heading"]["version"] > _VERSION:
            raise BadRequest("it was made by a newer EndoDesk; take it in with that")
        heading = Heading.of(told["heading"])
        is_whole = line_of(told) == line and len(told) == 2 and is_signed(heading.signed_bytes, told["signature"], heading.key)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BrokenLine("Line 1 was changed: it is no heading of a pack.") from error
    if not is_whole:
        raise BrokenLine("Line 1 was changed: it is not as it was signed.")
    return heading
