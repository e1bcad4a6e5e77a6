"""The command that shows or sets who reads what in a study."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Column, Table

from endodesk.cli.console import counted, out, progress, tell_notes
from endodesk.cli.project_commands import PlaceArgument, tell_file
from endodesk.domain.read_plan import LARGEST_SEED, LONGEST_WASH_OUT_DAYS, ReadKind, ReadPlan
from endodesk.domain.shown_text import visible
from endodesk.system.private import keep_private

if TYPE_CHECKING:
    from endodesk.app.plans.planned_reads import ReadCounts

_SHOWN = "as it was, or {} at first"


def plan(
    place: PlaceArgument,
    readers: Annotated[str, typer.Option(help="Names of the readers, with commas between them.", show_default=_SHOWN.format("none"))] = "",
    overlap: Annotated[
        int | None, typer.Option(help="Percent of the frames that all readers read.", min=0, max=100, show_default=_SHOWN.format(20))
    ] = None,
    second: Annotated[
        int | None, typer.Option(help="Percent of a reader's frames to read twice.", min=0, max=100, show_default=_SHOWN.format(10))
    ] = None,
    wash_out: Annotated[
        int | None,
        typer.Option("--wash-out", help="Days between the two.", min=0, max=LONGEST_WASH_OUT_DAYS, show_default=_SHOWN.format(28)),
    ] = None,
    honeypots: Annotated[
        int | None,
        typer.Option(help="Frames of known truth for 100 of a reader's own.", min=0, max=100, show_default=_SHOWN.format(5)),
    ] = None,
    folders: Annotated[
        bool | None,
        typer.Option("--folders-are-true/--verdicts-alone", help="What tells the truth.", show_default=_SHOWN.format("verdicts alone")),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            help="By which chance deals; another one begins another study.", min=0, max=LARGEST_SEED, show_default=_SHOWN.format(42)
        ),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="From now on there is no plan. What was read stays.")] = False,
) -> None:
    """Show or set who reads what: frames for all readers, frames for each, second reads, honeypots. The same on every PC."""
    from endodesk.app.headless import opened
    from endodesk.app.plans.plan_store import keep_plan, plan_of
    from endodesk.app.plans.planned_reads import known_frames, look_ahead
    from endodesk.app.project.damage_told import damage_news
    from endodesk.app.project.readers import reader_of
    from endodesk.domain.errors import BadRequest

    keep_private()
    wanted: dict[str, Any] = {
        "overlap_percent": overlap,
        "second_percent": second,
        "wash_out_days": wash_out,
        "honeypot_percent": honeypots,
        "folders_are_true": folders,
        "seed": seed,
        "readers": tuple(name.strip() for name in readers.split(",")) if readers else None,
    }
    asked = {name: value for name, value in wanted.items() if value is not None}
    if clear and asked:
        raise BadRequest("Either set a plan or --clear it.")
    now = datetime.now(UTC)
    with progress("Reading the frames") as task, opened(place, task) as work:
        tell_file(work)
        before = plan_of(work.project)
        if asked and not before and not readers:
            raise BadRequest("There is no plan yet: say who reads, such as --readers Ana,Ben.")
        chosen = replace(before or ReadPlan(asked["readers"], now), **asked, since=now).goes_on(before) if asked else before
        chosen = None if clear else chosen
        keep_plan(work.project, chosen, reader=reader_of(work.project))
        corrections, classes = work.project.database.corrections, work.project.label_set
        frames = known_frames(work.frames, work.reviews, classes)
        outlook = look_ahead(chosen, frames, corrections.words_by, now, task) if chosen else None
        tell_notes(damage_news(work.project.database))
    if chosen is None or outlook is None:
        out.print("The plan was taken away. What was read stays." if clear and before else "This project has no read plan.")
        return
    out.print(_told(chosen))
    out.print(f"{counted(outlook.frames)}: {outlook.shared:,} read by all, the truth of {outlook.known:,} is known.")
    out.print(_table(outlook.counts))


def _told(chosen: ReadPlan) -> str:
    truth = "their verdicts, else their class folders" if chosen.folders_are_true else "their verdicts"
    return (
        f"All readers read {chosen.overlap_percent} % of the frames, the rest is dealt out. {chosen.second_percent} % of a reader's frames "
        f"are read again after {chosen.wash_out_days} days. {chosen.honeypot_percent} honeypots for 100 frames, by {truth}. "
        f"Seed {chosen.seed}, since {chosen.since.astimezone():%Y-%m-%d %H:%M}. Research use only."
    )


def _table(counts: "Mapping[str, ReadCounts]") -> Table:
    table = Table(Column("reader", overflow="fold"), "first reads", "second reads", "honeypots", "done", box=None)
    for reader, count in counts.items():
        numbers = (f"{count.by_kind[kind]:,}" for kind in ReadKind)
        table.add_row(visible(reader), *numbers, f"{count.done:,} of {count.total:,}")
    return table
