"""From arrays to Qt's images. QImage only, and it owns its buffer: these run in worker threads too."""

import cv2
import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter

from endodesk.imaging.pixels import RGB, Floats, Mask
from endodesk.imaging.preprocessing.pipeline import StepResult
from endodesk.imaging.preprocessing.sketch import in_blocks

CARD = QSize(150, 108)
"""Room for the small picture of a step, in pixels."""
MASK_COLOUR = (86, 180, 233)
_HEAT_PX = 448  # a 7 x 7 map is smooth: more pixels would show nothing more


def to_qimage(image: RGB) -> QImage:
    """An H x W x 3 uint8 RGB array as a QImage of its own."""
    return _view(np.ascontiguousarray(image)).copy()  # it must outlive the array


def lent_qimage(image: RGB) -> QImage:
    """As `to_qimage`, without a copy where it can be: for who keeps the array for as long as the picture is used."""
    return _view(image) if image.flags.c_contiguous else to_qimage(image)


def _view(pixels: RGB) -> QImage:
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)


def heat_to_qimage(heat: Floats) -> QImage:
    """A 7 x 7 heat map (0..1) as a smooth, coloured, see-through picture: cold cells are clear."""
    smooth = np.clip(cv2.resize(heat, (_HEAT_PX, _HEAT_PX), interpolation=cv2.INTER_CUBIC), 0, 1)  # cubic: it overshoots
    level = (255 * smooth).astype(np.uint8)
    colours = cv2.applyColorMap(level, cv2.COLORMAP_INFERNO)[..., ::-1]  # OpenCV's are BGR
    pixels = np.ascontiguousarray(np.dstack([colours, (255 * smooth).astype(np.uint8)]))
    return QImage(pixels.data, _HEAT_PX, _HEAT_PX, 4 * _HEAT_PX, QImage.Format.Format_RGBA8888).copy()


def mask_to_qimage(mask: Mask, colour: tuple[int, int, int]) -> QImage:
    """A mask as a tinted area with a firm outline."""
    inside = mask.astype(np.uint8)
    width = max(1, round(max(mask.shape) / 200))
    # borderValue: an area that reaches the edge of the frame has its outline there
    rim = inside - cv2.erode(inside, np.ones((2 * width + 1, 2 * width + 1), np.uint8), borderValue=0)
    alpha = 40 * inside + 200 * rim
    pixels = np.empty((*mask.shape, 4), np.uint8)
    pixels[..., :3], pixels[..., 3] = colour, alpha
    return QImage(pixels.data, mask.shape[1], mask.shape[0], 4 * mask.shape[1], QImage.Format.Format_RGBA8888).copy()


def step_picture(step: StepResult) -> QImage:
    """A step's result small enough for its card, with what it found drawn over it."""
    smooth = Qt.TransformationMode.SmoothTransformation
    height, width = step.image.shape[:2]
    whole = max(1, min(height // (2 * CARD.height()), width // (2 * CARD.width())))  # blocks first: Qt takes its time over many pixels
    picture = to_qimage(in_blocks(step.image, whole)).scaled(CARD, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    if step.mask is not None and step.mask.any():
        small = in_blocks(255 * step.mask.view(np.uint8), whole) > 0
        mask = mask_to_qimage(small, MASK_COLOUR).scaled(picture.size(), mode=smooth)
        painter = QPainter(picture)
        painter.drawImage(0, 0, mask)
        painter.end()
    return picture
