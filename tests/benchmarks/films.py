"""How long a film of 10,000 frames takes to open, a jump to any of its frames, and to go through them beside bare PyAV.

python -m tests.benchmarks.films
"""

import sys
import tempfile
import time
from pathlib import Path

import av
import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from videos import HEIGHT, WIDTH, make_video, number_in

from endodesk.imaging.reading.films import open_film

OPEN_LIMIT_S, JUMP_LIMIT_S = 0.5, 0.15
_FRAMES, _JUMPS, _IN_A_ROW, _SIZE = 10_000, 200, 500, (720, 576)
_OVER_BARE = 1.25


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
    started = time.perf_counter()
    for index in range(_IN_A_ROW):
        film.frame(index)
    in_a_row = time.perf_counter() - started
    return [
        (f"go through {_IN_A_ROW} frames in a row", in_a_row, _OVER_BARE * _bare(path)),
        (f"open a video of {film.frames:,} frames", opened, OPEN_LIMIT_S),
        ("jump to any frame, median", float(np.median(waits)), JUMP_LIMIT_S),
        ("jump to any frame, slowest", max(waits), JUMP_LIMIT_S),
    ]


def _bare(path: Path) -> float:
    """The same by PyAV alone, with as many threads."""
    started = time.perf_counter()
    with av.open(str(path)) as film:
        film.streams.video[0].codec_context.thread_count = 2
        film.streams.video[0].thread_type = "AUTO"
        for number, frame in enumerate(film.decode(video=0)):
            if number == _IN_A_ROW:
                break
            frame.to_ndarray(format="rgb24", interpolation="BICUBIC", threads=1)
    return time.perf_counter() - started


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for what, seconds, limit in film_rows(Path(place)):
            print(f"{what}: {1e3 * seconds:.0f} ms (limit {1e3 * limit:.0f})")  # noqa: T201
