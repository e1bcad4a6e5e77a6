"""The mistakes of a model on its test frames as a list: a run writes it beside its report, and the window's cards open the frames."""

import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from endodesk.domain.errors import BadRequest
from endodesk.system.plain_files import plain_bytes
from training.evaluation.predictions import Predictions
from training.plan.run_folder import MISTAKES

_MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mistake:
    """A frame whose label the model does not say."""

    file: str
    label: str
    answer: str
    confidence: float
    """The probability of the answer."""
    of_label: float
    """The probability of the label."""


def mistakes_among(answers: Predictions) -> tuple[Mistake, ...]:
    """All wrong answers, the most confident first."""
    if not len(answers.truth):
        return ()
    names, said, every = answers.classes.names, answers.probabilities.argmax(axis=1), np.arange(len(answers.truth))
    confidence, of_label = answers.probabilities[every, said], answers.probabilities[every, answers.truth]
    wrong = np.flatnonzero(said != answers.truth)
    order = wrong[np.argsort(-confidence[wrong], kind="stable")]
    return tuple(
        Mistake(str(answers.frames[at].path), answers.frames[at].label, names[said[at]], float(confidence[at]), float(of_label[at]))
        for at in order
    )


def named_from(mistakes: Sequence[Mistake], answers: Predictions) -> list[str]:
    """The frames' names relative to the folder that all measured frames lie in, with / between: as the window names them in that folder."""
    folders = [str(frame.path.parent) for frame in answers.frames]
    try:
        root = os.path.commonpath(folders) if folders else ""
    except ValueError:  # on two drives
        root = ""
    return [Path(os.path.relpath(one.file, root) if root else one.file).as_posix() for one in mistakes]


def mistakes_json(mistakes: Sequence[Mistake]) -> bytes:
    """For MISTAKES; `read_mistakes` reads it back."""
    return (json.dumps([asdict(one) for one in mistakes], indent=1) + "\n").encode("utf-8", "replace")


def read_mistakes(run: Path) -> tuple[Mistake, ...] | None:
    """Of a run's folder; None where the run kept none, as those of older programs. BadRequest if the file is damaged."""
    file = run / MISTAKES
    try:
        if not file.is_file():
            return None
        if file.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        told = json.loads(plain_bytes(file))
        if not isinstance(told, list):
            raise TypeError("not a list")
        return tuple(map(_mistake, told))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadRequest(f"{file} cannot be read: the mistakes of this model are not known.") from error


def _mistake(value: Any) -> Mistake:
    file, label, answer = (str(value[key]) for key in ("file", "label", "answer"))
    made = Mistake(file, label, answer, float(value["confidence"]), float(value["of_label"]))
    if not (math.isfinite(made.confidence) and math.isfinite(made.of_label)) or not made.file or "\0" in made.file:
        raise ValueError(f"not a mistake: {value!r:.80}")
    return made
