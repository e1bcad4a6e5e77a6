"""What cross-validation prints: a line a fold, then the figures over folds, pooled, and from elsewhere."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from endodesk.cli.tables import print_centres
from endodesk.domain.images import printable
from training.crossval.crossval import CrossvalPlan, FoldResult
from training.crossval.crossval_figures import headline, headline_intervals

_WORDS = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "macro_f1": "macro F1",
    "ece": "ECE",
    "val_accuracy": "validation accuracy",
    "shifted_accuracy": "the same, source hidden",
}
_MINUTE_S = 60


def print_fold(console: Console, plan: CrossvalPlan, result: FoldResult, seconds_left: float | None) -> None:
    """One line when a fold is done: its figures, how long it took, and how long the others will."""
    figures = headline(result.metrics)
    number = plan.folds * (result.run.repeat - 1) + result.run.fold
    took = f"{result.trained_s:.0f} s" if result.trained_s else "was there already"
    left = f"; about {_duration(seconds_left)} left" if seconds_left else ""
    scores = "  ".join(f"{words} {_number(figures[name])}" for name, words in _WORDS.items() if name in figures)
    without = f" without {printable(plan.centres[result.run.fold - 1])}" if plan.centres else ""
    console.print(f"fold {number} of {plan.folds * len(plan.dealt)}{without}: n {result.metrics['n']}  {scores}  ({took}{left})")


def print_crossval(console: Console, told: Mapping[str, Any]) -> None:
    """Print what `training.crossval.crossval_report.write_results` returned: figures over folds, pooled, and from elsewhere."""
    if told.get("leave_out"):
        console.print(f"{told['frames']} frames in {told['groups']} groups; {told['folds']} centres left out in turn, seed {told['seed']}")
        print_centres(console, told["centres"])
        console.print(
            "Recall and macro F1 (over the classes a centre has) of frames of a centre by a model that learnt from the others alone."
        )
        console.print("95 % in brackets: by resampling whole groups of that centre's frames; of the mean it follows from these.")
        return
    dealt = f"{told['folds']} folds, dealt {told['repeats']} time{'s' * (told['repeats'] > 1)}, seed {told['seed']}"
    console.print(f"{told['frames']} frames in {told['groups']} groups; {dealt}")
    _print_table(console, told["over_folds"], told["pooled"], "out of fold")
    console.print("Mean: over the folds. 95 %: of the mean by Student's t; of all out-of-fold answers together by resampling whole groups.")
    if external := told.get("external"):
        console.print(f"Elsewhere: {external['folder']}, {external['frames']} frames. {external['note']}")
        for name, n in external["left_out"].items():
            console.print(f"{n} frames of {name} were left out: the models do not know this class.")
        if external["known_already"]:
            console.print(f"{external['known_already']} frames were left out: the folder of the cross-validation holds the same pictures.")
        _print_table(console, external["over_folds"], external["mean_of_folds"], "averaged")
        for name in [name for name in external["over_folds"] if name.startswith("recall ")]:
            console.print(f"{name} by fold: {'  '.join(_number(headline(fold)[name]) for fold in external['per_fold'])}")
        console.print("Mean: over the models. Averaged: of their probabilities. 95 %: by resampling whole groups of these frames.")


def _print_table(console: Console, over_folds: Mapping[str, Any], together: Mapping[str, Any], title: str) -> None:
    table = Table(Column("", no_wrap=True), "mean", "95 %", title, "95 %", box=None)
    values, intervals = headline(dict(together)), headline_intervals(dict(together))
    for name, row in over_folds.items():
        cells = (_number(row["mean"]), _interval(row["interval"]), _number(values.get(name)), _interval(intervals.get(name)))
        table.add_row(_WORDS.get(name, name), *cells)
    console.print(table)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _interval(pair: Any) -> str:
    return f"{pair[0]:.3f}-{pair[1]:.3f}" if pair else "-"


def _duration(seconds: float) -> str:
    return f"{seconds / _MINUTE_S:.0f} min" if seconds >= 2 * _MINUTE_S else f"{seconds:.0f} s"
