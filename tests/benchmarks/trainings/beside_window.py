"""What a training and a window cost each other: `python -m tests.benchmarks.trainings.beside_window FOLDER [--times 2]`.

In turn: keys in a window alone, a training alone (as the window starts it, and with all cores, as the command line does), and both
together. A key is pressed each 150 ms or more (`window_child`, "keys"); the training is fine-tuning on 120 frames, of which the epochs are
timed that end while keys are pressed. Told with the machine's load, which others may make.
"""

import argparse
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from endodesk.dataset.manifest import ManifestRow, scan_class_folder
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.task import TaskContext
from tests.benchmarks.window import link_frames
from training.plan.config import FineTuning, FrozenPhase, load_config
from training.plan.launch import launch
from training.plan.run_folder import prepare_run

from .progress import CLASSES

FRAMES, EPOCHS = 120, 10


class Keys:
    """A window in which keys are pressed, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.window_child", "keys", str(folder), ""]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "ENDODESK_BENCH_STARTED": str(time.time())}
        self._child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    def told(self) -> dict[str, float]:
        """Once all keys are pressed: percentiles in ms."""
        out, _ = self._child.communicate()
        return dict(json.loads(out.splitlines()[-1]))

    @property
    def pressing(self) -> bool:
        """Whether its process lives."""
        return self._child.poll() is None


def epochs_of(
    rows: Sequence[ManifestRow], run: Path, cache: Path, *, polite: bool, beside: Path | None
) -> tuple[list[float], dict[str, float]]:
    """Seconds of each epoch of fine-tuning but the first; and of a window beside it, its keys' percentiles, with the epochs in its time."""
    config = replace(
        load_config("default"), frozen=FrozenPhase(epochs=1, views=1), finetune=FineTuning(epochs=EPOCHS, from_block=10, average=0.98)
    )
    prepare_run(run, rows, replace(config, paths=replace(config.paths, cache=str(cache))))
    ends: list[tuple[float, bool]] = []
    keys: list[Keys] = []
    task = TaskContext()

    def heard(event: RunEvent) -> None:
        if event.kind is RunEventKind.EPOCH and event.phase == "fine-tuning":
            ends.append((time.monotonic(), bool(keys) and keys[0].pressing))
            if beside and not keys:
                keys.append(Keys(beside))

    launch(run, on_event=heard, task=task, polite=polite)
    told = keys[0].told() if keys else {}
    took = [(end - begin, both and pressed) for (begin, pressed), (end, both) in itertools.pairwise(ends)]
    return [seconds for seconds, both in took if both or not beside], told


def main() -> None:
    """Measure in turn, print each, and the medians."""
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--times", type=int, default=2)
    asked, out = options.parse_args(), Console(width=140)
    rows = random.Random(5).sample(list(scan_class_folder(asked.folder, CLASSES, TaskContext()).rows), FRAMES)
    epochs: dict[str, list[float]] = {"alone": [], "alone, all cores": [], "beside a window": []}
    keys: dict[str, list[float]] = {"alone": [], "beside a training": []}
    with TemporaryDirectory(prefix="beside-") as name:
        for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = str(Path(name) / "home" / kind.lower())
        frames, cache = link_frames(Path(name) / "frames" / "many", 2000), Path(name) / "cache"
        Keys(frames).told()  # reads the folder once
        for number in range(asked.times):
            keys["alone"].append(Keys(frames).told()["p95"])
            for what, polite, beside in (("alone", True, None), ("alone, all cores", False, None), ("beside a window", True, frames)):
                took, told = epochs_of(rows, Path(name) / f"{what}-{number}", cache, polite=polite, beside=beside)
                epochs[what] += took
                if told:
                    keys["beside a training"].append(told["p95"])
                out.print(f"{what}: epochs of {[round(one, 1) for one in took]} s; keys {told}; load {os.getloadavg()[0]:.1f}")
    for what, seconds in epochs.items():
        out.print(f"training {what}: {statistics.median(seconds):.2f} s an epoch ({len(seconds)})" if seconds else f"training {what}: none")
    for what, ms in keys.items():
        out.print(f"key to next frame {what}: 95th percentile {statistics.median(ms):.0f} ms {[round(one) for one in ms]}")


if __name__ == "__main__":
    main()
