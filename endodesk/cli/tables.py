"""What the commands print as tables."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from endodesk.dataset.leak_report import PartPair
from endodesk.dataset.leaks import Pair
from endodesk.domain.images import printable
from training.evaluation.centre_figures import ENOUGH
from training.evaluation.shortcut_probe import PROBES

_CLOSEST = 10


def print_counts(console: Console, counts: dict[str, dict[str, int]]) -> None:
    """Frames by class and part, with their sums."""
    parts = ("train", "val", "test")
    table = Table("class", *parts, "all", box=None)
    for name, row in counts.items():
        table.add_row(name, *(str(row[part]) for part in parts), str(sum(row.values())))
    sums = [sum(row[part] for row in counts.values()) for part in parts]
    table.add_row("all", *map(str, sums), str(sum(sums)))
    console.print(table)


def print_metrics(console: Console, metrics: Any) -> None:
    """The figures of `training.evaluation.evaluate`: the key ones and each class's recall with 95 % intervals in brackets."""
    told, macro = metrics["intervals"], metrics["macro"]
    key = [
        (name.replace("_", " "), metrics[name], told[name]) for name in ("accuracy", "balanced_accuracy", "mcc", "kappa", "ece", "brier")
    ]
    key[2:2] = [("macro F1", macro["f1"], told["macro"]["f1"]), ("macro AUROC", macro["auroc"], told["macro"]["auroc"])]
    console.print(f"n {metrics['n']} in {metrics['groups']} groups; 95 % intervals in brackets. Research use only.")
    for start in range(0, len(key), 2):
        console.print("  ".join(f"{name} {_figure(*figures)}" for name, *figures in key[start : start + 2]))
    _print_calibration(console, metrics["calibration"])
    if probe := metrics.get("probe"):
        seen = "  ".join(f"{name} {_figure(probe[name]['balanced_accuracy'])}" for name in PROBES)
        console.print(f"balanced accuracy with the mucosa hidden (chance {probe['chance']:.3f}): {seen}")
    # folded: rich would cut a long name
    table = Table(Column("class", overflow="fold"), "n", "recall", "precision", "F1", "specificity", "NPV", "AUROC", box=None)
    for name, row in metrics["per_class"].items():
        recall = _figure(row["recall"], told["per_class"][name]["recall"])
        others = (_figure(row[score]) for score in ("precision", "f1", "specificity", "npv", "auroc"))
        table.add_row(name, str(row["n"]), recall, *others)
    console.print(table)
    print_centres(console, metrics.get("centres"))


def print_centres(console: Console, found: Any) -> None:
    """Figures by centre, their mean and the worst, as `training.evaluation.centre_figures` has them; nothing where there are none."""
    if not found:
        return
    names = list(found["over"])
    titles = (name.replace("macro_f1", "macro F1") for name in names)
    table = Table(Column("centre", overflow="fold"), "n", *(Column(title, overflow="fold") for title in titles), box=None)
    for name, own in found["each"].items():
        cells = (own["figures"].get(figure, {"value": None, "interval": None}) for figure in names)
        table.add_row(printable(name) or "no centre named", str(own["n"]), *(_figure(one["value"], one["interval"]) for one in cells))
    over = found["over"].values()
    table.add_row("mean", "", *(_figure(one["mean"], one["interval"]) for one in over))
    table.add_row("worst", "", *(f"{_figure(one['worst'])} {printable(one['worst_centre'])}" for one in over))
    console.print(table)
    console.print(f"mean and worst: over centres with {ENOUGH} frames or more of the figure, where there are such")


def _print_calibration(console: Console, calibration: Any) -> None:
    before, sure = calibration["before"]["ece"]["value"], calibration["not_sure"]
    threshold = "no threshold" if sure["below"] is None else f"below {sure['below']:.3f} ({_figure(sure['coverage'])} answered)"
    console.print(f"temperature {calibration['temperature']:.3f}  ece without it {_figure(before)}  not sure: {threshold}")


def _figure(value: float | None, between: Sequence[float] | None = None) -> str:
    ends = f" ({between[0]:.3f}-{between[1]:.3f})" if between else ""
    return "-" if value is None else f"{value:.3f}{ends}"


def print_leaks(console: Console, counts: Sequence[PartPair], pairs: Sequence[Pair], near: int, distance: float | None) -> None:
    """How many pairs stand between which parts, and the closest of them. `distance` is None if features were not compared."""
    alike = () if distance is None else (f"features within {distance:g}",)
    table = Table("parts", "equal", f"within {near} bits", *alike, box=None)
    for count in counts:
        figures = (count.exact, count.near, count.alike)[: 2 + len(alike)]
        table.add_row(" - ".join(count.parts), *map(str, figures))
    console.print(table)
    if not pairs:
        return
    closest = Table("bits", "distance", *(Column(name, overflow="fold") for name in ("one", "other")), box=None)
    for pair in pairs[:_CLOSEST]:
        names = (f"{row.part}: {printable(row.file.name)}" for row in (pair.left, pair.right))
        closest.add_row(str(pair.bits), "-" if pair.distance is None else f"{pair.distance:.3f}", *names)
    console.print(closest)
