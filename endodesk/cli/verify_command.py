"""Commands on the record of a project: whether what readers did is as they did it."""

from pathlib import Path
from typing import Annotated

import typer

from endodesk.cli.console import err, out, progress
from endodesk.system.private import keep_private


def verify(
    place: Annotated[Path, typer.Argument(help="Project, its file, or a folder of frames.")],
    anchor: Annotated[Path | None, typer.Option(help="File of count and digest, to keep elsewhere: checked if it is there.")] = None,
) -> None:
    """Look through the record: whether any act was changed, deleted, swapped or inserted past EndoDesk. Exit code 1 names the first."""
    from endodesk.app.project.record_check import check_record

    keep_private()
    with progress("Verifying") as task:
        check, told = check_record(place, anchor, task)
    if told:
        err.print(told)
    out.print(check.told)
    if check.fault:
        raise typer.Exit(1)
