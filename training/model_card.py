"""The model card: what a model is made of, what it can do, and what it must not be used for."""

from collections.abc import Sequence
from typing import Any

from training.manifest import PARTS
from training.run_folder import RunPlan


def model_card(plan: RunPlan, metrics: dict[str, Any], *, selected: str) -> str:
    """As Markdown, from the run's plan and what was measured on its test part."""
    config = plan.config
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
        "",
        *_table(["class", *PARTS], [[name, *(str(plan.counts[name][part]) for part in PARTS)] for name in plan.classes]),
        "",
        f"## Figures on the {metrics['n']} test frames",
        "",
        f"Accuracy {_percent(metrics['accuracy'])} (95 % Wilson interval {_percent(metrics['accuracy_interval'][0])} to "
        f"{_percent(metrics['accuracy_interval'][1])}), macro F1 {_percent(metrics['macro']['f1'])}.",
        "",
        *_table(
            ["class", "n", "precision", "recall", "F1", "specificity"],
            [
                [name, str(scores["n"]), *(_percent(scores[key]) for key in ("precision", "recall", "f1", "specificity"))]
                for name, scores in metrics["per_class"].items()
            ],
        ),
        "",
        "Measured on frames from the same source as the training frames. Part of such a score can be the source's own look",
        "(frame shape, boxes, tint): expect less elsewhere, and measure it there first.",
        "",
        "## How it was made",
        "",
        f"MobileNetV2 (ImageNet weights) with a dense head; recipe {config.recipe}; kept: the best epoch of the {selected} phase.",
        "",
        "```toml",
        config.to_toml().strip(),
        "```",
        "",
    ]
    if plan.warnings:
        lines += ["## Warnings", "", *(f"- {text}" for text in plan.warnings), ""]
    return "\n".join(lines)


def _split(plan: RunPlan) -> list[str]:
    split, made = plan.config.split, f"seed {plan.config.seed}, fingerprint {plan.fingerprint}"
    if not any(row.group for row in plan.rows):
        return [f"The frames came split into train, val and test, and were left so (fingerprint {plan.fingerprint})."]
    return [
        f"Frames with equal perceptual hash, or one that differs in at most {split.near} of 64 bits, stand on one side of the split",
        f"({made}). What tells the case, whose frames stand on one side too: {split.case}.",
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
