"""What a run comes to: a bundle, measured on the test part beside the active model, with its report. No library of training."""

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from endodesk import __version__
from endodesk.dataset.centres import told_one_sided
from endodesk.dataset.split import group_names
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.case_rules import NO_CASE
from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.domain.member_networks import Member
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.pixels import RGB, Floats
from endodesk.inference.predictor import Predictor
from endodesk.system.own_record import note
from training.evaluation.calibration import Calibration
from training.evaluation.compared_models import ACTIVE, STARTER, ComparedModel, write_comparisons
from training.evaluation.evaluate import figures_of, grouping_words, write_report
from training.evaluation.metrics import Metrics
from training.evaluation.model_card import model_card, stopped_told
from training.evaluation.paired_comparison import compare
from training.evaluation.predictions import LabelledFrame, Predictions, answer_features, answer_frames
from training.evaluation.shortcut_probe import probe
from training.evaluation.source_hidden import source_hidden
from training.evaluation.window_probe import window_probe
from training.learning.bundle_folder import describe, staging
from training.learning.job import Job
from training.learning.loop import PhaseResult
from training.plan.run_folder import BUNDLE, OWN_REPORTS, REPORT

log = logging.getLogger(__name__)


# Why: docs/decisions/training.md 35
@dataclass(frozen=True, slots=True)
class SeenFrames:
    """What one backbone sees in the frames of a part: each model that has it answers by its head alone."""

    by: ModelBundle
    """One of these models."""
    features: Floats
    """N x K, pooled, in the order of the part's rows."""
    unreadable: Mapping[Path, str]
    """Files that could not be read any more, with the reason; their features mean nothing."""


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """What was trained, before it is a bundle."""

    network: Member
    """Recipe, backbone and scaling; the temperature is found later."""
    begun_with: str
    """What the backbone is, for the model card."""
    selected: str
    """The phase whose weights are kept."""
    phases: Sequence[PhaseResult]
    message: str
    """A sentence on what training did."""
    write: Callable[[Path], None]
    """Puts the network's files into the bundle's folder."""
    calibrated: Callable[[Predictor], Calibration]
    """Proves that the files are what was trained, and calibrates them by the val part. TrainingFailed if they are not."""
    seen: "SeenFrames | None" = None
    """What the backbone sees in the test frames, where that is known; else their files are asked about."""
    probed: bool = True
    """Whether the shortcut probe is made, which takes longer than all other measuring."""
    goes_on_from: str = ""
    """The model whose head learnt on, by name and id; if that one knew test frames, figures are too good."""
    parent: str = ""
    """Id of the bundle that it goes on from; the active one's if empty."""


def publish(job: Job, made: TrainedModel) -> RunEvent:
    """Write, prove, measure on the test part beside the active model, and let the bundle appear. The FINISHED event, not told yet."""
    plan, run, channel = job.plan, job.run, job.channel
    paths = plan.config.paths
    others = {who: loaded for who, folder in ((ACTIVE, paths.active), (STARTER, paths.starter)) if (loaded := load_other(job, folder))}
    parent = made.parent or (others[ACTIVE].bundle.id if ACTIVE in others else "")
    with staging(run / BUNDLE) as folder:
        made.write(folder)
        describe(folder, plan, made.network, run=run, parent=parent, metrics={})  # enough for the predictor to take it
        channel.phase("evaluating", len(plan.part("test")))
        calibration = made.calibrated(Predictor(folder))
        log.info("%s", calibration)
        # again with the temperature, for what is measured from here on is what users get
        describe(folder, plan, made.network, run=run, parent=parent, metrics={}, calibration=calibration)
        predictor = Predictor(folder)
        answers, metrics = measure(job, predictor, made.seen)
        hidden = ask(job, predictor, "test", source_hidden) if made.probed and others else None
        compared = [one for who, other in others.items() if (one := compare_with(job, answers, other, who, hidden, made.seen))]
        metrics |= {"probe": probe(predictor, answers, channel.task) if made.probed else {}}
        if plan.windows and predictor.one_recipe:
            without = plan.config.windows.class_without(plan.config.classes)
            metrics["windows"] = window_probe(predictor, plan.windows, plan.part("test"), without, channel.task, plan.class_of)
        metrics |= {"selected": made.selected, "phases": [asdict(phase) for phase in made.phases]}
        stopped = job.cut_short(made.phases)
        if stopped:
            metrics["stopped"] = stopped
        if made.goes_on_from:
            metrics["goes_on_from"] = made.goes_on_from
        card = model_card(plan, metrics, selected=made.selected, begun_with=made.begun_with, recipe=made.network.recipe.name)
        (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
        bundle = describe(folder, plan, made.network, run=run, parent=parent, metrics=metrics, calibration=calibration)
        told = {**metrics, "compared": [one.summary() for one in compared]}
        # before the bundle appears: none stands there without its report
        write_report(run, bundle, answers, told, title=f"{bundle.name}: test frames", task=channel.task, drawn=plan.config.pictures)
        write_comparisons(run, compared)
        note(OWN_REPORTS, sha256_file(run / REPORT), __version__)  # the window need not ask before it shows it
    shutil.rmtree(job.checkpoints, ignore_errors=True)  # what was kept is in the bundle
    if not plan.config.paths.cache:  # the run's own; a cache that was named is shared with other runs
        shutil.rmtree(job.cache, ignore_errors=True)
    return RunEvent(
        RunEventKind.FINISHED, metrics=metrics, bundle=str(run / BUNDLE), message=f"{stopped_told(metrics)} {made.message}".strip()
    )


def measure(job: Job, predictor: Predictor, seen: SeenFrames | None = None) -> tuple[Predictions, Metrics]:
    """A bundle's answers to the run's test frames, and what they come to."""
    answers, split = ask(job, predictor, "test", seen=seen), job.plan.config.split
    grouping = grouping_words(split.near, split.case if job.plan.grouped else NO_CASE)
    notes = told_one_sided(job.plan.part("train"))
    told = {"centre_notes": notes} if notes else {}
    return answers, {"part": "test", **figures_of(predictor.bundle, answers), "grouping": grouping, **told}


def ask(job: Job, predictor: Predictor, part: str, hide: Callable[[RGB], RGB] | None = None, seen: SeenFrames | None = None) -> Predictions:
    """A bundle's answers to the frames of a part whose classes it knows. Frames that came split get groups here.

    By what was `seen` of the part, if that was by the bundle's backbone; else from their files, with `hide` to what that leaves of them.

    Those that cannot be read any more are told; BadRequest if none can.
    """
    rows, known = job.plan.part(part), set(map(job.plan.class_of, predictor.bundle.classes))
    groups = [row.group for row in rows] if job.plan.grouped else group_names(rows, job.plan.config.split.near)
    chosen = [place for place, row in enumerate(rows) if row.label in known]
    frames = [LabelledFrame(rows[at].file, rows[at].label, groups[at], rows[at].centre) for at in chosen]
    if seen and not hide and predictor.bundle.sees_as(seen.by):
        answers = answer_features(predictor, frames, seen.features[chosen], seen.unreadable, job.plan.overrides, job.plan.class_of)
    else:
        answers = answer_frames(predictor, frames, job.channel.task, job.plan.overrides, job.plan.class_of, hide)
    for problem in () if hide else answers.unreadable:  # told when they were asked about as they are
        job.channel.warn(f"Not measured: {problem.reason}")
    if not answers.frames:
        raise BadRequest(
            f"None of the {len(rows)} frames of the {part} part can be read any more, so the new model cannot be measured. "
            "Bring them back to where they were and "
            + ("start it again." if job.plan.config.quick else "go on with this training: its epochs are kept.")
        )
    return answers


def load_other(job: Job, folder: str) -> Predictor | None:
    """A bundle to compare with; None, and a warning, if it cannot be used: the new model is worth having without a comparison."""
    try:
        return Predictor(Path(folder)) if folder else None
    except BadBundle as error:
        job.channel.warn(f"The model in {folder} cannot be compared: {error}")
        return None


def compare_with(
    job: Job, answers: Predictions, other: Predictor, who: str, hidden: Predictions | None, seen: SeenFrames | None = None
) -> ComparedModel | None:
    """The new model's answers to the test frames beside those of another one; None, and a warning, where they have too little in common.

    And those with the source `hidden`, where that was asked and the other one can be.
    """
    bundle = other.bundle
    try:
        if len(set(map(job.plan.class_of, bundle.classes)) & set(job.plan.classes)) < 2:
            raise BadRequest(f"It knows {', '.join(bundle.classes)}: two classes at least must be the same.")
        beside = compare(hidden, ask(job, other, "test", source_hidden)) if hidden and other.one_recipe else None
        return ComparedModel(who, bundle.id, bundle.name, compare(answers, ask(job, other, "test", seen=seen)), beside)
    except BadRequest as error:
        job.channel.warn(f"The new model was not compared with {bundle.name}. {error}")
        return None
