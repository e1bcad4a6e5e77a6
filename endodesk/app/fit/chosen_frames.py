"""The frames that a project has chosen to be labelled, so that the figures of a model on them are measured: a setting."""

from dataclasses import dataclass
from typing import Any

from endodesk.app.fit.choice import Choice, ChosenFrame
from endodesk.app.project.project import Project
from endodesk.data.setting_store import FIT_FRAMES
from endodesk.domain.images import Sha256

_MOST = 1000
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class ChosenFrames:
    """What was chosen by the answers of one model: frames by content, in the order in which they are to be labelled."""

    model: str
    """Id of the bundle."""
    classes: tuple[str, ...]
    """Its classes as the project called them; strata name them by place."""
    choice: Choice
    """With places in `images`."""
    images: tuple[Sha256, ...]
    seed: int

    def to_json(self) -> dict[str, Any]:
        """For the project's settings."""
        choice = self.choice
        frames = [[image, frame.stratum, frame.weight] for image, frame in zip(self.images, choice.frames, strict=True)]
        strata = [[called, size] for called, size in zip(choice.called, choice.sizes, strict=True)]
        return {"model": self.model, "classes": list(self.classes), "frames": frames, "strata": strata, "seed": self.seed}

    @classmethod
    def from_json(cls, told: Any) -> "ChosenFrames":
        """What `to_json` gave. KeyError, TypeError or ValueError for anything else: it may come from anybody."""
        classes = tuple(_text(name) for name in told["classes"])
        strata = [(_whole(called, len(classes) - 1), _whole(size)) for called, size in told["strata"]]
        frames = [(_image(image), _whole(stratum, len(strata) - 1), _positive(weight)) for image, stratum, weight in told["frames"]]
        if max(len(frames), len(strata), len(classes)) > _MOST:
            raise ValueError("too many frames are chosen")
        chosen = tuple(ChosenFrame(place, stratum, weight) for place, (_, stratum, weight) in enumerate(frames))
        choice = Choice(chosen, tuple(called for called, _ in strata), tuple(size for _, size in strata))
        return cls(_text(told["model"]), classes, choice, tuple(image for image, _, _ in frames), _whole(told["seed"]))


def chosen_of(project: Project, model: str, classes: tuple[str, ...]) -> ChosenFrames | None:
    """The frames that were chosen by this model's answers for these classes; None where there are none, or they are damaged."""
    kept = project.database.settings.read(FIT_FRAMES, lambda told: ChosenFrames.from_json(told) if told else None, None)
    return kept if kept and (kept.model, kept.classes) == (model, classes) else None


def keep_chosen(project: Project, chosen: ChosenFrames | None) -> None:
    """From now on these are to be labelled, or none. EndoDeskError if that could not be kept."""
    project.database.settings.set(FIT_FRAMES, chosen.to_json() if chosen else None)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise TypeError(f"not a name: {value!r:.40}")
    return value


def _image(value: Any) -> Sha256:
    if not isinstance(value, str) or len(value) != 64 or not _HEX.issuperset(value):
        raise ValueError(f"not the SHA-256 of a frame: {value!r:.80}")
    return Sha256(value)


def _whole(value: Any, most: int = 2**31) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"not a whole number up to {most}: {value!r:.40}")
    return value


def _positive(value: Any) -> float:
    if type(value) not in (int, float) or not 0 < value < 1e9:
        raise ValueError(f"not a weight: {value!r:.40}")
    return float(value)
