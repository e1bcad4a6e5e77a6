"""The command line: the same code as the window, with progress bars, one-line errors and exit code 2 for user errors."""

import csv
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from endodesk import __version__
from endodesk.domain.errors import BadRequest, Cancelled, EndoDeskError, UnreadableImage
from endodesk.domain.images import is_image_name
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.domain.ticket import Progress as TicketProgress
from endodesk.domain.ticket import Ticket

_out, _err = (Console(stderr=to_stderr, soft_wrap=True, highlight=False, markup=False, emoji=False) for to_stderr in (False, True))


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
        _out.print(__version__)
        raise typer.Exit


@app.command("open")
def open_window(
    folder: Annotated[Path | None, typer.Argument(help="Folder of frames, or a project; the last one if left out.")] = None,
    snapshot: Annotated[Path | None, typer.Option(help="Save a picture of the window with a frame open, and quit.")] = None,
) -> None:
    """Open the window."""
    from endodesk.ui.start import start_window

    raise typer.Exit(start_window(folder, snapshot))


@app.command()
def preprocess(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Image files.")],
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
    recipe: Annotated[str, typer.Option(help="paper or clean.")] = "paper",
) -> None:
    """Write what each step makes of each frame: one PNG a step, final.png and steps.json, in a folder per frame."""
    from endodesk.imaging.recipes import recipe_named
    from endodesk.imaging.step_files import write_steps

    chosen = recipe_named(recipe)
    failed: list[tuple[Path, str]] = []
    with _progress("Preprocessing") as ticket:
        for done, path in enumerate(files):
            ticket.report(done, len(files))
            try:
                write_steps(path, chosen, out)
            except UnreadableImage as error:
                failed.append((path, str(error)))
        ticket.report(len(files), len(files))
    _out.print(f"{len(files) - len(failed)} of {len(files)} frames preprocessed by {recipe} into {out}")
    _tell_unreadable(failed)
    if len(failed) == len(files):
        raise typer.Exit(2)


@app.command()
def predict(
    folder: Annotated[Path, typer.Argument(help="Folder of frames, or a project.")],
    out: Annotated[Path, typer.Option(help="CSV file to write.")] = Path("predictions.csv"),
    model: Annotated[Path | None, typer.Option(help="Model bundle; the project's active model if left out.")] = None,
) -> None:
    """Answer for every frame of a folder and its subfolders."""
    from endodesk.app.predicting import PredictedRow, open_for_prediction

    if is_image_name(out):
        raise BadRequest(f"The answers are a CSV file; {out} is named like an image.")
    if out.is_dir() or not out.absolute().parent.is_dir():  # before minutes of work
        raise BadRequest(f"The answers cannot be written to {out}: it is a folder, or its folder is not there.")
    with _progress("Predicting") as ticket:
        work = open_for_prediction(folder, model, ticket)
        rows: list[PredictedRow] = []
        unreadable: list[PredictedRow] = []
        started = time.perf_counter()
        for row in work.rows(workers=os.cpu_count() or 1):
            (unreadable if row.reason else rows).append(row)
        seconds = time.perf_counter() - started
    columns = ["file", "sha256", "label", "answer", *work.classes, "model", "recipe"]
    with _written_beside(out) as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for row in rows:
            figures = [f"{p:.6f}" for p in row.probabilities]
            writer.writerow([row.file, row.sha256, row.label, row.answer, *figures, work.model, work.recipe])
    _out.print(f"{len(rows)} frames, {len(rows) / max(seconds, 1e-9):.1f} frames/s; written to {out}. Research use only.")
    for closed in work.closed:
        _err.print(f"The folder {closed} may not be read; the frames in it were left out.")
    _tell_unreadable([(work.root / row.file, row.reason) for row in unreadable])
    if not rows:
        raise typer.Exit(2)


@app.command()
def split(
    folder: Annotated[Path, typer.Argument(help="Folder whose subfolders are the classes.")],
    out: Annotated[Path, typer.Option(help="Folder to make.")] = Path("splited_dataset"),
    seed: Annotated[int, typer.Option(help="Of the shuffle.")] = 42,
    shares: Annotated[str, typer.Option(help="Of train, validation and test, in percent.")] = "70,15,15",
    near: Annotated[int, typer.Option(help="Bits by which perceptual hashes in one group may differ.", min=0, max=32)] = 0,
) -> None:
    """Copy frames into train, val and test by whole groups of equal pictures."""
    from training.split_folder import split_folder

    with _progress("Splitting") as ticket:
        result = split_folder(folder, out, seed=seed, shares=_shares(shares), near=near, ticket=ticket)
    _print_counts(result.counts)
    _tell_unreadable([(u.path, u.reason) for u in result.unreadable])
    _out.print(f"Written to {out}")


@app.command()
def train(
    folder: Annotated[Path, typer.Argument(help="Folder whose subfolders are the classes.")],
    out: Annotated[Path, typer.Option(help="Run folder to make.")],
    config: Annotated[str, typer.Option(help="paper, default, head, or a TOML file.")] = "default",
    classes: Annotated[str, typer.Option(help="Classes to train on, in the order of the answers: a,b,c. All if left out.")] = "",
) -> None:
    """Train a model: config, manifest, history, TensorBoard logs, figures and bundle in one run folder."""
    from dataclasses import replace

    from training.config import load_config
    from training.launch import launch
    from training.manifest import scan_class_folder
    from training.run_folder import prepare_run

    chosen = tuple(name.strip() for name in classes.split(",") if name.strip())
    settings = load_config(config)
    settings = replace(settings, classes=chosen or settings.classes)
    with _progress("Reading") as ticket:
        scan = scan_class_folder(folder, settings.classes or None, ticket)
    plan = prepare_run(out, scan.rows, settings)
    _tell_unreadable([(u.path, u.reason) for u in scan.unreadable])
    for warning in plan.warnings:
        _err.print(warning)
    _print_counts(plan.counts)
    with _progress("Training") as ticket:
        result = launch(out, on_event=_RunPrinter(ticket), ticket=ticket)
    _print_metrics(result.metrics)
    if result.message:
        _out.print(result.message)
    _out.print(f"Model: {result.bundle}")


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder whose subfolders are the classes.")],
    model: Annotated[Path, typer.Option(help="Model bundle.")],
    out: Annotated[Path, typer.Option(help="Folder for metrics.json and confusion.png.")],
) -> None:
    """Measure a model on labelled frames."""
    from training.evaluate import evaluate_folder

    with _progress("Evaluating") as ticket:
        result = evaluate_folder(folder, model, out, ticket)
    for name, n in result.left_out.items():
        _err.print(f"{n} frames of {name} were left out: the model does not know this class.")
    _print_metrics(result.metrics)
    _tell_unreadable([(u.path, u.reason) for u in result.unreadable])
    _out.print(f"Written to {out}")


@app.command()
def demo(out: Annotated[Path, typer.Option(help="Folder to make.")] = Path("endodesk-demo")) -> None:
    """Make the demo project: synthetic frames, and a model trained on them within a minute."""
    from endodesk.app.demo import is_demo, make_demo

    if is_demo(out):
        _out.print(f"The demo is in {out}. Open it: endodesk {out}")
        return
    with _progress("Making the demo") as ticket:
        make_demo(out, ticket=ticket, on_event=_RunPrinter(ticket))
    _out.print(f"The demo is in {out}: synthetic frames, not patients. Open it: endodesk {out}")


# --- errors, progress, tables -----------------------------------------------------------------------------------------


def run(args: Sequence[str]) -> int:
    """Run the command line; the exit code. A user error is one line on stderr and 2, a defect of ours a traceback and 1."""
    commands = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    if not args or (args[0] not in commands and args[0] not in ("--help", "--version")):
        args = ["open", *args]  # `endodesk`, `endodesk FOLDER`, `endodesk --snapshot ...` open the window
    try:
        code = app(list(args), standalone_mode=False)
        return code if isinstance(code, int) else 0
    except typer.TyperException as error:  # a word that is no option, an option without its value
        _err.print(f"endodesk: {' '.join(error.format_message().split()).rstrip('.')}. See endodesk --help.")
        return 2
    except (KeyboardInterrupt, typer.Abort, Cancelled):
        _err.print("Cancelled. What was written so far is whole.")
        return 130
    except EndoDeskError as error:
        _err.print(f"endodesk: {error}")
        return 2
    except OSError as error:
        _err.print(f"endodesk: {error.filename or 'a file'}: {(error.strerror or str(error)).lower()}.")
        return 2


class _RunPrinter:
    """Shows a training run's events: one bar, and one line an epoch."""

    def __init__(self, ticket: Ticket) -> None:
        self._ticket = ticket
        self._phase = ""

    def __call__(self, event: RunEvent) -> None:
        if event.kind is RunEventKind.PHASE:
            self._phase = event.phase
        elif event.kind is RunEventKind.PROGRESS:
            self._ticket.report(event.done, event.total, self._phase)
        elif event.kind is RunEventKind.EPOCH:
            figures = "  ".join(f"{name} {value:.4f}" for name, value in event.metrics.items() if isinstance(value, float))
            _out.print(f"{event.phase} epoch {event.done}/{event.total}: {figures}")
        elif event.kind is RunEventKind.WARNING:
            _err.print(event.message)


@contextmanager
def _progress(title: str) -> Iterator[Ticket]:
    """A ticket whose progress is a bar on stderr (none where that is not a terminal)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def show(progress: TicketProgress) -> None:
            bar.update(task, completed=progress.done, total=progress.total or None, description=f"{title} {progress.text[:40]}")

        yield Ticket(show)


@contextmanager
def _written_beside(path: Path) -> Iterator[Any]:
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", newline="", encoding="utf-8", errors="surrogateescape") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _shares(text: str) -> tuple[float, float, float]:
    try:
        train_share, val_share, test_share = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadRequest(f"--shares takes three numbers such as 70,15,15, not {text!r}.") from error
    if min(train_share, val_share, test_share) <= 0:
        raise BadRequest(f"--shares takes three numbers above 0, not {text!r}.")
    return train_share, val_share, test_share


def _tell_unreadable(failed: Sequence[tuple[Path, str]]) -> None:
    if failed:
        _err.print(f"{len(failed)} could not be read:")
        for path, reason in failed:
            _err.print(f"  {reason}  (in {path.parent})")


def _print_counts(counts: dict[str, dict[str, int]]) -> None:
    parts = ("train", "val", "test")
    table = Table("class", *parts, "all", box=None)
    for name, row in counts.items():
        table.add_row(name, *(str(row[part]) for part in parts), str(sum(row.values())))
    sums = [sum(row[part] for row in counts.values()) for part in parts]
    table.add_row("all", *map(str, sums), str(sum(sums)))
    _out.print(table)


def _print_metrics(metrics: Any) -> None:
    low, high = metrics["accuracy_interval"]
    accuracy = f"accuracy {metrics['accuracy']:.4f} (95 % {low:.3f}-{high:.3f})"
    _out.print(f"n {metrics['n']}  {accuracy}  macro F1 {metrics['macro']['f1']:.4f}. Research use only.")
    table = Table("class", "n", "precision", "recall", "F1", "specificity", box=None)
    for name, row in metrics["per_class"].items():
        figures = (row["precision"], row["recall"], row["f1"], row["specificity"])
        table.add_row(name, str(row["n"]), *("-" if value is None else f"{value:.4f}" for value in figures))
    _out.print(table)
