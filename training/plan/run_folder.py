"""Run folder: the frozen snapshot of frames and configuration that one training works from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from endodesk.dataset.cases import with_cases
from endodesk.dataset.centres import told_one_sided
from endodesk.dataset.leaks import Pair, label_conflicts, leaks
from endodesk.dataset.manifest import PARTS, ManifestRow, count, read_manifest, unique_frames, write_manifest
from endodesk.dataset.overrides_file import OVERRIDES, read_overrides, write_overrides
from endodesk.dataset.split import assign_parts, fingerprint, group_names, joined_by_copies, told_plain
from endodesk.dataset.window_examples import WINDOWS, FrameWindow, read_windows, windows_of, write_windows
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256, printable
from endodesk.domain.overrides import NO_OVERRIDES, FrameOverrides, Overrides
from endodesk.system.atomic import whole_folder
from endodesk.system.os_errors import reason_of
from training.plan.backbones import found_weights
from training.plan.config import Config, load_config

CONFIG, MANIFEST, HISTORY, METRICS, LOG, BUNDLE = "config.toml", "manifest.csv", "history.csv", "metrics.json", "run.log", "bundle"
REPORT, COMPARISON, MISTAKES = "report.html", "comparison.json", "mistakes.json"
CHECKPOINTS, STOPPED = "checkpoints", "stopped.json"
OWN_REPORTS = "own-reports"
"""Under this, reports written here are noted (`endodesk.system.own_record`)."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Which frames a run learns from and in which part, with what configuration, and what to know before it starts."""

    config: Config
    """Its `classes` are the model's."""
    rows: tuple[ManifestRow, ...]
    """Each content once (in a split that came with its leaks: once a part), with group and part."""
    warnings: tuple[str, ...]
    """What the user should know before it starts, a sentence each."""
    overrides: Overrides = NO_OVERRIDES
    """What was drawn by hand of its frames."""
    windows: tuple[FrameWindow, ...] = ()
    """Squares of its frames with and without their finding; a window belongs to its frame's part and group."""

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many frames there are, by class and then by part."""
        return count(self.rows)

    @property
    def fingerprint(self) -> str:
        """Short name of the split, as bundles and reports carry it: another choice of frames or parts has another one."""
        return fingerprint(self.rows)

    @property
    def classes(self) -> ClassSet:
        """The model's classes in order."""
        return ClassSet(self.config.classes)

    def class_of(self, word: str) -> str:
        """The class that a model's word means; the word itself if it is none of the aliases."""
        return next((name for name, _, alias in (pair.partition("=") for pair in self.config.aliases) if alias == word), word)

    @property
    def grouped(self) -> bool:
        """Whether the split is ours; frames that came split have no groups."""
        return any(row.group for row in self.rows)

    def part(self, name: str) -> list[ManifestRow]:
        """The rows of one part: train, val or test."""
        return [row for row in self.rows if row.part == name]


def plan_run(
    rows: Iterable[ManifestRow],
    config: Config,
    *,
    existing_parts: Mapping[str, str] | None = None,
    joined: Iterable[tuple[str, str]] = (),
) -> RunPlan:
    """What `prepare_run` would write; BadRequest with a sentence if these frames cannot be trained on.

    Frames that all come with a part keep it: the split is theirs. Else they are split as `config` says.
    `existing_parts` (sha256 -> part) are the parts that frames had in earlier runs: once in test, for ever in test.
    `joined` are pairs of sha256 that a reader merged.
    """
    rows = list(rows)
    unique, config, warnings = chosen_frames(rows, config)
    if not all(row.part for row in unique):
        split, joined = config.split, (*joined, *_joined_by_copies(rows, unique, config))
        unique = with_cases(unique, split.case)
        unique = assign_parts(unique, seed=config.seed, shares=split.shares, near=split.near, joined=joined, existing=existing_parts)
    plan = RunPlan(config, tuple(unique), ())
    return replace(plan, warnings=(*warnings, *_findings(plan)))


def chosen_frames(rows: Sequence[ManifestRow], config: Config) -> tuple[list[ManifestRow], Config, list[str]]:
    """What can be trained on: each content once a part, of the classes asked for; the configuration with these; what to know.

    BadRequest with a sentence if there is nothing to tell apart, or no such weights.
    """
    unique, warnings = unique_frames(rows)
    if config.classes:
        unique = [row for row in unique if row.label in config.classes]
    labels = sorted({row.label for row in unique})
    if not unique:
        raise BadRequest("There are no labelled frames to train on.")
    if missing := [name for name in config.classes if name not in labels]:
        raise BadRequest(f"There are no frames of the class {missing[0]}; leave it out or label some.")
    if len(labels) < 2:
        raise BadRequest(f"There are frames of one class only ({labels[0]}); at least two are needed to tell them apart.")
    single = [name for name in labels if len({row.sha256 for row in unique if row.label == name}) == 1]
    if single:
        raise BadRequest(
            f"The class {single[0]} has one frame only: it could not be learnt and measured. Label more of it, or leave it out."
        )
    return unique, replace(config, classes=config.classes or tuple(labels), weights=found_weights(config.weights)), warnings


def grouped_frames(rows: Sequence[ManifestRow], unique: Sequence[ManifestRow], config: Config) -> list[ManifestRow]:
    """`unique` of the rows with their cases and groups, as a run of this configuration makes them."""
    cased = with_cases(unique, config.split.case)
    names = group_names(cased, config.split.near, _joined_by_copies(rows, unique, config))
    return [replace(row, group=name) for row, name in zip(cased, names, strict=True)]


def _joined_by_copies(rows: Sequence[ManifestRow], unique: Sequence[ManifestRow], config: Config) -> list[tuple[str, str]]:
    return joined_by_copies(with_cases(rows, config.split.case), with_cases(unique, config.split.case))


def prepare_run(
    run: Path,
    rows: Iterable[ManifestRow],
    config: Config,
    *,
    existing_parts: Mapping[str, str] | None = None,
    joined: Iterable[tuple[str, str]] = (),
    overrides: Mapping[Sha256, FrameOverrides] = NO_OVERRIDES.frames,
) -> RunPlan:
    """Make the run folder with config.toml and manifest.csv, whole or not at all; with overrides.json if frames were drawn on by hand.

    BadRequest as `plan_run`, and if the folder has something in it already or cannot be written.
    """
    plan = plan_run(rows, config, existing_parts=existing_parts, joined=joined)
    plan = replace(plan, overrides=Overrides({row.sha256: overrides[row.sha256] for row in plan.rows if row.sha256 in overrides}))
    plan = _with_windows(plan)
    try:
        if run.exists() and (not run.is_dir() or any(run.iterdir())):
            raise BadRequest(f"{run} is there already; name a new folder for the training.")
        with whole_folder(run) as beside:
            # paths in it need not be UTF-8 on Linux
            (beside / CONFIG).write_text(plan.config.to_toml(), encoding="utf-8", errors="surrogateescape")
            write_manifest(beside / MANIFEST, plan.rows)
            if plan.overrides:
                write_overrides(beside / OVERRIDES, plan.overrides.frames)
            if plan.windows:
                write_windows(beside / WINDOWS, plan.windows)
    except OSError as error:
        raise BadRequest(f"The folder {run} cannot be written: {reason_of(error)}.") from error
    return plan


def open_run(run: Path) -> RunPlan:
    """Back from `prepare_run`. BadRequest with a sentence if the folder is not a prepared run, or was changed into nonsense."""
    if not (run / CONFIG).is_file() or not (run / MANIFEST).is_file():
        raise BadRequest(f"{run} is not a prepared training: it needs {CONFIG} and {MANIFEST}.")
    config, rows = load_config(run / CONFIG), read_manifest(run / MANIFEST)
    if len(config.classes) < 2:
        raise BadRequest(f"{CONFIG} must name at least two classes.")
    for row in rows:
        if row.label not in config.classes:
            raise BadRequest(f"{MANIFEST} has a frame of class {row.label}, which {CONFIG} does not name: {row.file}.")
        if not row.part:
            raise BadRequest(f"{MANIFEST} has a frame without a part: {row.file}.")
    if len({(row.sha256, row.part) for row in rows}) < len(rows):
        raise BadRequest(f"{MANIFEST} lists the same frame twice.")
    plan = RunPlan(config, tuple(rows), (), read_overrides(run / OVERRIDES), read_windows(run / WINDOWS))
    if odd := sorted({window.label for window in plan.windows} - set(config.classes)):
        raise BadRequest(f"{WINDOWS} has a window of class {odd[0]}, which {CONFIG} does not name.")
    return replace(plan, warnings=tuple(_findings(plan)))


def _with_windows(plan: RunPlan) -> RunPlan:
    """The plan with the windows that its configuration asks for, or a warning why there are none. BadRequest without the folder."""
    wanted = plan.config.windows
    if not wanted.masks:
        return plan
    if not (without := wanted.class_without(plan.config.classes)):
        why = "Windows with and without the finding were not made: no class tells mucosa without one (windows.without)."
        return replace(plan, warnings=(*plan.warnings, why))
    rows = [row for row in plan.rows if row.part != "val" and (wanted.learn or row.part == "test")]
    found, told = windows_of(rows, Path(wanted.masks), without, pairs=wanted.pairs, overrides=plan.overrides.frames)
    if not found:
        told.append(f"No frame has an outline in {wanted.masks} and room for windows with and without its finding.")
    return replace(plan, windows=tuple(found), warnings=(*plan.warnings, *told))


def _findings(plan: RunPlan) -> list[str]:
    """What is to be known before it starts, a sentence each; BadRequest if it must not start."""
    centres, left_out = told_one_sided(plan.part("train")), map(_told_left_out, plan.config.left_out)
    return [*_thin_parts(plan), *_leaks(plan), *_conflicts(plan), *centres, *told_plain(plan.rows), *left_out]


def _told_left_out(left_out: str) -> str:
    word, _, frames = left_out.rpartition("=")
    return f"Left out, since {printable(word)} is no class of the project (frames with this label: {frames})."


def _leaks(plan: RunPlan) -> list[str]:
    """A warning if parts share near-identical pictures; BadRequest if they share equal ones, and that is not allowed."""
    near = plan.config.split.near
    found = leaks(plan.rows, near)
    exact = [pair for pair in found if pair.exact]
    if exact and not plan.config.split.allow_leaks:
        raise BadRequest(
            f"{_number(len(exact), 'pair')} of equal pictures in different parts, such as {_shown(exact[0])}: figures would be too good. "
            "Split the frames again (endodesk split), or allow it (--allow-leaks; allow_leaks = true in config.toml)."
        )
    if not found:
        return []
    number = f"{_number(len(found), 'pair')} of frames within {_number(near, 'bit')} in different parts"
    equal = f", {len(exact)} of them equal pictures" if exact else ""
    return [f"{number}{equal}, such as {_shown(found[0])}: figures are too good."]


def _conflicts(plan: RunPlan) -> list[str]:
    groups = label_conflicts(plan.rows, plan.config.split.near)
    if not groups:
        return []
    shown = ", ".join(f"{row.file.name} ({row.label})" for row in groups[0][:4])
    return [
        f"{_number(len(groups), 'group')} of near-identical frames with more than one label, such as {shown}: one is likely to be wrong."
    ]


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _shown(pair: Pair) -> str:
    return " and ".join(f"{row.part}/{row.label}/{printable(row.file.name)}" for row in (pair.left, pair.right))


def _thin_parts(plan: RunPlan) -> list[str]:
    """A warning for each class that lacks a part; BadRequest if there is nothing to learn, to stop or to measure by."""
    counts = plan.counts
    for name in plan.classes:
        if not counts.get(name, {}).get("train"):
            raise BadRequest(f"The class {name} has no frame to train on; label more frames of it, or leave it out.")
    for part in PARTS:
        if not plan.part(part):
            raise BadRequest(f"There are too few frames: none is left for {part}. Label at least three different frames of a class.")
    return [
        f"{name} has no frame in {' or '.join(parts)}: too few different frames. Its figures say little."
        for name in plan.classes
        if (parts := [part for part in PARTS if not counts[name][part]])
    ]
