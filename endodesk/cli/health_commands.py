"""Commands on a project's health: its backups, and what is wrong with it."""

from pathlib import Path
from typing import Annotated

import typer

from endodesk.cli.console import err, out, progress
from endodesk.system.private import keep_private
from endodesk.system.task import TaskContext

_PLACE = Annotated[Path, typer.Argument(help="Project, its file, or a folder of frames.")]


def backups(
    place: _PLACE,
    restore: Annotated[
        int | None, typer.Option(help="Number of the backup to put in the place of the present record, which is kept beside it.", min=1)
    ] = None,
) -> None:
    """List the backups of a project with what each holds, the newest first, or restore one."""
    from endodesk.app.project.project import restore_backup
    from endodesk.app.project.project_file import DATABASE_NAME
    from endodesk.app.project.work_words import backup_told
    from endodesk.data.safety.backups import restorable
    from endodesk.domain.errors import BadRequest

    keep_private()
    with progress("Looking for the project") as task:
        folder = project_of(place, task)
    found = restorable(folder / DATABASE_NAME)
    if restore is None:
        for number, backup in enumerate(found, start=1):
            out.print(f"{number:>3}  {backup_told(backup, backup.work)}")
        if not found:
            out.print("There is no backup yet: they are made while the window is open, once somebody has labelled.")
        err.print(f"In {folder}")
        return
    if restore > len(found):
        raise BadRequest(f"There is no backup {restore}: {place} has {len(found)}.")
    chosen = found[restore - 1]
    told = backup_told(chosen, chosen.work)
    restore_backup(folder, chosen)
    out.print(f"Restored: {told}. The record before it is kept beside it as project.replaced.sqlite.")


def doctor(
    place: _PLACE,
    mend: Annotated[bool, typer.Option("--mend", help="Mend what can be mended. Nothing that a reader did is ever dropped.")] = False,
) -> None:
    """Look through a project: its file, references, journal, chain, classes, models, frames and pictures. Says what it would mend."""
    from endodesk.app.places.doctor import examine, newest_backup
    from endodesk.app.places.found_again import known_for
    from endodesk.app.project.project_file import place_to_open

    keep_private()
    open_still = found = 0
    with progress("Examining") as task:
        known = known_for(place_to_open(place), task)
        if known:
            err.print(known.told)
        folder = known.project if known else project_of(place, task)
        for finding, mended in examine(folder, task, mend=mend, known=known):
            found, open_still = found + 1, open_still + (not mended)
            out.print(f"{'Mended: ' if mended else ''}{finding.told}")
            if finding.would and not mended:
                out.print(f"    --mend would {finding.would}.")
    backup = newest_backup(folder)
    err.print(f"In {folder}; newest backup: {f'{backup.at.astimezone():%Y-%m-%d %H:%M}' if backup else 'none'}.")
    if not found:
        out.print("Nothing is wrong.")
    if open_still:
        raise typer.Exit(1)


def project_of(place: Path, task: TaskContext) -> Path:
    """The project for a place that a user names, also one that knows a folder's frames, which is then said. BadRequest if there is none."""
    from endodesk.app.places.found_again import known_for
    from endodesk.app.project.kept_places import kept_place
    from endodesk.app.project.project_file import DATABASE_NAME, JOURNAL_NAME, place_to_open
    from endodesk.data.safety.backups import backups_of
    from endodesk.domain.errors import BadRequest

    folder = place_to_open(place)
    if (folder / JOURNAL_NAME).is_file() or (folder / DATABASE_NAME).is_file() or backups_of(folder / DATABASE_NAME):
        return folder
    if (kept := kept_place(folder)) is not None:
        return kept
    if (known := known_for(folder, task)) is not None:
        err.print(known.told)
        return known.project
    raise BadRequest(f"There is no project for {place}: nothing is kept of it.")
