"""What the commands print as tables."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from endodesk.domain.images import printable
from training.leak_report import PartPair
from training.leaks import Pair

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
    """The figures of `training.evaluate`: accuracy with its interval, and each class's."""
    low, high = metrics["accuracy_interval"]
    accuracy = f"accuracy {metrics['accuracy']:.4f} (95 % {low:.3f}-{high:.3f})"
    console.print(f"n {metrics['n']}  {accuracy}  macro F1 {metrics['macro']['f1']:.4f}. Research use only.")
    table = Table("class", "n", "precision", "recall", "F1", "specificity", box=None)
    for name, row in metrics["per_class"].items():
        figures = (row["precision"], row["recall"], row["f1"], row["specificity"])
        table.add_row(name, str(row["n"]), *("-" if value is None else f"{value:.4f}" for value in figures))
    console.print(table)


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
