"""The command that proves a model: its proof is verified, and it is trained anew and compared."""

from typing import Annotated

import typer

from endodesk.cli.choice_commands import MODEL_HELP, opened_project
from endodesk.cli.console import RunPrinter, out, progress, tell_notes
from endodesk.cli.project_commands import PlaceArgument
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.system.private import keep_private


def reproduce(
    model: Annotated[str, typer.Argument(metavar="MODEL", help=f"Which one: {MODEL_HELP}.")],
    place: PlaceArgument,
) -> None:
    """Verify a model's proof, train it anew from what it was made of, and tell the difference; exit code 1 names what is not as it was."""
    from endodesk.app.headless import read_frames
    from endodesk.app.project.damage_told import damage_news
    from endodesk.app.project.project_file import place_to_open
    from endodesk.app.retraining.model_choice import find_model
    from endodesk.app.retraining.proof.reproduction import Reproduction
    from endodesk.app.retraining.proof.reproduction import reproduce as train_anew
    from endodesk.domain.errors import BadBundle

    keep_private()
    with progress("Reproducing") as task, opened_project(place, task, alone=False) as project:
        show = RunPrinter(task)

        def hear(event: RunEvent) -> None:
            if event.kind is not RunEventKind.EPOCH:  # told when it was trained first
                show(event)

        try:
            named = find_model(project, model)
            work = read_frames(project, place_to_open(place), task)
            found = train_anew(project, named, work.frames.snapshot(), work.reviews.snapshot(), task, hear)
        except BadBundle as error:
            found = Reproduction(faults=(str(error),))
        tell_notes(damage_news(project.database))
    for sentence in (found.signer, *found.told, *found.notes):
        if sentence:
            out.print(sentence)
    if found.faults:
        out.print("Not as it was:")
        for fault in found.faults:
            out.print(f"  {fault}")
        raise typer.Exit(1)
    out.print("Research use only.")
