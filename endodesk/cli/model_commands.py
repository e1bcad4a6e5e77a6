"""Commands on models: evaluation, cross-validation, ensembles, other programs' formats. `main.py` puts them among the others."""

from pathlib import Path
from typing import Annotated

import typer

from endodesk.cli.console import err, out, progress, tell_notes, tell_unreadable
from endodesk.domain.errors import BadRequest

NEAR_HELP = "Bits of 64 by which perceptual hashes of near duplicates may differ."
CASE_HELP = "What tells a case: folder (the first one below the class), deepest, none, or a pattern in the path."
CENTRE_HELP = (
    "What tells the centre, a hospital or device: above (the folder that the class folder lies in), below (the first one below the class), "
    "device (manufacturer and station of DICOM files), none, or a pattern in the path."
)
CLASSES_HELP = "Class folders, in the order of the answers: a,b,c. Several can be one class: a,normal=b,normal=c. All if left out."


def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder whose subfolders are the classes.")],
    model: Annotated[Path, typer.Option(help="Model bundle.")],
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for report.html, metrics.json and the plots.")],
    classes: Annotated[str, typer.Option(help=CLASSES_HELP)] = "",
    near: Annotated[int | None, typer.Option(help=NEAR_HELP, min=0, max=32, show_default="2")] = None,
    case: Annotated[str, typer.Option(help=CASE_HELP)] = "folder",
    centre: Annotated[str, typer.Option(help=CENTRE_HELP)] = "none",
) -> None:
    """Measure a model on labelled frames: a report with 95 % intervals, calibration, mistakes and shortcuts."""
    from endodesk.app.project.new_project import known_label_set
    from endodesk.cli.tables import print_metrics
    from endodesk.dataset.class_folders import class_words
    from endodesk.dataset.overlooked import layout_notes
    from endodesk.dataset.split import DEFAULT_NEAR
    from training.evaluation.evaluate import evaluate_folder
    from training.plan.run_folder import REPORT

    kept = known_label_set(folder)
    told = [f"{word} means {one.name}" for one in kept.classes for word in one.aliases] if kept else []
    tell_notes([f"In the project of this folder {', '.join(told)}."] if told else [])
    with progress("Evaluating") as task:
        result = evaluate_folder(
            folder,
            model,
            out_folder,
            task,
            classes=class_words(classes) or None,
            near=DEFAULT_NEAR if near is None else near,
            case=case,
            centre=centre,
            class_of=kept.class_of if kept else str,
        )
    for name, n in result.left_out.items():
        err.print(f"{n} frames of {name} were left out: the model does not know this class.")
    tell_notes(layout_notes(folder, class_words(classes), centre))
    print_metrics(out, result.metrics)
    tell_unreadable([(u.path, u.reason) for u in result.unreadable])
    out.print(f"Written to {out_folder}; open {out_folder / REPORT} in a browser.")


def crossval(
    folder: Annotated[Path, typer.Argument(help="Folder whose subfolders are the classes.")],
    out_folder: Annotated[Path, typer.Option("--out", help="Folder to make, or one that was interrupted.")],
    folds: Annotated[int, typer.Option(help="How many parts; each is tested once.")] = 5,
    config: Annotated[str, typer.Option(help="paper, default, head, or a TOML file.")] = "default",
    classes: Annotated[str, typer.Option(help=CLASSES_HELP)] = "",
    near: Annotated[int | None, typer.Option(help=NEAR_HELP, min=0, max=32, show_default="the configuration's")] = None,
    case: Annotated[str | None, typer.Option(help=CASE_HELP, show_default="the configuration's")] = None,
    external: Annotated[Path | None, typer.Option(help="Another hospital's class folders: every fold's model is measured on them.")] = None,
    leave_out: Annotated[
        str, typer.Option("--leave-out", help="centre: a fold for each centre, tested by what learnt from the others.")
    ] = "",
    centre: Annotated[str, typer.Option(help=CENTRE_HELP)] = "none",
    repeats: Annotated[int, typer.Option(help="Deal the folds anew so many times.")] = 1,
    seed: Annotated[int | None, typer.Option(help="Of the folds and the trainings.", show_default="42")] = None,
) -> None:
    """Train and test on each part of the frames in turn: figures with their spread. Goes on where it was interrupted."""
    from dataclasses import replace

    from endodesk.cli.crossval_tables import print_crossval, print_fold
    from endodesk.dataset.centres import check_centre, with_centres
    from endodesk.dataset.class_folders import class_folders, class_words
    from endodesk.dataset.manifest import is_split_folder, scan_class_folder
    from endodesk.dataset.overlooked import layout_notes
    from training.crossval.crossval import clear_cache, open_crossval, plan_crossval, run_crossval
    from training.crossval.crossval_report import read_external, write_results
    from training.crossval.left_out import plan_left_out
    from training.plan.config import load_config

    chosen = class_words(classes)
    folders = class_folders(chosen) if chosen else {}
    settings = load_config(config)
    settings = replace(settings, classes=tuple(folders) or settings.classes, seed=settings.seed if seed is None else seed)
    own = settings.split
    settings = replace(settings, split=replace(own, near=own.near if near is None else near, case=case or own.case))
    check_centre(centre)
    if leave_out not in ("", "centre"):
        raise BadRequest(f"--leave-out takes centre, not {leave_out!r}.")
    if leave_out and (external or repeats != 1):
        raise BadRequest("--leave-out tests on each centre in turn: it goes without --external and --repeats.")
    if is_split_folder(folder):
        raise BadRequest(
            f"{folder} is split into train, val and test already; cross-validation deals frames out by itself: name class folders."
        )
    with progress("Reading") as task:
        scan = scan_class_folder(folder, chosen or settings.classes or None, task, centre=centre)
        tell_notes(layout_notes(folder, chosen, centre))  # before anything is refused: it may say why
        rows = with_centres(scan.rows, centre)
        plan = plan_left_out(rows, settings) if leave_out else plan_crossval(rows, settings, folds=folds, repeats=repeats)
        class_of = {name: owner for owner, names in folders.items() for name in names}
        tell_notes(layout_notes(external) if external else ())
        elsewhere = read_external(external, plan, task, class_of) if external else None
    open_crossval(out_folder, plan)
    tell_unreadable([(u.path, u.reason) for u in (*scan.unreadable, *(elsewhere.unreadable if elsewhere else ()))])
    tell_notes(plan.warnings)
    with progress("Cross-validating") as task:
        results = run_crossval(plan, out_folder, told=lambda result, left: print_fold(out, plan, result, left), warn=err.print, task=task)
        told = write_results(plan, results, out_folder, elsewhere, task)
    clear_cache(plan, out_folder)
    print_crossval(out, told)
    out.print(f"Written to {out_folder}. Research use only.")


def export_model(
    place: Annotated[
        Path, typer.Argument(metavar="PLACE|BUNDLE", help="Model bundle, or a project or folder of frames: its active model.")
    ],
    form: Annotated[str, typer.Option("--format", help="onnx, tflite or keras.")],
    out_folder: Annotated[Path, typer.Option("--out", help="Folder to make; nothing is written over.")],
) -> None:
    """Write a model for other programs, its preprocessing in words, and frames to try it on; it answers alike, or is not kept."""
    from endodesk.app.project.kept_bundles import bundle_of
    from endodesk.inference.portable.export_model import export_model as write_model
    from training.plan.keras_file import write_keras

    made = write_model(bundle_of(place), form, out_folder, keras=write_keras)
    alike = f"which answers as the bundle does (greatest difference {made.difference:.1g})"
    out.print(f"{' and '.join(made.files)}, {alike}. Written to {out_folder}; model.json tells its preprocessing. Research use only.")


def ensemble(
    bundles: Annotated[list[Path], typer.Argument(metavar="BUNDLE...", help="Model bundles with the same classes in the same order.")],
    out_folder: Annotated[Path, typer.Option("--out", help="Bundle folder to make.")],
    name: Annotated[str, typer.Option(help="What the window calls it; the folder's name if left out.")] = "",
) -> None:
    """Make one model of several, which answers with the mean of their probabilities."""
    from endodesk.inference.ensemble import make_ensemble

    with progress("Copying") as task:
        made = make_ensemble(bundles, out_folder, name=name, task=task)
    out.print(f"{made.name} ({made.id}): the mean of {len(made.members)} models, not measured yet. Written to {out_folder}")
    if made.notes:
        err.print(made.notes)
