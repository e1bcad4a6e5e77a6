"""Mutated files: thousands of damaged pictures, DICOM files and films, read as the product does.

    python -m tests.truth.mutated --n 2000 --seed 0

Counts crashes, errors that are no sentence, readings of more than 5 s, of more than 1.5 GB, and files with a wrong sum that are shown.
"""

import argparse
import os
import random
import sys
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from .files.all_cases import all_cases
from .files.case import Case, Film, Missing
from .reader import Reader

LIMIT_S, LIMIT_MB = 5.0, 1536
_LENGTHS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_SEEDS = 12
KINDS = ("jpeg", "png", "tiff", "bmp", "webp", "misnamed", "dicom", "film")


@dataclass(frozen=True, slots=True)
class Tried:
    """What one mutated file came to."""

    kind: str
    name: str
    shown: bool
    failed: str
    """A crash, a hang, a file that must not be shown; empty if all is well."""
    wall_s: float
    peak_mb: float
    said: bool
    """Whether a line reached stderr."""


def mutate(data: bytes, seed: int) -> bytes:
    """The file, damaged in one to three ways: bits, bytes, lengths, cuts, parts doubled or moved. The same for the same seed."""
    chance, out = random.Random(seed), bytearray(data)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(min(len(out), 600)) if chance.random() < 0.5 else chance.randrange(len(out))
        way = chance.randrange(6)
        if way == 0:
            out[place] ^= 1 << chance.randrange(8)
        elif way == 1:
            for at in range(place, min(place + chance.randint(1, 12), len(out))):
                out[at] = chance.randrange(256)
        elif way == 2:
            size, order = chance.choice((1, 2, 4)), chance.choice(("little", "big"))
            out[place : place + size] = (chance.choice(_LENGTHS) & ((1 << 8 * size) - 1)).to_bytes(size, order)
        elif way == 3:
            del out[max(place, 16) :]
        elif way == 4:
            part = bytes(out[place : place + chance.randint(1, 400)])
            at = chance.randrange(len(out))
            out[at : at + chance.choice((0, len(part)))] = part
        else:
            del out[place : place + chance.randint(1, 60)]
    return bytes(out) if out and bytes(out) != data else data[: len(data) // 2]


def seeds() -> list[Case]:
    """A dozen cases of each kind, spread over it, that hold a picture."""
    chosen: list[Case] = []
    cases = [case for case in all_cases() if case.right or isinstance(case, Film)]
    for kind in dict.fromkeys(case.kind for case in cases):
        those = [case for case in cases if case.kind == kind]
        chosen += [those[index * len(those) // _SEEDS] for index in range(_SEEDS)]
    return chosen


def tried(count: int, *, seed: int = 0, kinds: Container[str] = KINDS) -> Iterator[Tried]:
    """So many, of these kinds in turn."""
    with TemporaryDirectory() as folder:
        reader, cases = Reader(Path(folder), limit_s=LIMIT_S + 25, limit_mb=LIMIT_MB), _shuffled(seed, kinds)
        whole: dict[str, bytes] = {}
        try:
            for number in range(count):
                case = cases[number % len(cases)]
                path = Path(folder) / case.name
                try:
                    data = whole.get(case.name) or _made(case, path)
                except Missing:
                    continue
                whole[case.name] = data
                path.write_bytes(mutate(data, seed * 1_000_003 + number))
                yield _one(case, path, reader, number)
        finally:
            reader.close()


def _shuffled(seed: int, kinds: Container[str]) -> list[Case]:
    cases = [case for case in seeds() if case.kind in kinds]
    random.Random(seed).shuffle(cases)
    return cases


def _made(case: Case, path: Path) -> bytes:
    case.make(path)
    return path.read_bytes()


def _one(case: Case, path: Path, reader: Reader, number: int) -> Tried:
    answer = reader.read(path, film=isinstance(case, Film))
    failed = answer.failed if not answer.frames else ""
    if answer.wall_s > LIMIT_S:
        failed = f"took {answer.wall_s:.1f} s"
    if answer.peak_mb > LIMIT_MB:
        failed = f"took {answer.peak_mb:.0f} MB"
    if case.kind == "png" and answer.frames and _has_a_wrong_sum(path.read_bytes()):
        failed = "shown, though a sum of its picture is wrong"
    return Tried(
        case.kind, f"{case.name}, mutation {number}", bool(answer.frames), failed, answer.wall_s, answer.peak_mb, bool(answer.said)
    )


def _has_a_wrong_sum(png: bytes) -> bool:
    """Of its header, its palette or its pixels."""
    place = 8
    while place + 12 <= len(png):
        length, kind = int.from_bytes(png[place : place + 4], "big"), png[place + 4 : place + 8]
        told = png[place + 8 + length : place + 12 + length]
        if kind in (b"IHDR", b"PLTE", b"IDAT") and told != zlib.crc32(png[place + 4 : place + 8 + length]).to_bytes(4, "big"):
            return True
        if kind == b"IEND":
            return False
        place += 12 + length
    return False


def main() -> None:
    """Exit code 1 if one failed."""
    options = argparse.ArgumentParser()
    options.add_argument("--n", type=int, default=2000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--kind", default=",".join(KINDS), help="only these, with commas between")
    asked = options.parse_args()
    out, found = Console(width=180, highlight=False), []
    for one in tried(asked.n, seed=asked.seed, kinds=asked.kind.split(",")):
        found.append(one)
        if one.failed:
            out.print(f"FAILED {one.kind}/{one.name}: {one.failed}", markup=False)
    table = Table("kind", "files", "shown", "refused", "failed", "stderr", "longest s", "peak MB")
    kinds = dict.fromkeys(one.kind for one in found)
    for kind in [*kinds, ""]:
        those = [one for one in found if kind in ("", one.kind)]
        counts = [len(those), sum(one.shown for one in those), sum(not one.shown for one in those), sum(bool(one.failed) for one in those)]
        longest, peak = max(one.wall_s for one in those), max(one.peak_mb for one in those)
        table.add_row(kind or "all", *map(str, counts), str(sum(one.said for one in those)), f"{longest:.1f}", f"{peak:.0f}")
    out.print(table)
    sys.exit(int(any(one.failed for one in found)))


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
