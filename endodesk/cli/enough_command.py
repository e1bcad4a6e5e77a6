"""The command that tells whether more labels would help."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from endodesk.cli.console import out, progress, tell_notes, tell_read_otherwise
from endodesk.cli.project_commands import PlaceArgument, tell_file
from endodesk.domain.shown_text import visible
from endodesk.system.private import keep_private

if TYPE_CHECKING:
    from endodesk.app.retraining.enough import Enough


def enough(
    place: PlaceArgument,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder to make: enough.json, enough.csv, and a plot where matplotlib is installed.")
    ] = None,
) -> None:
    """Tell whether more labels would help, and of which class: a learning curve from 25 to 100 % of the labels, on held-out frames."""
    from endodesk.app.headless import opened
    from endodesk.app.project.damage_told import damage_news
    from endodesk.app.retraining.enough import enough_told, limits_told, measure_enough
    from endodesk.app.retraining.enough_files import write_enough
    from endodesk.app.retraining.verdict import difference_told
    from endodesk.dataset.exchange.formats import check_out

    keep_private()
    if folder:
        check_out(folder, "")  # before minutes of work
    with progress("Enough?") as task, opened(place, task) as work:
        tell_file(work)
        tell_read_otherwise(work.read_otherwise)
        found = measure_enough(work.project, work.frames.snapshot(), work.reviews.snapshot(), task)
        tell_notes(damage_news(work.project.database))
    verdict, *by_class = enough_told(found)
    curve = found.curve
    out.print(verdict)
    out.print(_table(found))
    out.print(f"{curve.n:,} frames in {curve.groups:,} groups, each answered by a head that never saw its group; 95 % intervals.")
    out.print(f"Macro F1 from 75 to 100 % of the labels: {difference_told(curve.macro_f1)}.")
    for sentence in (*by_class, *limits_told(found)):
        out.print(sentence)
    tell_notes(found.notes)
    if folder:
        write_enough(found, folder)
        out.print(f"Written: {folder}")


def _table(found: "Enough") -> Table:
    curve, points = found.curve, found.curve.points
    heads = (f"{point.share:.0%}" for point in points)
    table = Table(Column("recall", overflow="fold"), "n", "groups", *heads, box=None)
    table.add_row("labels learnt from", "", "", *(f"{sum(point.labels.values()):,.0f}" for point in points))
    macro = (_figure(point.metrics["macro"]["f1"], point.metrics["intervals"]["macro"]["f1"]) for point in points)
    table.add_row("macro F1", f"{curve.n:,}", f"{curve.groups:,}", *macro)
    for name in curve.classes:
        own = [point.metrics["per_class"][name] for point in points]
        between = [point.metrics["intervals"]["per_class"][name]["recall"] for point in points]
        recall = (_figure(figures["recall"], interval) for figures, interval in zip(own, between, strict=True))
        table.add_row(visible(name), f"{curve.frames_of[name]:,}", f"{found.groups[name]:,}", *recall)
    return table


def _figure(value: float | None, between: Sequence[float] | None) -> str:
    told = "-" if value is None else f"{value:.3f}"
    return f"{told}\n{between[0]:.3f}-{between[1]:.3f}" if between else told
