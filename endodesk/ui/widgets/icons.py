"""Icons: glyphs of the Material Design font that qtawesome brings. Drawn here, for importing qtawesome itself takes 0.15 s of the start."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPixmap, QRawFont

from endodesk.ui.widgets.theme import colours

_EM_PX = 512.0


class _Glyph(QIconEngine):
    """Drawn when it is painted, so that it has the colours of the theme that is on then and is sharp on every screen."""

    def __init__(self, path: QPainterPath) -> None:
        super().__init__()
        self._path = path

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draws the glyph in the middle of the place for it, in the colour of the theme that is on."""
        colour = colours().disabled if mode is QIcon.Mode.Disabled else colours().text
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min(rect.width(), rect.height()) / _EM_PX
        painter.translate(QRectF(rect).center())
        painter.scale(scale, scale)
        painter.translate(-self._path.boundingRect().center())  # by the outline, not the letter: glyphs stand on a line of text
        painter.fillPath(self._path, QColor(colour))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The glyph as painted, on a transparent ground: Qt's own way would not clear the picture first."""
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(QPoint(), size), mode, state)
        painter.end()
        return drawn

    def clone(self) -> QIconEngine:
        """Another engine of the same glyph: each copy of an icon deletes its own."""
        return _Glyph(self._path)


def icon(name: str) -> QIcon:
    """An icon by its name in the font, such as "refresh"; an empty one where the font is missing."""
    path = _outline(name)
    return QIcon() if path.isEmpty() else QIcon(_Glyph(path))


@cache
def _outline(name: str) -> QPainterPath:
    font, places = _font()
    if font is None or name not in places:
        return QPainterPath()
    [glyph] = font.glyphIndexesForString(chr(int(places[name], 16)))
    return font.pathForGlyph(glyph)


# Why: docs/decisions/ui.md 6
@cache
def _font() -> tuple[QRawFont | None, dict[str, str]]:
    """The font, and the place of each name in it."""
    found = find_spec("qtawesome")  # finds where it lies without importing it
    for folder in (found.submodule_search_locations or []) if found else []:
        fonts = Path(folder) / "fonts"
        files, names = fonts.glob("materialdesignicons6-webfont-[0-9]*.ttf"), fonts.glob("materialdesignicons6-*charmap*.json")
        for file, places in zip(files, names, strict=False):
            return QRawFont(str(file), _EM_PX), json.loads(places.read_text("utf-8"))
    return None, {}
