"""The picture of a frame in a pyqtgraph view: zoom to the pointer, pan by dragging. Imported when the window is shown: it takes 0.2 s."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPalette, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPixmapItem, QGraphicsRectItem, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.painting import cosmetic_pen

_LEAST_PX = 12
"""So many pixels of the frame are always in view: more enlargement shows nothing more."""
_MOST = 12.0
"""So many times the frame's longer side can be in view."""
_SHARP_FROM = 8.0
"""Device pixels per pixel of the frame from which on pixels are shown as squares."""
PLACE_COLOUR = "#F0E442"


class FrameCanvas(QWidget):
    """One picture; the coordinates of `box` are its pixels, y downwards, (0, 0) the upper left corner of the first pixel."""

    zoomed = Signal()
    """Another part of the picture is in view, or it has another size on the screen."""
    moved = Signal()
    """The part in view was changed by mouse or keyboard, not by `show_around`: views linked to this one follow."""
    pointed = Signal(object)
    """QPointF in pixels of the picture under the pointer; None: the pointer has left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.graphics = pg.GraphicsView(self)
        self.box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False)  # y downwards, as pixels are counted; plots have it upwards
        self.graphics.setCentralItem(self.box)
        self.graphics.setAcceptDrops(False)  # a graphics view takes drops for its scene; here they are the window's
        self.graphics.viewport().setAcceptDrops(False)
        self.graphics.viewport().installEventFilter(self)
        self.graphics.setAccessibleName(tr("Frame"))
        self.setFocusProxy(self.graphics)
        self.box.setCursor(Qt.CursorShape.OpenHandCursor)
        fill(QVBoxLayout(self), self.graphics, edge_px=0)
        self._picture, self._heat, self._mask = (smooth_item(self.box, z) for z in (1, 3, 4))  # 2 is left for the wipe, under the heat map
        self._place = QGraphicsRectItem()
        self._place.setPen(cosmetic_pen(PLACE_COLOUR, Qt.PenStyle.DashLine))
        self._place.setZValue(5)
        self.box.addItem(self._place, ignoreBounds=True)  # what lies over the picture has no say in what "whole" is
        self.fitted = True
        """Whether the whole picture is to be seen, whatever the panel's size."""
        self._kept = 1.0, QPointF()  # scale and middle of the part in view, which outlive a change of size
        self._take_colours()
        self.box.sigRangeChanged.connect(self._note_zoom)
        # not sigRangeChanged: it also comes when a linked view moves this one
        self.box.sigRangeChangedManually.connect(lambda _: self._moved_by_hand())
        self.box.sigResized.connect(lambda _: self._resized())
        self.graphics.scene().sigMouseMoved.connect(self._point)
        self.graphics.scene().sigMouseClicked.connect(lambda event: self.fit() if event.double() else None)

    # --- what is shown ----------------------------------------------------------------------------------------------

    def show_picture(self, picture: QImage) -> None:
        """Show a picture in place of the one before; the part in view stays if both have the same size, unless the whole was shown.

        It is copied; of huge ones the one before must have gone by then.
        """
        resized = picture.size() != self._picture.pixmap().size()
        self._picture.setPixmap(QPixmap())
        self._picture.setPixmap(QPixmap.fromImage(picture))
        if resized:
            self.box.setLimits(minXRange=_LEAST_PX, minYRange=_LEAST_PX, maxXRange=_MOST * self.longer_px, maxYRange=_MOST * self.longer_px)
        if resized or self.fitted:
            self.fit()

    def clear(self) -> None:
        """Take the picture away, and whatever lies over it."""
        self._picture.setPixmap(QPixmap())
        self.lay_heat(None)
        self.lay_mask(None)
        self.mark_place(None)

    def lay_heat(self, picture: QImage | None, place: QRectF | None = None, opacity: float = 1.0) -> None:
        """Lay a heat map over `place`, a rectangle of the picture; None takes it away."""
        self._heat.setPixmap(QPixmap() if picture is None else QPixmap.fromImage(picture))
        if picture is not None and place is not None:
            self._heat.setTransform(onto(place, picture))
            self._heat.setOpacity(opacity)

    def lay_mask(self, picture: QImage | None) -> None:
        """Lay a see-through picture of the same size over it; None takes it away."""
        self._mask.setPixmap(QPixmap() if picture is None else QPixmap.fromImage(picture))

    def mark_place(self, place: QRectF | None) -> None:
        """Outline by dashes what a model sees of the picture; None takes the outline away."""
        self._place.setRect(place or QRectF())
        self._place.setVisible(place is not None)

    @property
    def has_heat(self) -> bool:
        """Whether a heat map lies over the picture."""
        return not self._heat.pixmap().isNull()

    @property
    def picture_rect(self) -> QRectF:
        """The picture as a rectangle in its own pixels, from 0, 0; empty without a picture."""
        return QRectF(self._picture.pixmap().rect())

    @property
    def longer_px(self) -> float:
        """The longer side of the picture in its own pixels; 0 without a picture."""
        return max(self.picture_rect.width(), self.picture_rect.height())

    # --- zoom and pan -----------------------------------------------------------------------------------------------

    @property
    def scale(self) -> float:
        """Device pixels per pixel of the picture: 1 is 100 %."""
        return float(self.box.width() / self.box.viewRect().width()) * self.devicePixelRatioF()

    def fit(self) -> None:
        """Show the whole picture, as large as the panel allows, and keep it so when the panel changes."""
        self.fitted = True
        if not self.picture_rect.isEmpty():
            self.box.setRange(self.picture_rect, padding=0)  # pyqtgraph would leave a rim around it
            self._keep()

    def actual_size(self) -> None:
        """Show one pixel of the picture on one of the screen, however dense that is, around the middle of what is in view."""
        ratio = self.devicePixelRatioF()
        middle = self.box.viewRect().center()
        size = QPointF(self.box.width() * ratio, self.box.height() * ratio)
        corner = middle - size / 2  # whole pixels: between two, each would be blurred over its neighbours
        self._show_part(QRectF(round(corner.x()), round(corner.y()), size.x(), size.y()))

    def zoom(self, factor: float) -> None:
        """Show the picture larger (over 1) or smaller, around the middle; nothing happens beyond the limits."""
        part = self.box.viewRect()
        size = part.size() / factor
        if _LEAST_PX <= size.width() <= _MOST * self.longer_px:
            self._show_part(QRectF(part.center() - QPointF(size.width(), size.height()) / 2, size))

    def pan(self, x: float, y: float) -> None:
        """Move by a share of what is in view: 1, 0 shows what lies to the right of it."""
        part = self.box.viewRect()
        self._show_part(part.translated(x * part.width(), y * part.height()))

    def show_around(self, middle: QPointF, width: float) -> None:
        """Show so many pixels of the picture from left to right, around a point; as by another, linked view: `moved` is not told."""
        height = width * self.box.height() / max(1.0, self.box.width())
        self.fitted = False
        self.box.setRange(QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height), padding=0)
        self._keep()

    def _show_part(self, part: QRectF) -> None:
        self.box.setRange(part, padding=0)
        self._moved_by_hand()

    def _moved_by_hand(self) -> None:
        self.fitted = False
        self._keep()
        self.moved.emit()

    def _keep(self) -> None:
        part = self.box.viewRect()
        self._kept = part.width() / max(1.0, self.box.width()), part.center()

    def _resized(self) -> None:
        """Keep a fitted picture fitted, and the scale and the middle of another one."""
        if self.fitted:
            self.fit()
        else:
            scale, middle = self._kept
            self.show_around(middle, scale * self.box.width())

    def _note_zoom(self) -> None:
        scale = self.scale
        exact = scale >= _SHARP_FROM or abs(scale - 1) < 1e-6  # at 100 % smoothing could only blur, and far in one wants to see the pixels
        mode = Qt.TransformationMode.FastTransformation if exact else Qt.TransformationMode.SmoothTransformation
        if self._picture.transformationMode() != mode:
            self._picture.setTransformationMode(mode)
        self.zoomed.emit()

    # --- the pointer ------------------------------------------------------------------------------------------------

    def _point(self, place: QPointF) -> None:
        self.pointed.emit(self.box.mapSceneToView(place))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when the pointer leaves: pyqtgraph's scene only tells where it moves."""
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit(None)
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Take over the ground of another theme: pyqtgraph's view keeps the one that it was given."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._take_colours()

    def _take_colours(self) -> None:
        self.graphics.setBackground(self.palette().color(QPalette.ColorRole.Base))


def smooth_item(box: pg.ViewBox, z: int, parent: QGraphicsItem | None = None) -> QGraphicsPixmapItem:
    """An empty picture in a box, or on another item in it. A pixmap is drawn in half the time of a pg.ImageItem."""
    item = QGraphicsPixmapItem()
    item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
    item.setZValue(z)
    if parent is None:
        box.addItem(item, ignoreBounds=True)
    else:
        item.setParentItem(parent)
    return item


def onto(place: QRectF, picture: QImage) -> QTransform:
    """The transform that lays a picture over a rectangle, whatever its size in pixels."""
    return QTransform(place.width() / picture.width(), 0, 0, place.height() / picture.height(), place.x(), place.y())
