"""The right side of the window: the open frame's answer and label, or its case."""

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import GRID_PX


# Why: docs/decisions/ui.md 11
class SidePanel(QWidget):
    """Two pages in one place, and the buttons that turn them; keys of labels work on both."""

    def __init__(self, frame: QWidget, case: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = QStackedWidget()
        self.frame_button, self.case_button = QPushButton(tr("Frame")), QPushButton(tr("Case"))
        self.case_button.setToolTip(tr("Counts, frames that matter and conclusion of this frame's case (Ctrl+E)"))
        self.setAutoFillBackground(True)
        group, row = QButtonGroup(self), QHBoxLayout()
        row.setContentsMargins(2 * GRID_PX, GRID_PX, GRID_PX, 0)
        for number, (button, page) in enumerate(((self.frame_button, frame), (self.case_button, case))):
            button.setProperty("kind", "chip")
            button.setCheckable(True)
            group.addButton(button, number)
            row.addWidget(button)
            self.pages.addWidget(page)
        row.addStretch()
        group.idToggled.connect(lambda number, on: self.pages.setCurrentIndex(number) if on else None)
        self.frame_button.setChecked(True)
        fill(QVBoxLayout(self), row, (self.pages, 1), edge_px=0, gap_px=0)

    @property
    def shows_case(self) -> bool:
        """Whether the page of the case is in sight."""
        return self.case_button.isChecked()

    def turn(self) -> None:
        """Show the other page: the case after the frame, or the frame after the case."""
        (self.frame_button if self.shows_case else self.case_button).setChecked(True)
