"""Holds what the product shows of a file against what is right."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .case import Case, Film, Missing, Still
from .films_by_ffmpeg import ffmpeg_frames
from .independent import confirms
from .picture import RGB, Within, distance, near, number_in, numbered
from .reader import Answer, Reader

RIGHT, REFUSED, WRONG, CRASH, SKIPPED = "right", "refused", "WRONG", "CRASH", "skipped"
_TIME_OFF_S = 0.011
_WHOLE = Within(7.0, 60.0)
"""A frame at good quality, its colours sampled at half: against what was drawn."""


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
    doubt = (confirms(case, path) if isinstance(case, Still) else _doubt(case, right[0])) if confirm else ""
    digest = hashlib.sha256(b"".join(frame.tobytes() for frame in answer.frames.values())).hexdigest() if answer.frames else ""
    path.unlink()
    return Verdict(case.kind, case.name, verdict, why, digest, _told(answer), doubt, answer.said, round(answer.wall_s, 3))


def _told(answer: Answer) -> str:
    if not answer.frames:
        return ""
    first = next(iter(answer.frames.values()))
    return f"{len(answer.frames)} x {first.shape[1]} x {first.shape[0]} {first.mean((0, 1)).round(1).tolist()}"


def _right_frames(case: Case, path: Path) -> tuple[Sequence[RGB], Sequence[float] | None]:
    if isinstance(case, Film) and case.right is None and not case.broken:
        return ffmpeg_frames(path)
    return case.right or [], None


def _doubt(case: Film, right: Sequence[RGB]) -> str:
    """Whether the frames that FFmpeg gives carry other numbers than were written."""
    if case.numbers is None or case.right is not None or not right:
        return ""
    found = [number_in(frame) for frame in right]
    return "" if found == list(case.numbers) else f"ffmpeg gives {len(found)} frames, numbered {found[:5]} ... {found[-3:]}"


def _held(case: Case, answer: Answer, right: tuple[Sequence[RGB], Sequence[float] | None]) -> tuple[str, str]:
    if answer.failed:
        return (WRONG if answer.frames else CRASH), answer.failed
    if not answer.frames:
        return REFUSED, answer.sentence or "it has no frames"
    if isinstance(case, Film):
        wrong = _wrong_order(answer) if case.broken else _wrong_film(case, answer, *right)
        return (WRONG, wrong) if wrong else (REFUSED, answer.sentence) if answer.sentence else (RIGHT, "")
    if not right[0]:
        return WRONG, "shown, though it cannot be shown whole"
    if any(near(answer.frames[0], picture, case.within) for picture in right[0]):
        return RIGHT, ""
    return WRONG, _apart(answer.frames[0], right[0][0])


def _wrong_film(case: Film, answer: Answer, frames: Sequence[RGB], seconds: Sequence[float] | None) -> str:
    if answer.count != len(frames) and not (case.some and answer.count < len(frames)):
        return f"{answer.count} frames, right are {len(frames)}"
    for index, shown in answer.frames.items():
        if not near(shown, frames[index], case.within):
            return f"frame {index}: {_apart(shown, frames[index])}"
    for index, (told, true) in enumerate(zip(answer.seconds, seconds or answer.seconds, strict=True)):
        if abs(told - true) > _TIME_OFF_S:
            return f"frame {index} at {told:.3f} s, right is {true:.3f} s"
    return ""


def _wrong_order(answer: Answer) -> str:
    """Of a film that is broken: each frame must be a whole one, and carry a higher number than that before it."""
    last = -1
    for index, shown in answer.frames.items():
        number = number_in(shown)
        if number <= last:
            return f"frame {index} carries the number {number}, that before it {last}"
        last, drawn = number, numbered(number)
        if not near(shown, drawn, _WHOLE):
            return f"frame {index}, numbered {number}, is not whole: {_apart(shown, drawn)}"
    return ""


def _apart(shown: RGB, right: RGB) -> str:
    if shown.shape != right.shape:
        return f"{shown.shape[1]} x {shown.shape[0]} px, right are {right.shape[1]} x {right.shape[0]}"
    mean, block = distance(shown, right)
    return f"off by {mean:.1f} in the mean, {block:.1f} in the worst block"
