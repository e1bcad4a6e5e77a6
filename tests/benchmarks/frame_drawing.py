"""How smooth zoom and pan are, off screen: `python -m tests.benchmarks.frame_drawing`. 1920 x 1080 with heat map; reach: 60 a second.

Beside it the limit: the bare pixmap of the frame drawn onto a picture as large as the view, with the same smoothing.
"""

import os
import statistics
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from endodesk.app.viewing.pictures import heat_to_qimage, to_qimage

_MOVES = 120


def main() -> None:
    """Measure and print."""
    application = QApplication.instance() or QApplication([])
    assert application is not None
    from endodesk.ui.frame.canvas import FrameCanvas

    frame = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3), np.uint8)
    canvas = FrameCanvas()
    canvas.resize(1100, 700)
    canvas.show()
    canvas.show_picture(to_qimage(frame))
    heat = heat_to_qimage(np.random.default_rng(2).random((7, 7), np.float32))
    canvas.lay_heat(heat, QRectF(200, 100, 1500, 900), 0.55)
    canvas.grab()
    for name, move in (
        ("zoom", lambda n: canvas.zoom(1.03 if n % 40 < 20 else 1 / 1.03)),
        ("pan", lambda n: canvas.pan(0.01 if n % 40 < 20 else -0.01, 0)),
    ):
        times = []
        for n in range(_MOVES):
            began = time.perf_counter()
            move(n)
            canvas.grab()
            times.append(time.perf_counter() - began)
        median, slow = statistics.median(times), sorted(times)[int(0.95 * _MOVES)]
        print(f"{name}: {1 / median:.0f} frames a second, {1 / slow:.0f} at the 95th percentile")  # noqa: T201
    print(f"bare pixmap: {1 / bare(QPixmap.fromImage(to_qimage(frame))):.0f} frames a second")  # noqa: T201


def bare(pixmap: QPixmap) -> float:
    """Seconds to draw it smoothly onto 1100 x 700."""
    times = []
    for _ in range(_MOVES):
        target = QImage(1100, 700, QImage.Format.Format_RGB32)
        began = time.perf_counter()
        painter = QPainter(target)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(QRectF(0, 40, 1100, 619), pixmap, QRectF(pixmap.rect()))
        painter.end()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
