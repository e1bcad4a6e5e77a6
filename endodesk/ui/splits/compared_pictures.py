"""Two frames side by side, large enough to compare."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from endodesk.app.frames.thumbnail_loader import LargePictures, Thumbnails
from endodesk.app.jobs import Jobs
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.images import printable
from endodesk.ui.splits.list_models import part_word
from endodesk.ui.widgets.painting import paint_in_middle
from endodesk.ui.widgets.plain_text import draw_text
from endodesk.ui.widgets.theme import GRID_PX, ON_PICTURE, PICTURE_GROUND, text_label

_KEPT = 16  # pictures, some 2 MB each


class ComparedPictures(QWidget):
    """Left and right, each with its name and a button that opens it in the main window."""

    frame_wanted = Signal(object)
    """The path of a frame to open."""

    def __init__(self, workspace: Workspace, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = Thumbnails(jobs, LargePictures(), self._arrived, kept=_KEPT)
        workspace.frames_listed.connect(self._pictures.forget)  # files may have changed under their names
        self._rows: tuple[ManifestRow, ...] = ()
        self.panes = (_Pane(tr("Left frame")), _Pane(tr("Right frame")))
        self._captions = tuple(text_label("", "quiet", wrap=True) for _ in self.panes)
        self.opens = (QPushButton(tr("Open the &left frame")), QPushButton(tr("Open the &right frame")))
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX)
        layout.setRowStretch(0, 1)
        for column, (pane, caption, button) in enumerate(zip(self.panes, self._captions, self.opens, strict=True)):
            for row, widget in enumerate((pane, caption)):
                layout.addWidget(widget, row, column)
            layout.addWidget(button, 2, column, Qt.AlignmentFlag.AlignLeft)
            layout.setColumnStretch(column, 1)
            button.setAutoDefault(False)  # else Enter anywhere in the dialog would press one of them
            button.setToolTip(tr("In the main window, to look at it or to give it another label"))
            button.clicked.connect(lambda _=False, place=column: self._open(place))
            pane.double_clicked.connect(lambda place=column: self._open(place))

    def show_frames(self, left: ManifestRow, right: ManifestRow) -> None:
        """Show these two frames; pictures that are not kept follow as they are read."""
        self._rows = (left, right)
        for caption, row in zip(self._captions, self._rows, strict=True):
            caption.setText(f"{printable(row.label)}, {part_word(row.part)}\n{printable(str(Path(row.file.parent.name, row.file.name)))}")
        self._show()

    def _open(self, place: int) -> None:
        if self._rows:
            self.frame_wanted.emit(self._rows[place].file)

    def _arrived(self, path: Path) -> None:
        if path in [row.file for row in self._rows]:  # others may have been chosen since it was asked for
            self._show()

    def _show(self) -> None:
        for pane, row in zip(self.panes, self._rows, strict=True):
            pane.show_picture(self._pictures.get(row.file))


class _Pane(QWidget):
    """One picture, as large as there is room for."""

    double_clicked = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.picture: QImage | str | None = None
        self.setAccessibleName(name)
        # the room decides the size of the picture, not the other way round
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumSize(QSize(200, 160))

    def show_picture(self, picture: QImage | str | None) -> None:
        """A picture, the reason why there is none, or None while it is on its way."""
        self.picture = picture
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the whole picture in the middle, or why there is none."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(PICTURE_GROUND))
        if isinstance(self.picture, QImage):
            paint_in_middle(painter, self.rect(), self.picture)
            return
        painter.setPen(QColor(ON_PICTURE))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        draw_text(painter, self.rect().adjusted(8, 8, -8, -8), flags, self.picture or "...")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Asks for the frame to be opened in the main window; Qt need not pass the click on."""
        self.double_clicked.emit()
        event.accept()
