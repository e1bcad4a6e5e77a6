"""The steps of a recipe as files: for papers, for checks, and for whoever wants to see what the model sees."""

import errno
import itertools
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2

from endodesk.domain.errors import EndoDeskError, UnreadableImage
from endodesk.domain.images import Unreadable, printable
from endodesk.domain.overrides import NO_OVERRIDES, Overrides
from endodesk.domain.recipes import Recipe
from endodesk.imaging.pixels import RGB
from endodesk.imaging.preprocessing.pipeline import StepResult, apply_recipe
from endodesk.imaging.preprocessing.steps import STEPS
from endodesk.imaging.reading.named_frame import read_named
from endodesk.system.atomic import write_files
from endodesk.system.file_names import fitted
from endodesk.system.os_errors import reason_of
from endodesk.system.plain_files import plain_bytes
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads

_LISTING = "steps.json"
_OF_ONE_FRAME = frozenset({
    errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EACCES, errno.EPERM, errno.EEXIST, errno.EISDIR, errno.ENOTEMPTY,
})  # fmt: skip
"""Failures that may be those of a name or a folder alone: a full disk would stop the next frame too."""


def write_steps(
    paths: Iterable[Path], recipe: Recipe, out: Path, task: TaskContext, *, workers: int = 0, overrides: Overrides = NO_OVERRIDES
) -> tuple[list[Path], list[Unreadable]]:
    """Write `<out>/<stem>/` with `1-field.png` ..., `final.png` (224 x 224) and `steps.json` for each frame, in threads.

    The folders, and the files that could not be read, or whose folder could not be written. Frames of one stem get folders of their
    own (`frame`, `frame-2`) in the order of their paths; a frame that has a folder keeps it. EndoDeskError if none can be written to
    `out`, Cancelled: what is there by then is whole. `overrides` hold instead of what the steps would look for.
    """
    folders = _own_folders(out, paths)
    written: list[Path] = []
    unreadable: list[Unreadable] = []
    work = in_threads(lambda pair: _written(*pair, recipe, overrides), folders.items(), workers=workers)
    for done, result in enumerate(work, 1):
        if isinstance(result, Unreadable):
            unreadable.append(result)
        else:
            written.append(result)
        task.report(done, len(folders))
    return written, unreadable


def _written(path: Path, folder: Path, recipe: Recipe, overrides: Overrides) -> Path | Unreadable:
    try:
        _, image, given, _ = read_named(path, overrides)
        results = apply_recipe(image, recipe, given)
    except UnreadableImage as error:
        return Unreadable(path, str(error))
    images = {f"{number}-{result.name}.png": result.image for number, result in enumerate(results, 1)}
    steps = [_told(file, result) for file, result in zip(images, results, strict=True)]
    listing = {"source": str(path.absolute()), "recipe": recipe.name, "fingerprint": recipe.fingerprint, "steps": steps}
    files = {file: _as_png(image) for file, image in {**images, "final.png": results[-1].image}.items()}
    files[_LISTING] = (json.dumps(listing, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogateescape")
    try:
        write_files(folder, files, gone=_of_earlier_recipes(folder) - set(files))
    except OSError as error:
        failure = f"The steps of {printable(path.name)} cannot be written to {printable(str(folder.parent))}: {reason_of(error)}."
        if error.errno in _OF_ONE_FRAME and os.access(folder.parent, os.W_OK):
            return Unreadable(path, failure)
        raise EndoDeskError(failure) from error
    return folder


def _of_earlier_recipes(folder: Path) -> set[str]:
    """Names of pictures of steps: what an earlier recipe left would be taken for a step of this one. The user's own notes stay."""
    return {old.name for old in folder.glob("[0-9]*-*.png") if old.stem.split("-", 1)[1] in STEPS}


def _as_png(image: RGB) -> bytes:
    return cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1].tobytes()


def _told(file: str, result: StepResult) -> dict[str, Any]:
    """What steps.json says of one step and of the file with its picture."""
    height, width = result.image.shape[:2]
    told: dict[str, Any] = {"name": result.name, "title": result.title, "file": file, "width": width, "height": height}
    if result.crop:
        told["crop"] = list(result.crop)
    if result.mask is not None:
        told["pixels"] = result.pixels
    if result.by_hand:
        told["by_hand"] = True
    return told


# Why: docs/decisions/imaging.md 9
def _own_folders(out: Path, paths: Iterable[Path]) -> dict[Path, Path]:
    """Each frame's folder, in the order of the paths: the one that is its own already, or the first free one of its stem."""
    there = sorted(out.iterdir()) if out.is_dir() else []
    known = {source: folder for folder in there if (source := _source(folder / _LISTING))}
    taken = {".", "..", *(folder.name.casefold() for folder in there)}  # Windows and macOS take "A" and "a" for one folder
    names: dict[str, Iterator[str]] = {}
    folders: dict[Path, Path] = {}
    for path in sorted({path.absolute() for path in paths}):
        folder = known.get(str(path))
        if folder is None:
            free = names.setdefault(path.stem, _names(path.stem, out))
            folder = out / next(name for name in free if name.casefold() not in taken)
        taken.add(folder.name.casefold())
        folders[path] = folder
    return folders


def _names(stem: str, out: Path) -> Iterator[str]:
    """`steps.json` has the whole name where a folder cannot."""
    yield fitted(stem, "", out)
    yield from (fitted(stem, f"-{number}", out) for number in itertools.count(2))


def _source(listing: Path) -> str | None:
    """The frame that a folder of steps is of; None if it does not tell."""
    try:
        # names need not be UTF-8 on Linux; and the folder is the user's, so anything may lie there under this name
        return str(json.loads(plain_bytes(listing).decode("utf-8", "surrogateescape"))["source"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
