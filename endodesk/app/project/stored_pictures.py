"""What a project keeps of frames beside labels and models, what it takes, and how to be rid of it. Images themselves lie elsewhere."""

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from endodesk.app.language import marked, reason_of, tr
from endodesk.app.project.own_files import BACKUPS, CACHE, RUNS, TAKEN
from endodesk.app.user_places import log_file
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import printable
from endodesk.inference.feature_file import FEATURES
from endodesk.system.task import TaskContext
from endodesk.system.walk import files_below

PREPARED = "preprocessed"
"""The folder in the project's cache with frames as trainings take them in."""
_REPORT_ENDINGS = (".png", "report.html")
_PICTURE_ENDINGS = (".jpg", ".rgb")
_TOLD_EVERY = 200


@dataclass(frozen=True, slots=True)
class StoredKind:
    """One kind of what is kept. `told` says what is lost with it; what is `made_again` is cleared unless the user keeps it."""

    key: str
    title: str
    told: str
    files: Callable[[Path], Iterator[Path]]
    """Those of a project's folder."""
    made_again: bool


@dataclass(frozen=True, slots=True)
class StoredSize:
    """How much is kept of one kind."""

    files: int = 0
    bytes: int = 0


def _below(folder: Path) -> Iterator[Path]:
    """Files in a folder and those in it; none where it is a link, for what that leads to is not the project's."""
    yield from (Path(entry.path) for entry in _entries(folder))


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    return iter(()) if folder.is_symlink() or not folder.is_dir() else files_below(folder, lambda _: None)


def _thumbnails(project: Path) -> Iterator[Path]:
    for folder in (project / CACHE).glob("thumbnails*"):
        yield from _below(folder)


def _prepared(project: Path) -> Iterator[Path]:
    yield from _below(project / CACHE / PREPARED)
    yield from (path for path in _below(project / RUNS) if "cache" in path.relative_to(project / RUNS).parts[1:-1])


def _reports(project: Path) -> Iterator[Path]:
    yield from (path for path in _below(project / RUNS) if path.name.endswith(_REPORT_ENDINGS))


def _logs(project: Path) -> Iterator[Path]:
    yield from (path for path in _below(project / RUNS) if path.name in ("run.log", "events.jsonl"))
    yield from log_file().parent.glob(f"{log_file().name}*")


# Why: docs/decisions/app.md 40
KINDS = (
    StoredKind(
        "thumbnails", marked("Thumbnails"), marked("Small pictures for the gallery. They are made again when they come on screen."),
        _thumbnails, made_again=True,
    ),
    StoredKind(
        "prepared", marked("Preprocessed frames"),
        marked("Frames of 224 x 224 pixels, as trainings take them in. The next training makes them again, which takes minutes."),
        _prepared, made_again=True,
    ),
    StoredKind(
        "features", marked("Features"),
        marked("Numbers that a model computed from each frame. From the next start on the model is asked about each frame again."),
        lambda project: _below(project / CACHE / FEATURES), made_again=True,
    ),
    StoredKind(
        "reports", marked("Pictures in reports of trainings"),
        marked("report.html and plots, which show frames. They are not made again; the figures (metrics.json) and the models stay."),
        _reports, made_again=False,
    ),
    StoredKind(
        "taken", marked("Frames taken from videos"),
        marked("Labels hang on them: the labels stay, but nobody can see any more what they are about. They are not made again."),
        lambda project: _below(project / TAKEN), made_again=False,
    ),
    StoredKind(
        "backups", marked("Backups of labels"),
        marked("No pictures: labels, notes, conclusions and names of files, as they stood when each was made. Without them a damaged "
               "project is made anew from its journal alone."),
        lambda project: _below(project / BACKUPS), made_again=False,
    ),
    StoredKind(
        "logs", marked("Logs"), marked("No pictures, but names of files and folders; what helps to find a fault. New ones are begun."),
        _logs, made_again=False,
    ),
)  # fmt: skip


MADE_AGAIN = frozenset(kind.key for kind in KINDS if kind.made_again)


def measure_stored(project: Path, task: TaskContext) -> dict[str, StoredSize]:
    """How much is kept of each kind, by its key. May take seconds; Cancelled by the task."""
    return {kind.key: _measured(kind.files(project), task) for kind in KINDS}


def clear_stored(project: Path, keys: Collection[str], task: TaskContext) -> StoredSize:
    """Remove what is kept of these kinds; how much it was. Folders stay, as something may be writing there.

    Never labels, models or the user's images. Cancelled by the task; EndoDeskError if something could not be removed: the rest is gone.
    """
    found = [path for kind in KINDS if kind.key in keys for path in kind.files(project)]
    files = size = 0
    failed: list[str] = []
    for done, path in enumerate(found):
        if done % _TOLD_EVERY == 0:
            task.report(done, len(found))
        try:
            size += _removed(path)
            files += 1
        except FileNotFoundError:  # who made it has removed it meanwhile
            continue
        except OSError as error:
            failed.append(f"{printable(path.name)}: {reason_of(error)}")
    if failed:
        told = tr("1 file could not be removed ({file}); the others are gone.")
        if len(failed) > 1:
            told = tr("{n:,} files could not be removed ({file}); the others are gone.")
        raise EndoDeskError(told.format(n=len(failed), file=failed[0]))
    return StoredSize(files, size)


def _removed(path: Path) -> int:
    """Remove one file; its bytes. A log is emptied: the program may be writing to it."""
    size = path.lstat().st_size
    if path == log_file():
        path.write_bytes(b"")
    else:
        path.unlink()
    return size


def pictures_of_gone(project: Path, kept: Collection[str], task: TaskContext) -> Iterator[Path]:
    """Pictures of frames that are gone: all whose SHA-256, or name beside an outline drawn by hand, is not in `kept`."""
    for folder in (project / CACHE, project / RUNS):
        for entry in _entries(folder):  # without a Path for each: there may be 100,000
            task.raise_if_cancelled()
            if entry.name.endswith(_PICTURE_ENDINGS) and entry.name[:-4] not in kept:
                yield Path(entry.path)


def sweep_stored(project: Path, kept: Collection[str], task: TaskContext) -> None:
    """Remove `pictures_of_gone`."""
    for path in pictures_of_gone(project, kept, task):
        path.unlink(missing_ok=True)


def _measured(files: Iterator[Path], task: TaskContext) -> StoredSize:
    number = size = 0
    for path in files:
        task.raise_if_cancelled()
        try:
            size += path.lstat().st_size
        except OSError:  # gone meanwhile
            continue
        number += 1
    return StoredSize(number, size)


def shown_size(size: StoredSize) -> str:
    """As a reader takes it in: 1,234 files, 5.6 MB."""
    unit, one = next((pair for pair in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")) if size.bytes >= pair[0]), (1.0, "B"))
    amount = f"{size.bytes / unit:.1f} {one}" if unit > 1 else f"{size.bytes} {one}"
    words = tr("1 file, {amount}") if size.files == 1 else tr("{n:,} files, {amount}")
    return words.format(n=size.files, amount=amount)
