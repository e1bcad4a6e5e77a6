"""From labels to a measured model: the quick update beside the set-up Head only, and beside what cannot be saved. One run, one machine.

`python -m tests.benchmarks.quick_update FOLDER` of class folders; the backbone is the starter model's.
"""

import argparse
import dataclasses
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from endodesk.dataset.manifest import ManifestRow, read_manifest, scan_class_folder
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.imaging.preprocessing.pipeline import preprocess
from endodesk.imaging.reading.read import read_image
from endodesk.inference.feature_file import FEATURES, FeatureFile
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.system.threads import cores
from resources import STARTER_MODEL
from training.plan.config import Config, Paths, load_config
from training.plan.launch import launch
from training.plan.run_folder import MANIFEST, prepare_run


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    rows = scan_class_folder(options.parse_args().folder).rows
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        paths = Paths(cache=str(place / "cache"), base=str(STARTER_MODEL), features=str(place / FEATURES))
        cold = _spent("quick update, nothing known of the frames", place / "cold", rows, _config("quick", paths))
        test = [row.file for row in read_manifest(place / "cold" / MANIFEST) if row.part == "test"]
        base = Predictor(STARTER_MODEL)
        answers = _seconds(lambda: list(base.predict_files(test, workers=cores())))
        _keep_features(base, rows, place / FEATURES)
        known = _spent("quick update, the window has answered the frames", place / "known", rows, _config("quick", paths))
        head = _spent("head only, frames preprocessed before", place / "head", rows, _config("head", dataclasses.replace(paths, base="")))
    _say(f"the limit: {len(test)} test frames read and answered once: {answers:.1f} s")
    _say(f"quick update: {known / answers:.1f} of the limit, cold {cold / answers:.1f}; {head / known:.1f} times as fast as head only")


def _config(name: str, paths: Paths) -> Config:
    return dataclasses.replace(load_config(name), paths=paths)


def _spent(what: str, run: Path, rows: Sequence[ManifestRow], config: Config) -> float:
    """Seconds of the whole child process; its phases are printed."""
    prepare_run(run, rows, config)
    started, phases = time.perf_counter(), []

    def hear(event: RunEvent) -> None:
        if event.kind is RunEventKind.PHASE:
            phases.append(f"{event.phase} at {time.perf_counter() - started:.1f}")

    launch(run, on_event=hear, task=TaskContext())
    seconds = time.perf_counter() - started
    _say(f"{what}: {seconds:.1f} s ({', '.join(phases)})")
    return seconds


def _keep_features(base: Predictor, rows: Sequence[ManifestRow], folder: Path) -> None:
    """As the window does while it answers."""
    file = FeatureFile(folder, base.bundle, base.networks[0].head.dense_kernel.shape[0])
    for row in rows:
        final = preprocess(read_image(row.file), base.bundle.recipe)
        file.add({row.sha256: base.answer(final).features.mean(axis=(0, 1))})


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
