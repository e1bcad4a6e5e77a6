"""The contact sheet: every frame as it would be passed on, small, for a person to look at; and what that person said of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from endodesk.dataset.csv_table import Asked, for_spreadsheets, read_table, write_table
from endodesk.dataset.deidentify.clean_frames import THUMBNAIL_PX, CleanFrame
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Unreadable
from endodesk.imaging.pixels import RGB
from endodesk.system.atomic import folder_asked_for

TABLE = "sheet.csv"
YES, NO = "yes", "no"
_COLUMNS = ("name", "pass", "page", "file", "png_sha256", "text_percent", "box_percent", "beside_percent", "key")
_ACROSS, _DOWN, _CAPTION_PX = 6, 5, 22
_PAGE = _ACROSS * _DOWN


@dataclass(frozen=True, slots=True)
class Approval:
    """What a person said of a sheet: which frames may go out, by the content of their PNG, and with which key they were named."""

    passed: dict[str, str]
    """SHA-256 of the PNG by pseudonym."""
    refused: int
    key: str


def write_sheet(out: Path, frames: Iterable[CleanFrame | Unreadable], key: str) -> int:
    """A folder of pages, and sheet.csv, in which `pass` may be set to no; how many frames. BadRequest if something is in that place."""
    if out.exists():
        raise BadRequest(f"{out} is there already; move it away first: what was approved must not change.")
    rows: list[tuple[str, ...]] = []
    with folder_asked_for(out, "The contact sheet") as beside:
        for number, page in enumerate(_pages(frames), 1):
            cv2.imwrite(str(beside / f"page-{number:03}.png"), _drawn(page)[..., ::-1])
            for one in page:
                shares = (f"{100 * share:.2f}" for share in (one.text_share, one.box_share, one.beside_share))
                rows.append((one.name, YES, str(number), for_spreadsheets(one.frame.file), one.sha256, *shares, key))
        write_table(beside / TABLE, _COLUMNS, rows)
    return len(rows)


def read_sheet(sheet: Path) -> Approval:
    """What was said of a sheet, by its folder or its table. BadRequest that names the line if it is none, or says neither yes nor no."""
    path = sheet / TABLE if sheet.is_dir() else sheet
    table = read_table(path, Asked("contact sheet", ("name", "pass", "png_sha256", "key")))
    passed: dict[str, str] = {}
    for row in table.rows:
        said = row.cells["pass"].strip().casefold()
        if said not in {YES, NO}:
            raise BadRequest(f"{path.name}, line {row.line}: pass says {row.cells['pass']!r:.40}; write yes or no. Nothing was exported.")
        if said == YES:
            passed[row.cells["name"]] = row.cells["png_sha256"]
    keys = {row.cells["key"] for row in table.rows}
    if len(keys) != 1:
        raise BadRequest(f"{path.name} is no contact sheet of one export. Nothing was exported.")
    return Approval(passed, len(table.rows) - len(passed), keys.pop())


def _pages(frames: Iterable[CleanFrame | Unreadable]) -> Iterator[list[CleanFrame]]:
    page: list[CleanFrame] = []
    for one in frames:
        if isinstance(one, CleanFrame):
            page.append(one)
        if len(page) == _PAGE:
            yield page
            page = []
    if page:
        yield page


def _drawn(page: list[CleanFrame]) -> RGB:
    """Thumbnails in rows, each with its pseudonym below."""
    side, row_px = THUMBNAIL_PX + 8, THUMBNAIL_PX + _CAPTION_PX + 8
    sheet = np.full((row_px * -(-len(page) // _ACROSS), side * _ACROSS, 3), 40, np.uint8)
    for number, one in enumerate(page):
        x, y = side * (number % _ACROSS) + 4, row_px * (number // _ACROSS) + 4
        picture = one.thumbnail
        height, width = picture.shape[:2]
        sheet[y : y + height, x : x + width] = picture
        place = (x, y + THUMBNAIL_PX + _CAPTION_PX - 8)
        cv2.putText(sheet, one.name, place, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (230, 230, 230), 1, cv2.LINE_AA)
    return sheet
