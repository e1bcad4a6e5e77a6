"""A child process that reads files as the product does: a path in a line of JSON, an answer in a line of JSON. A crash costs one file."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.limited_child import LimitedChild, answer_lines

MOST_FRAMES, JUMPS = 80, 12


@dataclass(slots=True)
class Answer:
    """What reading a file came to: pixels, or a sentence, or how it failed."""

    frames: dict[int, np.ndarray] = field(default_factory=dict)
    """What was shown, by its place."""
    count: int = 0
    """How many there are said to be."""
    seconds: list[float] = field(default_factory=list)
    sentence: str = ""
    """Why it was refused."""
    failed: str = ""
    """A crash, an error that is no sentence, a frame that changes with the way it was reached."""
    wall_s: float = 0.0
    peak_mb: float = 0.0
    said: str = ""
    """What reached stderr."""


class Reader:
    """Reads files in a child, one after the other; a new child after a crash, a hang, or once it has grown."""

    def __init__(self, scratch: Path, *, limit_s: float = 60, limit_mb: int = 6000) -> None:
        self._scratch, self._limit_mb = scratch, limit_mb
        self._child = LimitedChild("tests.truth.reader", limit_s=limit_s, limit_mb=limit_mb)

    def read(self, path: Path, *, film: bool) -> Answer:
        """As `read_image` or `open_film` shows it."""
        reply = self._child.ask([str(path), film, str(self._scratch / "shown.npz")])
        answer = Answer(failed=reply.failed) if reply.told is None else self._answer(reply.told)
        answer.wall_s, answer.peak_mb, answer.said = answer.wall_s or reply.wall_s, reply.peak_mb, reply.said
        if answer.peak_mb > min(1000, self._limit_mb / 2):
            self.close()
        return answer

    def child_id(self) -> int:
        """Of the process, which is started if there is none."""
        return self._child.child_id()

    def close(self) -> None:
        """End the child."""
        self._child.close()

    def _answer(self, told: dict[str, Any]) -> Answer:
        frames = {}
        if told.pop("shown"):
            with np.load(self._scratch / "shown.npz") as stored:
                frames = {int(name): stored[name] for name in stored.files}
        return Answer(frames, **told)


def main() -> None:
    """The child."""

    def answer(question: list[Any]) -> dict[str, Any]:
        path, film, out = question
        return _read(Path(path), _film if film else _still, Path(out))

    answer_lines(answer)


def _read(path: Path, how: Callable[[Path], Answer], out: Path) -> dict[str, Any]:
    from endodesk.domain.errors import UnreadableImage

    started = time.perf_counter()
    try:
        answer = how(path)
    except UnreadableImage as error:
        answer = Answer(sentence=str(error))
    except Exception as error:
        answer = Answer(failed=f"{type(error).__name__}: {error}"[:300])
    wall_s = time.perf_counter() - started
    if answer.frames:
        np.savez(out, **{str(index): frame for index, frame in answer.frames.items()})
    told = {"count": answer.count, "seconds": answer.seconds, "sentence": answer.sentence, "failed": answer.failed}
    return told | {"shown": bool(answer.frames), "wall_s": wall_s}


def _still(path: Path) -> Answer:
    from endodesk.imaging.reading.read import read_image

    return Answer({0: _proper(read_image(path))}, 1)


def _film(path: Path) -> Answer:
    """In their order; then some again by jumps, in a film newly opened, which must give the same."""
    from endodesk.imaging.reading.films import open_film

    film = open_film(path)
    answer, read = Answer(count=film.frames), min(film.frames, MOST_FRAMES)
    for index in range(read):
        answer.seconds.append(float(film.seconds(index)))
        _keep(film, index, answer)
    film.close()
    film = open_film(path)
    for index in np.random.default_rng(read).integers(0, max(read, 1), JUMPS).tolist() if read else []:
        again = Answer()
        _keep(film, index, again)
        if not np.array_equal(again.frames.get(index), answer.frames.get(index)):
            answer.failed = f"frame {index} is another one after a jump"
    film.close()
    return answer


def _keep(film: Any, index: int, answer: Answer) -> None:
    """Its pixels, or the sentence of the first that is refused."""
    from endodesk.domain.errors import UnreadableImage

    try:
        answer.frames[index] = _proper(film.frame(index))
    except UnreadableImage as error:
        answer.sentence = answer.sentence or f"frame {index}: {error}"


def _proper(rgb: np.ndarray) -> np.ndarray:
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3:
        raise TypeError(f"no RGB picture of bytes: {rgb.dtype} {rgb.shape}")
    return rgb


if __name__ == "__main__":
    main()
