"""Two models on the same frames: which is better, by how much, how sure that is, and on which frames they differ."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from training.evaluation.intervals import FEW_GROUPS, Interval, Intervals, resampled_figures
from training.evaluation.metrics import RESAMPLES, Metrics
from training.evaluation.predictions import Predictions
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
    """The new model beside the old one, on the frames whose class both of them know."""

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
            classes = ClassSet.of(map(str, value["classes"]))  # names that may be shown
            if not set(value["recall"]) <= set(classes) or _count(value["mended"]) + _count(value["broken"]) > _count(value["n"]):
                raise ValueError("figures that contradict each other")
            return cls(
                classes=classes.names,
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

    Frames count whose class both know and which both could read; an answer of a class that only one of them knows is a wrong one.
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
    groups = [frame.group for frame in frames]
    tables = (_shared_first(new, shared, places), _shared_first(old, shared, [known[frame.path] for frame in frames]))
    samples = [Sample.of(truth, table, groups) for _, table in tables]
    drawn = resampled_figures(samples, resamples, areas=False)
    one, other = (_Answered.of(names, sample, figures) for (names, _), sample, figures in zip(tables, samples, drawn, strict=True))
    mended, broken = int((one.right & ~other.right).sum()), int((other.right & ~one.right).sum())
    flips: list[int] = np.flatnonzero(one.right != other.right).tolist()
    return PairedComparison(
        classes=shared,
        n=len(frames),
        groups=one.sample.groups,
        left_out=_left_out(named, shared),
        not_shared=not_shared,
        new=one.figures(shared),
        old=other.figures(shared),
        mended=mended,
        broken=broken,
        p=mcnemar(mended, broken),
        accuracy=_difference_of(one, other, "accuracy"),
        macro_f1=_difference_of(one, other, "macro f1"),
        recall={shared[index]: _difference_of(one, other, "recall", index) for index in sorted({int(index) for index in truth})},
        ece=_difference_of(one, other, "ece"),
        flips=tuple(Flip(str(frames[at].path), shared[truth[at]], one.said(at), other.said(at)) for at in flips),
    )


def mcnemar(mended: int, broken: int) -> float:
    """The two-sided p of McNemar's exact test: mended and broken frames are as likely as heads and tails (McNemar, 1947)."""
    n, term, tail = mended + broken, 1, 0
    for k in range(min(mended, broken) + 1):
        tail += term
        term = term * (n - k) // (k + 1)
    return min(1.0, float(Fraction(2 * tail, 2**n)))


def _shared_first(answers: Predictions, shared: Sequence[str], places: Sequence[int]) -> tuple[tuple[str, ...], Numbers]:
    """The classes of a model and its answers to some of its frames, in an order in which those come first that both know."""
    own = answers.classes
    order = [own.index(name) for name in shared] + [index for index, name in enumerate(own) if name not in shared]
    return tuple(own.names[index] for index in order), answers.probabilities[np.array(places, np.intp)][:, order]


@dataclass(frozen=True, slots=True)
class _Answered:
    """One model's answers to the frames that count, the classes that both know first."""

    classes: tuple[str, ...]
    sample: Sample
    at_hand: dict[str, Numbers]
    resampled: dict[str, Numbers]

    @classmethod
    def of(cls, classes: tuple[str, ...], sample: Sample, resampled: dict[str, Numbers]) -> Self:
        return cls(classes, sample, sample.figures(np.ones((1, sample.groups)), areas=False), resampled)

    @property
    def right(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.sample.answers == self.sample.truth
        return found

    def said(self, at: int) -> str:
        return self.classes[int(self.sample.answers[at])]

    def groups_of(self, index: int | None) -> int:
        """How many groups have frames of a class; of all without one."""
        return self.sample.groups if index is None else self.sample.counts(index)["groups"]

    def figures(self, shared: Sequence[str]) -> Metrics:
        between, value = Intervals(self.sample, self.at_hand, self.resampled), self.at_hand
        places = list(enumerate(shared))
        told = {
            "accuracy": value["accuracy"][0],
            "ece": value["ece"][0],
            "macro": {"f1": value["macro f1"][0]},
            "per_class": {
                name: {"n": self.sample.counts(place)["n"], "recall": _defined(value["recall"][0, place])} for place, name in places
            },
            "intervals": {
                "accuracy": between.whole("accuracy"),
                "ece": between.whole("ece"),
                "macro": {"f1": between.whole("macro f1")},
                "per_class": {name: {"recall": between.of_class("recall", place)} for place, name in places},
            },
        }
        return _figures(told, shared)


def _left_out(named: Iterable[str], shared: Sequence[str]) -> dict[str, int]:
    return dict(Counter(name for name in named if name not in shared))


def _difference_of(one: _Answered, other: _Answered, name: str, index: int | None = None) -> Difference:
    """Of a figure of all, or of one class's recall."""
    place = () if index is None else (index,)
    value = float(one.at_hand[name][(0, *place)] - other.at_hand[name][(0, *place)])
    drawn = one.resampled[name][(slice(None), *place)] - other.resampled[name][(slice(None), *place)]
    return Difference(value, _middle(value, drawn, one.groups_of(index)))


def _middle(value: float, drawn: Numbers, groups: int) -> Interval | None:
    """The middle 95 % of the differences. Where all of them agree that is no measure of doubt: as much of the groups may differ as could
    have been missed, were they drawn by chance (Clopper and Pearson's bound of none in so many).
    """
    known = drawn[~np.isnan(drawn)]
    if groups < FEW_GROUPS or math.isnan(value) or 2 * len(known) < len(drawn):
        return None
    low, high = (float(end) for end in np.quantile(known, (0.025, 0.975)))
    if high - low < 1e-9:
        missed = 1 - 0.025 ** (1 / groups)
        low, high = low - missed, high + missed
    return [max(-1.0, min(low, value)), min(1.0, max(high, value))]


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


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
