"""Faults from outside, tried at length: `python -m tests.faults`, or `make faults`.

    python -m tests.faults --record 200 --disk 2000 --killed 200 --seed 0

`--record`: what other programs do to the project's file, at random moments, while a real window labels. `--disk`: the first so many
writes and flushes fail, one a run. `--killed`: the program is killed while it labels and its backups
are being made. Ends with 1 if a label that was given is missing, or one that was not is there, or a backup is torn.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track
from rich.table import Table

from .disk import build_shim, run
from .killed import killed_runs
from .record import HARMLESS, runs


def main() -> int:
    """Try, print, and say whether all was well."""
    options = argparse.ArgumentParser()
    options.add_argument("--record", type=int, default=200)
    options.add_argument("--disk", type=int, default=2000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--killed", type=int, default=200)
    asked, out = options.parse_args(), Console()
    with TemporaryDirectory(prefix="faults-") as folder:
        wrong = _record(Path(folder) / "record", asked.record, asked.seed, out) + _disk(Path(folder), asked.disk, asked.seed, out)
        wrong += _killed(Path(folder) / "killed", asked.killed, asked.seed, out)
    return int(wrong > 0)


def _record(folder: Path, number: int, seed: int, out: Console) -> int:
    table = Table(
        "fault", "runs", "killed", "labels lost", "not given, there", "refused, there", "not told", "longest key, ms", "of a processor"
    )
    tried = runs(folder, number, seed) if number else ()
    found = list(track(tried, "other programs", total=number, console=out))
    for fault in dict.fromkeys(one.fault for one in found):
        these = [one for one in found if one.fault == fault]
        sums = (sum(one.lost for one in these), sum(one.unasked for one in these), sum(one.refused_there for one in these))
        told = sum(not one.was_told for one in these)
        longest = (max(one.longest_ms for one in these), max(one.own_ms for one in these))
        table.add_row(fault, *map(str, (len(these), sum(one.killed for one in these), *sums, told)), *(f"{ms:.0f}" for ms in longest))
    out.print(table)
    return sum(one.lost + one.unasked + (not one.was_told and one.fault not in HARMLESS) for one in found)


def _killed(folder: Path, number: int, seed: int, out: Console) -> int:
    found = list(killed_runs(folder, number, seed))
    total = {name: sum(getattr(one, name) for one in found) for name in ("acknowledged", "lost", "unasked", "unsound", "in_the_making")}
    out.print(f"The program was killed {len(found)} times while it labelled and copied: {total}")
    return total["lost"] + total["unasked"] + total["unsound"]


def _disk(folder: Path, number: int, seed: int, out: Console) -> int:
    shim = build_shim(folder)
    if shim is None:
        out.print("No C compiler, or no Linux: the disk's faults are not tried.")
        return 0
    total: Counter[str] = Counter()
    for verdict in track(run(shim, folder, range(1, number + 1), seed), "the disk", total=number, console=out):
        total += Counter({name: int(verdict[name]) for name in ("fired", "acknowledged", "refused", "refused_there", "lost", "unasked")})
        total += Counter(runs=1, unsound=int(not verdict["sound"]), crashed=int(bool(verdict["crashed"])))
    out.print(f"The disk failed at the nth write or flush, n = 1 to {number}: {dict(total)}")
    return total["lost"] + total["unasked"] + total["unsound"] + total["crashed"]


if __name__ == "__main__":
    sys.exit(main())
