"""What a file from elsewhere says: acts, with the names of frames as it writes them; and how a damaged or hostile one is refused."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from endodesk.domain.acts import Act, PortableFrame
from endodesk.domain.errors import BadRequest
from endodesk.domain.reviews import YES, AnnotationKind
from endodesk.system.os_errors import reason_of
from endodesk.system.plain_files import open_plain

MOST_BYTES = 200 * 1024 * 1024
_DAMAGED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What taking damaged values apart raises."""


@dataclass(frozen=True, slots=True)
class IncomingActs:
    """The acts of one file or folder. A frame is named by its content, else by `Act.file`; without a reader it is nobody's yet."""

    kind: str
    """Which format it was read as, for a sentence."""
    acts: tuple[Act, ...]
    told: tuple[str, ...] = ()
    """Sentences on what was passed over."""


@contextmanager
def refused_as(path: Path, what: str) -> Iterator[None]:
    """Whatever goes wrong with what a file says is a BadRequest whose sentence names the file, and what it is no whole one of."""
    try:
        yield
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {reason_of(error)}.") from error
    except BadRequest as error:
        raise BadRequest(f"{path.name} is no {what} that can be taken in: {str(error).rstrip('.')}. Nothing was taken in.") from error
    except _DAMAGED as error:
        raise BadRequest(
            f"{path.name} is no {what} that can be taken in: it is damaged, or written in another way. Nothing was taken in."
        ) from error


def bytes_of(path: Path) -> bytes:
    """All bytes of a plain file of a size that we take. BadRequest, OSError."""
    with open_plain(path) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadRequest(f"it is larger than {MOST_BYTES >> 20} MB")
    return data


def json_of(path: Path) -> Any:
    """What a JSON file holds. ValueError or RecursionError if it is none, BadRequest, OSError."""
    return json.loads(bytes_of(path), parse_constant=_no_number)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def write_json(path: Path, told: Mapping[str, Any] | Sequence[Any]) -> None:
    """A list, or lists by name, an item a line: so Python's encoder in C does it, ten times faster than with an indent.

    ASCII, so that names that are no text are written, too.
    """
    with path.open("w", encoding="utf-8") as stream:
        if isinstance(told, Mapping):
            parts = (f"{json.dumps(name)}: {_in_lines(value)}" for name, value in told.items())
            stream.write("{\n")
            stream.write(",\n".join(parts))
            stream.write("\n}\n")
        else:
            stream.write(_in_lines(told))


def _in_lines(value: Any) -> str:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return json.dumps(value)
    return "[\n" + ",\n".join(map(json.dumps, value)) + "\n]"


def text_in(told: dict[str, Any], name: str) -> str:
    """A text that may be missing; TypeError if it is something else."""
    value = told.get(name) or ""
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def time_in(told: dict[str, Any], name: str) -> datetime | None:
    """A time in ISO 8601 with its zone that may be missing, in UTC; ValueError or BadRequest if it is something else."""
    text = text_in(told, name)
    moment = datetime.fromisoformat(text) if text else None
    if moment and not moment.tzinfo:
        raise BadRequest(f"the time {text:.40} has no zone, such as +00:00")
    return moment.astimezone(UTC) if moment else None


def pixels_in(told: dict[str, Any], name: str) -> int:
    """A whole number that may be missing; TypeError if it is something else."""
    value = told.get(name) or 0
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise TypeError(f"{name} is no whole number")
    return value


def told_of(act: Act) -> dict[str, str]:
    """What a format without columns of its own keeps beside an act, as texts; `act_of` reads it back."""
    told = {"kind": act.kind, "value": act.value, "reader": act.reader, "at": time_text(act.at), "blind": YES if act.blind else ""}
    return {name: text for name, text in {**told, "model": act.model, "answer": act.answer}.items() if text or name == "value"}


def act_of(told: dict[str, Any], frame: PortableFrame) -> Act:
    """An act from what `told_of` wrote. BadRequest, ValueError or TypeError if it is none."""
    return Act(
        text_in(told, "kind"),
        text_in(told, "value"),
        sha256=frame.sha256,
        file=frame.file,
        reader=text_in(told, "reader"),
        at=time_in(told, "at"),
        blind=text_in(told, "blind") == YES,
        model=text_in(told, "model"),
        answer=text_in(told, "answer"),
        width=frame.width,
        height=frame.height,
    )


def time_text(moment: datetime | None) -> str:
    """ISO 8601 in UTC with microseconds, as the database has it; empty for None."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else ""


class OneLabelAFrame:
    """Labels as programs write them that let a frame have several classes: a frame with just one has it as its label."""

    def __init__(self) -> None:
        self._labels: dict[str, dict[str, Act]] = {}

    def add(self, frame: str, label: str, act: Act) -> None:
        """Somebody gave a frame this class."""
        self._labels.setdefault(frame, {})[label] = act

    def acts(self) -> list[Act]:
        """The labels of frames with one class."""
        return [act for of in self._labels.values() if len(of) == 1 for act in of.values()]

    def told(self) -> tuple[str, ...]:
        """A sentence on frames that were passed over, if any were."""
        several = sum(len(of) > 1 for of in self._labels.values())
        return (f"{several:,} frames have several classes there, and were passed over: here a frame has one.",) if several else ()


def label_act(label: str, frame: PortableFrame) -> Act:
    """A label of nobody yet."""
    return Act(AnnotationKind.LABEL, label, sha256=frame.sha256, file=frame.file, width=frame.width, height=frame.height)


def frame_in(told: dict[str, Any], file: str) -> PortableFrame:
    """The frame that a file speaks of: its name there, and what is told of it. TypeError if that is something else."""
    return PortableFrame(file, text_in(told, "sha256"), "", pixels_in(told, "width"), pixels_in(told, "height"))
