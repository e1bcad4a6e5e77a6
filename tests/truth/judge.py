"""Holds what the product shows of a file against what is right."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .files.case import Case, Film, Still
from .files.picture import RGB, distance, near, number_in
from .films_by_ffmpeg import ffmpeg_frames
from .independent import confirms
from .reader import Answer, Reader

RIGHT, REFUSED, WRONG, CRASH, SKIPPED = "right", "refused", "WRONG", "CRASH", "skipped"
_TIME_OFF_S = 0.011


@dataclass(frozen=True, slots=True)
class ChainVerdict:
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


Right = tuple[Sequence[RGB], Sequence[float] | None]


def prepare(case: Case, folder: Path) -> Right:
    """Make the file and what is right of it. Missing if this machine cannot."""
    folder.mkdir()
    case.make(folder / case.name)
    if isinstance(case, Still) or case.right is not None:
        return case.right or [], None
    if case.whole is None:
        return ffmpeg_frames(folder / case.name)
    whole = folder / f"whole-{case.name}"
    case.whole(whole)
    return ffmpeg_frames(whole)[0], None


def judge(case: Case, folder: Path, right: Right, reader: Reader, *, confirm: bool = False) -> ChainVerdict:
    """Read the prepared file and compare."""
    path = folder / case.name
    answer = reader.read(path, film=isinstance(case, Film))
    verdict, why = _held(case, answer, right)
    doubt = (confirms(case, path) if isinstance(case, Still) else _doubt(case, right[0])) if confirm else ""
    digest = hashlib.sha256(b"".join(frame.tobytes() for frame in answer.frames.values())).hexdigest() if answer.frames else ""
    return ChainVerdict(case.kind, case.name, verdict, why, digest, _told(answer), doubt, answer.said, round(answer.wall_s, 3))


def _told(answer: Answer) -> str:
    if not answer.frames:
        return ""
    first = next(iter(answer.frames.values()))
    return f"{len(answer.frames)} x {first.shape[1]} x {first.shape[0]} {first.mean((0, 1)).round(1).tolist()}"


def _doubt(case: Film, right: Sequence[RGB]) -> str:
    """Whether the frames that FFmpeg gives carry other numbers than were written."""
    if case.numbers is None or case.right is not None or case.whole:
        return ""
    found = [number_in(frame) for frame in right]
    return "" if found == list(case.numbers) else f"ffmpeg gives {len(found)} frames, numbered {found[:5]} ... {found[-3:]}"


def _held(case: Case, answer: Answer, right: Right) -> tuple[str, str]:
    if answer.failed:
        return (WRONG if answer.frames else CRASH), answer.failed
    if not answer.frames:
        return REFUSED, answer.sentence or "it has no frames"
    if isinstance(case, Film):
        wrong = _wrong_order(case, answer, right[0]) if case.whole else _wrong_film(case, answer, *right)
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
    for index, (told, true) in enumerate(zip(answer.seconds, seconds if case.timed and seconds else answer.seconds, strict=True)):
        if abs(told - true) > _TIME_OFF_S:
            return f"frame {index} at {told:.3f} s, right is {true:.3f} s"
    return ""


def _wrong_order(case: Film, answer: Answer, whole: Sequence[RGB]) -> str:
    """Of a film that is broken: each frame must be one of the whole film, by the number that it carries, and they must stand in order."""
    last = -1
    for index, shown in answer.frames.items():
        number = number_in(shown)
        if number <= last or number >= len(whole):
            return f"frame {index} carries the number {number}, that before it {last}"
        last = number
        if not near(shown, whole[number], case.within):
            return f"frame {index}, numbered {number}, is not whole: {_apart(shown, whole[number])}"
    return ""


def _apart(shown: RGB, right: RGB) -> str:
    if shown.shape != right.shape:
        return f"{shown.shape[1]} x {shown.shape[0]} px, right are {right.shape[1]} x {right.shape[0]}"
    mean, block = distance(shown, right)
    return f"off by {mean:.1f} in the mean, {block:.1f} in the worst block"
