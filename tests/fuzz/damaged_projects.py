"""Damaged projects: a real record with one to five bytes changed, opened as the last project of the window, and by commands.

    python -m tests.fuzz.damaged_projects --n 500 --seed 0

Counts tracebacks, "Something went wrong inside", starts without a window, and what hangs.
"""

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from tests.limited_child import LimitedChild

from .answered_project import damaged_copy, make_project

LIMIT_S, LIMIT_MB = 90.0, 4000
_EACH_CHILD = 50  # windows and models of so many are enough for one process


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening one damaged project came to."""

    seed: int
    failed: tuple[str, ...]
    """Each traceback, death or hang; empty if all is well."""
    warnings: tuple[str, ...] = ()
    """What the window told."""
    codes: tuple[int, ...] = ()
    """Of the commands."""


def opened(count: int, *, seed: int = 0) -> Iterator[Opened]:
    """So many, each from a seed of its own."""
    with TemporaryDirectory(prefix="endodesk-fuzz-") as folder:
        root = Path(folder)
        whole = make_project(root)
        table = root / "labels.csv"
        table.write_text("file,label\npolyps/frame-0.png,esophagitis\npolyps/frame-1.png,\n", "utf-8")
        homes = {f"XDG_{name}_HOME": str(root / "home" / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        child = LimitedChild(
            "tests.fuzz.project_child", limit_s=LIMIT_S, limit_mb=LIMIT_MB, environment=homes | {"QT_QPA_PLATFORM": "offscreen"}
        )
        try:
            for number in range(seed, seed + count):
                place = damaged_copy(whole, root / f"project-{number}", number)
                yield _one(child, place, root, number)
                shutil.rmtree(place, ignore_errors=True)
                if number % _EACH_CHILD == _EACH_CHILD - 1:
                    child.close()
        finally:
            child.close()


def _one(child: LimitedChild, place: Path, root: Path, number: int) -> Opened:
    reply = child.ask([str(place), str(root)])
    if reply.told is None:
        return Opened(number, (reply.failed,))
    told = reply.told
    failed = [*told["failed"], *([] if told["window"] else ["no window"])]
    failed += [text for text in told["warnings"] if "went wrong inside" in text]
    return Opened(number, tuple(failed), tuple(told["warnings"]), tuple(told["commands"].values()))


def main() -> None:
    """Exit code 1 if one failed."""
    options = argparse.ArgumentParser()
    options.add_argument("--n", type=int, default=500)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--all", action="store_true", help="what the window told, too")
    asked = options.parse_args()
    out, found = Console(width=250, highlight=False, markup=False), []
    for one in opened(asked.n, seed=asked.seed):
        found.append(one)
        for text in dict.fromkeys(one.failed):
            out.print(f"FAILED {one.seed}: {text}")
        if asked.all:
            out.print(f"{one.seed}: {one.codes} {one.warnings}")
    bad = sum(bool(one.failed) for one in found)
    told, codes = sum(bool(one.warnings) for one in found), Counter(one.codes for one in found)
    out.print(f"{bad} of {len(found)} damaged projects ended in a traceback, a defect told, no window, or silence.")
    out.print(f"The window told of the damage in {told}; exit codes of the commands: {dict(codes)}")
    sys.exit(int(bool(bad)))


if __name__ == "__main__":
    main()
