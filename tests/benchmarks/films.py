"""How long a film of 10,000 frames takes to open, and a jump to any of its frames. python -m tests.benchmarks.films"""

import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from videos import HEIGHT, WIDTH, make_video, number_in

from endodesk.imaging.reading.films import open_film

OPEN_LIMIT_S, JUMP_LIMIT_S = 0.5, 0.15
_FRAMES, _JUMPS, _SIZE = 10_000, 200, (720, 576)


def film_rows(folder: Path) -> list[tuple[str, float, float]]:
    """Name, seconds, limit. Jumps go to frames drawn at random; each is checked to show its own number."""
    path = make_video(folder / "long.mp4", _FRAMES, size=_SIZE)
    started = time.perf_counter()
    film = open_film(path)
    opened = time.perf_counter() - started
    waits = []
    for index in np.random.default_rng(5).integers(0, film.frames, _JUMPS):
        started = time.perf_counter()
        picture = film.frame(int(index))
        waits.append(time.perf_counter() - started)
        assert number_in(cv2.resize(picture, (WIDTH, HEIGHT))) == index
    return [
        (f"open a video of {film.frames:,} frames", opened, OPEN_LIMIT_S),
        ("jump to any frame, median", float(np.median(waits)), JUMP_LIMIT_S),
        ("jump to any frame, slowest", max(waits), JUMP_LIMIT_S),
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for what, seconds, limit in film_rows(Path(place)):
            print(f"{what}: {1e3 * seconds:.0f} ms (limit {1e3 * limit:.0f})")  # noqa: T201
