"""How fast a folder is answered in the background of an open project, and what the event loop feels of it; how long the queues take.

`python -m tests.benchmarks.background_answers BUNDLE` prints one line of JSON: (what, value, unit, limit or ratio).
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from threadpoolctl import threadpool_limits

from endodesk.app.answers.answers_progress import AnswersState
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.app.queues.queues import QUEUES, QueueInput
from endodesk.app.session import Session
from endodesk.imaging.preprocessing.pipeline import preprocess
from endodesk.imaging.reading.read import read_image
from endodesk.imaging.synthetic.frames import FINDINGS, render_frame
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.system.threads import cores

SOURCES, FRAMES, QUEUED = 24, 480, 10_000
Row = tuple[str, float, str, str]


def answer_rows(folder: Path, bundle: Path) -> list[Row]:
    """Frames of 720 x 576, each of another content. Processor time beside the clock's, as the machine may be shared."""
    images = folder / "frames"
    files = _write_frames(images)
    bare = _bare_ms(files[:SOURCES], Predictor(bundle))
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    _activate(images, bundle)
    first, again, nothing = _answered(images), _answered(images), _idle(2.0)
    frame_ms = 1e3 * (first["cpu"] - again["cpu"]) / FRAMES
    return [
        ("background answers, reading and preprocessing included", FRAMES / first["s"], "frames/s", "limit 80"),
        ("  a frame, without what opening the folder takes", frame_ms, "ms of a processor", f"{frame_ms / bare:.2f} times the bare work"),
        ("  bare work: decode, preprocess, answer", bare, "ms of a processor", f"{1e3 * cores() / bare:.0f} frames/s on {cores()} cores"),
        ("  pause of the event loop meanwhile, longest", 1e3 * first["longest"], "ms", "limit 100"),
        ("  99th percentile", 1e3 * first["p99"], "ms", "limit 16"),
        ("  longest while nothing runs: what others leave of the machine", 1e3 * nothing["longest"], "ms", ""),
        ("  99th percentile", 1e3 * nothing["p99"], "ms", ""),
        ("the same folder opened again", 1e3 * again["s"], "ms", "nothing is computed"),
        *_queue_rows(),
    ]


def _write_frames(folder: Path) -> list[Path]:
    """A few frames, each many times with another comment in its JPEG: other content, the same work."""
    sources = []
    for number in range(SOURCES):
        frame = render_frame(FINDINGS[number % len(FINDINGS)], case_seed=number // 8, frame_seed=number, width=720)
        sources.append(cv2.imencode(".jpg", frame.image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
    folder.mkdir(parents=True)
    files = [folder / f"{number:05}.jpg" for number in range(FRAMES)]
    for number, file in enumerate(files):
        data = sources[number % SOURCES]
        file.write_bytes(data[:2] + b"\xff\xfe\x00\x06" + number.to_bytes(4, "big") + data[2:])
    return files


def _bare_ms(files: list[Path], predictor: Predictor) -> float:
    """Milliseconds of a processor for a frame, in one thread."""

    def one(path: Path) -> None:
        predictor.answer(preprocess(read_image(path), predictor.bundle.recipe))

    one(files[0])
    times = []
    for _ in range(3):
        started = time.thread_time()
        for path in files:
            one(path)
        times.append(1e3 * (time.thread_time() - started) / len(files))
    return min(times)


def _activate(images: Path, bundle: Path) -> None:
    project = Project.of_images(images)
    keep_bundle(project, bundle)
    model = project.database.models.all()[0].bundle
    project.database.models.promote(model.id, reader="bench", why="bench", at=model.created)
    project.close()


def _answered(images: Path) -> dict[str, float]:
    """Open the folder, and run the event loop until every frame is answered and nothing is left to do."""
    session = Session(Project.of_images(images))

    def is_over() -> bool:
        answers = session.answers
        return answers.progress.answered == FRAMES and answers.state is AnswersState.IDLE and session.jobs.idle

    figures = _watched(session.start, is_over)
    session.close()
    return figures


def _idle(seconds: float) -> dict[str, float]:
    end = time.perf_counter() + seconds
    return _watched(lambda: None, lambda: time.perf_counter() > end)


def _watched(start: Callable[[], None], is_over: Callable[[], bool]) -> dict[str, float]:
    """Run the event loop until it is over: seconds, processor seconds, and the pauses between ticks."""
    application = QGuiApplication.instance() or QGuiApplication([])
    ticks: list[float] = []

    def tick() -> None:
        ticks.append(time.perf_counter())
        if is_over():
            application.quit()

    timer = QTimer()
    timer.setInterval(2)
    timer.timeout.connect(tick)
    started, processor = time.perf_counter(), time.process_time()
    start()
    timer.start()
    application.exec()
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    pauses = np.diff(ticks)
    return {"s": seconds, "cpu": processor, "longest": float(pauses.max()), "p99": float(np.quantile(pauses, 0.99))}


def _queue_rows() -> list[Row]:
    rng = np.random.default_rng(0)
    label = rng.integers(0, 6, QUEUED)
    features = np.abs(rng.normal(size=(6, 1280))[label] + rng.normal(size=(QUEUED, 1280))).astype(np.float16)
    said = rng.dirichlet(np.ones(6), QUEUED).astype(np.float32)
    names = [f"class {number}" for number in range(6)]
    labels = [names[number] for number in label]
    groups = np.arange(QUEUED, dtype=np.int64) // 3
    given = QueueInput(np.arange(QUEUED), labels, names, said, features, groups, rng.random(QUEUED) < 0.5)
    rows: list[Row] = []
    for queue in QUEUES:
        started, processor = time.perf_counter(), time.process_time()
        with threadpool_limits(1, "blas"):
            queue.rank(given, TaskContext())
        seconds, processor = time.perf_counter() - started, time.process_time() - processor
        rows.append((f"queue of {QUEUED:,} frames: {queue.title}", seconds, "s", f"{processor:.2f} s of a processor"))
    return rows


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print(json.dumps(answer_rows(Path(place), Path(sys.argv[1]))))  # noqa: T201
