"""A fifth of the training labels flipped, a tenth of the frames corrected: `python -m tests.benchmarks.trainings.flipped_labels FOLDER`.

    python -m tests.benchmarks.trainings.flipped_labels /work/shared/data/frames --out /tmp/flipped --seeds 1 2 3

For each seed a project of its own, in a home of its own below `--out`, with another split. Flipped labels are given from a table, as
`endodesk label` does; then *Probably mislabelled first* is chosen in the window, the frames of the training part that it shows first get
their true class as by key, and a quick update follows. It is held against one from labels that were never flipped, on the test part,
whose labels are never flipped; nor are those of the validation part.

`--start own`: the model that answers, and that the updates go on from, is a head on ImageNet's backbone, trained in the project on
the flipped labels (for the clean update: on the clean ones): nothing in it knows the truth. `--start starter`: the starter, whose
backbone has learnt from these very frames; too easy. FOLDER is only read. A CSV row a seed, and a summary.
"""

import argparse
import csv
import math
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

CLASSES = ("esophagitis", "normal=normal-cecum,normal-pylorus,normal-z-line", "polyps", "ulcerative-colitis")
FLIPPED, CORRECTED = 0.2, 0.1
WANTED_TRUE, WANTED_NEAR = 0.6, 0.02
ARMS = ("clean", "flipped", "corrected")
COLUMNS = ("start", "seed", "train", "test", "flipped", "corrected", "truly_flipped", "still_flipped", *(f"macro_f1_{arm}" for arm in ARMS))
_STARTS = {"own": "head", "starter": ""}
_T_95 = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26}
"""Student's t for the 95 % interval of a mean of so many."""

# --- one seed, in a process with a home of its own ----------------------------------------------------------------------


def one_seed(folder: Path, place: Path, start: str, seed: int) -> dict[str, object]:
    """All arms of one seed: a row of the table."""
    from endodesk.app.headless import label_by_table, opened
    from endodesk.dataset.manifest import read_manifest
    from endodesk.system.task import TaskContext
    from training.plan.run_folder import MANIFEST

    first = _STARTS[start] or "quick"
    with opened(folder, TaskContext()) as work:
        work.project.label_set = _classes()
    clean = _trained(folder, _seeded(place, "quick", seed), first=_seeded(place, first, seed) if _STARTS[start] else "")
    rows = read_manifest(clean / MANIFEST)  # its parts bind all later trainings
    truth = {row.file: row.label for row in rows}
    train = sorted(row.file for row in rows if row.part == "train")
    wrong = flips(train, truth, seed)
    table = place / "flipped.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("file", "label"), *((str(file.relative_to(folder)), name) for file, name in wrong.items())])
    with opened(folder, TaskContext()) as work:
        label_by_table(work, table)
    flipped = _trained(folder, "quick", first=_STARTS[start])
    shown = _correct(folder, truth, set(train), round(CORRECTED * len(train)))
    corrected = _trained(folder, "quick")
    found = sum(file in wrong for file in shown)
    figures = {f"macro_f1_{arm}": _macro_f1(run) for arm, run in zip(ARMS, (clean, flipped, corrected), strict=True)}
    test = sum(row.part == "test" for row in rows)
    return dict(zip(COLUMNS, (start, seed, len(train), test, len(wrong), len(shown), found, len(wrong) - found), strict=False)) | figures


def flips(train: Sequence[Path], truth: Mapping[Path, str], seed: int) -> dict[Path, str]:
    """A fifth of the frames, each with another class than its own, all others as likely."""
    rng, names = np.random.default_rng(seed), sorted(set(truth.values()))
    chosen = rng.choice(len(train), round(FLIPPED * len(train)), replace=False)
    return {train[place]: str(rng.choice([name for name in names if name != truth[train[place]]])) for place in chosen.tolist()}


def _classes() -> Any:
    from endodesk.domain.label_set import LabelSet

    named = [word.partition("=") for word in CLASSES]
    classes = LabelSet.of(name for name, _, _ in named)
    for name, _, others in named:
        classes = classes.meant_by(name, *filter(None, others.split(",")))
    return classes


def _seeded(place: Path, preset: str, seed: int) -> str:
    """The set-up with another split: a file of its own."""
    from dataclasses import replace

    from training.plan.config import load_config

    file = place / f"{preset}.toml"
    file.write_text(replace(load_config(preset), seed=seed).to_toml(), encoding="utf-8")
    return str(file)


def _trained(folder: Path, config: str, *, first: str = "") -> Path:
    """The run folder of a training that is not used; with `first` one that is used comes before it."""
    from endodesk.app.headless import opened, retrain
    from endodesk.system.task import TaskContext

    task = TaskContext()
    with opened(folder, task) as work:
        for setup in filter(None, (first, config)):
            use = setup == first
            event = retrain(work, setup, use=use, why="benchmark", task=task, warn=_say, on_event=lambda _: None)
    return Path(event.bundle).parent


def _correct(folder: Path, truth: Mapping[Path, str], train: set[Path], n: int) -> list[Path]:
    """In the window: the first `n` training frames of the queue, each given its true class. Which they are."""
    from tests.benchmarks.window_child import close, open_window, until

    application, window = open_window(str(folder))
    session = window.session
    until(application, lambda: len(session.workspace.frames) > 0 and session.workspace.predictor is not None)
    until(application, lambda: session.answers.progress.answered == len(session.workspace.frames))
    until(application, lambda: session.jobs.idle and session.answers.idle)
    order = window.gallery.bar.order
    place = next(at for at in range(order.count()) if str(order.itemData(at)).endswith("mislabelled"))
    order.setCurrentIndex(place)
    order.activated.emit(place)
    until(application, lambda: session.shown.queue == "mislabelled")
    entries = [session.workspace.frames[row] for row in session.shown.arrangement.rows if session.shown.reason(row)]
    shown = [entry for entry in entries if entry.path in train][:n]
    for entry in shown:
        session.navigation.choose(session.workspace.frames.row_of(entry.path))
        until(application, lambda: session.workspace.open_frame is not None)
        session.label(truth[entry.path])
    until(application, lambda: session.jobs.idle)
    close(window)
    return [entry.path for entry in shown]


def _macro_f1(run: Path) -> float:
    import json

    from training.plan.run_folder import METRICS

    return float(json.loads((run / METRICS).read_text("utf-8"))["macro"]["f1"])


# --- all seeds ----------------------------------------------------------------------------------------------------------


def main() -> None:
    """Each seed in a process of its own; a row each, and what they come to."""
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--start", choices=list(_STARTS), default="own")
    options.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.child:
        row = one_seed(asked.folder.absolute(), asked.out, asked.start, asked.seeds[0])
        with (asked.out / "row.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.DictWriter(stream, COLUMNS).writerows([row])
        sys.stdout.flush()
        os._exit(0)  # Qt's end is not what is measured
    _say(",".join(COLUMNS))
    rows = [_in_child(asked.folder, asked.out / f"{asked.start}-{seed}", asked.start, seed) for seed in asked.seeds]
    _summary(rows)


def _in_child(folder: Path, place: Path, start: str, seed: int) -> dict[str, str]:
    place.mkdir(parents=True)
    homes = {f"XDG_{name}_HOME": str(place / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    command = [sys.executable, "-m", "tests.benchmarks.trainings.flipped_labels", str(folder), "--child"]
    command += ["--out", str(place), "--start", start, "--seeds", str(seed)]
    environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen", "ENDODESK_BENCH_STARTED": str(time.time())}
    with (place / "log.txt").open("w", encoding="utf-8") as log:
        subprocess.run(command, env=environment, check=True, stdout=log, stderr=log)
    line = (place / "row.csv").read_text("utf-8").strip()
    _say(line)
    return dict(zip(COLUMNS, line.split(","), strict=True))


def _summary(rows: Sequence[Mapping[str, str]]) -> None:
    shown, true = (sum(int(row[name]) for row in rows) for name in ("corrected", "truly_flipped"))
    least = min(int(row["truly_flipped"]) / int(row["corrected"]) for row in rows)
    _say(f"of {shown} frames shown {true} are truly flipped: {true / shown:.1%}, {least:.1%} at least; wanted {WANTED_TRUE:.0%}")
    clean = np.array([float(row["macro_f1_clean"]) for row in rows])
    for arm in ARMS:
        values = np.array([float(row[f"macro_f1_{arm}"]) for row in rows])
        _say(f"macro F1, {arm}: {_mean(values)}; less clean: {_mean(values - clean)}; wanted, corrected: -{WANTED_NEAR} or more")


def _mean(values: np.ndarray) -> str:
    n = len(values)
    if n < 2:
        return f"{values.mean():.3f} (n = 1)"
    half = _T_95.get(n, 2.2) * float(values.std(ddof=1)) / math.sqrt(n)
    return f"{values.mean():.3f} ({values.mean() - half:.3f} to {values.mean() + half:.3f}, n = {n})"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
