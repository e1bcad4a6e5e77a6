"""A case of the truth test: a file, how it is made, and what it must show."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .picture import LOSSLESS, RGB, Within

Make = Callable[[Path], None]
FILM = Within(3.0, 32.0)
"""Against FFmpeg's own conversion to RGB: how colours are enlarged differs, at edges."""


@dataclass(frozen=True, slots=True)
class Still:
    """A file of one picture. It may be refused; if it is shown, it must be one of `right`."""

    kind: str
    name: str
    make: Make
    right: Sequence[RGB]
    """More than one only where a format leaves it open; none: it cannot be shown whole and must be refused."""
    within: Within = LOSSLESS
    confirmed: bool = True
    """Whether ImageMagick or dcmtk can be asked if `right` is right."""


@dataclass(frozen=True, slots=True)
class Film:
    """A file of many pictures. Without `right`, what FFmpeg's own command gives is."""

    kind: str
    name: str
    make: Make
    right: Sequence[RGB] | None = None
    within: Within = FILM
    numbers: Sequence[int] | None = None
    """Those that its frames carry, if they are known: to doubt what FFmpeg gives."""
    whole: Make | None = None
    """Of a film that is broken: the same before that. Each frame that is shown must be one of it, in their order."""
    timed: bool = True
    """Whether it holds when its frames are shown."""
    some: bool = False
    """Whether the first of them are right too: the file contradicts itself about their number."""


Case = Still | Film


class Missing(Exception):
    """A program of this machine that makes or confirms a file is not there, or cannot make this one."""


def bytes_of(data: Callable[[], bytes]) -> Make:
    """A file of these bytes, made when it is needed."""

    def make(path: Path) -> None:
        path.write_bytes(data())

    return make


def command(*words: str | Path, data: bytes | None = None) -> bytes:
    """What a program of the system prints; Missing with its last line if it is not there or fails."""
    if not shutil.which(str(words[0])):
        raise Missing(f"{words[0]} is not installed")
    done = subprocess.run([str(word) for word in words], input=data, capture_output=True, check=False, timeout=120)
    if done.returncode:
        last = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise Missing(f"{words[0]} cannot: {last[-1] if last else done.returncode}")
    return done.stdout


def ended(cases: Iterator[Case]) -> tuple[Case, ...]:
    """All of them; AssertionError if two have one name."""
    found = tuple(cases)
    names = [case.name for case in found]
    assert len(set(names)) == len(names), sorted(name for name in names if names.count(name) > 1)
    return found
