"""What several panels paint with: pens, and pictures in the middle of a place."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen


def cosmetic_pen(colour: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine, width: float = 1.5) -> QPen:
    """A pen that is as wide on the screen at any zoom; `width` in pixels of the screen."""
    pen = QPen(QColor(colour), width, style)
    pen.setCosmetic(True)
    return pen


def paint_in_middle(painter: QPainter, place: QRect, picture: QImage) -> None:
    """Paint the whole picture in the middle of a place, as large as it fits."""
    size = picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(0, 0, size.width(), size.height())
    target.moveCenter(place.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, picture)
