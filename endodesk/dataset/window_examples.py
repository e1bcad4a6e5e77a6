"""Windows as examples: from frames with outlines of their findings to rectangles with labels, and `windows.csv` of a run folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from endodesk.dataset.csv_table import Asked, read_table, write_table
from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.errors import BadRequest, UnreadableImage
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides
from endodesk.domain.recipes import Recipe
from endodesk.imaging.finding_windows import cut, usable_part, window_pairs
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.pixels import RGB, Mask
from endodesk.imaging.preprocessing.pipeline import preprocess
from endodesk.imaging.preprocessing.stage import Rectangle
from endodesk.imaging.reading.named_frame import read_named
from endodesk.imaging.reading.read import decode_image, read_bytes
from endodesk.system.atomic import whole_file
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads

WINDOWS = "windows.csv"
_COLUMNS = ("sha256", "x", "y", "side", "label")
_SHORT = 12
"""Digits of the content's hash that a mask may be called by."""
_INSIDE = 127
"""Grey above which a pixel of a mask lies within the outline."""


@dataclass(frozen=True, slots=True)
class FrameWindow:
    """A square of a frame, in pixels, and what it shows."""

    sha256: Sha256
    """Of the frame that it is cut from."""
    place: Rectangle
    label: str

    @property
    def name(self) -> Sha256:
        """What it is cached by: the frame's content and the place."""
        return Sha256(sha256_bytes(f"{self.sha256} window {self.place}".encode()))


def mask_of(folder: Path, row: ManifestRow) -> Path | None:
    """The mask of a frame: a PNG called as the frame's file, or as the first twelve digits of its SHA-256; None if there is none."""
    places = (folder / f"{row.file.stem}.png", folder / f"{row.sha256[:_SHORT]}.png")
    return next((place for place in places if place.is_file()), None)


# Why: docs/decisions/training.md 36
def windows_of(
    rows: Sequence[ManifestRow],
    masks: Path,
    without: str,
    *,
    pairs: int,
    overrides: Mapping[Sha256, FrameOverrides],
    task: TaskContext | None = None,
) -> tuple[list[FrameWindow], list[str]]:
    """Pairs of windows of all frames that have a mask and show a finding, and a sentence for each mask that cannot be used.

    Where each lies is drawn by the frame's content: the same frame has the same windows in each run. BadRequest without such a folder.
    """
    if not masks.is_dir():
        raise BadRequest(f"There is no folder of masks {masks}: name one in windows.masks, or leave it out.")
    asked = [(row, mask) for row in rows if row.label != without and (mask := mask_of(masks, row))]
    found: list[FrameWindow] = []
    problems: list[str] = []
    for done, told in enumerate(in_threads(lambda one: _windows(*one, without, pairs, overrides), asked), 1):
        if task:
            task.report(done, len(asked), "windows")
        if isinstance(told, str):
            problems.append(told)
        else:
            found += told
    return found, problems


def window_rows(windows: Sequence[FrameWindow], rows: Sequence[ManifestRow]) -> list[tuple[FrameWindow, ManifestRow]]:
    """The windows of these frames, each with the frame's row."""
    frames = {row.sha256: row for row in rows}
    return [(window, frames[window.sha256]) for window in windows if window.sha256 in frames]


def window_final(window: FrameWindow, row: ManifestRow, recipe: Recipe) -> RGB:
    """A window as the model sees it: 224 x 224 x 3. UnreadableImage, or BadRequest if the frame is not the one it was chosen in."""
    frame = read_named(row.file)
    try:
        shown = cut(frame.image, window.place)
    except ValueError as error:
        raise BadRequest(f"{row.file.name}: {error}. Prepare the training again.") from error
    if frame.name != window.sha256:
        raise BadRequest(f"{row.file} has changed since the training was prepared. Prepare it again.")
    return preprocess(shown, recipe)


def write_windows(path: Path, windows: Sequence[FrameWindow]) -> None:
    """As CSV with a header, whole or not at all. OSError if it cannot be written."""
    with whole_file(path) as beside:
        write_table(beside, _COLUMNS, ((one.sha256, *map(str, one.place[:3]), one.label) for one in windows))


def read_windows(path: Path) -> tuple[FrameWindow, ...]:
    """Back from `write_windows`; none where there is no such file. BadRequest with a sentence that names the line if it is damaged."""
    if not path.exists():
        return ()
    found = []
    for row in read_table(path, Asked("list of windows", _COLUMNS)).rows:
        try:
            x, y, side = (int(row.cells[name]) for name in ("x", "y", "side"))
        except ValueError as error:
            raise BadRequest(f"{path.name}, line {row.line}: x, y and side must be whole numbers.") from error
        if min(x, y) < 0 or side < 1:
            raise BadRequest(f"{path.name}, line {row.line}: the window does not lie within a frame.")
        found.append(FrameWindow(Sha256(row.cells["sha256"]), (x, y, side, side), row.cells["label"]))
    return tuple(found)


def _windows(row: ManifestRow, mask: Path, without: str, pairs: int, overrides: Mapping[Sha256, FrameOverrides]) -> list[FrameWindow] | str:
    try:
        image = read_named(row.file).image
        finding = _read_mask(mask, image)
    except UnreadableImage as error:
        return f"No windows of {row.file.name}: {error}"
    usable = usable_part(image, overrides.get(row.sha256, NOTHING_GIVEN))
    found = window_pairs(finding, usable, seed=int(row.sha256[:8], 16), pairs=pairs)
    return [
        FrameWindow(row.sha256, place, label) for pair in found for place, label in ((pair.finding, row.label), (pair.without, without))
    ]


def _read_mask(path: Path, image: RGB) -> Mask:
    """In the size of the frame; UnreadableImage if it has another shape."""
    grey = decode_image(read_bytes(path), path.name).max(axis=2)
    height, width = image.shape[:2]
    if abs(grey.shape[1] * height - grey.shape[0] * width) > 0.01 * grey.shape[0] * width:
        raise UnreadableImage(f"its mask {path.name} has another shape ({grey.shape[1]} x {grey.shape[0]}).")
    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_NEAREST) > _INSIDE, np.bool_)
