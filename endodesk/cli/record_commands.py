"""Commands for a project's record: out of it and into it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from endodesk.cli.console import counted, err, out, progress, tell_notes, tell_read_otherwise
from endodesk.cli.project_commands import PlaceArgument, tell_file
from endodesk.domain.errors import BadRequest
from endodesk.system.private import keep_private

if TYPE_CHECKING:
    from endodesk.app.records.portable import RecordFilter

_FORMATS = "csv, folders, coco, labelstudio, cvat, croissant, kvasir, hyperkvasir or pack."


def export(
    place: PlaceArgument,
    form: Annotated[str, typer.Option("--format", help=_FORMATS)],
    target: Annotated[Path, typer.Option("--out", help="File to write, or folder to make; nothing is written over.")],
    as_of: Annotated[str, typer.Option("--as-of", help="The record as it stood then, such as 2026-11-30 or 2026-11-30T14:05.")] = "",
    reader: Annotated[str, typer.Option(help="What one reader said.", show_default="all")] = "",
    deidentify: Annotated[
        bool, typer.Option("--deidentify", help="Frames without names, tags and burnt-in text; first a sheet of them.")
    ] = False,
    approved: Annotated[Path | None, typer.Option(help="The sheet, once a person has looked at every frame on it.")] = None,
) -> None:
    """Write what readers said into a file or folder that other programs read. What the format cannot hold is told, and listed beside it."""
    from endodesk.app.headless import opened
    from endodesk.app.project.damage_told import damage_news
    from endodesk.app.records.exporting import ending_of, export_record, moment_of
    from endodesk.app.records.portable import RecordFilter
    from endodesk.dataset.exchange.formats import check_out

    keep_private()
    wanted = RecordFilter(moment_of(as_of), reader)
    if deidentify or approved:
        _export_nameless(place, form, target, wanted, approved)
        return
    check_out(target, ending_of(form))  # before minutes of work
    with progress("Exporting") as task, opened(place, task) as work:
        tell_file(work)
        tell_read_otherwise(work.read_otherwise)
        done = export_record(work.project, work.frames.snapshot(), form, target, task, wanted)
    tell_notes(damage_news(work.project.database))
    if done.left_out:
        err.print("Not in it, though it is in the project:")
        for told in done.left_out:
            err.print(f"  {told}")
    if done.signed:
        out.print(f"{done.signed}.")
    out.print(f"{counted(done.frames)} and {counted(done.acts, 'act')} of readers exported to {target}. Research use only.")


def _export_nameless(place: Path, form: str, target: Path, wanted: "RecordFilter", sheet: Path | None) -> None:
    """Without a sheet one is made, and nothing else."""
    from endodesk.app.headless import opened
    from endodesk.app.records.deidentifying import export_nameless, make_sheet, nameless_format, sheet_beside
    from endodesk.app.records.portable import portable_record
    from endodesk.dataset.deidentify.contact_sheet import TABLE, read_sheet

    nameless_format(form)  # before minutes of work
    approval = read_sheet(sheet) if sheet else None
    with progress("Exporting") as task, opened(place, task) as work:
        tell_file(work)
        record = portable_record(work.project, work.frames.snapshot(), wanted)
        if approval is None:
            n = make_sheet(work.project, record, sheet_beside(target), task)
            out.print(
                f"{counted(n)} on the contact sheet {sheet_beside(target)}; nothing was exported. Look at every one of them, as it would"
            )
            out.print(f"go out. Write no beside what must not ({TABLE}), then run this again with --approved {sheet_beside(target)}")
            return
        done = export_nameless(work.project, record, form, target, approval, task)
    for told in done.left_out:
        err.print(f"Not in it: {told}")
    out.print(f"{counted(done.frames)} and {counted(done.acts, 'act')} of readers exported without names to {target}, with a certificate.")


def import_acts(
    place: PlaceArgument,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files, or folders of classes, as export writes them.")],
    preview: Annotated[bool, typer.Option("--preview", help="Only say what is new, the same and in conflict.")] = False,
    reader: Annotated[str, typer.Option(help="Who imports, and whose is what names no reader.", show_default="the project's reader")] = "",
    accept_key: Annotated[
        bool, typer.Option("--accept-key", help="Take a label pack in though its key is another one than before.")
    ] = False,
) -> None:
    """Put on record what readers said elsewhere, with their names and times. Each one's word is kept."""
    from endodesk.app.headless import opened
    from endodesk.app.project.damage_told import damage_news
    from endodesk.app.project.readers import reader_of
    from endodesk.app.records.importing import preview_import, take_import

    keep_private()
    failed: Sequence[str] = ()
    with progress("Importing") as task, opened(place, task) as work:
        tell_file(work)
        found = preview_import(work.project, work.frames.snapshot(), files, reader or reader_of(work.project), task)
        is_refused = bool(found.refusal) and not accept_key
        if not (preview or found.is_of_other_frames or is_refused):
            failed = take_import(work.project, found, task, accept_keys=accept_key).failed
    tell_notes([*failed, *damage_news(work.project.database)])
    for sentence in found.sentences:
        out.print(f"{sentence}.".replace("..", "."))
    if is_refused and not preview:
        raise BadRequest(f"{found.refusal}, then import with --accept-key. Nothing was taken in.")
    if preview:
        out.print("Nothing was written: this is a preview.")
    if found.is_of_other_frames:
        raise typer.Exit(2)
