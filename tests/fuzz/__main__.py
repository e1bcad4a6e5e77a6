"""Fuzzing: files that may come from anybody, mutated from a seed, read as the product does, in a child with limits on time and memory.

    python -m tests.fuzz --n 300 --seed 0

So many of each kind, after what failed once, which lies in tests/fuzz/corpus. (Pictures, DICOM files and films: tests/truth/mutated.py.)
"""

import argparse
import random
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.limited_child import LimitedChild, answer_lines
from tests.truth.mutated import mutate

from .parsers import PARSERS, Parser

LIMIT_S, LIMIT_MB = 15.0, 2048
CORPUS = Path(__file__).with_name("corpus")
_WORD = re.compile(rb'"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null')
_WORDS = (
    b"null", b"true", b"-1", b"0", b"1e999", b"NaN", b"9" * 400, b'""', b'"\\u0000"', b'"../../x"', b"[]", b"{}", b"[" * 3000,
    b'{"a":' * 3000,
    b'"' + b"x" * 3000 + b'"', b'"\xff"', b"1.5", b'"nan"', b"[[0.1]]", b"0001-01-01", b"@Invalid()", b"@Variant(\\0\\0\\0)", b"\xf0\x9f",
)  # fmt: skip
"""What a value is exchanged for, in files of text."""


@dataclass(frozen=True, slots=True)
class Read:
    """What reading one mutated file came to."""

    parser: str
    seed: int
    taken: bool
    failed: str
    """A crash, a hang, or an error that is no sentence; empty if all is well."""
    wall_s: float
    peak_mb: float
    data: bytes


def mutated(parser: Parser, seed: int) -> bytes:
    """A whole file of the kind, damaged: bytes as pictures are, or one to three of its words exchanged. The same for the same seed."""
    chance = random.Random(seed)
    data = chance.choice(parser.whole())
    if chance.random() < 0.5 or not _WORD.search(data):
        return mutate(data, seed)
    for _ in range(chance.randint(1, 3)):
        if words := list(_WORD.finditer(data)):
            word = chance.choice(words)
            data = data[: word.start()] + chance.choice(_WORDS) + data[word.end() :]
    return data


def read_all(count: int, *, seed: int = 0, names: Iterable[str] = tuple(PARSERS)) -> Iterator[Read]:
    """What failed once, then so many new ones of each kind."""
    with TemporaryDirectory(prefix="endodesk-fuzz-") as folder:
        root = Path(folder)
        homes = {f"XDG_{name}_HOME": str(root / "home" / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        child = LimitedChild("tests.fuzz", limit_s=LIMIT_S, limit_mb=LIMIT_MB, environment=homes | {"QT_QPA_PLATFORM": "offscreen"})
        try:
            for name in names:
                kept = [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))]
                for number, data in enumerate(kept):
                    yield _one(child, root, PARSERS[name], data, -number - 1)
                for number in range(count):
                    yield _one(child, root, PARSERS[name], mutated(PARSERS[name], seed * 1_000_003 + number), number)
        finally:
            child.close()


def _one(child: LimitedChild, root: Path, parser: Parser, data: bytes, number: int) -> Read:
    place = root / "in" / parser.file
    shutil.rmtree(root / "in", ignore_errors=True)
    place.parent.mkdir(parents=True)
    place.write_bytes(data)
    reply = child.ask([parser.name, str(place)])
    if reply.told is None:
        return Read(parser.name, number, False, reply.failed, reply.wall_s, 0.0, data)
    return Read(parser.name, number, reply.told["taken"], reply.told["failed"], reply.wall_s, reply.peak_mb, data)


def tried(parser: Parser, path: Path) -> dict[str, Any]:
    """Whether the file was taken, and whether reading it failed otherwise than by a sentence."""
    from endodesk.domain.errors import EndoDeskError

    try:
        parser.read(path)
    except EndoDeskError as error:
        return {"taken": False, "failed": "" if str(error) else "a refusal without a sentence"}
    except Exception as error:
        return {"taken": False, "failed": f"{type(error).__name__}: {error}"[:300]}
    return {"taken": True, "failed": ""}


def child() -> None:
    """Reads one file a line."""
    answer_lines(lambda question: tried(PARSERS[question[0]], Path(question[1])))


def main() -> None:
    """Exit code 1 if one failed."""
    options = argparse.ArgumentParser()
    options.add_argument("--n", type=int, default=300)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--only", default=",".join(PARSERS), help="kinds, with commas between")
    options.add_argument("--keep", action="store_true", help="put what failed into the corpus")
    asked = options.parse_args()
    out, found = Console(width=200, highlight=False, markup=False), []
    for one in read_all(asked.n, seed=asked.seed, names=asked.only.split(",")):
        found.append(one)
        if one.failed:
            out.print(f"FAILED {one.parser}, mutation {one.seed}: {one.failed}")
            if asked.keep and one.seed >= 0:
                (CORPUS / one.parser).mkdir(parents=True, exist_ok=True)
                (CORPUS / one.parser / f"{asked.seed}-{one.seed}").write_bytes(one.data)
    table = Table("kind", "files", "taken", "refused", "failed", "longest s", "peak MB")
    for name in dict.fromkeys(one.parser for one in found):
        those = [one for one in found if one.parser == name]
        taken, failed = sum(one.taken for one in those), sum(bool(one.failed) for one in those)
        longest, peak = max(one.wall_s for one in those), max(one.peak_mb for one in those)
        table.add_row(name, *map(str, (len(those), taken, len(those) - taken - failed, failed)), f"{longest:.1f}", f"{peak:.0f}")
    out.print(table)
    sys.exit(int(any(one.failed for one in found)))


if __name__ == "__main__":
    child() if len(sys.argv) == 2 and sys.argv[1].isdecimal() else main()
