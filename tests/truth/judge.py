"""Holds what the product shows of a file against what is right."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from .case import Case, Film, Missing, Still
from .films_by_ffmpeg import ffmpeg_frames
from .independent import confirms
from .picture import RGB, distance, near
from .reader import Answer, Reader

RIGHT, REFUSED, WRONG, CRASH, SKIPPED = "right", "refused", "WRONG", "CRASH", "skipped"
_TIME_OFF_S = 0.011


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one case."""

    kind: str
    name: str
    verdict: str
    why: str = ""
    """What is wrong, or the sentence of the refusal, or what is missing on this machine."""
    pixels: str = ""
    """sha256 of what was shown."""
    shown: str = ""
    """What was shown: shape and mean of each channel, so that two runs can be compared by eye."""
    doubt: str = ""
    """What the independent decoder says against the right value: the generator may be wrong."""
    said: str = ""
    """What reached stderr."""
    wall_s: float = 0.0

    def plain(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def judge(case: Case, folder: Path, reader: Reader, *, confirm: bool = False) -> Verdict:
    """Make the file, read it, compare."""
    path = folder / case.name
    try:
        case.make(path)
        right = _right_frames(case, path)
    except Missing as missing:
        return Verdict(case.kind, case.name, SKIPPED, str(missing))
    answer = reader.read(path, film=isinstance(case, Film))
    verdict, why = _held(case, answer, right)
    shown = np.stack(answer.frames[:1]) if answer.frames else None
    doubt = confirms(case, path) if confirm and isinstance(case, Still) else ""
    digest = hashlib.sha256(b"".join(frame.tobytes() for frame in answer.frames)).hexdigest() if answer.frames else ""
    told = "" if shown is None else f"{len(answer.frames)} x {shown.shape[1:]} {shown[0].mean((0, 1)).round(1).tolist()}"
    path.unlink()
    return Verdict(case.kind, case.name, verdict, why, digest, told, doubt, answer.said, round(answer.wall_s, 3))


def _right_frames(case: Case, path: Path) -> tuple[Sequence[RGB], Sequence[float] | None]:
    if isinstance(case, Film) and case.right is None:
        return ffmpeg_frames(path)
    return case.right or [], None


def _held(case: Case, answer: Answer, right: tuple[Sequence[RGB], Sequence[float] | None]) -> tuple[str, str]:
    if answer.failed:
        return (WRONG if answer.frames else CRASH), answer.failed
    if answer.sentence:
        return REFUSED, answer.sentence
    if isinstance(case, Film):
        return _held_film(case, answer, *right)
    if not right[0]:
        return WRONG, "shown, though it cannot be shown whole"
    shown = answer.frames[0]
    if any(near(shown, picture, case.within) for picture in right[0]):
        return RIGHT, ""
    return WRONG, _apart(shown, right[0][0])


def _held_film(case: Film, answer: Answer, frames: Sequence[RGB], seconds: Sequence[float] | None) -> tuple[str, str]:
    if len(answer.frames) != len(frames) and not (case.some and 0 < len(answer.frames) < len(frames)):
        return WRONG, f"{len(answer.frames)} frames, right are {len(frames)}"
    for index, (shown, picture) in enumerate(zip(answer.frames, frames, strict=not case.some)):
        if not near(shown, picture, case.within):
            return WRONG, f"frame {index}: {_apart(shown, picture)}"
    for index, (told, true) in enumerate(zip(answer.seconds, seconds or answer.seconds, strict=True)):
        if abs(told - true) > _TIME_OFF_S:
            return WRONG, f"frame {index} at {told:.3f} s, right is {true:.3f} s"
    return RIGHT, ""


def _apart(shown: RGB, right: RGB) -> str:
    if shown.shape != right.shape:
        return f"{shown.shape[1]} x {shown.shape[0]} px, right are {right.shape[1]} x {right.shape[0]}"
    mean, block = distance(shown, right)
    return f"off by {mean:.1f} in the mean, {block:.1f} in the worst block"
