"""Leak report: the pairs that stand in different parts of a split, as a table and side by side."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from endodesk.dataset.csv_table import Asked, read_table, write_table
from endodesk.dataset.leaks import Pair
from endodesk.dataset.manifest import PARTS, ManifestRow, is_split_folder, read_manifest, scan_split_folder
from endodesk.domain.errors import BadRequest, UnreadableImage
from endodesk.domain.images import Sha256, Unreadable
from endodesk.domain.shown_text import visible
from endodesk.imaging.pixels import Floats
from endodesk.imaging.reading.read import read_image
from endodesk.system.atomic import check_only, folder_asked_for
from endodesk.system.task import TaskContext

TABLE = "leaks.csv"
COLUMNS = ("bits", "distance", *(f"{name}_{side}" for side in ("left", "right") for name in ("part", "label", "file", "sha256")))
PAGE, COLUMNS_A_PAGE, MOST_PAGES = 24, 3, 20
_OURS = r"leaks\.csv|leaks(-\d+)?\.png"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CELL, _PICTURE, _EDGE, _HEAD = (520, 262), (252, 200), 8, 40


@dataclass(frozen=True, slots=True)
class PartPair:
    """How many pairs stand between two parts."""

    parts: tuple[str, str]
    exact: int
    """Equal bytes or equal perceptual hash."""
    near: int
    """Other pairs with hashes within the bits."""
    alike: int
    """Other pairs with features within the distance."""


def split_rows(folder: Path, task: TaskContext | None = None) -> tuple[list[ManifestRow], tuple[Unreadable, ...]]:
    """The frames of a split folder ({train,val,test}/<class>) or of a run folder (manifest.csv), each with its part.

    BadRequest with a sentence if the folder is neither, or has frames in one part only. Cancelled.
    """
    manifest = folder / "manifest.csv"
    unreadable: tuple[Unreadable, ...] = ()
    if manifest.is_file():
        rows = read_manifest(manifest)
    elif is_split_folder(folder):
        scan = scan_split_folder(folder, task=task)
        rows, unreadable = list(scan.rows), scan.unreadable
    else:
        raise BadRequest(f"{folder} is no split: it needs folders train and test (and val) with the classes in them, or a manifest.csv.")
    if len(parts := sorted({row.part for row in rows if row.part})) < 2:
        raise BadRequest(f"{folder} has frames in {parts[0] if parts else 'no part'} only; leaks are between two parts.")
    return rows, unreadable


def as_matrix(rows: Sequence[ManifestRow], features: Mapping[Sha256, Floats]) -> Floats:
    """N x K; zeros, which are like nothing, for frames that were not measured. BadRequest if none was."""
    if not features:
        raise BadRequest("None of the frames can be read any more, so the model cannot compare them.")
    nothing = np.zeros_like(next(iter(features.values())))
    return np.stack([features.get(row.sha256, nothing) for row in rows])


def by_parts(pairs: Sequence[Pair], near: int) -> list[PartPair]:
    """How many pairs of which kind there are between train and val, train and test, val and test, in this order."""
    kinds: Counter[tuple[str, str, str]] = Counter()
    for pair in pairs:
        first, second = sorted((pair.left.part, pair.right.part), key=PARTS.index)
        kinds[first, second, "exact" if pair.exact else "near" if pair.bits <= near else "alike"] += 1
    between = [(a, b) for place, a in enumerate(PARTS) for b in PARTS[place + 1 :]]
    return [PartPair((a, b), kinds[a, b, "exact"], kinds[a, b, "near"], kinds[a, b, "alike"]) for a, b in between]


def check_report(out: Path, folder: Path) -> None:
    """BadRequest if `out` holds anything but an earlier report, or lies in the split `folder`, where it would be taken for frames."""
    check_only(out, _OURS)
    if is_split_folder(folder) and folder.resolve() in out.resolve().parents:  # resolved: a link may lead into the split
        raise BadRequest(f"The report cannot be written into the split that it is of ({folder}); name another folder.")


def write_leaks(out: Path, pairs: Sequence[Pair], title: str, task: TaskContext | None = None) -> list[str]:
    """leaks.csv and pages of pairs side by side (leaks.png, leaks-2.png, ...), closest first; the names of the files.

    The folder appears whole and replaces an earlier report. BadRequest with a sentence if it holds anything else or
    cannot be written. Cancelled.
    """
    task = task or TaskContext()
    check_only(out, _OURS)
    pages = [pairs[start : start + PAGE] for start in range(0, min(len(pairs), PAGE * MOST_PAGES), PAGE)]
    with folder_asked_for(out.absolute(), "The report", over=True) as folder:
        write_table(folder / TABLE, COLUMNS, map(_line, pairs))
        for number, page in enumerate(pages, 1):
            first = PAGE * (number - 1) + 1
            head = f"{visible(title)}: pairs {first} to {first + len(page) - 1} of {len(pairs)} across parts. Research use only."
            _sheet(page, head).save(folder / ("leaks.png" if number == 1 else f"leaks-{number}.png"))
            task.report(number, len(pages), "drawing")
        return sorted((path.name for path in folder.iterdir()), key=lambda name: (len(name), name))  # leaks-10.png behind leaks-9.png


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Pairs of sha256 from a leaks.csv, perhaps with lines taken out by hand. BadRequest with a sentence if it is none."""
    asked = Asked("table of pairs", ("sha256_left", "sha256_right"))
    pairs = []
    for row in read_table(path, asked).rows:
        left, right = (row.cells[column].strip() for column in asked.columns)
        if not _SHA256.fullmatch(left) or not _SHA256.fullmatch(right):
            raise BadRequest(f"{path.name} is no {asked.kind}: in line {row.line} {' and '.join(asked.columns)} do not name two frames.")
        pairs.append((left, right))
    return pairs


def _line(pair: Pair) -> tuple[object, ...]:
    sides = (value for row in (pair.left, pair.right) for value in (row.part, row.label, row.file, row.sha256))
    return (pair.bits, "" if pair.distance is None else f"{pair.distance:.4f}", *sides)


def _sheet(pairs: Sequence[Pair], head: str) -> Image.Image:
    down = -(-len(pairs) // COLUMNS_A_PAGE)
    sheet = Image.new("RGB", (COLUMNS_A_PAGE * _CELL[0] + _EDGE, down * _CELL[1] + _HEAD), "white")
    pen = ImageDraw.Draw(sheet)
    pen.text((_EDGE, 12), head, fill="black", font=ImageFont.load_default(15))
    for place, pair in enumerate(pairs):
        left, top = _EDGE + place % COLUMNS_A_PAGE * _CELL[0], _HEAD + place // COLUMNS_A_PAGE * _CELL[1]
        for number, row in enumerate((pair.left, pair.right)):
            x = left + number * (_PICTURE[0] + _EDGE // 2)
            _put_picture(sheet, pen, row, (x, top))
            pen.text((x, top + _PICTURE[1] + 2), _short(f"{row.part}: {row.file.name}"), fill="black", font=ImageFont.load_default(12))
            pen.text((x, top + _PICTURE[1] + 17), _short(row.label), fill="black", font=ImageFont.load_default(12))
        pen.text((left, top + _PICTURE[1] + 33), _how_close(pair), fill="#a00000", font=ImageFont.load_default(13))
    return sheet


def _put_picture(sheet: Image.Image, pen: ImageDraw.ImageDraw, row: ManifestRow, at: tuple[int, int]) -> None:
    try:
        picture = ImageOps.contain(Image.fromarray(read_image(row.file)), _PICTURE)
    except UnreadableImage:
        pen.text((at[0] + 8, at[1] + 90), "cannot be read any more", fill="black", font=ImageFont.load_default(12))
        return
    sheet.paste(picture, (at[0] + (_PICTURE[0] - picture.width) // 2, at[1] + (_PICTURE[1] - picture.height) // 2))


def _how_close(pair: Pair) -> str:
    bits = "equal bytes" if pair.left.sha256 == pair.right.sha256 else f"{pair.bits} of 64 bits differ"
    return bits if pair.distance is None else f"{bits}, distance of features {pair.distance:.3f}"


def _short(text: str) -> str:
    text = visible(text)
    return text if len(text) <= 38 else f"{text[:18]}...{text[-17:]}"
