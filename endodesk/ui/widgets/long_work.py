"""What runs in the background, in a dialog: a name, a bar, the time left."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from endodesk.app.language import tr
from endodesk.system.task import Progress
from endodesk.ui.widgets.job_indicator import time_left
from endodesk.ui.widgets.theme import GRID_PX, text_label


class LongWork(QWidget):
    """What runs in the background of a dialog, with its bar; hidden while nothing does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._bar = text_label("", "quiet"), QProgressBar()
        self._bar.setFixedWidth(180)
        self._bar.setAccessibleName(tr("What runs"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, GRID_PX, 0)
        layout.addWidget(self._name)
        layout.addWidget(self._bar)
        self.hide()

    def tell(self, name: str, progress: Progress | None) -> None:
        """Say how far the work is; None when it ended, and the bar is hidden."""
        self.setVisible(progress is not None)
        if progress:
            self._bar.setAccessibleName(name)
            self._name.setText(", ".join(part for part in (name, time_left(progress)) if part))
            self._bar.setRange(0, max(1, progress.total))
            self._bar.setValue(progress.done)
