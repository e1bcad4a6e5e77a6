"""The steps of a recipe as files: for papers, for checks, and for whoever wants to see what the model sees."""

import json
from pathlib import Path
from typing import Any

import cv2

from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import printable
from endodesk.domain.recipes import Recipe
from endodesk.imaging.pixels import RGB
from endodesk.imaging.read import read_image
from endodesk.imaging.recipes import StepResult, apply_recipe
from endodesk.imaging.steps import STEPS

_LISTING = "steps.json"


def write_steps(path: Path, recipe: Recipe, out: Path) -> Path:
    """Write `<out>/<stem>/` with `1-field.png` ..., `final.png` (224 x 224) and `steps.json`; the folder.

    Two frames of one stem get folders of their own (`frame`, `frame-2`) unless they are the same file.
    UnreadableImage if the frame cannot be read; EndoDeskError if the folder cannot be written.
    """
    results = apply_recipe(read_image(path), recipe)
    images = {f"{number}-{result.name}.png": result.image for number, result in enumerate(results, 1)}
    steps = [_told(file, result) for file, result in zip(images, results, strict=True)]
    listing = {"source": str(path.absolute()), "recipe": recipe.name, "fingerprint": recipe.fingerprint, "steps": steps}
    try:
        folder = _own_folder(out, path)
        _remove_others(folder, set(images))
        for file, image in {**images, "final.png": results[-1].image}.items():
            _write_png(folder / file, image)
        _write(folder / _LISTING, (json.dumps(listing, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogateescape"))
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise EndoDeskError(f"The steps of {printable(path.name)} cannot be written to {printable(str(out))}: {reason}.") from error
    return folder


def _told(file: str, result: StepResult) -> dict[str, Any]:
    """A step's entry in steps.json."""
    height, width = result.image.shape[:2]
    told: dict[str, Any] = {"name": result.name, "title": result.title, "file": file, "width": width, "height": height}
    if result.crop:
        told["crop"] = list(result.crop)
    if result.mask is not None:
        told["pixels"] = result.pixels
    return told


def _own_folder(out: Path, path: Path) -> Path:
    for number in range(1, 10_000):
        folder = out / (path.stem if number == 1 else f"{path.stem}-{number}")
        if not folder.exists() or _source(folder / _LISTING) == str(path.absolute()):
            folder.mkdir(parents=True, exist_ok=True)
            return folder
    raise EndoDeskError(f"There are too many frames named {printable(path.stem)} in {printable(str(out))}.")


def _source(listing: Path) -> str | None:
    """The frame that a folder of steps is of; None if it does not tell."""
    try:
        return str(json.loads(listing.read_bytes().decode("utf-8", "surrogateescape"))["source"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _remove_others(folder: Path, files: set[str]) -> None:
    """What an earlier recipe left would be taken for steps of this one."""
    for old in folder.glob("[0-9]*-*.png"):
        if old.name not in files and old.stem.split("-", 1)[1] in STEPS:
            old.unlink()


def _write_png(path: Path, image: RGB) -> None:
    _, encoded = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    _write(path, encoded.tobytes())


def _write(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
