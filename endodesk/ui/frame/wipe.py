"""The wipe: the frame on the left of a line, what preprocessing makes of it on the right. Needs pyqtgraph: loaded with the canvas."""

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

from endodesk.ui.frame.canvas import FrameCanvas, onto, smooth_item

_LINE, _HOVERED = "#FFFFFF", "#F0E442"
"""The same in both themes: the line lies on a frame, never on the ground of the window."""
_CUT_OFF = QColor(0, 0, 0, 190)  # darkens what preprocessing leaves out, so that it can still be recognised
_UNDER_HEAT, _OVER_ALL = 2, 8


class Wipe:
    """The wipe of one canvas; where the line stands is kept from frame to frame, as a share of the frame's width."""

    def __init__(self, canvas: FrameCanvas) -> None:
        self._box = canvas.box
        self.share = 0.5
        self._whole = QRectF()
        self._right = QGraphicsRectItem()
        self._right.setPen(Qt.PenStyle.NoPen)
        self._right.setBrush(QBrush(_CUT_OFF))
        self._right.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)  # the picture ends at the line without being made anew
        self._right.setZValue(_UNDER_HEAT)
        self._picture = smooth_item(self._box, 0, self._right)
        self._line = pg.InfiniteLine(angle=90, movable=True, pen=pg.mkPen(_LINE, width=2), hoverPen=pg.mkPen(_HOVERED, width=3))
        self._line.addMarker("<|>", position=0.5, size=16)
        self._line.setZValue(_OVER_ALL)
        self._line.setCursor(Qt.CursorShape.SplitHCursor)
        self._line.sigPositionChanged.connect(self._moved)
        for item in (self._right, self._line):
            self._box.addItem(item, ignoreBounds=True)
        self.hide()

    @property
    def on(self) -> bool:
        """Whether the line and its right side are on the frame."""
        return bool(self._line.isVisible())

    def show(self, picture: QImage, place: QRectF, whole: QRectF) -> None:
        """What preprocessing made of the frame, at its place in the whole frame; the rest of the right side is dimmed."""
        self._whole = whole
        self._picture.setPixmap(QPixmap.fromImage(picture))
        self._picture.setTransform(onto(place, picture))
        for item in (self._right, self._line):
            item.setVisible(True)
        share = self.share  # the new bounds may move the line
        self._line.setBounds((whole.left(), whole.right()))
        self.move_to(share)

    def hide(self) -> None:
        """Show the frame alone; where the line stood is kept."""
        for item in (self._right, self._line):
            item.setVisible(False)
        self._picture.setPixmap(QPixmap())

    def move_to(self, share: float) -> None:
        """Move the line to a share (0..1) of the frame's width; beyond, it stops at the edge."""
        self.share = min(1.0, max(0.0, share))
        self._line.setValue(self._whole.left() + self.share * self._whole.width())
        self._moved()

    def _moved(self) -> None:
        if self._whole.width():
            x = float(self._line.value())
            self.share = (x - self._whole.left()) / self._whole.width()
            self._right.setRect(QRectF(x, self._whole.top(), self._whole.right() - x, self._whole.height()))
