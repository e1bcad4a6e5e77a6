"""The truth test: `make truth`. Writes one picture in every format it can, reads each file through the product, compares pixels.

    python -m tests.truth [--kind png,film] [--only NAME] [--json FILE] [--confirm]
    python -m tests.truth --compare BEFORE.json AFTER.json     what was right before and is shown otherwise now

Another tree is judged by PYTHONPATH=TREE python -m tests.truth, from this one.
"""

import argparse
import json
import os
import shutil
import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from .files.all_cases import all_cases, sample
from .files.case import Case, Missing
from .judge import CRASH, REFUSED, RIGHT, SKIPPED, WRONG, Right, Verdict, judge, prepare
from .reader import Reader

_AHEAD = 8


def main() -> None:
    """Exit code 1 if a file is shown wrong or kills the reader."""
    options = argparse.ArgumentParser()
    options.add_argument("--kind", help="only these, with commas between")
    options.add_argument("--only", default="", help="only names that hold this")
    options.add_argument("--sample", type=int, default=0, help="so many of all, the same each time")
    options.add_argument("--json", type=Path, help="write all verdicts here")
    options.add_argument("--confirm", action="store_true", help="ask ImageMagick and dcmtk whether the right values are right")
    options.add_argument("--compare", nargs=2, type=Path, metavar=("BEFORE", "AFTER"))
    asked = options.parse_args()
    if asked.compare:
        sys.exit(_compare(*asked.compare))
    cases = [case for case in all_cases() if not asked.kind or case.kind in asked.kind.split(",")]
    cases = [case for case in cases if asked.only in case.name]
    verdicts = verdicts_on(sample(cases, asked.sample) if asked.sample else cases, confirm=asked.confirm)
    if asked.json:
        asked.json.write_text(json.dumps([verdict.plain() for verdict in verdicts], indent=1), "utf-8")
    _print(verdicts)
    sys.exit(int(any(verdict.verdict in (WRONG, CRASH) for verdict in verdicts)))


def verdicts_on(cases: Iterable[Case], *, confirm: bool = False) -> list[Verdict]:
    """One after the other, in a child process; the next files are made meanwhile."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        reader = Reader(Path(folder))
        try:
            return [_verdict(*made, reader, confirm) for made in _made(cases, Path(folder), pool)]
        finally:
            reader.close()


def _made(cases: Iterable[Case], folder: Path, pool: ThreadPoolExecutor) -> Iterator[tuple[Case, Path, Future[Right]]]:
    """In their order, never many ahead: a film and what is right of it are some megabytes."""
    waiting: deque[tuple[Case, Path, Future[Right]]] = deque()
    for number, case in enumerate(cases):
        place = folder / str(number)
        waiting.append((case, place, pool.submit(prepare, case, place)))
        if len(waiting) > _AHEAD:
            yield waiting.popleft()
    yield from waiting


def _verdict(case: Case, folder: Path, right: Future[Right], reader: Reader, confirm: bool) -> Verdict:
    try:
        return judge(case, folder, right.result(), reader, confirm=confirm)
    except Missing as missing:
        return Verdict(case.kind, case.name, SKIPPED, str(missing))
    finally:
        shutil.rmtree(folder)


def _print(verdicts: list[Verdict]) -> None:
    out, words = Console(width=200, highlight=False), (RIGHT, REFUSED, WRONG, CRASH, SKIPPED)
    table = Table("kind", "files", *words, "stderr", "doubted", "s")
    for kind in [*dict.fromkeys(verdict.kind for verdict in verdicts), ""]:
        those = [verdict for verdict in verdicts if kind in ("", verdict.kind)]
        counts = Counter(verdict.verdict for verdict in those)
        more = [sum(bool(verdict.said) for verdict in those), sum(bool(verdict.doubt) for verdict in those)]
        table.add_row(
            kind or "all", *(str(n) for n in [len(those), *(counts[word] for word in words), *more]), f"{sum(v.wall_s for v in those):.1f}"
        )
    out.print(table)
    for verdict in verdicts:
        if verdict.verdict in (WRONG, CRASH, SKIPPED):
            out.print(f"{verdict.verdict:8} {verdict.kind}/{verdict.name}: {verdict.why}", markup=False)
    for verdict in verdicts:
        if verdict.doubt:
            out.print(f"doubted  {verdict.kind}/{verdict.name}: {verdict.doubt}", markup=False)


def _compare(before: Path, after: Path) -> int:
    """Of cases that were right: which show other pixels now. 1 if one of them is not right any more."""
    old, new = ({one["name"]: one for one in json.loads(path.read_text("utf-8"))} for path in (before, after))
    out, worse = Console(width=200, highlight=False), 0
    for name, was in old.items():
        now = new.get(name)
        if was["verdict"] != RIGHT or now is None or now["pixels"] == was["pixels"]:
            continue
        worse += now["verdict"] != RIGHT
        out.print(f"{was['kind']}/{name}: {was['shown']} -> {now['verdict']} {now['shown'] or now['why']}", markup=False)
    out.print(f"{len(old)} before, {len(new)} now; right before and not right now: {worse}")
    return int(worse > 0)


if __name__ == "__main__":
    _started = time.monotonic()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        main()
    finally:
        Console().print(f"{time.monotonic() - _started:.0f} s")
