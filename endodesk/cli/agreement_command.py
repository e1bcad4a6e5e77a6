"""The command that tells how far readers agree."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from endodesk.cli.console import out, progress, tell_notes
from endodesk.cli.project_commands import PlaceArgument, tell_file
from endodesk.domain.shown_text import visible
from endodesk.system.private import keep_private

if TYPE_CHECKING:
    from endodesk.app.records.plan_report import PlanReport
    from endodesk.dataset.agreement import Agreement, Figure


class _By(StrEnum):
    CLASS = "class"
    CASE = "case"


def agreement(
    place: PlaceArgument,
    by: Annotated[_By | None, typer.Option(help="Figures of each class against the rest, or of each case, too.")] = None,
    folder: Annotated[Path | None, typer.Option("--out", help="Folder to make: agreement.json, and a plot of each two readers.")] = None,
) -> None:
    """Tell how far readers agree on the frames that two or more have labelled: percent, Cohen's and Fleiss' kappa, Krippendorff's alpha."""
    from endodesk.app.headless import opened
    from endodesk.app.project.damage_told import damage_news
    from endodesk.app.records.reader_agreement import report_agreement, write_report

    keep_private()
    with progress("Comparing readers") as task, opened(place, task) as work:
        tell_file(work)
        report = report_agreement(work.project, work.frames.snapshot())
        tell_notes(damage_news(work.project.database))
    told = ", ".join(f"{visible(reader)} {n:,}" for reader, n in report.labelled.items())
    out.print(f"Frames labelled: {told}. By two or more: {report.together.percent.n:,}, in {report.together.cases:,} cases.")
    out.print("95 % intervals in brackets, whole cases resampled. Research use only.")
    out.print(_table("readers", {"all": report.together}))
    pairs = Table(Column("two readers", overflow="fold"), "n", "agree", "Cohen's kappa", box=None)
    for pair in report.pairs:
        pairs.add_row(" / ".join(map(visible, pair.readers)), f"{pair.percent.n:,}", _told(pair.percent), _told(pair.kappa))
    out.print(pairs)
    if by:
        out.print(_table(by, report.by_class if by is _By.CLASS else report.by_case))
    if report.plan:
        out.print("Honeypots against their truth, with Wilson's intervals; second reads against first ones.")
        out.print(_plan_table(report.plan))
    if folder:
        write_report(report, folder)
        out.print(f"Written: {folder}")


def _table(head: str, found: "Mapping[str, Agreement]") -> Table:
    table = Table(Column(head, overflow="fold"), "n", "agree", "Krippendorff's alpha", "Fleiss' kappa", "n read by all", box=None)
    for name, one in found.items():
        figures = (_told(one.percent), _told(one.alpha), _told(one.fleiss))
        table.add_row(visible(name), f"{one.percent.n:,}", *figures, f"{one.fleiss.n:,}")
    return table


def _plan_table(study: "PlanReport") -> Table:
    table = Table(Column("in the plan", overflow="fold"), "read", "n", "honeypots", "n", "read twice", "Cohen's kappa", box=None)
    for name, reader in study.readers.items():
        truth, pair = reader.with_truth, reader.with_themselves
        twice = (f"{pair.percent.n:,}", _told(pair.percent), _told(pair.kappa)) if pair else ("0", "-", "-")
        table.add_row(visible(name), f"{reader.counts.done:,} of {reader.counts.total:,}", f"{truth.n:,}", _told(truth), *twice)
    return table


def _told(figure: "Figure") -> str:
    if figure.value is None:
        return "-"
    between = "" if figure.low is None else f" ({figure.low:.2f}-{figure.high:.2f})"
    return f"{figure.value:.2f}{between}"
