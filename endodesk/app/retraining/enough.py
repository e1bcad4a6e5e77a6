"""Enough? Whether more labels would help: a project's learning curve on the features of its model, and what it comes to in words."""

import logging
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from endodesk.app.answers.measuring import measure_features
from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import frames_learnt_here, learnt_here, trained_here
from endodesk.app.retraining.model_comparison import frames_labelled
from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.domain.overrides import NOTHING_GIVEN, Overrides
from endodesk.imaging.pixels import Floats
from endodesk.inference.feature_file import FEATURES, FeatureFile, FeatureMemory
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from training.curve.learning_curve import FOLDS, LearningCurve, learning_curve
from training.evaluation.intervals import FEW_GROUPS, wilson_interval
from training.evaluation.paired_comparison import Difference
from training.plan.config import load_config

log = logging.getLogger(__name__)
LEVEL = 0.05
"""Recall is level where a gain of more can be excluded: the drop that the gate objects to, too."""
NOTABLE = 0.01
"""A smaller change is not worth a word, however sure: of 800 frames, 3 are."""
_KEPT_AT_ONCE = 64


class Gain(StrEnum):
    """What the last quarter of the labels did for the recall of a class."""

    ROSE = "rose"
    FELL = "fell"
    LEVEL = "level"
    NOT_TOLD = "not told"
    """The interval holds 0 and a gain that matters: there are too few groups to tell the two apart."""
    FEW_GROUPS = "few groups"
    """There are not enough to judge by resampling, whatever the figures say."""


@dataclass(frozen=True, slots=True)
class Enough:
    """A project's learning curve, and what it rests on."""

    model: ModelBundle
    """Whose backbone made the features."""
    curve: LearningCurve
    gains: Mapping[str, Gain]
    """Of each class of the curve."""
    groups: Mapping[str, int]
    """How many there are of each class, also of those that are left out."""
    left_out: tuple[str, ...]
    """Classes with too few groups to be learnt and held out at all."""
    notes: tuple[str, ...]
    """What does not count, and what makes figures too good, a sentence each."""


# --- the curve --------------------------------------------------------------------------------------------------------


# Why: docs/decisions/evaluation.md 12
def measure_enough(project: Project, frames: FrameRows, reviews: ReviewTable, task: TaskContext) -> Enough:
    """The learning curve of all frames that a training could learn from, as they are labelled now. For a job.

    BadRequest if there is no model, or too few classes have enough groups; Cancelled: features that were made by then are kept.
    """
    active = project.active_model
    if active is None:
        raise BadRequest(tr("There is no model whose features could be learnt from: add one, or train one."))
    labelled = frames_labelled(project, frames, reviews, task)
    _learnable(project, _groups(labelled.rows))  # before minutes of work
    predictor = Predictor(active.folder, task=task)
    features = _features(project, predictor, labelled.rows, labelled.overrides, task)
    seen = np.flatnonzero(~np.isnan(features).any(axis=1))
    groups = _groups([labelled.rows[place] for place in seen.tolist()])
    classes = _learnable(project, groups)
    chosen = [place for place in seen.tolist() if labelled.rows[place].label in classes]
    rows, units = [labelled.rows[place] for place in chosen], predictor.networks[0].head.dense_kernel.shape[1]
    curve = learning_curve(rows, features[chosen], classes, load_config("quick"), units=units, task=task)
    return Enough(
        model=predictor.bundle,
        curve=curve,
        gains={name: gain_of(curve.recall[name], len(groups[name])) for name in classes},
        groups={name: len(own) for name, own in groups.items()},
        left_out=tuple(name for name in groups if name not in classes),
        notes=(*labelled.notes, *_notes(project, predictor.bundle, rows, len(labelled.rows) - len(seen))),
    )


def gain_of(recall: Difference, groups: int) -> Gain:
    """What a difference of the recall of a class with so many groups comes to."""
    if groups < FEW_GROUPS or recall.interval is None:
        return Gain.FEW_GROUPS
    low, high = recall.interval
    if low > 0 and recall.value >= NOTABLE:
        return Gain.ROSE
    if high < 0 and recall.value <= -NOTABLE:
        return Gain.FELL
    return Gain.LEVEL if most_gained(recall, groups) <= LEVEL else Gain.NOT_TOLD


def most_gained(recall: Difference, groups: int) -> float:
    """The largest gain of recall that is not excluded: resamples of no change at all show none, however few groups there are."""
    return max(recall.interval[1] if recall.interval else 1.0, wilson_interval(max(0.0, recall.value) * groups, groups)[1])


def _groups(rows: Sequence[ManifestRow]) -> dict[str, set[str]]:
    """Of each class that has frames, in the order of names."""
    found: dict[str, set[str]] = {name: set() for name in sorted({row.label for row in rows})}
    for row in rows:
        found[row.label].add(row.group)
    return found


def _learnable(project: Project, groups: Mapping[str, Set[str]]) -> ClassSet:
    """The project's classes that can be learnt and held out. BadRequest if they are fewer than two."""
    classes = tuple(name for name in project.label_set.names if len(groups.get(name, ())) >= FOLDS)
    if len(classes) < 2:
        told = tr("Two classes at least need {folds} groups of frames each, to be learnt and held out; this project has {counts}.")
        counts = ", ".join(f"{name} {len(groups.get(name, ())):,}" for name in project.label_set.names)
        raise BadRequest(told.format(folds=FOLDS, counts=counts))
    return ClassSet(classes)


def _features(project: Project, predictor: Predictor, rows: Sequence[ManifestRow], overrides: Overrides, task: TaskContext) -> Floats:
    """N x K as a quick update has them: those that the window keeps, else made and kept; NaN where a file cannot be read any more."""
    channels = predictor.networks[0].head.dense_kernel.shape[0]
    file: FeatureFile | FeatureMemory = FeatureMemory(channels)
    if project.keeps_pictures:
        try:
            file = FeatureFile(project.cache_folder / FEATURES, predictor.bundle, channels)
        except OSError as error:
            log.info("features are made anew: %s", error)
    drawn = project.database.overrides.by_frame()
    names = {row.sha256: drawn.get(row.sha256, NOTHING_GIVEN).name_of(row.sha256) for row in rows}
    missing = [row for row in rows if names[row.sha256] not in file]
    for start in range(0, len(missing), _KEPT_AT_ONCE):
        some = missing[start : start + _KEPT_AT_ONCE]
        made = measure_features(predictor, some, task.part(start, len(missing)), overrides)
        file.add({names[image]: values for image, values in made.items()})
    return file.get([names[row.sha256] for row in rows]).astype(np.float32)


def _notes(project: Project, bundle: ModelBundle, rows: Sequence[ManifestRow], unreadable: int) -> list[str]:
    found = []
    if unreadable:
        found.append(tr("Files that could not be read, and do not count: {n:,}.").format(n=unreadable))
    trained = _first_of_backbone(project, bundle)
    if not learnt_here(project, trained):
        told = tr(
            "What the backbone of {model} has learnt from is not known here: were it from these frames, the figures would be too good."
        )
        found.append(told.format(model=bundle.name))
    elif n := len(frames_learnt_here(project, trained) & {row.sha256 for row in rows}):
        told = tr("The backbone of {model} has learnt from some of these frames ({n:,}): the figures are too good, the curve too level.")
        found.append(told.format(model=bundle.name, n=n))
    return found


def _first_of_backbone(project: Project, bundle: ModelBundle) -> ModelBundle:
    """The oldest model here with the same backbone: a quick update changes the head alone."""
    backbone = _backbone(bundle)
    same = [stored.bundle for stored in project.database.models.all() if _backbone(stored.bundle) == backbone]
    return min((*same, bundle), key=lambda one: (trained_here(project, one), one.created))


def _backbone(bundle: ModelBundle) -> str:
    return bundle.files[bundle.networks[0].backbone_file]


# --- in words ---------------------------------------------------------------------------------------------------------


def enough_told(found: Enough) -> list[str]:
    """What it comes to: first of all labels together, then of each class."""
    classes = [_class_told(found, name) for name in found.curve.classes]
    few = tr("{name}: it has {groups} groups of frames and is left out; {least} are needed to learn and hold out, {enough} to tell.")
    left_out = (few.format(name=name, groups=found.groups[name], least=FOLDS, enough=FEW_GROUPS) for name in found.left_out)
    return [_verdict(found), *classes, *left_out]


def limits_told(found: Enough) -> list[str]:
    """What such a curve cannot say."""
    return [
        tr("Heads were learnt anew on the features of {model}, whose backbone stays as it is: a full training may gain more.").format(
            model=found.model.name
        ),
        tr("All frames are this project's: it says nothing of other hospitals. Research use only."),
    ]


def _verdict(found: Enough) -> str:
    curve, gains = found.curve, found.gains
    rose = sorted((name for name, gain in gains.items() if gain is Gain.ROSE), key=lambda name: -curve.recall[name].value)
    if rose:
        return tr("More labels of {names} would help most.").format(names=", ".join(rose))
    if curve.macro_f1.interval and curve.macro_f1.interval[0] > 0:
        return tr("More labels would help, though of no one class more than of another.")
    unsure = [*(name for name, gain in gains.items() if gain in (Gain.NOT_TOLD, Gain.FEW_GROUPS)), *found.left_out]
    if len(unsure) == len(gains) + len(found.left_out):
        return tr("There are too few groups of frames to tell whether more labels would help.")
    if unsure:
        told = tr("More labels of this kind would change little, except perhaps of {names}: too few groups to tell.")
        return told.format(names=", ".join(unsure))
    return tr("More labels of this kind would change little.")


def _class_told(found: Enough, name: str) -> str:
    recall, groups = found.curve.recall[name], found.groups[name]
    low, high = (100 * end for end in recall.interval or (0.0, 0.0))
    words = {
        Gain.ROSE: tr("{name}: recall still rose from 75 to 100 % of the labels, by {low:.1f} to {high:.1f} points."),
        Gain.FELL: tr("{name}: recall fell from 75 to 100 % of the labels, by {least:.1f} to {greatest:.1f} points: look at its labels."),
        Gain.LEVEL: tr("{name}: recall is level from 75 to 100 % of the labels; a gain of more than {most:.1f} points is excluded."),
        Gain.NOT_TOLD: tr(
            "{name}: no gain is proven, and {groups:,} groups of frames are too few to exclude one of up to {most:.1f} points."
        ),
        Gain.FEW_GROUPS: tr("{name}: {groups:,} groups of frames are too few to tell; {enough} are needed."),
    }
    most = 100 * most_gained(recall, groups)
    told = words[found.gains[name]]
    return told.format(name=name, low=low, high=high, least=-high, greatest=-low, most=most, groups=groups, enough=FEW_GROUPS)
