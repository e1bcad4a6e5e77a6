"""How fast, beside the limits of this machine: `make bench`. Ratios of one run; the machine may be shared and noisy.

With `--real FOLDER` the frames of a folder of class folders are hashed and split instead of generated ones.
"""

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.dataset.split_folder import split_folder
from endodesk.domain.images import ImageRecord
from endodesk.domain.reviews import Correction
from endodesk.imaging.hashing import phash, sha256_file
from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER, preprocess
from endodesk.imaging.reading.read import read_image
from endodesk.imaging.synthetic.frames import FINDINGS, render_frame
from endodesk.imaging.thumbnail_store import make_thumbnail
from endodesk.inference.predictor import Predictor
from endodesk.system.threads import cores

from .films import film_rows
from .published_split import published_split
from .split_speed import split_rows
from .window import measured

FRAMES, ROUNDS = 48, 3


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--real", type=Path, help="folder of class folders to hash and split")
    real = options.parse_args().real
    out = Console()
    with tempfile.TemporaryDirectory() as folder:
        frames = Path(folder) / "frames"
        files = _write_frames(frames)
        out.print(_split_table(real or frames, Path(folder)))
        demo = Path(folder) / "demo"
        out.print("Making the demo (frames, a model, from nothing) ...")
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "endodesk", "demo", "--out", str(demo)], check=True, capture_output=True)
        demo_s = time.perf_counter() - started
        predictor = Predictor(next((demo / "models").iterdir()))
        out.print(_frame_table(files, predictor))
        out.print(_window_table(Path(folder) / "window", predictor.folder))
        out.print(_answers_table(predictor.folder))
        out.print(_training_table(frames))
        out.print(_film_table(Path(folder)))
        out.print(f"the demo project from nothing: {demo_s:.0f} s")
        out.print(f"a correction until it is on disk: {1e3 * _correction(Path(folder), files[0]):.1f} ms (median of 50)")


def _frame_table(files: list[Path], predictor: Predictor) -> Table:
    images = [read_image(path) for path in files]
    finals = [preprocess(image, CLEAN) for image in images]
    decode = _per_item(lambda path: cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR), files)
    answer = _per_item(predictor.answer, finals)
    rows = [
        ("decode alone (the limit of reading)", decode),
        ("read_image: header checked, decoded, upright", _per_item(read_image, files)),
        ("preprocess, paper", _per_item(lambda image: preprocess(image, PAPER), images)),
        ("preprocess, clean", _per_item(lambda image: preprocess(image, CLEAN), images)),
        ("bare inference, one thread (the limit of answering)", answer),
        ("a heat map", _per_item(lambda a: predictor.heat_map(a, 0), [predictor.answer(final) for final in finals])),
        ("perceptual hash", _per_item(phash, images)),
        ("thumbnail", _per_item(lambda path: make_thumbnail(path.read_bytes(), path.name), files)),
    ]
    table = Table("a frame of 720 x 576", "ms", "times bare inference", box=None)
    for name, seconds in rows:
        table.add_row(name, f"{1e3 * seconds:.2f}", f"{seconds / answer:.2f}")
    n = cores()
    whole = _best(lambda: list(predictor.predict_files(files, workers=n))) / len(files)
    limit = (decode + answer) / n
    for name, seconds in ((f"predict a folder, {n} workers", whole), (f"its limit: decode + bare inference on {n} cores", limit)):
        table.add_row(f"{name}: {1 / seconds:.0f} frames/s", f"{1e3 * seconds:.2f}", f"{seconds / answer:.2f}")
    return table


def _window_table(folder: Path, model: Path) -> Table:
    table = Table("the window, off screen", "", "limit", "of a processor", box=None)
    for row in measured(folder, model):
        processor = "" if row.processor is None else f"{row.processor:.2f} s"
        table.add_row(row.what, f"{row.value:.2f} {row.unit}", f"{row.limit:g} {row.unit}", processor)
    return table


def _answers_table(bundle: Path) -> Table:
    command = [sys.executable, "-m", "tests.benchmarks.background_answers", str(bundle)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    table = Table("an open project", "", "", "", box=None)
    for name, value, unit, remark in json.loads(told):
        table.add_row(name, f"{value:.2f}", unit, remark)
    return table


def _training_table(frames: Path) -> Table:
    command = [sys.executable, "-m", "tests.benchmarks.training_speed", str(frames)]  # the libraries of training stay out of this process
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    table = Table("training, a frame", "ms", "ms of a processor", "", box=None)
    for name, seconds, processor, remark in json.loads(told):
        table.add_row(name, f"{1e3 * seconds:.2f}", f"{1e3 * processor:.2f}", remark)
    return table


def _film_table(folder: Path) -> Table:
    table = Table("a film", "ms", "limit", box=None)
    for what, seconds, limit in film_rows(folder):
        table.add_row(what, f"{1e3 * seconds:.0f}", f"{1e3 * limit:.0f}")
    return table


def _split_table(frames: Path, folder: Path) -> Table:
    places = (folder / f"split-{number}" for number in itertools.count())
    published = _best(lambda: published_split(frames, next(places)))
    ours = _best(lambda: split_folder(frames, next(places)))
    table = Table("hash and split", "s", box=None)
    table.add_row(f"the published script, {frames}", f"{published:.2f}")
    table.add_row(f"endodesk split: {published / ours:.1f} times faster on {cores()} cores", f"{ours:.2f}")
    for name, seconds in split_rows():
        table.add_row(name, f"{seconds:.2f}")
    return table


def _write_frames(folder: Path) -> list[Path]:
    files = []
    for number in range(FRAMES):
        finding = FINDINGS[number % len(FINDINGS)]
        frame = render_frame(finding, case_seed=number // 8, frame_seed=number, width=720)
        files.append(folder / finding / f"{number}.jpg")
        files[-1].parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(files[-1]), frame.image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    return files


def _correction(folder: Path, file: Path) -> float:
    image = sha256_file(file)
    with Database.open(folder / "bench.sqlite") as database:
        database.images.add([(ImageRecord(image, file, 720, 576), FileStamp.of(file))])
        times = []
        for _ in range(50):
            started = time.perf_counter()
            database.corrections.add(Correction(image, "polyps", "bench", datetime.now(UTC)))
            times.append(time.perf_counter() - started)
    return statistics.median(times)


def _per_item(work: Callable[[Any], object], items: list[Any]) -> float:
    return _best(lambda: [work(item) for item in items]) / len(items)


def _best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some rounds: what disturbs a measurement only ever adds to it."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main()
