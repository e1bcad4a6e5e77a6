"""The command line: the same code as the window, with progress bars, one-line errors and exit code 2 for user errors."""

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from endodesk import __version__
from endodesk.cli import console
from endodesk.cli.agreement_command import agreement
from endodesk.cli.choice_commands import compare, models, use
from endodesk.cli.enough_command import enough
from endodesk.cli.fit_command import fit_for
from endodesk.cli.health_commands import backups, doctor
from endodesk.cli.model_commands import CASE_HELP, CENTRE_HELP, CLASSES_HELP, NEAR_HELP, crossval, ensemble, evaluate, export_model
from endodesk.cli.plan_command import plan
from endodesk.cli.project_commands import NEW, label, retrain, wipe
from endodesk.cli.record_commands import export, import_acts
from endodesk.cli.reproduce_command import reproduce
from endodesk.cli.verify_command import verify
from endodesk.domain.errors import BadRequest, Cancelled, EndoDeskError
from endodesk.domain.images import is_image_name
from endodesk.domain.shown_text import shortened
from endodesk.system.atomic import whole_file
from endodesk.system.os_errors import reason_of

# each command imports what it needs by itself: --help waits for no LiteRT, and `split` for no Qt
app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="EndoDesk: review, correct and retrain a classifier of endoscopic frames, offline. Research use only.\n\n"
    "`endodesk [FOLDER]` opens the window.",
)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        console.out.print(__version__)
        raise typer.Exit


@app.command("open")
def open_window(
    place: Annotated[Path | None, typer.Argument(help="Folder of frames, a project, or its file; the last one if left out.")] = None,
    snapshot: Annotated[Path | None, typer.Option(help="Save a picture of the window with a frame open, and quit.")] = None,
    new: NEW = False,
) -> None:
    """Open the window."""
    from endodesk.ui.start import start_window

    raise typer.Exit(start_window(place, snapshot, new=new))


@app.command()
def preprocess(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Image files, and folders of them.")],
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
    recipe: Annotated[str, typer.Option(help="paper or clean.")] = "paper",
    new: NEW = False,
) -> None:
    """Write what each step makes of each frame: one PNG a step, final.png and steps.json, in a folder per frame."""
    from endodesk.app.answers.predicting import drawn_in
    from endodesk.app.frames.scan import listed
    from endodesk.app.preferences import Preferences, use_memory
    from endodesk.imaging.preprocessing.pipeline import recipe_named
    from endodesk.imaging.preprocessing.step_files import write_steps

    chosen = recipe_named(recipe)
    use_memory(Preferences())
    with console.progress("Preprocessing") as task:
        frames = [path for path in listed(files, task) if out.absolute() not in path.absolute().parents]  # not what we wrote before
        written, unreadable = write_steps(frames, chosen, out, task, overrides=drawn_in(files, task, new=new))
    console.out.print(f"{len(written)} of {len(written) + len(unreadable)} frames preprocessed by {recipe} into {out}")
    console.tell_unreadable([(u.path, u.reason) for u in unreadable], "read or written")
    if not written:
        raise typer.Exit(2)


@app.command()
def predict(
    folder: Annotated[Path, typer.Argument(help="Folder of frames, or a project.")],
    out: Annotated[Path, typer.Option(help="CSV file to write.")] = Path("predictions.csv"),
    model: Annotated[Path | None, typer.Option(help="Model bundle; the project's active model, or the starter model, if left out.")] = None,
    new: NEW = False,
) -> None:
    """Answer for every frame of a folder and its subfolders."""
    from endodesk.app.answers.predicting import PredictedRow, open_for_prediction
    from endodesk.app.preferences import Preferences, use_memory
    from endodesk.dataset.csv_table import for_spreadsheets, plain_cell, write_table

    if is_image_name(out):  # a frame must never be written over
        raise BadRequest(f"The answers are a CSV file; {out} is named like an image.")
    if out.is_dir() or not out.absolute().parent.is_dir():  # before minutes of work
        raise BadRequest(f"The answers cannot be written to {out}: it is a folder, or its folder is not there.")
    use_memory(Preferences())
    with console.progress("Predicting") as task:
        work = open_for_prediction(folder, model, task, new=new)
        rows: list[PredictedRow] = []
        unreadable: list[PredictedRow] = []
        started = time.perf_counter()
        for row in work.rows(workers=os.cpu_count() or 1):
            (unreadable if row.reason else rows).append(row)
        seconds = time.perf_counter() - started
    columns, made_by = ["file", "sha256", "label", "answer", *work.classes, "model", "recipe"], (work.model, plain_cell(work.recipe))
    lines = (
        [for_spreadsheets(row.file), row.sha256, plain_cell(row.label), row.answer, *(f"{p:.6f}" for p in row.probabilities), *made_by]
        for row in rows
    )
    with whole_file(out) as beside:
        write_table(beside, columns, lines)
    work.tell_written(out, rows)
    if work.starter:
        console.err.print(f"This folder has no model of its own: answered by the starter model, {work.starter}.")
    console.out.print(f"{console.counted(len(rows))}, {len(rows) / max(seconds, 1e-9):.1f} frames/s; written to {out}. Research use only.")
    console.tell_notes(work.notes)
    console.tell_pages([row.file for row in rows if row.pages > 1])
    for closed in work.closed:
        console.err.print(f"The folder {shortened(closed)} cannot be read; the frames in it were left out.")
    console.tell_unreadable([(work.root / row.file, row.reason) for row in unreadable])
    if not rows:
        raise typer.Exit(2)


@app.command()
def split(
    folder: Annotated[Path, typer.Argument(help="Folder whose subfolders are the classes.")],
    out: Annotated[Path, typer.Option(help="Folder to make. Frames of a split that is there keep their parts.")] = Path("splited_dataset"),
    seed: Annotated[int, typer.Option(help="Of the shuffle.")] = 42,
    shares: Annotated[str, typer.Option(help="Of train, validation and test, in percent.")] = "70,15,15",
    near: Annotated[int | None, typer.Option(help=NEAR_HELP, min=0, max=32, show_default="2")] = None,
    case: Annotated[str, typer.Option(help=CASE_HELP)] = "folder",
    together: Annotated[Path | None, typer.Option(help="Pairs that stay together, as leaks.csv lists them.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Place the frames of an earlier split anew.")] = False,
) -> None:
    """Copy frames into train, val and test by whole groups: equal and near pictures, and cases."""
    from endodesk.cli.tables import print_counts
    from endodesk.dataset.leak_report import read_pairs
    from endodesk.dataset.split import DEFAULT_NEAR
    from endodesk.dataset.split_folder import CONFLICTS, split_folder

    # None, not the number itself: it is imported with the command alone; a test holds the help to it
    near, pairs = DEFAULT_NEAR if near is None else near, read_pairs(together) if together else []
    with console.progress("Splitting") as task:
        result = split_folder(folder, out, seed=seed, shares=_shares(shares), near=near, case=case, joined=pairs, fresh=fresh, task=task)
    print_counts(console.out, result.counts)
    console.tell_unreadable([(u.path, u.reason) for u in result.unreadable])
    console.tell_notes(result.notes)
    if result.conflicts:
        console.err.print(f"{result.conflicts} groups of near-identical frames carry more than one label; {out / CONFLICTS} lists them.")
    if result.moved:
        console.err.print(f"{console.counted(result.moved)} of the earlier split followed their group into another part.")
    kept = f"; {console.counted(result.kept)} kept the part of the earlier split" if result.kept else ""
    console.out.print(f"{result.groups} groups{kept}. Written to {out}")


@app.command()
def leaks(
    folder: Annotated[Path, typer.Argument(help="Split ({train,val,test}/class), or the run folder of a training.")],
    out: Annotated[Path, typer.Option(help="Folder for leaks.csv and the pictures side by side.")],
    near: Annotated[int | None, typer.Option(help=NEAR_HELP, min=0, max=32, show_default="2")] = None,
    model: Annotated[Path | None, typer.Option(help="Model bundle: compare what it sees, too.")] = None,
    distance: Annotated[float | None, typer.Option(help="Cosine distance of features.", min=0, max=2, show_default="0.12")] = None,
) -> None:
    """Find pictures that stand, or nearly stand, in two parts of a split."""
    from endodesk.app.answers.measuring import measure_features
    from endodesk.cli.tables import print_leaks
    from endodesk.dataset.leak_report import as_matrix, by_parts, check_report, split_rows, write_leaks
    from endodesk.dataset.leaks import DEFAULT_DISTANCE
    from endodesk.dataset.leaks import leaks as find_leaks
    from endodesk.dataset.near_duplicates import MOST_PAIRS
    from endodesk.dataset.split import DEFAULT_NEAR, told_plain
    from endodesk.inference.predictor import Predictor

    near, distance = DEFAULT_NEAR if near is None else near, DEFAULT_DISTANCE if distance is None else distance
    check_report(out, folder)  # before minutes of work
    predictor = Predictor(model) if model else None
    with console.progress("Looking for leaks") as task:
        rows, unreadable = split_rows(folder, task)
        features = as_matrix(rows, measure_features(predictor, rows, task)) if predictor else None
        found = find_leaks(rows, near, features, distance)
        written = write_leaks(out, found, folder.absolute().name, task)
    print_leaks(console.out, by_parts(found, near), found, near, distance if model else None)
    console.tell_unreadable([(u.path, u.reason) for u in unreadable])
    console.tell_notes(told_plain(rows))
    at_least = "at least " if len(found) >= MOST_PAIRS else ""
    pairs = console.counted(len(found), "pair")
    console.out.print(
        f"{console.counted(len(rows))}, {at_least}{pairs} across parts; written to {out}: {', '.join(written)}. Research use only."
    )


@app.command()
def train(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder whose subfolders are the classes, or a split: {train,val,test}/class.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Run folder to make.")] = None,
    config: Annotated[str, typer.Option(help="paper, default, head, quick, or a TOML file.")] = "default",
    classes: Annotated[str, typer.Option(help=CLASSES_HELP)] = "",
    near: Annotated[int | None, typer.Option(help=NEAR_HELP, min=0, max=32, show_default="the configuration's")] = None,
    case: Annotated[str | None, typer.Option(help=CASE_HELP, show_default="the configuration's")] = None,
    centre: Annotated[str, typer.Option(help=CENTRE_HELP)] = "none",
    allow_leaks: Annotated[bool, typer.Option("--allow-leaks", help="Train though parts hold equal pictures.")] = False,
    wandb: Annotated[str | None, typer.Option(help="Tell Weights & Biases: off, online or offline.", show_default="off")] = None,
    resume: Annotated[
        Path | None, typer.Option(help="Run folder of a training that was interrupted: go on with it, as it was begun.")
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="With --resume: let it use the network, as its configuration asks.")] = False,
) -> None:
    """Train a model: config, manifest, history, TensorBoard logs, figures and bundle in one run folder."""
    from dataclasses import replace

    from endodesk.cli.tables import print_counts
    from endodesk.dataset.centres import check_centre, with_centres
    from endodesk.dataset.class_folders import class_folders, class_words
    from endodesk.dataset.manifest import is_split_folder, scan_class_folder, scan_split_folder
    from endodesk.dataset.overlooked import layout_notes
    from training.plan.config import Trackers, load_config
    from training.plan.run_folder import prepare_run

    # as it was begun: nothing of it can be chosen anew
    if resume is not None and not (folder or out or wandb):
        _train(resume, resume=True, online=online)
        return
    if resume is not None or folder is None or out is None:
        raise BadRequest("Name a folder of class folders and a run folder to make (--out), or --resume with a run folder alone.")
    chosen = class_words(classes)
    named = tuple(class_folders(chosen)) if chosen else ()
    settings = load_config(config)
    own = settings.split
    near, case = own.near if near is None else near, case or own.case
    parts = replace(own, allow_leaks=allow_leaks or own.allow_leaks, near=near, case=case)
    settings = replace(settings, classes=named or settings.classes, split=parts)
    settings = replace(settings, trackers=Trackers(wandb) if wandb else settings.trackers)
    check_centre(centre)
    with console.progress("Reading") as task:
        scan_frames = scan_split_folder if is_split_folder(folder) else scan_class_folder
        scan = scan_frames(folder, chosen or settings.classes or None, task, centre=centre)
    console.tell_notes(layout_notes(folder, chosen, centre))  # before anything is refused: it may say why
    plan = prepare_run(out, with_centres(scan.rows, centre), settings)
    console.tell_unreadable([(u.path, u.reason) for u in scan.unreadable])
    console.tell_notes(plan.warnings)
    print_counts(console.out, plan.counts)
    _train(out, resume=False, online=True)  # what was named a moment ago


def _train(run: Path, *, resume: bool, online: bool) -> None:
    from endodesk.cli.tables import print_metrics
    from training.plan.launch import launch

    with console.progress("Training") as task:
        result = launch(run, on_event=console.RunPrinter(task), task=task, resume=resume, online=online)
    print_metrics(console.out, result.metrics)
    if result.message:
        console.out.print(result.message)
    console.out.print(f"Model: {result.bundle}")


@app.command()
def demo(out: Annotated[Path, typer.Option(help="Folder to make.")] = Path("endodesk-demo")) -> None:
    """Make the demo project: synthetic frames, and a model trained on them within a minute."""
    from endodesk.app.project.demo import is_demo, make_demo

    if is_demo(out):
        console.out.print(f"The demo is in {out}. Open it: endodesk {out}")
        return
    with console.progress("Making the demo") as task:
        make_demo(out, task=task, on_event=console.RunPrinter(task))
    console.out.print(f"The demo is in {out}: synthetic frames, not patients. Open it: endodesk {out}")


for command in (
    label,
    retrain,
    wipe,
    verify,
    export,
    backups,
    doctor,
    agreement,
    plan,
    evaluate,
    crossval,
    ensemble,
    models,
    compare,
    use,
    enough,
):
    app.command()(command)
app.command()(reproduce)
app.command("import")(import_acts)
app.command("export-model")(export_model)
app.command("fit-for")(fit_for)


# --- errors, files -----------------------------------------------------------------------------------------------------


def run(args: Sequence[str]) -> int:
    """Run the command line; the exit code. A user error is one line on stderr and 2, a defect of ours a traceback and 1."""
    commands = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    if not args or (args[0] not in commands and args[0] not in ("--help", "--version")):
        args = ["open", *args]  # `endodesk`, `endodesk FOLDER`, `endodesk --snapshot ...` open the window
    try:
        code = app(list(args), standalone_mode=False)  # else click ends the process, and words errors itself
        return code if isinstance(code, int) else 0  # an int from typer.Exit
    except typer.TyperException as error:  # a word that is no option, an option without its value
        console.err.print(f"endodesk: {' '.join(error.format_message().split()).rstrip('.')}. See endodesk --help.")
        return 2
    except (KeyboardInterrupt, typer.Abort, Cancelled):
        console.err.print("Cancelled. What was written so far is whole.")
        return 130  # 128 + SIGINT, as shells have it
    except EndoDeskError as error:
        console.err.print(f"endodesk: {error}")
        return 2
    except OSError as error:
        console.err.print(f"endodesk: {error.filename or 'a file'}: {reason_of(error)}.")
        return 2


def _shares(text: str) -> tuple[float, float, float]:
    try:
        train_share, val_share, test_share = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadRequest(f"--shares takes three numbers such as 70,15,15, not {text!r}.") from error
    if not all(0 < share < math.inf for share in (train_share, val_share, test_share)):  # float() reads "nan" and "inf"
        raise BadRequest(f"--shares takes three numbers above 0, not {text!r}.")
    return train_share, val_share, test_share
