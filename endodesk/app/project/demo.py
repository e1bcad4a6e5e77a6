"""The demo project: synthetic frames in several cases, and a model trained on them on the spot. Plainly marked synthetic."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.kept_places import is_project
from endodesk.app.project.project import Project
from endodesk.app.project.starter import READER, WHY_OF_DEMO
from endodesk.dataset.manifest import read_manifest, scan_class_folder, write_manifest
from endodesk.domain.classes import PAPER_CLASSES
from endodesk.domain.errors import BadRequest, EndoDeskError
from endodesk.domain.runs import RunEvent
from endodesk.imaging.synthetic.frames import write_frames
from endodesk.system.atomic import whole_folder
from endodesk.system.os_errors import reason_of
from endodesk.system.task import TaskContext
from training.plan.config import load_config
from training.plan.launch import launch
from training.plan.run_folder import prepare_run

CASES_PER_CLASS, FRAMES_PER_CASE = 4, 8
FRAME_WIDTH_PX = 720


def make_demo(folder: Path, *, task: TaskContext, on_event: Callable[[RunEvent], None] | None = None) -> Path:
    """Make the demo project in a new folder; it appears whole or not at all.

    BadRequest if the folder holds anything; TrainingFailed if the model could not be trained.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadRequest(f"{folder} is there already; name a new folder for the demo, or remove that one.")
    try:
        with whole_folder(folder) as beside:
            write_frames(beside, cases_per_finding=CASES_PER_CLASS, frames_per_case=FRAMES_PER_CASE, width=FRAME_WIDTH_PX, task=task)
            _train(beside, folder, task, on_event or (lambda _: None))
    except OSError as error:
        raise EndoDeskError(f"The demo cannot be written to {folder}: {reason_of(error)}.") from error
    return folder


def is_demo(folder: Path) -> bool:
    """Whether the folder already holds a demo project."""
    return is_project(folder) and (folder / "masks").is_dir()


def _train(folder: Path, target: Path, task: TaskContext, on_event: Callable[[RunEvent], None]) -> None:
    """A quick update of the starter model, by the same backend and child process as any training: every edition can make it."""
    run = folder / "runs" / "demo"
    config = replace(load_config("quick"), name="synthetic demo", classes=tuple(PAPER_CLASSES), synthetic=True)
    prepare_run(run, scan_class_folder(folder / "frames", PAPER_CLASSES.names, task).rows, config)
    result = launch(run, on_event=on_event, task=task)
    for part in ("cache", "checkpoints"):
        shutil.rmtree(run / part, ignore_errors=True)
    rows = [replace(row, file=target / row.file.relative_to(folder)) for row in read_manifest(run / "manifest.csv")]
    write_manifest(run / "manifest.csv", rows)  # the folder is about to move; the parts bind later runs
    project = Project.open(folder, alone=False)
    try:
        settings = project.database.settings
        settings.set("source", "frames")  # relative: the folder is about to move, and may be moved later
        settings.set("synthetic", True)
        project.classes = PAPER_CLASSES
        keep_bundle(project, Path(result.bundle))
        model = project.database.models.all()[0].bundle
        project.database.models.promote(model.id, reader=READER, why=WHY_OF_DEMO, at=datetime.now(UTC))
    finally:
        project.close()
