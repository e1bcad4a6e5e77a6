"""How fast the window is, off screen: `python -m tests.benchmarks.window`. Each figure stands beside its limit (2 cores).

Every measurement is a child process of its own, as a user starts one; folders are hard links of a few synthetic frames.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import cv2

from endodesk.imaging.synthetic.frames import FINDINGS, render_frame

SOURCES, A_CASE = 24, 200


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table; limits as the issue has them."""

    what: str
    value: float
    unit: str
    limit: float
    processor: float | None = None
    """Seconds of a processor meanwhile: on a machine that others use the clock alone says little."""


def link_frames(folder: Path, n: int) -> Path:
    """A folder of so many frames in cases of 200: hard links of 24 files of its own, so that it takes no room.

    Of its own, as a folder whose frames another project knows is asked about before it is listed.
    """
    sources = folder.parent / f"sources of {folder.name}"
    first = 100 * len(list(folder.parent.iterdir()))
    if not sources.is_dir():
        sources.mkdir(parents=True)
        for number in range(SOURCES):
            frame = render_frame(FINDINGS[number % len(FINDINGS)], case_seed=first + number // 8, frame_seed=number, width=720)
            cv2.imwrite(str(sources / f"{number}.jpg"), frame.image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    for number in range(n):
        case = folder / "polyps" / f"case-{number // A_CASE:03}"
        if number % A_CASE == 0:
            case.mkdir(parents=True)
        os.link(sources / f"{number % SOURCES}.jpg", case / f"frame-{number:06}.jpg")
    return folder


def measured(work: Path, model: Path | None = None) -> list[Measured]:
    """All rows; takes some minutes, most of them for reading 100,000 files once."""
    few, many = link_frames(work / "few", 10_000), link_frames(work / "many", 100_000)
    home = work / "home"
    child(home, "start", None)  # compiles, and fills the system's caches
    cold = child(home, "start", None)
    first = child(home, "first_screen", few)
    child(home, "read_all", many)
    known = child(home, "first_screen", many)
    keys = child(home, "keys", few)
    pauses = child(home, "pauses", link_frames(work / "others", 10_000), model)
    return [
        Measured("cold start to a usable window", cold["s"], "s", 0.6, cold["cpu"]),
        Measured("10,000 files the first time: names and first screen", first["s"], "s", 1.5, first["cpu"]),
        Measured("100,000 files opened before: names and first screen", known["s"], "s", 1.5, known["cpu"]),
        Measured("  its memory", known["mb"], "MB", 350),
        Measured("key press to next frame shown, 95th percentile", keys["p95"], "ms", 50),
        Measured("  the median", keys["p50"], "ms", 50),
        Measured("  95th percentile of the window's own work", keys["own_p95"], "ms", 50),
        Measured("pause of the event loop, longest", pauses["longest"], "ms", 100),
        Measured("  99th percentile", pauses["p99"], "ms", 16),
        Measured("  longest piece of the window's own work (the rest is waiting for a processor)", pauses["own_longest"], "ms", 100),
        Measured("  99th percentile", pauses["own_p99"], "ms", 16),
    ]


def child(home: Path, what: str, folder: Path | None, model: Path | None = None) -> dict[str, float]:
    """What `window_child.py` measures; times count from before the process is started."""
    names = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    environment = {**os.environ, **names, "QT_QPA_PLATFORM": "offscreen", "ENDODESK_BENCH_STARTED": str(time.time())}
    command = [sys.executable, "-m", "tests.benchmarks.window_child", what, str(folder or ""), str(model or "")]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=900)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    told: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return told


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        for row in measured(Path(folder)):
            cpu = f"{row.processor:8.2f} s of a processor" if row.processor else ""
            print(f"{row.what:78} {row.value:9.2f} {row.unit:3} (limit {row.limit:g}){cpu}")  # noqa: T201


if __name__ == "__main__":
    main()
