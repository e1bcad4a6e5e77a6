"""Commands for choosing a model: which there are, how two compare, and using one."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from endodesk.cli.console import err, out, progress, tell_notes
from endodesk.cli.health_commands import project_of
from endodesk.cli.project_commands import PlaceArgument
from endodesk.domain.shown_text import visible
from endodesk.system.private import keep_private
from endodesk.system.task import TaskContext

if TYPE_CHECKING:
    from endodesk.app.project.project import Project
    from endodesk.app.retraining.lineage import Ancestry
    from endodesk.app.retraining.model_comparison import AskedFrames, ComparedModels
    from endodesk.domain.bundles import ModelBundle
    from training.evaluation.paired_comparison import Flip, PairedComparison

MODEL_HELP = "active, starter, its id or the beginning of that, its name, or the folder of a bundle"
_TEST, _ALL = "test", "all"
_RESEARCH_ONLY = "Research use only."


def models(
    place: PlaceArgument,
    folder: Annotated[Path | None, typer.Option("--out", help="Folder to make: models.json.")] = None,
) -> None:
    """List the models of a project as a lineage: made of what, going on from which, measured on which frames, active since when and why."""
    from endodesk.app.project.damage_told import damage_news
    from endodesk.app.retraining.lineage import lineage_of, lineage_written, stopped_told
    from endodesk.dataset.exchange.formats import check_out
    from endodesk.dataset.manifest import PARTS

    keep_private()
    if folder:
        check_out(folder, "")
    with progress("Looking for the project") as task, opened_project(place, task, alone=False) as project:
        known = lineage_of(project)
        tell_notes(damage_news(project.database))
    if not known:
        out.print("This project has no model yet: open it in the window, or retrain.")
        return
    heads = ("id", "name", "goes on from", "made of", "frames", "active")
    table = Table(*(Column(head, overflow="fold") for head in heads), box=None)
    for one in known:
        name = f"{visible(one.words.name or one.bundle.name)}{' (synthetic frames)' if one.bundle.synthetic else ''}"
        frames = " + ".join(f"{one.parts.get(part, 0):,}" for part in PARTS) if one.parts else "-"
        active = "deleted" if one.deleted else "now" if one.is_active else "before" if one.promoted else ""
        made_of = f"{visible(one.made_of)}{' (stopped)' if one.stopped else ''}"
        table.add_row(one.bundle.id, name, visible(one.bundle.parent) or "-", made_of, frames, active)
    out.print(table)
    out.print("Made of: a training, by the labels of that moment, with frames to train on + to validate + to test.")
    for one in known:
        if one.is_active and one.promoted:
            out.print(_told_active(one))
        if one.stopped:
            out.print(f"{visible(one.bundle.name)} ({one.bundle.id}): {stopped_told(one.stopped)}")
        if one.words.note:
            out.print(f"Note of {one.bundle.id}: {visible(one.words.note)}")
    _tell_figures(known)
    if folder:
        from endodesk.system.atomic import folder_asked_for

        with folder_asked_for(folder, "The list of models") as beside:
            (beside / "models.json").write_text(json.dumps(lineage_written(known), indent=1) + "\n", "utf-8")
        out.print(f"Written: {folder}")


def compare(
    place: PlaceArgument,
    new: Annotated[str, typer.Argument(metavar="MODEL", help=f"The new one: {MODEL_HELP}.")],
    old: Annotated[str, typer.Argument(metavar="MODEL", help="What it is held against.")],
    frames: Annotated[
        str,
        typer.Option(
            help="test: those of the newest training that made one of them; all: all labelled ones of the project; or a folder of class "
            "folders, such as another hospital's."
        ),
    ] = _TEST,
    hide_source: Annotated[bool, typer.Option("--hide-source", help="With rim, corners and colours of the frames hidden as well.")] = False,
    folder: Annotated[Path | None, typer.Option("--out", help="Folder to make: comparison.json, and flips.csv.")] = None,
) -> None:
    """Hold two models against each other on the same frames: which is better, by how much, how sure that is, and where they differ."""
    from endodesk.app.project.damage_told import damage_news
    from endodesk.app.retraining.model_choice import find_model
    from endodesk.app.retraining.model_comparison import compare_models
    from endodesk.app.retraining.verdict import details_told, hidden_told, verdict_told
    from endodesk.dataset.exchange.formats import check_out
    from endodesk.inference.predictor import Predictor

    keep_private()
    if folder:
        check_out(folder, "")  # before minutes of work
    with progress("Comparing") as task, opened_project(place, task, alone=False) as project:
        named = [find_model(project, word) for word in (new, old)]
        predictors = [Predictor(model.folder, task=task) for model in named]
        asked = _frames_named(frames, project, place, [predictor.bundle for predictor in predictors], task)
        found = compare_models(project, predictors[0], predictors[1], asked, task, hides_source=hide_source)
        root = project.source or place
        tell_notes(damage_news(project.database))
    told = [verdict_told(found.comparison), *details_told(found.comparison), *hidden_told(found.hidden)]
    out.print(f"New: {named[0].told}. Old: {named[1].told}.")
    out.print(
        f"{found.frames} n {found.comparison.n:,} in {found.comparison.groups:,} groups; 95 % intervals in brackets. {_RESEARCH_ONLY}"
    )
    for sentence in told:
        out.print(sentence)
    out.print(_table(found.comparison))
    tell_notes(found.notes)
    if folder:
        _write(found, told, folder, root)
        out.print(f"Written: {folder}")


def use(
    place: PlaceArgument,
    model: Annotated[str, typer.Argument(metavar="MODEL", help=f"Which one: {MODEL_HELP}.")],
    why: Annotated[str, typer.Option(help="Why it is used although the figures do not support it, or why at all; goes on record.")] = "",
    reader: Annotated[str, typer.Option(help="Who decides.", show_default="the project's reader")] = "",
) -> None:
    """Make a model the active one, if the project's rule lets it by its figures beside the active one's, or a reason is given."""
    from endodesk.app.language import tr
    from endodesk.app.project.readers import reader_of
    from endodesk.app.retraining.model_choice import find_model, judge_or_compare, use_model
    from endodesk.app.retraining.verdict import details_told, verdict_told

    keep_private()
    with progress("Comparing") as task, opened_project(place, task, alone=True) as project:
        if project.told:
            err.print(project.told)
        named, active = find_model(project, model), project.active_model
        if active and active.bundle.id == named.bundle.id:
            out.print(f"{named.told} is the active model already.")
            return
        judgement, notes = judge_or_compare(project, named, task)
        tell_notes(notes)
        if judgement.compared:
            beside = f"Beside the active model, {visible(judgement.compared.name)} ({judgement.compared.model}), on test frames:"
            told = (verdict_told(judgement.compared.comparison), *details_told(judgement.compared.comparison))
            out.print(f"{beside} {' '.join(told)} {_RESEARCH_ONLY}")
        use_model(project, named, judgement, reader=reader or reader_of(project), why=why, task=task)
        reason = project.database.models.promotions()[-1].why
    out.print(f"{named.told} is the active model now: {tr(reason)}.".replace("..", "."))


# --- frames -----------------------------------------------------------------------------------------------------------


@contextmanager
def opened_project(place: Path, task: TaskContext, *, alone: bool) -> Iterator["Project"]:
    """The project that is kept for a place, or knows its frames; without `alone` beside a window that has it open. None is made."""
    from endodesk.app.places.found_again import known_for
    from endodesk.app.project.project import Project
    from endodesk.app.project.project_file import place_to_open

    known = known_for(place_to_open(place), task)
    if known:
        err.print(known.told)
    project = Project.open(known.project if known else project_of(place, task), alone=alone)
    try:
        if known:
            known.show_in(project, moves=known.gone)
            project.note_moved()
        yield project
    finally:
        project.close()


def _frames_named(word: str, project: "Project", place: Path, bundles: "Sequence[ModelBundle]", task: TaskContext) -> "AskedFrames":
    from endodesk.app.headless import read_frames
    from endodesk.app.project.project_file import place_to_open
    from endodesk.app.retraining.model_comparison import frames_held_out, frames_in_folder, frames_labelled

    if word == _TEST:
        return frames_held_out(project, *bundles)
    if word == _ALL:
        work = read_frames(project, place_to_open(place), task)
        return frames_labelled(project, work.frames.snapshot(), work.reviews.snapshot(), task)
    return frames_in_folder(project, Path(word), task)


# --- what is told and written -----------------------------------------------------------------------------------------


def _told_active(one: "Ancestry") -> str:
    from endodesk.app.language import tr

    assert one.promoted is not None  # noqa: S101  (for mypy: it was asked)
    why = f": {visible(tr(one.promoted.why))}" if one.promoted.why else ""
    since = f"{one.promoted.at.astimezone():%Y-%m-%d %H:%M}"
    return f"{visible(one.bundle.name)} ({one.bundle.id}) is active since {since}, by {visible(one.promoted.reader)}{why}."


def _tell_figures(known: "Sequence[Ancestry]") -> None:
    """Under a line for each set of frames, so that none of different frames stand side by side."""
    by_frames: dict[tuple[str, int], list[str]] = {}
    for one in known:
        if figures := one.figures:
            low, high = figures.accuracy_interval
            macro = "-" if figures.macro_f1 is None else f"{figures.macro_f1:.3f}"
            told = f"{visible(one.bundle.name)} ({one.bundle.id}): accuracy {figures.accuracy:.3f} ({low:.3f}-{high:.3f}), macro F1 {macro}"
            by_frames.setdefault((figures.frames, figures.n), []).append(told)
    for (frames, n), lines in by_frames.items():
        out.print(f"On {n:,} {visible(frames)}:")
        for line in lines:
            out.print(f"  {line}")
    if len(by_frames) > 1:
        out.print("These are figures of different frames: endodesk compare holds two models against each other on the same ones.")
    out.print(_RESEARCH_ONLY)


def _table(comparison: "PairedComparison") -> Table:
    from endodesk.app.retraining.verdict import difference_told

    new, old = comparison.new, comparison.old
    table = Table(Column("figure", overflow="fold"), "n", "new", "old", "difference", box=None)
    rows = [
        ("accuracy", comparison.n, new["accuracy"], old["accuracy"], comparison.accuracy),
        ("macro F1", comparison.n, new["macro"]["f1"], old["macro"]["f1"], comparison.macro_f1),
        ("ECE (less is better)", comparison.n, new["ece"], old["ece"], comparison.ece),
    ]
    for name, difference in comparison.recall.items():
        of_new, of_old = new["per_class"][name], old["per_class"][name]
        rows.append((f"recall of {name}", of_new["n"], of_new["recall"], of_old["recall"], difference))
    for name, n, one, other, difference in rows:
        figures = ("-" if figure is None else f"{figure:.3f}" for figure in (one, other))
        table.add_row(visible(name), f"{n:,}", *figures, difference_told(difference))
    return table


def _write(found: "ComparedModels", told: Sequence[str], folder: Path, root: Path) -> None:
    """Both files, or none: BadRequest."""
    from endodesk.dataset.csv_table import for_spreadsheets, plain_cell, write_table
    from endodesk.system.atomic import folder_asked_for

    comparison = {
        "use": _RESEARCH_ONLY,
        "new": {"id": found.new.id, "name": found.new.name},
        "old": {"id": found.old.id, "name": found.old.name},
        "frames": found.frames,
        "told": list(told),
        "notes": list(found.notes),
        "comparison": found.comparison.to_json(),
        **({"source_hidden": found.hidden.to_json()} if found.hidden else {}),
    }
    with folder_asked_for(folder, "The comparison") as beside:
        (beside / "comparison.json").write_text(json.dumps(comparison, indent=1) + "\n", "utf-8")
        words = ((plain_cell(flip.label), plain_cell(flip.new), plain_cell(flip.old)) for flip in found.comparison.flips)
        places = (for_spreadsheets(_below(flip, root)) for flip in found.comparison.flips)
        outcomes = ("mended" if flip.mended else "broken" for flip in found.comparison.flips)
        lines = ((place, *said, outcome) for place, said, outcome in zip(places, words, outcomes, strict=True))
        write_table(beside / "flips.csv", ("file", "label", "new", "old", "outcome"), lines)


def _below(flip: "Flip", root: Path) -> str:
    """Relative to the project's folder of frames, as in predictions.csv, where it lies there."""
    file = Path(flip.file)
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
