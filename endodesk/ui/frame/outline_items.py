"""Outlines over the frame: what the steps found, each kind with a colour, a kind of line, and its name in the legend."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem, QHBoxLayout, QStyleOptionGraphicsItem, QWidget

from endodesk.app.language import tr
from endodesk.app.viewing.found_outlines import Found, Outline
from endodesk.app.viewing.outline_shapes import part_name
from endodesk.domain.overrides import Part
from endodesk.ui.widgets.flow_layout import FlowLayout
from endodesk.ui.widgets.layouts import empty_layout, fill
from endodesk.ui.widgets.painting import cosmetic_pen
from endodesk.ui.widgets.theme import GRID_PX, PICTURE_GROUND, text_label

_SOLID, _DASHED, _DOTTED = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
_LINES = {
    Found.FIELD: ("#56B4E9", _SOLID),
    Found.BOX: ("#E69F00", _SOLID),
    Found.TEXT: ("#CC79A7", _SOLID),
    Found.CROP: ("#F0E442", _DASHED),
    Found.FILLED: ("#009E73", _DOTTED),
    Found.OTHER: ("#D55E00", _SOLID),
}
"""Colour and kind of line of each kind: Okabe and Ito's colours, which the colour-blind tell apart."""


def _name(what: Found) -> str:
    return {
        Found.FIELD: part_name(Part.FIELD),
        Found.BOX: part_name(Part.BOX),
        Found.TEXT: tr("Text"),
        Found.CROP: tr("Crop"),
        Found.FILLED: tr("Filled beyond the field"),
        Found.OTHER: tr("Mask"),
    }[what]


def pen(what: Found, width: float = 1.5) -> QPen:
    """The pen of a kind, as wide on the screen at any zoom; `width` in pixels of the screen."""
    colour, style = _LINES[what]
    return cosmetic_pen(colour, style, width)


class OutlineItem(QGraphicsPathItem):
    """The contours of one kind; its coordinates are the frame's pixels."""

    def __init__(self, outline: Outline) -> None:
        super().__init__(_path(outline))
        self.setPen(pen(outline.what))
        self.setZValue(5)  # over heat map and mask, under the line of the wipe

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draws a dark halo before the line, so that it stands out from whatever it crosses."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.strokePath(self.path(), cosmetic_pen(PICTURE_GROUND, width=self.pen().widthF() + 2))
        painter.strokePath(self.path(), self.pen())


def _path(outline: Outline) -> QPainterPath:
    path = QPainterPath()
    for contour in outline.contours:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in contour.tolist()]))
        path.closeSubpath()
    return path


class Legend(QWidget):
    """Names the kinds that are drawn, in a line or two."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = FlowLayout(self, gap_px=GRID_PX)
        self._shown: list[Found] = []
        self.setAccessibleName(tr("Outlines"))
        self.hide()

    def tell(self, outlines: Sequence[Outline] | None) -> None:
        """Name what is drawn on a frame; None: outlines are off, and the legend is hidden."""
        kinds = list(dict.fromkeys(outline.what for outline in outlines or ()))
        self.setVisible(outlines is not None)
        if kinds == self._shown:
            return
        self._shown = kinds
        empty_layout(self._entries)
        for what in kinds:
            self._entries.addWidget(_entry(what))
        self.updateGeometry()


def _entry(what: Found) -> QWidget:
    entry = QWidget()
    fill(QHBoxLayout(entry), _Swatch(what), text_label(_name(what), "quiet"), edge_px=0, gap_px=GRID_PX // 2)
    return entry


class _Swatch(QWidget):
    """A short piece of the line of a kind, beside its name in the legend."""

    def __init__(self, what: Found) -> None:
        super().__init__()
        self._what = what
        self.setFixedSize(26, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws the line on a dark ground, as it lies on the frame."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(PICTURE_GROUND))
        painter.setPen(pen(self._what, 2))
        painter.drawLine(2, self.height() // 2, self.width() - 3, self.height() // 2)
