"""Commands on a project: labels from a table, and retraining, without the window."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from endodesk.cli.console import RunPrinter, err, out, progress, tell_read_otherwise
from endodesk.cli.model_commands import CASE_HELP

if TYPE_CHECKING:
    from endodesk.app.headless import Opened

_FOLDER = Annotated[Path, typer.Argument(help="Project, its file, or a folder of frames.")]
_READER = Annotated[str, typer.Option(help="Who labels or decides.", show_default="the project's reader")]
_SHOWN = 3


def label(
    folder: _FOLDER,
    table: Annotated[Path, typer.Argument(help="CSV file with the columns file and label, such as predictions.csv.")],
    reader: _READER = "",
    confirm: Annotated[bool, typer.Option("--confirm", help="Rows that say what a frame is labelled anyway are the reader's too.")] = False,
) -> None:
    """Label frames by a table, as one step that the window can undo. Only what differs counts, so that predictions.csv can be edited."""
    from endodesk.app.headless import label_by_table, opened

    with progress("Reading the frames") as task, opened(folder, task) as work:
        _tell_file(work)
        tell_read_otherwise(work.read_otherwise)
        result = label_by_table(work, table, reader, confirm=confirm, task=task)
    err.print(result.read)
    if result.without:
        err.print(f"{result.without} of its rows have no label, which says nothing.")
    out.print(f"{result.given} frames labelled; {result.same} had that label already.")
    if result.unknown:
        shown = ", ".join(result.unknown[:_SHOWN]) + (" ..." if len(result.unknown) > _SHOWN else "")
        err.print(f"{len(result.unknown)} files of the table are not in the folder, or cannot be read: {shown}")
        if not result.given and not result.same:  # not one was found: a table of another folder
            raise typer.Exit(2)


def retrain(
    folder: _FOLDER,
    config: Annotated[str, typer.Option(help="quick, default, head, paper, or a TOML file.")] = "quick",
    use: Annotated[bool, typer.Option("--use", help="Make the new model the active one.")] = False,
    reader: _READER = "",
    case: Annotated[str, typer.Option(help=f"{CASE_HELP} Kept with the project.", show_default="the project's")] = "",
) -> None:
    """Train on the project's labels, as the window's Retrain does."""
    from endodesk.app.headless import opened
    from endodesk.app.headless import retrain as train
    from endodesk.cli.tables import print_metrics

    with progress("Training") as task, opened(folder, task) as work:
        _tell_file(work)
        tell_read_otherwise(work.read_otherwise)
        result = train(work, config, use=use, task=task, warn=err.print, on_event=RunPrinter(task), reader=reader, case=case)
    print_metrics(out, result.metrics)
    out.print(result.message)
    out.print("It is the active model now." if use else "The active model is what it was; choose the new one in the window, or add --use.")


def _tell_file(work: "Opened") -> None:
    """What happened to the project's file while nobody had it open, and that it may lack what was stored here before."""
    if work.project.told:
        err.print(work.project.told)
    if kept := work.project.database.kept_journals:
        err.print(f"{kept[0].name} holds labels that this project may lack: it is an older copy, or another one. The window offers them.")
