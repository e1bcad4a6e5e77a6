"""Icons: glyphs of the Material Design font that qtawesome brings. Drawn here, for importing qtawesome itself takes 0.15 s of the start."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap, QRawFont

_SIZES_PX = (22, 44)
_EM_PX = 512.0
_COLOURS = {QIcon.Mode.Normal: "#c8ced6", QIcon.Mode.Disabled: "#59616b"}


def icon(name: str) -> QIcon:
    """By its name in the font, such as "mdi6.refresh"; an empty icon where the font is missing."""
    made = QIcon()
    path = _outline(name.removeprefix("mdi6."))
    if not path.isEmpty():
        for mode, colour in _COLOURS.items():
            for size in _SIZES_PX:
                made.addPixmap(_drawn(path, size, colour), mode)
    return made


def _drawn(path: QPainterPath, size: int, colour: str) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box, room = path.boundingRect(), QRectF(0, 0, size, size)
    scale = size / _EM_PX
    painter.translate(room.center())
    painter.scale(scale, scale)
    painter.translate(-box.center())
    painter.fillPath(path, QColor(colour))
    painter.end()
    return pixmap


def _outline(name: str) -> QPainterPath:
    font, places = _font()
    if font is None or name not in places:
        return QPainterPath()
    [glyph] = font.glyphIndexesForString(chr(int(places[name], 16)))
    return font.pathForGlyph(glyph)


@cache
def _font() -> tuple[QRawFont | None, dict[str, str]]:
    """The font, and the place of each name in it."""
    found = find_spec("qtawesome")
    for folder in (found.submodule_search_locations or []) if found else []:
        fonts = Path(folder) / "fonts"
        files, names = fonts.glob("materialdesignicons6-webfont-[0-9]*.ttf"), fonts.glob("materialdesignicons6-*charmap*.json")
        for file, places in zip(files, names, strict=False):
            return QRawFont(str(file), _EM_PX), json.loads(places.read_text("utf-8"))
    return None, {}
