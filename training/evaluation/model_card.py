"""The model card: what a model is made of, what it can do, and what it must not be used for."""

from collections.abc import Sequence
from typing import Any

from endodesk.dataset.manifest import PARTS
from endodesk.domain.images import printable
from training.evaluation.metrics import Metrics
from training.evaluation.report_words import TITLES, TOO_GOOD, interval, number, percent, windows_told
from training.evaluation.shortcut_probe import PROBES
from training.plan.run_folder import RunPlan


def model_card(plan: RunPlan, metrics: dict[str, Any], *, selected: str, begun_with: str, recipe: str) -> str:
    """As Markdown, from the run's plan and what was measured on its test part; `begun_with` names the backbone."""
    config = plan.config
    kept = next(phase["kept_epoch"] for phase in metrics["phases"] if phase["phase"] == selected)
    lines = [
        f"# Model card: {config.name}",
        "",
        "**Research use only.** Not a medical device. It must not be used for diagnosis, triage or treatment, nor on patients;",
        "it says nothing of findings that are not among its classes, and always names one of them.",
        "",
    ]
    if config.synthetic:
        lines += ["**Trained on generated frames only: on real frames its answers mean nothing.**", ""]
    lines += [
        "## Data",
        "",
        *_split(plan),
        *_drawn(plan),
        "",
        *_table(["class", *PARTS], [[name, *(str(plan.counts[name][part]) for part in PARTS)] for name in plan.classes]),
        "",
        f"## Figures on the {metrics['n']} test frames",
        "",
        f"{_figure('Accuracy', metrics, 'accuracy')}, {_figure('balanced accuracy', metrics, 'balanced_accuracy')}, "
        f"{_figure('macro F1', metrics, 'macro', 'f1')}, {_figure('macro AUROC', metrics, 'macro', 'auroc')}, "
        f"{_figure('MCC', metrics, 'mcc')}, {_figure('kappa', metrics, 'kappa')}.",
        "In brackets: 95 % intervals from resampling groups of frames that belong together (Wilson's where resamples agree).",
        "",
        *_table(
            ["class", "n (groups)", *TITLES.values()],
            [
                [name, f"{scores['n']} ({scores['groups']})", *(_figure("", metrics, "per_class", name, key) for key in TITLES)]
                for name, scores in metrics["per_class"].items()
            ],
        ),
        "",
        *_base(metrics),
        *_calibration(metrics),
        *_probe(metrics),
        *_windows(metrics),
        "Measured on frames from the same source as the training frames. Part of such a score can be the source's own look",
        "(frame shape, boxes, tint): expect less elsewhere, and measure it there first.",
        "",
        "## How it was made",
        "",
        f"{begun_with} with a dense head; recipe {recipe}; kept: epoch {kept} of the {selected} phase.",
        *filter(None, [stopped_told(metrics)]),
        "",
        "```toml",
        config.to_toml().strip(),
        "```",
        "",
    ]
    if plan.warnings:
        lines += ["## Warnings", "", *(f"- {text}" for text in plan.warnings), ""]
    return "\n".join(lines)


def stopped_told(metrics: Metrics) -> str:
    """Who stopped the training before its end, as a sentence; empty if nobody did."""
    stopped = metrics.get("stopped")
    if not stopped:
        return ""
    who = f" by {printable(stopped['by'])}" if stopped["by"] else ""
    return f"Stopped{who} after epoch {stopped['epoch']} of {stopped['of']} ({stopped['phase']}): the best until then was kept."


def _base(metrics: Metrics) -> list[str]:
    name = metrics.get("goes_on_from")  # a quick update alone has one
    told = f"The model goes on from {name}, which gave it recipe, backbone, scaling and units, whatever the settings below say."
    return [f"{told} {TOO_GOOD}", ""] if name else []


def _drawn(plan: RunPlan) -> list[str]:
    frames = len(plan.overrides.frames)
    return [f"Frames of which a reader drew the ScopeGuide box or the field of view by hand: {frames}."] if frames else []


def _split(plan: RunPlan) -> list[str]:
    split, made = plan.config.split, f"seed {plan.config.seed}, fingerprint {plan.fingerprint}"
    if not plan.grouped:
        return [f"The frames came split into train, val and test, and were left so (fingerprint {plan.fingerprint})."]
    return [
        f"Frames with equal perceptual hash, or one that differs in at most {split.near} of 64 bits, stand on one side of the split",
        f"({made}). What tells the case, whose frames stand on one side too: {split.case}.",
    ]


def _calibration(metrics: Metrics) -> list[str]:
    found = metrics["calibration"]
    before, sure = found["before"]["ece"]["value"], found["not_sure"]
    lines = [
        f"Calibration: temperature {found['temperature']:.3f}, fitted on the validation part; ECE {number(before)} before, "
        f"{_figure('', metrics, 'ece')} after ({found['bins']} bins).",
    ]
    if sure["below"] is not None and sure["answered"]:
        lines.append(
            f"Not sure below {sure['below']:.3f}: {_percent(sure['coverage'])} of the test frames are answered, "
            f"{_percent(sure['accuracy'])} of them rightly."
        )
    return [*lines, ""]


def _probe(metrics: Metrics) -> list[str]:
    """What is left of the balanced accuracy when the mucosa is hidden."""
    found = metrics.get("probe")  # a quick update goes without
    if not found:
        return []
    told = ", ".join(f"{name} {_percent(found[name]['balanced_accuracy'])}" for name in PROBES)
    return [f"Shortcut probe, balanced accuracy with the mucosa hidden (chance {_percent(found['chance'])}): {told}.", ""]


def _windows(metrics: Metrics) -> list[str]:
    """Device or mucosa?"""
    found = metrics.get("windows")  # there are outlines of few frames
    if not found:
        return []
    own = found["balanced_accuracy"]
    ends = f"balanced accuracy {percent(own['value'])} ({interval(own['interval'], percent)})"
    return [f"Device or mucosa? {windows_told(found)} Here: {ends}.", ""]


def _figure(name: str, metrics: Metrics, *path: str) -> str:
    """A figure with its interval in brackets."""
    value: Any = metrics
    between = metrics["intervals"]
    for key in path:
        value, between = value[key], between[key]
    shown = number if path[-1] in ("auroc", "mcc", "kappa", "ece") else _percent
    ends = f" ({shown(between[0])} to {shown(between[1])})" if between else ""
    return f"{name} {shown(value)}{ends}".strip()


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _percent(share: Any) -> str:
    return "-" if share is None else f"{share:.1%}"
