"""The models of a project as a lineage: what each was made of and goes on from, what was measured on which frames, which is active."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import trained_here
from endodesk.app.project.starter import starter_bundle
from endodesk.data.model_store import Promotion
from endodesk.dataset.manifest import read_manifest
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest
from training.plan.run_folder import MANIFEST


@dataclass(frozen=True, slots=True)
class MeasuredFigures:
    """What was measured of a model when it was made."""

    frames: str
    """Which frames; figures are of the same ones if this is equal."""
    n: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float | None


@dataclass(frozen=True, slots=True)
class Ancestry:
    """One model of a project."""

    bundle: ModelBundle
    made_of: str
    """The name of the training, which tells as of when its labels are, or where the model comes from."""
    parts: Mapping[str, int]
    """How many frames that training had in each part; empty where that is not known here."""
    figures: MeasuredFigures | None
    promoted: Promotion | None
    """When it was made the active one last, by whom and why; None if it never was."""
    is_active: bool


def lineage_of(project: Project) -> list[Ancestry]:
    """All models that a project knows, in the order in which they were added."""
    models, active = project.database.models, project.active_model
    promoted = {promotion.bundle: promotion for promotion in models.promotions()}  # the last one of each
    return [
        Ancestry(
            one.bundle,
            *_made_of(project, one.bundle),
            _figures(project, one.bundle),
            promoted.get(one.bundle.id),
            active is not None and active.bundle.id == one.bundle.id,
        )
        for one in models.all()
    ]


def _made_of(project: Project, bundle: ModelBundle) -> tuple[str, Mapping[str, int]]:
    if not trained_here(project, bundle):
        starter = starter_bundle()
        if starter and starter.id == bundle.id:
            return tr("comes with EndoDesk"), {}
        return (tr("an ensemble of {n} networks").format(n=len(bundle.members)) if bundle.members else tr("was trained elsewhere")), {}
    try:
        return bundle.run, Counter(row.part for row in read_manifest(project.runs_folder / bundle.run / MANIFEST))
    except BadRequest:
        return tr("{run}, whose list of frames is damaged").format(run=bundle.run), {}


def _figures(project: Project, bundle: ModelBundle) -> MeasuredFigures | None:
    """None where a bundle tells none that can be read: those from elsewhere may tell anything."""
    try:
        metrics: Mapping[str, Any] = bundle.metrics
        n, accuracy, (low, high) = int(metrics["n"]), float(metrics["accuracy"]), metrics["accuracy_interval"]
        macro = metrics["macro"]["f1"]
        return MeasuredFigures(
            _frames_told(project, bundle), n, accuracy, (float(low), float(high)), None if macro is None else float(macro)
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _frames_told(project: Project, bundle: ModelBundle) -> str:
    here = tr("test frames of the training {run} (split {split})")
    elsewhere = tr("test frames of a training elsewhere (split {split})")
    return (here if trained_here(project, bundle) else elsewhere).format(run=bundle.run, split=bundle.split_fingerprint)
