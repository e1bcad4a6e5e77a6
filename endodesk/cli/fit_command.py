"""The command that tells whether a model will work on a folder's frames, and which to label to be sure."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from endodesk.cli.console import counted, out, progress, tell_notes, tell_read_otherwise
from endodesk.cli.project_commands import NEW, PlaceArgument, tell_file
from endodesk.domain.errors import BadRequest
from endodesk.domain.shown_text import visible
from endodesk.system.private import keep_private

if TYPE_CHECKING:
    from endodesk.app.fit.fit_for import FolderFit


def fit_for(
    place: PlaceArgument,
    choose: Annotated[
        bool, typer.Option("--choose", help="Choose the frames that would tell most, to be labelled; kept in the project.")
    ] = False,
    frames: Annotated[int, typer.Option(help="With --choose: how many.", min=10, max=500)] = 30,
    seed: Annotated[int, typer.Option(help="With --choose: by which chance draws.", min=0, max=2**31 - 1)] = 42,
    table: Annotated[
        Path | None, typer.Option("--out", help="CSV file of the chosen frames, to be filled in and given to `endodesk label`.")
    ] = None,
    only: Annotated[str, typer.Option(help="Only frames whose path in the folder holds this, such as the folder of a hospital.")] = "",
    new: NEW = False,
) -> None:
    """Tell whether the active model will work on these frames, without labels: recall and specificity, and how far the frames lie."""
    from endodesk.app.answers.asking import answer_all
    from endodesk.app.fit.fit_for import choose_frames
    from endodesk.app.fit.fit_for import fit_for as found_for
    from endodesk.app.fit.fit_words import details_told, labels_told, limits_told, verdict_told
    from endodesk.app.headless import opened
    from endodesk.app.preferences import Preferences, use_memory
    from endodesk.app.project.damage_told import damage_news
    from endodesk.app.queues.queue_snapshot import QueueSnapshot

    keep_private()
    use_memory(Preferences())
    if table and (table.is_dir() or not table.absolute().parent.is_dir()):  # before minutes of work
        raise BadRequest(f"The frames cannot be written to {table}: it is a folder, or its folder is not there.")
    with progress("Will it work here?") as task, opened(place, task, new=new) as work:
        tell_file(work)
        tell_read_otherwise(work.read_otherwise)
        project, rows = work.project, work.frames.snapshot()
        bundle, answers, features = answer_all(project, rows, task)
        taken = QueueSnapshot(project, rows, work.reviews.snapshot(), project.label_set, answers, features, bundle)
        named = zip(work.frames.names, rows.sha256s, strict=True)
        images = {image for name, image in named if image and only in name} if only else None
        if choose:
            choose_frames(taken, task, images, most=frames, seed=seed)
        found = found_for(taken, task, images)
        names = [(work.frames[row.row].name, row.label) for row in found.rows]
        tell_notes(damage_news(project.database))
    out.print(verdict_told(found))
    out.print(_table(found))
    for sentence in filter(None, (*details_told(found), labels_told(found, found.done), *limits_told(found))):
        out.print(sentence)
    if table:
        _write(table, names)
    elif choose:
        for name, label in names:
            out.print(f"{name}  {label}" if label else name)


def _table(found: "FolderFit") -> Table:
    from endodesk.app.fit.fit_words import span_told, spans_of

    table = Table(Column("class", overflow="fold"), "called so", "recall", "specificity", box=None)
    for place, one in enumerate(found.classes):
        table.add_row(visible(one.name), f"{one.called:,}", *(span_told(span) for span in spans_of(found, place)))
    return table


def _write(path: Path, names: list[tuple[str, str]]) -> None:
    from endodesk.dataset.csv_table import for_spreadsheets, plain_cell, write_table
    from endodesk.system.atomic import whole_file

    if not names:
        raise BadRequest("No frames were chosen to be labelled: add --choose.")
    with whole_file(path) as beside:
        write_table(beside, ["file", "label"], ([for_spreadsheets(name), plain_cell(label)] for name, label in names))
    out.print(f"{counted(len(names))} to label, written to {path}; fill in the column label and give it to `endodesk label`.")
