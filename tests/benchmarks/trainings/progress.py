"""The time that trainings tell as left, against the time that was left: `python -m tests.benchmarks.trainings.progress FOLDER`.

    python -m tests.benchmarks.trainings.progress /work/shared/data/frames --frames 60 200 --presets quick head default

Trains on class folders as the window does, each set-up on each number of frames `--times` in turn, in a new user folder: the first run
of a kind knows nothing of this PC's speed, later ones do. Told: the error at the end of the first epoch, and from there on the middle one,
the worst while more than ten seconds are left, and the share of all moments within 20 % or 2 s.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from endodesk.dataset.manifest import ManifestRow, scan_class_folder
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.task import TaskContext
from training.plan.config import load_config
from training.plan.launch import launch
from training.plan.run_folder import prepare_run

WITHIN, SECONDS, WORTH_S = 0.2, 2.0, 10.0
CLASSES = ("esophagitis", "polyps", "ulcerative-colitis")


def told_against_true(rows: Sequence[ManifestRow], preset: str, run: Path, cache: Path) -> list[tuple[float, float]]:
    """Train; seconds told and seconds true of each event from the end of the first epoch on."""
    config = load_config(preset)
    prepare_run(run, rows, replace(config, paths=replace(config.paths, cache=str(cache))))
    heard: list[tuple[float, RunEvent]] = []
    launch(run, on_event=lambda event: heard.append((time.monotonic(), event)), task=TaskContext(), polite=True)
    end = heard[-1][0]
    first = next(number for number, (_, event) in enumerate(heard) if event.kind is RunEventKind.EPOCH)
    return [(event.left, end - at) for at, event in heard[first:-1]]


def main() -> None:
    """Train, and print a row a run."""
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--frames", type=int, nargs="+", default=[60, 200])
    options.add_argument("--presets", nargs="+", default=["quick", "head", "default"])
    options.add_argument("--times", type=int, default=2)
    asked, out = options.parse_args(), Console(width=140)
    rows = scan_class_folder(asked.folder, CLASSES, TaskContext()).rows
    table = Table("set-up", "frames", "run", "load", "from the first epoch", "told", "error", "middle", "worst", "within 20 % or 2 s")
    with TemporaryDirectory(prefix="progress-") as name:
        os.environ["XDG_CONFIG_HOME"] = str(Path(name) / "config")
        for frames in asked.frames:
            some = random.Random(5).sample(list(rows), frames)
            for preset in asked.presets:
                for number in range(1, asked.times + 1):
                    place = Path(name) / f"{preset}-{frames}-{number}"
                    pairs = told_against_true(some, preset, place, Path(name) / f"cache-{frames}")
                    row = (preset, frames, number, f"{os.getloadavg()[0]:.1f}", *_figures(pairs))
                    out.print(*row)
                    table.add_row(*map(str, row))
    out.print(table)


def _figures(pairs: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    told, true = pairs[0]
    errors = [abs(t - u) / u for t, u in pairs if u > 0]
    worst = max((abs(t - u) / u for t, u in pairs if u > WORTH_S), default=0.0)
    good = sum(abs(t - u) <= max(WITHIN * u, SECONDS) for t, u in pairs) / len(pairs)
    return f"{true:.1f} s", f"{told:.1f} s", f"{told / true - 1:+.0%}", f"{statistics.median(errors):.0%}", f"{worst:.0%}", f"{good:.0%}"


if __name__ == "__main__":
    main()
