"""The models of a project as a lineage: what each was made of and goes on from, what was measured on which frames, which is active."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from endodesk.app.language import tr
from endodesk.app.project.kept_bundles import NO_WORDS, ModelWords, is_deleted, name_of, words_of
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import trained_here
from endodesk.app.project.starter import starter_bundle
from endodesk.data.model_store import Promotion
from endodesk.dataset.manifest import PARTS, read_manifest
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import printable
from endodesk.domain.reviews import BundleId
from training.plan.run_folder import MANIFEST
from training.plan.speeds import FINE_TUNING


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
class StoppedTraining:
    """A training that somebody ended before its end; what was best until then is the model."""

    reader: str
    """Who did; empty where nobody is named."""
    phase: str
    epoch: int
    """After which epoch of the phase, and of how many."""
    of: int


@dataclass(frozen=True, slots=True)
class Ancestry:
    """One model of a project."""

    bundle: ModelBundle
    made_of: str
    """The name of the training, which tells as of when its labels are, or where the model comes from."""
    parts: Mapping[str, int]
    """How many frames that training had in each part; empty where that is not known here."""
    stopped: StoppedTraining | None
    """None if its training came to its own end, or nothing tells."""
    figures: MeasuredFigures | None
    promoted: Promotion | None
    """When it was made the active one last, by whom and why; None if it never was."""
    is_active: bool
    words: ModelWords
    """What a reader calls it, and says of it."""
    parent: str
    """Name and id of the model whose head learnt on, or of the one that was active when it was trained anew; empty if there was none."""
    learnt_on: bool
    """Whether it is its parent's head that learnt on."""
    deleted: bool
    """Whether a reader deleted its files."""


def lineage_of(project: Project, only: BundleId | None = None) -> list[Ancestry]:
    """All models that a project knows, also those that were deleted, in the order in which they were added; or `only` one of them."""
    models, active, words = project.database.models, project.active_model, words_of(project)
    promoted, known = {promotion.bundle: promotion for promotion in models.promotions()}, models.all()  # the last one of each
    names = {one.bundle.id: f"{name_of(one.bundle, words)} ({one.bundle.id})" for one in known}
    return [
        Ancestry(
            one.bundle,
            *_made_of(project, one.bundle),
            _stopped(one.bundle),
            _figures(project, one.bundle),
            promoted.get(one.bundle.id),
            active is not None and active.bundle.id == one.bundle.id,
            words.get(one.bundle.id, NO_WORDS),
            names.get(BundleId(one.bundle.parent), one.bundle.parent),
            learnt_on(one.bundle),
            is_deleted(one, words),
        )
        for one in known
        if only in (None, one.bundle.id)
    ]


def learnt_on(bundle: ModelBundle) -> bool:
    """Whether a model is a quick update of its parent; a full training begins from the weights that its set-up names."""
    return bool(bundle.metrics.get("goes_on_from"))


def ancestry_told(one: Ancestry) -> list[str]:
    """What there is to know of a model, a sentence each."""
    words = tr("Goes on from {model}.") if one.learnt_on else tr("Trained anew, while {model} was active.")
    found = [words.format(model=one.parent)] if one.parent else []
    when, counts = f"{one.bundle.created.astimezone():%Y-%m-%d %H:%M}", [one.parts.get(part, 0) for part in PARTS]
    if one.parts:
        told = tr(
            "Made by the training {run}, of the labels of {when}: {train:,} frames to train on, {val:,} to validate, {test:,} to test."
        )
        found.append(told.format(run=one.made_of, when=when, train=counts[0], val=counts[1], test=counts[2]))
    else:
        found.append(tr("Made {when}; {origin}.").format(when=when, origin=one.made_of))
    if one.stopped:
        found.append(stopped_told(one.stopped))
    if one.figures:
        low, high = one.figures.accuracy_interval
        told = tr("Accuracy {accuracy:.1f} % ({low:.1f} to {high:.1f}), macro F1 {f1}, n = {n:,}: {frames}.")
        f1 = "-" if one.figures.macro_f1 is None else f"{one.figures.macro_f1:.3f}"
        figures = {"accuracy": 100 * one.figures.accuracy, "low": 100 * low, "high": 100 * high, "f1": f1, "n": one.figures.n}
        found.append(told.format(frames=one.figures.frames, **figures))
    if one.promoted:
        words = tr("Active since {when}, by {reader}: {why}.") if one.is_active else tr("Made active last on {when}, by {reader}: {why}.")
        since = f"{one.promoted.at.astimezone():%Y-%m-%d %H:%M}"
        found.append(words.format(when=since, reader=one.promoted.reader, why=tr(one.promoted.why) if one.promoted.why else "-"))
    return found


def stopped_told(stopped: StoppedTraining) -> str:
    """Who ended a training before its end, as a sentence."""
    told = tr("Stopped by {reader} after epoch {epoch:,} of {of:,} ({phase}): the best so far was kept.")
    phase = tr("fine-tuning") if stopped.phase == FINE_TUNING else tr("training the head")
    return told.format(reader=printable(stopped.reader) or tr("somebody"), phase=phase, epoch=stopped.epoch, of=stopped.of)


def lineage_written(known: Sequence[Ancestry]) -> dict[str, Any]:
    """Plain values for `json`: all that is told of models."""
    return {"use": "Research use only.", "models": [_written(one) for one in known]}


def _written(one: Ancestry) -> dict[str, Any]:
    promoted = one.promoted
    return {
        "id": one.bundle.id,
        "name": one.bundle.name,
        "called": one.words.name,
        "note": one.words.note,
        "classes": list(one.bundle.classes),
        "created": one.bundle.created.isoformat(),
        "synthetic": one.bundle.synthetic,
        "parent": one.bundle.parent,
        "goes_on_from": one.bundle.parent if one.learnt_on else "",
        "made_of": one.made_of,
        "frames": dict(one.parts),
        "stopped": asdict(one.stopped) if one.stopped else None,
        "figures": asdict(one.figures) if one.figures else None,
        "active": one.is_active,
        "promoted": {"at": promoted.at.isoformat(), "reader": promoted.reader, "why": promoted.why} if promoted else None,
        "deleted": one.deleted,
    }


def _stopped(bundle: ModelBundle) -> StoppedTraining | None:
    match bundle.metrics.get("stopped"):
        case {"by": str(reader), "phase": str(phase), "epoch": int(epoch), "of": int(of)}:
            return StoppedTraining(reader, phase, epoch, of)
    return None


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
