"""The timeline of a film with a mark for every frame taken, and the picture above it."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QStyle, QStyleOptionSlider, QWidget

from endodesk.app.language import tr
from endodesk.ui.widgets.plain_text import draw_text
from endodesk.ui.widgets.theme import ON_PICTURE, PICTURE_GROUND, colours

_MARK_PX = 2
_LEAST = QSize(320, 200)


class Timeline(QSlider):
    """A slider through the frames of a film; marks below its groove stand for frames taken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.marks: frozenset[int] = frozenset()
        self.setAccessibleName(tr("Timeline"))
        self.setToolTip(tr("Where in the film; marks stand for frames taken"))
        self.setMinimumHeight(34)

    def show_marks(self, marks: frozenset[int]) -> None:
        """Mark these frames, counted from 0, in the place of those before."""
        self.marks = marks
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the marks, and lets Qt paint the slider over them."""
        painter = QPainter(self)
        colour = QColor(colours().accent)
        for place in self._places():
            painter.fillRect(QRect(place, self.height() - 9, _MARK_PX, 8), colour)
        painter.end()
        super().paintEvent(event)

    def _places(self) -> set[int]:
        """Where the marks stand, in pixels from the left; thousands of them share a few hundred pixels."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style = self.style()
        handle = style.subControlRect(QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self).width()
        groove = style.subControlRect(QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderGroove, self)
        # where Qt puts the middle of the handle, so that a mark stands under it
        start, room, last = groove.x() + (handle - _MARK_PX) // 2, groove.width() - handle, max(1, self.maximum())
        return {start + mark * room // last for mark in self.marks}  # a set: marks that fall on one pixel are painted once


class FilmPicture(QWidget):
    """One frame as large as there is room for, with a badge where it is taken; words where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QImage()
        self.words = ""
        self.badge = ""
        self.setMinimumSize(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Picture of the film"))

    def show_picture(self, picture: QImage, words: str = "") -> None:
        """Show a picture, or the words where it is empty."""
        self.picture, self.words = picture, words
        self.setAccessibleDescription(words)
        self.update()

    def show_badge(self, words: str) -> None:
        """Show words in the upper corner, such as that the frame is taken; empty for none."""
        self.badge = words
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the frame against black, as mucosa is judged, in both themes."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(PICTURE_GROUND))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.picture.isNull():
            painter.setPen(QColor(ON_PICTURE))
            draw_text(painter, self.rect().adjusted(24, 24, -24, -24), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.words)
        else:
            size = self.picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            corner = QPointF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2).toPoint()
            painter.drawImage(QRect(corner, size), self.picture)
        if self.badge:
            box = painter.fontMetrics().boundingRect(self.badge).adjusted(-10, -5, 10, 5)
            box.moveTopRight(self.rect().adjusted(0, 10, -10, 0).topRight())
            painter.fillRect(box, QColor(colours().chosen))
            painter.setPen(QColor(colours().on_chosen))
            draw_text(painter, box, Qt.AlignmentFlag.AlignCenter, self.badge)
        painter.end()
