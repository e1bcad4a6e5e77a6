"""Cache of preprocessed frames: one file a frame, one folder a recipe. Whatever is not exactly what was put there is made again."""

import hashlib
import math
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np

from endodesk.domain.bundles import INPUT_PX
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.recipes import Recipe
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.header import READING
from endodesk.system.atomic import write_file
from endodesk.system.os_errors import reason_of
from endodesk.system.plain_files import plain_bytes

SHAPE = (INPUT_PX, INPUT_PX, 3)
RECIPES_KEPT = 4
"""How many recipes' folders stay, the last used ones: each is 150 kB a frame."""

_CHECKSUM_BYTES = hashlib.sha256().digest_size
_FINGERPRINT = re.compile(r"[0-9a-f]{16}(-\d+)?")  # older programs named them by the recipe alone


# Why: docs/decisions/training.md 6
class FrameCache:
    """The preprocessed frames of one recipe. Safe to use from several threads and processes at once."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        """Make room under `folder`, and forget recipes that were not used for long. BadRequest if nothing can be kept there."""
        self.recipe = recipe
        self._folder = folder / folder_of(recipe)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            os.utime(self._folder)  # used now: `_forget_old` goes by this time
        except OSError as error:
            raise BadRequest(
                f"Preprocessed frames cannot be kept in {folder}: {reason_of(error)}. Move what is in the way, or name another cache."
            ) from error
        _forget_old(folder)

    def get(self, image: Sha256) -> RGB | None:
        """The preprocessed frame; None if it is not there, or not whole, or not this frame's."""
        try:
            data = plain_bytes(self._path(image))
        except OSError:
            return None
        pixels = data[_CHECKSUM_BYTES:]
        if len(pixels) != math.prod(SHAPE) or not data.startswith(_checksum(image, pixels)):
            return None
        return np.frombuffer(pixels, np.uint8).reshape(SHAPE)

    def put(self, image: Sha256, final: RGB) -> None:
        """Keep it. OSError if it cannot be written."""
        path, pixels = self._path(image), final.tobytes()
        if path.is_dir():  # no file can be renamed over a folder
            shutil.rmtree(path)
        write_file(path, _checksum(image, pixels) + pixels, durable=False)  # what a power cut damages does not fit its checksum

    def _path(self, image: Sha256) -> Path:
        return self._folder / f"{image}.rgb"


def folder_of(recipe: Recipe) -> str:
    """The name of a recipe's folder: another one once files are read otherwise."""
    return f"{recipe.fingerprint}-{READING}"


def _checksum(image: Sha256, pixels: bytes) -> bytes:
    """SHA-256 over name and pixels, so that a file under another frame's name is noticed."""
    return hashlib.sha256(image.encode() + pixels).digest()


def _forget_old(folder: Path) -> None:
    with suppress(OSError):  # another run may be at it too
        recipes = [path for path in folder.iterdir() if _FINGERPRINT.fullmatch(path.name) and path.is_dir()]
        for old in sorted(recipes, key=lambda path: path.stat().st_mtime, reverse=True)[RECIPES_KEPT:]:
            shutil.rmtree(old)
