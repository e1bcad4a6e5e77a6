"""The program's icon for Windows and macOS, drawn from resources/icons/endodesk.svg: python packaging/make_icons.py FOLDER

EndoDesk.ico and EndoDesk.icns. Made at each build with what the build has anyway (Qt draws, Pillow writes), so that no picture made
by hand can differ from the drawing. The same libraries give the same files.
"""

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

# Why: docs/decisions/packaging.md 5
DRAWING = Path(__file__).parents[1] / "resources" / "icons" / "endodesk.svg"
ICO_PX = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""What Windows shows at 100 to 250 % of scaling."""
ICNS_PX = (16, 32, 64, 128, 256, 512, 1024)


def main(folder: Path) -> None:
    """Write both."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "EndoDesk.ico", ICO_PX)
    write(folder / "EndoDesk.icns", ICNS_PX)


def write(path: Path, sizes_px: tuple[int, ...]) -> None:
    """Every size is drawn by itself: a small one scaled down from a large one would be blurred."""
    *smaller, largest = [drawn(px) for px in sizes_px]
    largest.save(path, sizes=[(px, px) for px in sizes_px], append_images=smaller)


def drawn(px: int) -> Image.Image:
    """The drawing on transparent ground, (px, px) RGBA."""
    canvas = QImage(px, px, QImage.Format.Format_RGBA8888)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    return Image.frombytes("RGBA", (px, px), bytes(canvas.constBits()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
