"""Frames taken from films: PNG files in the project, a folder a film. The film is never changed, and may be away."""

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2

from endodesk.app.frames.scan import Listing, walk_order
from endodesk.app.language import reason_of, tr
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import ImageRecord
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.pixels import RGB
from endodesk.system.atomic import write_file
from endodesk.system.file_names import fitted
from endodesk.system.plain_files import open_plain, plain_bytes
from endodesk.system.task import TaskContext
from endodesk.system.walk import files_below

SOURCE = "source.json"
_FORMAT = 1
_MOST_BYTES = 100_000
_LOOKED_AT = 1 << 20  # bytes at each end that tell a film from others: a whole video takes minutes to read


class TakenFolder:
    """The frames of one film. They are numbered from 1, as the eye counts."""

    def __init__(self, folder: Path, name: str, film: Path) -> None:
        self.folder, self.name, self._film = folder, name, film

    @classmethod
    def of(cls, taken: Path, film: Path, root: Path) -> "TakenFolder":
        """The folder for a film within `root`, or elsewhere; `taken` is the project's. BadRequest if the film cannot be read."""
        name = film.relative_to(root) if film.is_relative_to(root) else Path(film.name)
        folder = taken / name.parent
        return cls(folder / fitted(name.name, f"-{_digest(film)[:8]}", folder), str(name), film)

    def numbers(self) -> set[int]:
        """Numbers, from 1, of the frames that are taken; none if the folder cannot be read."""
        try:
            names = os.listdir(self.folder)  # noqa: PTH208  # names alone
        except OSError:
            return set()
        return {int(stem) for stem, suffix in map(os.path.splitext, names) if suffix == ".png" and stem.isdecimal()}

    def path(self, number: int) -> Path:
        """Where the frame of this number lies, if it is taken."""
        return self.folder / f"{number:06d}.png"

    def keep(self, number: int, frame: RGB) -> ImageRecord:
        """Write a frame whole or not at all; one that is there already stays as it is. BadRequest if it cannot be written."""
        path = self.path(number)
        try:
            if not path.exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                if not (self.folder / SOURCE).exists():  # first: frames are listed by it
                    said = {"format": _FORMAT, "name": Path(self.name).as_posix(), "file": str(self._film), "counted_from": 1}
                    write_file(self.folder / SOURCE, json.dumps(said, indent=1).encode("utf-8", "surrogateescape"))
                write_file(path, cv2.imencode(".png", frame[..., ::-1])[1].tobytes())  # OpenCV writes BGR
            data = plain_bytes(path)
        except OSError as error:
            why = reason_of(error)
            raise BadRequest(tr("The frame could not be written to {folder}: {why}.").format(folder=self.folder, why=why)) from error
        return ImageRecord(sha256_bytes(data), path, frame.shape[1], frame.shape[0])

    def drop(self, number: int) -> None:
        """Take a frame away again. BadRequest if that cannot be."""
        try:
            self.path(number).unlink(missing_ok=True)
        except OSError as error:
            raise BadRequest(tr("The frame could not be removed: {why}.").format(why=reason_of(error))) from error


def with_taken(listing: Listing, taken: Path, task: TaskContext) -> Listing:
    """The frames of a folder and, each as if in a folder beside its film, those that the project has taken."""
    names: dict[str, list[str]] = {}
    places: dict[str, str] = {}
    for source in sorted(Path(entry.path) for entry in files_below(taken, lambda _: None) if entry.name == SOURCE):
        task.raise_if_cancelled()
        if name := _name_in(source):
            folder = TakenFolder(source.parent, name, Path())
            shown = name if name not in names else f"{name} ({source.parent.name[-8:]})"  # another film of the same name
            if numbers := sorted(folder.numbers()):
                names[shown] = [shown + os.sep + folder.path(number).name for number in numbers]
                places[shown] = str(source.parent)
    if not names:
        return listing
    inside = os.path.join(os.path.relpath(taken, listing.root), "")  # noqa: PTH118  # the project may lie in the folder
    others = [name for name in listing.names if not name.startswith(inside)]
    return replace(listing, names=walk_order(others, names), taken=places)


def _name_in(source: Path) -> str | None:
    """The name of the film as `source.json` has it; None for a file that somebody else wrote, or damaged."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        # anything may lie there under this name
        if source.stat().st_size > _MOST_BYTES:
            return None
        said: dict[str, Any] = json.loads(plain_bytes(source).decode("utf-8", "surrogateescape"))
        path = Path(str(said["name"]))
        # nor may it name a place outside the folder
        if said["format"] == _FORMAT and not path.is_absolute() and ".." not in path.parts and path.parts:
            return str(path)
    return None


def _digest(film: Path) -> str:
    """What tells a film from another of the same name: a digest of its size and both its ends, 64 hexadecimal digits."""
    try:
        with open_plain(film) as stream:
            size = stream.seek(0, os.SEEK_END)
            parts: Sequence[int] = (0, max(0, size - _LOOKED_AT))
            digest = hashlib.sha256(str(size).encode())
            for start in parts:
                stream.seek(start)
                digest.update(stream.read(_LOOKED_AT))
    except OSError as error:
        why = reason_of(error)
        raise BadRequest(tr("{file} cannot be read: {reason}.").format(file=film.name, reason=why)) from error
    return digest.hexdigest()
