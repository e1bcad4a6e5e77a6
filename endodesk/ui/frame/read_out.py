"""The line under the frame: the pixel under the pointer, and how large the frame is shown."""

from math import floor

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.imaging.pixels import RGB
from endodesk.ui.widgets.theme import GRID_PX, text_label


class ReadOut(QWidget):
    """Place and colour on the left, zoom on the right; always there, so that nothing above it moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels: RGB | None = None
        self.pixel, self.zoom = text_label("", "quiet"), text_label("", "quiet")
        self.pixel.setAccessibleName(tr("Pixel under the pointer"))
        self.zoom.setAccessibleName(tr("Zoom"))
        self.layout_ = QHBoxLayout(self)  # QWidget has a method `layout`
        self.layout_.setContentsMargins(0, 0, 0, 0)
        self.layout_.setSpacing(2 * GRID_PX)
        self.layout_.addWidget(self.pixel)
        self.layout_.addStretch()
        self.layout_.addWidget(self.zoom)
        self.setMinimumHeight(self.fontMetrics().height())  # as high while nothing is said

    def take(self, pixels: RGB | None) -> None:
        """Tell from the pixels of this picture, H x W x 3, from now on; None: there is none."""
        self._pixels = pixels
        self.pixel.setText("")
        if pixels is None:
            self.zoom.setText("")

    def point(self, place: QPointF | None) -> None:
        """Tell what is under the pointer, in pixels of the picture; None or outside: nothing is said."""
        # floor: just left of the picture is -1, not 0
        self.pixel.setText("" if place is None else self._told(floor(place.x()), floor(place.y())))

    def tell_zoom(self, scale: float) -> None:
        """Tell how large the picture is shown; `scale` is device pixels per pixel of the picture."""
        self.zoom.setText("" if self._pixels is None else tr("{percent} %").format(percent=round(100 * scale)))

    def _told(self, x: int, y: int) -> str:
        if self._pixels is None or not (0 <= y < self._pixels.shape[0] and 0 <= x < self._pixels.shape[1]):
            return ""
        red, green, blue = (int(value) for value in self._pixels[y, x])
        return tr("x {x}  y {y}    R {red}  G {green}  B {blue}").format(x=x, y=y, red=red, green=green, blue=blue)
