"""The steps of a recipe as files: for papers, for checks, and for whoever wants to see what the model sees."""

import json
import os
from pathlib import Path

import cv2

from endodesk.domain.errors import EndoDeskError
from endodesk.domain.recipes import Recipe
from endodesk.imaging.pixels import RGB
from endodesk.imaging.read import read_image
from endodesk.imaging.recipes import apply_recipe


def write_steps(path: Path, recipe: Recipe, out: Path) -> Path:
    """Write `<out>/<stem>/` with `1-field.png` ..., `final.png` (224 x 224) and `steps.json`; the folder.

    Two frames of one stem get folders of their own (`frame`, `frame-2`) unless they are the same file.
    UnreadableImage if the frame cannot be read; EndoDeskError if the folder cannot be written.
    """
    image = read_image(path)
    results = apply_recipe(image, recipe)
    try:
        folder = _own_folder(out, path)
        steps = []
        for number, result in enumerate(results, 1):
            name = f"{number}-{result.name}.png"
            _write_png(folder / name, result.image)
            told = {
                "name": result.name,
                "title": result.title,
                "file": name,
                "width": result.image.shape[1],
                "height": result.image.shape[0],
            }
            if result.crop:
                told["crop"] = list(result.crop)
            if result.mask is not None:
                told["pixels"] = result.pixels
            steps.append(told)
        _write_png(folder / "final.png", results[-1].image)
        listing = {"source": str(path.absolute()), "recipe": recipe.name, "fingerprint": recipe.fingerprint, "steps": steps}
        _write(folder / "steps.json", (json.dumps(listing, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise EndoDeskError(
            f"The steps of {path.name} cannot be written to {out}: {(error.strerror or 'unknown reason').lower()}."
        ) from error
    return folder


def _own_folder(out: Path, path: Path) -> Path:
    for number in range(1, 10_000):
        folder = out / (path.stem if number == 1 else f"{path.stem}-{number}")
        listing = folder / "steps.json"
        if not folder.exists() or (listing.exists() and json.loads(listing.read_text("utf-8")).get("source") == str(path.absolute())):
            folder.mkdir(parents=True, exist_ok=True)
            return folder
    raise EndoDeskError(f"There are too many frames named {path.stem} in {out}.")


def _write_png(path: Path, image: RGB) -> None:
    _, encoded = cv2.imencode(".png", image[..., ::-1])
    _write(path, encoded.tobytes())


def _write(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(data)
    os.replace(beside, path)  # noqa: PTH105
