"""Commands on the record of a project: whether what readers did is as they did it."""

from pathlib import Path
from typing import Annotated

import typer

from endodesk.cli.console import counted, err, out, progress
from endodesk.system.private import keep_private


def verify(
    place: Annotated[Path, typer.Argument(help="Project, its file, or a folder of frames.")],
    anchor: Annotated[Path | None, typer.Option(help="File to keep count and digest in, elsewhere; checked if it is there.")] = None,
) -> None:
    """Look through the record: whether any act was changed, deleted, swapped or inserted past EndoDesk. Exit code 1 names the first."""
    from endodesk.app.project.record_check import check_record

    keep_private()
    with progress("Verifying") as task:
        check = check_record(place, anchor, task)
    if check.told:
        err.print(check.told)
    if check.fault:
        out.print(f"Broken: {check.fault}")
        raise typer.Exit(1)
    out.print(f"{counted(check.events, 'event')} hold{'s' if check.events == 1 else ''}; the last digest is {check.digest or 'none'}.")
    if check.anchored:
        out.print(check.anchored)
