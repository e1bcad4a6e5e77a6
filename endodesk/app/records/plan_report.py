"""What a study by a read plan comes to: how far each reader agrees with the truth of honeypots, and with themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.plans.plan_store import plan_of
from endodesk.app.plans.planned_reads import KnownFrames, ReadCounts, WordsByFrame, counted_reads, known_frames, planned_reads
from endodesk.app.project.project import Project
from endodesk.dataset.agreement import Figure, PairAgreement, Ratings, measure_pairs
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.domain.read_plan import ReadKind, ReadPlan, ReadState, ends_reading, words_for
from endodesk.domain.reviews import AnnotationKind, Correction
from training.evaluation.intervals import wilson_interval


@dataclass(frozen=True, slots=True)
class ReaderInPlan:
    """One reader of the study."""

    counts: ReadCounts
    with_truth: Figure
    """Of the honeypots that were labelled, those whose label is the truth."""
    with_themselves: PairAgreement | None
    """The first and the second reading of the same frames; None while no frame has two labels of them."""


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A study: its plan, and what came of it so far."""

    plan: ReadPlan
    frames: int
    readers: Mapping[str, ReaderInPlan]


def report_plan(project: Project, rows: FrameRows, classes: Sequence[str], case_of: Mapping[str, str]) -> PlanReport | None:
    """For a job; None without a plan. `classes` are those that labels name, `case_of` tells the case of a frame, if it has one."""
    plan = plan_of(project)
    if plan is None:
        return None
    corrections = project.database.corrections
    study = _Study(plan, known_frames(rows, ReviewTable(corrections.words()), project.label_set), project.label_set, classes, case_of)
    return PlanReport(
        plan, len(study.frames.images), {reader: study.told_of(reader, corrections.words_by(reader)) for reader in plan.readers}
    )


@dataclass(frozen=True, slots=True)
class _Study:
    plan: ReadPlan
    frames: KnownFrames
    label_set: LabelSet
    classes: Sequence[str]
    case_of: Mapping[str, str]

    def told_of(self, reader: str, words: WordsByFrame) -> ReaderInPlan:
        states = planned_reads(self.plan, reader, self.frames, words, datetime.now(UTC))
        return ReaderInPlan(counted_reads(states), self._with_truth(states, words), self._with_themselves(reader, states, words))

    def _with_truth(self, states: Sequence[ReadState], words: WordsByFrame) -> Figure:
        truths = self.frames.truths(self.plan)
        pots = [state.read.image for state in states if state.read.kind is ReadKind.HONEYPOT and state.done]
        said = {image: self._labels(image, ReadKind.HONEYPOT, words)[1] for image in pots}
        labelled = [image for image in pots if said[image]]
        n, right = len(labelled), sum(said[image] == truths[image].name for image in labelled)
        return Figure(right / n, *wilson_interval(right, n), n) if n else Figure(None, None, None, 0)

    def _with_themselves(self, reader: str, states: Sequence[ReadState], words: WordsByFrame) -> PairAgreement | None:
        again = [state.read.image for state in states if state.read.kind is ReadKind.SECOND and state.done]
        labels = {image: self._labels(image, ReadKind.SECOND, words) for image in again}
        twice = [image for image in again if all(labels[image])]
        number_of = {name: number for number, name in enumerate(self.classes)}
        given = np.array([[number_of[name] for name in labels[image]] for image in twice], np.int32).reshape(-1, 2)
        names = (f"{reader}, first", f"{reader}, second")
        ratings = Ratings(names, tuple(self.classes), given, tuple(self.case_of.get(image) or image for image in twice))
        return next(measure_pairs(ratings), None)

    def _labels(self, image: Sha256, kind: ReadKind, words: WordsByFrame) -> tuple[str, str]:
        """The reader's label before a reading and in it, by the classes of today; empty where there is none, but a mark at most."""
        known = self.frames.truths(self.plan)[image].since if kind is ReadKind.HONEYPOT else None
        before, then = words_for(self.plan, kind, [word for word in words[image] if ends_reading(word)], known)
        return self._last_label(before), self._last_label(then)

    def _last_label(self, words: Sequence[Correction]) -> str:
        labels = [word.value for word in words if word.kind is AnnotationKind.LABEL]
        return self.label_set.class_of(labels[-1]) if labels else ""


def plan_as_json(report: PlanReport) -> dict[str, Any]:
    """The plan and all figures, each with its interval and the frames that it is of."""
    return {
        **report.plan.to_json(),
        "frames": report.frames,
        "interval_with_truth": "95 %, Wilson",
        "interval_with_themselves": "95 %, whole cases resampled 2,000 times",
        "by_reader": {reader: _figures(found) for reader, found in report.readers.items()},
    }


def _figures(found: ReaderInPlan) -> dict[str, Any]:
    pair = found.with_themselves
    return {
        "reads": {str(kind): n for kind, n in found.counts.by_kind.items()},
        "done": found.counts.done,
        "total": found.counts.total,
        "with_truth": asdict(found.with_truth),
        "with_themselves": {
            "percent": asdict(pair.percent),
            "cohens_kappa": asdict(pair.kappa),
            "confusion": pair.confusion.tolist(),
        }
        if pair
        else None,
    }
