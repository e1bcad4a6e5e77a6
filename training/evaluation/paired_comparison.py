"""Two models on the same frames: which is better, by how much, how sure that is, and on which frames they differ."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from training.evaluation.intervals import FEW_GROUPS, Interval, resampled_weights
from training.evaluation.metrics import RESAMPLES, Metrics, measure
from training.evaluation.predictions import LabelledFrame, Predictions
from training.evaluation.scores import Numbers, Sample


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the new model less that of the old one."""

    value: float
    interval: Interval | None
    """95 %, by resampling groups of frames, both models on the same draws; None where there are too few groups to tell."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A frame that one of the models has right and the other has not."""

    file: str
    label: str
    new: str
    """The new model's answer."""
    old: str

    @property
    def mended(self) -> bool:
        """Whether the new model is the one that has it right."""
        return self.new == self.label


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """The new model beside the old one, on the frames whose class both of them know; answers are among these classes alone."""

    classes: tuple[str, ...]
    """Known to both, in the order of the new model."""
    n: int
    groups: int
    left_out: dict[str, int]
    """Classes that one of them does not know, with the number of frames that did not count for it."""
    not_shared: tuple[str, ...]
    """All classes that one of them does not know, whether frames have them or not."""
    new: Metrics
    """Of `Metrics` accuracy, macro F1 and ECE, n and recall of each class, and their intervals."""
    old: Metrics
    mended: int
    broken: int
    p: float
    """Of McNemar's exact test: how likely so uneven a number of mended and broken frames is, were both models equally good."""
    accuracy: Difference
    macro_f1: Difference
    recall: dict[str, Difference]
    """Of each class that has frames."""
    ece: Difference
    flips: tuple[Flip, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for `json`; `from_json` reads them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Of what a child or a file tells. BadRequest if it is none."""
        try:
            names = set(map(str, value["recall"])) - set(map(str, value["classes"]))
            if names:
                raise ValueError("a recall of a class that was not compared")
            return cls(
                classes=tuple(map(str, value["classes"])),
                n=_count(value["n"]),
                groups=_count(value["groups"]),
                left_out={str(name): _count(n) for name, n in value["left_out"].items()},
                not_shared=tuple(map(str, value["not_shared"])),
                new=_figures(value["new"], value["classes"]),
                old=_figures(value["old"], value["classes"]),
                mended=_count(value["mended"]),
                broken=_count(value["broken"]),
                p=_finite(value["p"]),
                accuracy=_difference(value["accuracy"]),
                macro_f1=_difference(value["macro_f1"]),
                recall={str(name): _difference(one) for name, one in value["recall"].items()},
                ece=_difference(value["ece"]),
                flips=tuple(Flip(*(str(one[key]) for key in ("file", "label", "new", "old"))) for one in value["flips"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BadRequest(f"These are not the figures of a comparison ({str(error)[:200]}).") from error


# Why: docs/decisions/evaluation.md 11
def compare(new: Predictions, old: Predictions, *, resamples: int = RESAMPLES) -> PairedComparison:
    """Both models' answers to labelled frames, of which each knows some of the classes.

    Frames count whose class both know and which both could read; each answers with the most probable of the classes that both know.
    BadRequest if there is no such frame, or no two such classes.
    """
    shared = tuple(name for name in new.classes if name in old.classes)
    not_shared = tuple(name for name in (*new.classes, *old.classes) if name not in shared)
    named = [new.classes.names[index] for index in new.truth]
    known = {frame.path: place for place, frame in enumerate(old.frames)}
    places = [place for place, frame in enumerate(new.frames) if named[place] in shared and frame.path in known]
    if len(shared) < 2 or not places:
        raise BadRequest("The two models know no two classes in common that have frames here, so they cannot be compared.")
    frames = [new.frames[place] for place in places]
    truth = np.array([shared.index(named[place]) for place in places], np.intp)
    tables = (_among(new, shared, places), _among(old, shared, [known[frame.path] for frame in frames]))
    answers = [table.argmax(axis=1) for table in tables]
    right = [answer == truth for answer in answers]
    mended, broken = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    groups = [frame.group for frame in frames]
    new_figures, old_figures = (measure(truth, table, ClassSet(shared), groups, resamples=resamples) for table in tables)
    differences = _differences(truth, tables, groups, resamples)
    return PairedComparison(
        classes=shared,
        n=len(frames),
        groups=new_figures["groups"],
        left_out=_left_out(named, shared),
        not_shared=not_shared,
        new=_figures(new_figures, shared),
        old=_figures(old_figures, shared),
        mended=mended,
        broken=broken,
        p=mcnemar(mended, broken),
        accuracy=differences["accuracy"][0],
        macro_f1=differences["macro f1"][0],
        recall={shared[index]: differences["recall"][index] for index in sorted({int(index) for index in truth})},
        ece=differences["ece"][0],
        flips=tuple(_flips(frames, truth, answers, shared)),
    )


def mcnemar(mended: int, broken: int) -> float:
    """The two-sided p of McNemar's exact test: mended and broken frames are as likely as heads and tails (McNemar, 1947)."""
    n = mended + broken
    tail = sum(math.comb(n, k) for k in range(min(mended, broken) + 1))
    return min(1.0, float(2 * tail / 2**n))


def _among(answers: Predictions, shared: Sequence[str], places: Sequence[int]) -> Numbers:
    """Probabilities of the shared classes alone, each row summing to 1."""
    table = answers.probabilities[np.array(places, np.intp)][:, [answers.classes.index(name) for name in shared]]
    total = table.sum(axis=1, keepdims=True)
    # a model that is certain of a class which the other one lacks says nothing of these
    return np.where(total > 0, table / np.where(total > 0, total, 1), 1 / len(shared))


def _left_out(named: Iterable[str], shared: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in named:
        if name not in shared:
            found[name] = found.get(name, 0) + 1
    return found


def _differences(truth: Any, tables: Sequence[Numbers], groups: Sequence[str], resamples: int) -> dict[str, list[Difference]]:
    samples = [Sample.of(truth, table, groups) for table in tables]
    count = samples[0].groups
    weights = resampled_weights(count, resamples)
    at_hand = [sample.figures(np.ones((1, count))) for sample in samples]
    resampled = [sample.figures(weights) for sample in samples]
    found = {}
    for name in ("accuracy", "macro f1", "recall", "ece"):
        values = np.atleast_1d(at_hand[0][name][0] - at_hand[1][name][0])
        drawn = (resampled[0][name] - resampled[1][name]).reshape(len(weights), -1)
        found[name] = [
            Difference(float(np.nan_to_num(value)), _middle(float(value), drawn[:, place], count)) for place, value in enumerate(values)
        ]
    return found


def _middle(value: float, drawn: Numbers, groups: int) -> Interval | None:
    """The middle 95 % of the differences that are defined. All of them equal is an interval, too: neither model gains in any draw."""
    known = drawn[~np.isnan(drawn)]
    if groups < FEW_GROUPS or math.isnan(value) or 2 * len(known) < len(drawn):
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return [min(float(low), value), max(float(high), value)]


def _flips(frames: Sequence[LabelledFrame], truth: Any, answers: Sequence[Any], shared: Sequence[str]) -> Iterable[Flip]:
    for frame, label, new, old in zip(frames, truth, *answers, strict=True):
        if (new == label) != (old == label):
            yield Flip(str(frame.path), shared[label], shared[new], shared[old])


# --- what a file or a child tells is proven before anybody shows it, or decides by it ---------------------------------------------


def _figures(value: Any, classes: Iterable[str]) -> Metrics:
    between = value["intervals"]
    names = [str(name) for name in classes]
    return {
        **{name: _share(value[name]) for name in ("accuracy", "ece")},
        "macro": {"f1": _share(value["macro"]["f1"])},
        "per_class": {
            name: {"n": _count(value["per_class"][name]["n"]), "recall": _share(value["per_class"][name]["recall"])} for name in names
        },
        "intervals": {
            **{name: _interval(between[name]) for name in ("accuracy", "ece")},
            "macro": {"f1": _interval(between["macro"]["f1"])},
            "per_class": {name: {"recall": _interval(between["per_class"][name]["recall"])} for name in names},
        },
    }


def _difference(value: Any) -> Difference:
    return Difference(_finite(value["value"]), _interval(value["interval"]))


def _interval(value: Any) -> Interval | None:
    if value is None:
        return None
    low, high = map(_finite, value)
    if low > high:
        raise ValueError("an interval from more to less")
    return [low, high]


def _share(value: Any) -> float | None:
    return None if value is None else _finite(value)


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"not a number: {value!r:.80}")
    return number


def _count(value: Any) -> int:
    number = int(value)
    if not 0 <= number < 2**53:
        raise ValueError(f"not a count: {value!r:.80}")
    return number
