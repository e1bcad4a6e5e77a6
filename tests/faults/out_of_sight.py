"""What once put labels out of sight, one after the other: `python -m tests.faults.out_of_sight [FOLDER OF CLASS FOLDERS]`.

Each time in a home of its own: frames are labelled by a table, the folder or a class is changed, and what is opened then is asked for
the labels. Prints a table; ends with 1 if any label is not shown. Without a folder frames are made.
"""

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from endodesk.app.headless import label_by_table, opened
from endodesk.app.project.project import Project
from endodesk.domain.label_set import LabelSet
from endodesk.system.task import TaskContext
from tests.frame_folders import copied, moved, on_another_letter, put_classes, renamed

_MOST = 150
"""Frames of a folder that are taken."""


def class_renamed(folder: Path) -> Path:
    """The first class has another name, as the dialog gives it."""
    new = "another name"
    return _choose(folder, lambda known: LabelSet.of((new, *known.names.names[1:])).meant_by(new, known.names.names[0]))


def class_removed(folder: Path) -> Path:
    """The first class goes, and its frames to the second."""
    return _choose(folder, lambda known: known.renewed(known.names.names[1:]).meant_by(known.names.names[1], known.names.names[0]))


CHANGES: dict[str, Callable[[Path], Path]] = {
    "renamed folder": renamed,
    "moved folder": moved,
    "copied folder": copied,
    "folder on another letter": on_another_letter,
    "renamed class": class_renamed,
    "removed class": class_removed,
}


def shown_again(change: Callable[[Path], Path], frames: Path | None) -> tuple[int, int]:
    """How many labels are shown after a change, and how many were given."""
    with TemporaryDirectory(prefix="out-of-sight-") as name, patch.dict(os.environ):
        for which in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{which}_HOME"] = str(Path(name) / which.lower())
        folder = Path(name) / "ward"
        _fill(folder, frames)
        with opened(folder, TaskContext()) as work:
            names = work.project.classes.names
            table = Path(name) / "labels.csv"
            rows = [f"{file},{names[n % len(names)]}" for n, file in enumerate(work.frames.names)]
            table.write_text("\n".join(["file,label", *rows]), "utf-8")
            given = label_by_table(work, table, "Ann", confirm=True).given
        with opened(change(folder), TaskContext()) as work:
            labels = [work.reviews.label_of(entry, work.project.label_set) for entry in work.frames]
            return sum(bool(label and label.correction and label.name in work.project.classes) for label in labels), given


def _fill(folder: Path, frames: Path | None) -> None:
    if frames is None:
        put_classes(folder, each=10)
        return
    for file in sorted(path for path in frames.rglob("*") if path.is_file())[:: max(1, sum(1 for _ in frames.rglob("*")) // _MOST)]:
        (folder / file.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / file.parent.name / file.name)


def _choose(folder: Path, chosen: Callable[[LabelSet], LabelSet]) -> Path:
    project = Project.of_images(folder)
    project.database.steps.choose_classes(chosen(project.label_set), reader="Ann", at=datetime.now(UTC))
    project.close()
    return folder


def main(frames: str = "") -> int:
    """Print the table, and say whether every label is shown."""
    whole = 0
    for what, change in CHANGES.items():
        shown, given = shown_again(change, Path(frames) if frames else None)
        whole += shown == given > 0
        sys.stdout.write(f"{what:26} {shown:>5} of {given} labels are shown\n")
    sys.stdout.write(f"{whole} of {len(CHANGES)}\n")
    return int(whole < len(CHANGES))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
