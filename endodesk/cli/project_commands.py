"""Commands on a project: labels from a table, and retraining, without the window."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from endodesk.cli.console import RunPrinter, counted, err, out, progress, tell_notes, tell_read_otherwise
from endodesk.cli.model_commands import CASE_HELP, CENTRE_HELP
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.private import keep_private
from endodesk.system.task import TaskContext

if TYPE_CHECKING:
    from endodesk.app.headless import Opened

PlaceArgument = Annotated[Path, typer.Argument(help="Project, its file, or a folder of frames.")]
_READER = Annotated[str, typer.Option(help="Who labels or decides.", show_default="the project's reader")]
NEW = Annotated[bool, typer.Option("--new", help="Begin anew, though the frames are known from another project.")]
_SHOWN = 3


def label(
    folder: PlaceArgument,
    table: Annotated[Path, typer.Argument(help="CSV file with the columns file and label, such as predictions.csv.")],
    reader: _READER = "",
    confirm: Annotated[bool, typer.Option("--confirm", help="Rows that say what a frame is labelled anyway are the reader's too.")] = False,
    new: NEW = False,
) -> None:
    """Label frames by a table, as one step that the window can undo. Only what differs counts, so that predictions.csv can be edited."""
    from endodesk.app.headless import label_by_table, opened
    from endodesk.app.project.damage_told import damage_news

    keep_private()
    with progress("Reading the frames") as task, opened(folder, task, new=new) as work:
        tell_file(work)
        tell_read_otherwise(work.read_otherwise)
        result = label_by_table(work, table, reader, confirm=confirm, task=task)
    tell_notes(damage_news(work.project.database))
    err.print(result.read)
    if result.without:
        err.print(f"{result.without} of its rows have no label, which says nothing.")
    out.print(f"{counted(result.given)} labelled; {result.same} had that label already.")
    if result.unknown:
        shown = ", ".join(result.unknown[:_SHOWN]) + (" ..." if len(result.unknown) > _SHOWN else "")
        err.print(f"{len(result.unknown)} files of the table are not in the folder, or cannot be read: {shown}")
        if not result.given and not result.same:  # not one was found: a table of another folder
            raise typer.Exit(2)


def retrain(
    folder: PlaceArgument,
    config: Annotated[str, typer.Option(help="quick, default, head, paper, or a TOML file.")] = "quick",
    use: Annotated[bool, typer.Option("--use", help="Make the new model the active one, if the project's rule lets it.")] = False,
    why: Annotated[str, typer.Option(help="With --use: why it is used although the figures do not support it; goes on record.")] = "",
    reader: _READER = "",
    case: Annotated[str, typer.Option(help=f"{CASE_HELP} Kept with the project.", show_default="the project's")] = "",
    centre: Annotated[str, typer.Option(help=f"{CENTRE_HELP} Kept with the project.", show_default="the project's")] = "",
    new: NEW = False,
) -> None:
    """Train on the project's labels, as the window's Retrain does."""
    from endodesk.app.headless import opened
    from endodesk.app.headless import retrain as train
    from endodesk.app.project.damage_told import damage_news
    from endodesk.cli.tables import print_metrics

    keep_private()
    with progress("Training") as task, opened(folder, task, new=new) as work:
        tell_file(work)
        tell_read_otherwise(work.read_otherwise)
        printer = RunPrinter(task)

        def hear(event: RunEvent) -> None:
            printer(event)
            if event.kind is RunEventKind.FINISHED:  # now: the gate may refuse the model
                print_metrics(out, event.metrics)
                out.print(event.message)

        train(work, config, use=use, task=task, warn=err.print, on_event=hear, reader=reader, case=case, centre=centre, why=why)
    tell_notes(damage_news(work.project.database))
    told = "The active model is what it was; choose the new one in the window, by endodesk use, or add --use."
    out.print("It is the active model now." if use else told)


def wipe(
    place: PlaceArgument,
    taken: Annotated[bool, typer.Option("--taken", help="Frames taken from videos too: labels on them stay without a picture.")] = False,
    reports: Annotated[bool, typer.Option("--reports", help="Reports and plots of trainings too, which show frames.")] = False,
    backups: Annotated[bool, typer.Option("--backups", help="Backups of the labels too.")] = False,
    logs: Annotated[bool, typer.Option("--logs", help="Logs too, which name files and folders.")] = False,
    only_list: Annotated[bool, typer.Option("--list", help="Only say what is kept; nothing is removed.")] = False,
) -> None:
    """Clear what is kept of a project's frames: thumbnails, preprocessed frames, features. Never labels, models or your images."""
    from endodesk.app.project.project import hold_project
    from endodesk.app.project.stored_pictures import KINDS, MADE_AGAIN, clear_stored, measure_stored, shown_size

    asked = {"taken": taken, "reports": reports, "backups": backups, "logs": logs}
    keys = {*MADE_AGAIN, *(key for key, wanted in asked.items() if wanted)}
    with progress("Clearing") as task, hold_project(_by_content(place, task)) as project:
        sizes = measure_stored(project, task)
        cleared = None if only_list else clear_stored(project, keys, task)
    for kind in KINDS:
        kept = "" if only_list or kind.key in keys else f" (kept; add --{kind.key})"
        out.print(f"{kind.title}: {shown_size(sizes[kind.key])}{kept}")
    out.print(f"In {project}" if cleared is None else f"Cleared: {shown_size(cleared)}, in {project}")


def _by_content(place: Path, task: TaskContext) -> Path:
    """The project that knows a folder's frames where none is kept for it, which is said; else the place as it was named."""
    from endodesk.app.places.found_again import known_for

    if known := known_for(place, task):
        err.print(known.told)
    return known.project if known else place


def tell_file(work: "Opened") -> None:
    """What happened to the project's file while nobody had it open, and that it may lack what was stored here before."""
    if work.project.told:
        err.print(work.project.told)
    if kept := work.project.database.kept_journals:
        err.print(f"{kept[0].name} holds labels that this project may lack: it is an older copy, or another one. The window offers them.")
