"""An outline on the frame that one draws with the mouse. Imported when one is drawn: pyqtgraph is there by then."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Signal

from endodesk.app.viewing.outline_shapes import Shape, clipped, drawn_as, edges_of
from endodesk.domain.overrides import Outline
from endodesk.ui.widgets.painting import cosmetic_pen

_COLOUR, _HOVER, _ABOVE = "#56B4E9", "#F0E442", 50  # above the wipe and all outlines: its handles must be within reach
_HANDLES = ((0, 0), (1, 0), (1, 1), (0, 1), (0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5))


class OutlineEditor(QObject):
    """One outline over a ViewBox whose coordinates are the frame's pixels. Its handles are dragged; the whole of it is moved."""

    changed = Signal()
    """The outline is another one, by the mouse or by `show_outline`."""

    def __init__(self, box: pg.ViewBox, size: QSize, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._box, self._size = box, size
        self._item: pg.ROI | None = None
        self.shape = Shape.RECTANGLE

    def show_outline(self, outline: Outline, shape: Shape) -> None:
        """Draw an outline of three corners or more in the place of the one before; a rectangle or an ellipse fills its edges."""
        self.remove()
        self.shape = shape
        self._item = item = self._made(outline, shape)
        item.setZValue(_ABOVE)
        self._box.addItem(item, ignoreBounds=True)
        item.sigRegionChanged.connect(lambda _: self.changed.emit())
        self.changed.emit()

    @property
    def outline(self) -> Outline:
        """The outline as it is drawn now, in shares (0..1) of the frame; empty if nothing is drawn."""
        item = self._item
        if item is None:
            return ()
        width, height = self._size.width(), self._size.height()
        if self.shape is Shape.POLYGON:
            corners = [item.mapToParent(handle["item"].pos()) for handle in item.handles]
            return clipped([(corner.x() / width, corner.y() / height) for corner in corners])
        at, size = item.pos(), item.size()
        edges = (at.x() / width, at.y() / height, (at.x() + size.x()) / width, (at.y() + size.y()) / height)
        left, top, right, bottom = (min(1.0, max(0.0, edge)) for edge in edges)
        return drawn_as(self.shape, (left, top, right, bottom))

    def remove(self) -> None:
        """Take the outline off the frame; nothing happens where there is none."""
        if self._item is not None:
            self._box.removeItem(self._item)
            self._item = None

    def _made(self, outline: Outline, shape: Shape) -> pg.ROI:
        width, height = self._size.width(), self._size.height()
        pen, hover = (cosmetic_pen(colour, width=2) for colour in (_COLOUR, _HOVER))
        look: dict[str, Any] = {"pen": pen, "hoverPen": hover, "handlePen": pen, "handleHoverPen": hover}
        look |= {"maxBounds": QRectF(0, 0, width, height), "rotatable": False}
        if shape is Shape.POLYGON:
            return pg.PolyLineROI([QPointF(x * width, y * height) for x, y in outline], closed=True, **look)
        left, top, right, bottom = edges_of(outline)
        place = (left * width, top * height), ((right - left) * width, (bottom - top) * height)
        return (_Ellipse if shape is Shape.ELLIPSE else _Rectangle)(*place, **look)


class _Rectangle(pg.ROI):  # type: ignore[misc]  # pyqtgraph has no types
    """A rectangle with a handle at each corner and side; it does not turn."""

    def __init__(self, *place: tuple[float, float], **look: Any) -> None:
        super().__init__(*place, **look)
        _add_handles(self)


class _Ellipse(pg.EllipseROI):  # type: ignore[misc]
    """An ellipse that does not turn: fields of view are upright."""

    # pyqtgraph's ellipse brings a handle to turn it by: ours go in its place
    def _addHandles(self) -> None:
        _add_handles(self)


def _add_handles(item: pg.ROI) -> None:
    for x, y in _HANDLES:
        item.addScaleHandle((x, y), (1 - x, 1 - y))  # the opposite corner or side stays where it is
