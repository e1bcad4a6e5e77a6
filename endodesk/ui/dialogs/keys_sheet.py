"""The sheet of keys, in groups, to be searched. Whoever opens it says which keys there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import GRID_PX, on_screen, text_label

_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys under one heading of the sheet: those of a menu, of the classes, or of the mouse."""

    title: str
    lines: Sequence[tuple[str, str]]
    """Key, and what it does."""


class KeysSheet(QDialog):
    """The keys in groups, side by side, less those that lack what is typed in the search field."""

    def __init__(self, groups: Sequence[KeyGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys"))
        self.search = QLineEdit(placeholderText=tr("Search keys"))
        self.search.setAccessibleName(tr("Search keys"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self._groups = groups
        self.sheet = QScrollArea(widgetResizable=True)
        self.sheet.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that it can be scrolled by keyboard alone
        self.sheet.setAccessibleName(tr("Keys"))
        buttons = QDialogButtonBox()
        buttons.addButton(tr("&Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        fill(QVBoxLayout(self), self.search, self.sheet, buttons)
        around = QSize(6 * GRID_PX, self.search.sizeHint().height() + buttons.sizeHint().height() + 8 * GRID_PX)
        self.resize(on_screen(self, self._fill("") + around))

    def _fill(self, wanted: str) -> QSize:
        """Show the lines that have these words; the size that the page then asks for."""
        columns: list[list[tuple[str, str]]] = [[] for _ in range(_COLUMNS)]
        for group in self._groups:
            found = [line for line in group.lines if wanted.lower() in " ".join((group.title, *line)).lower()]
            if found:
                # to the shorter column: both end at about the same height
                min(columns, key=len).extend([("", group.title), *found, ("", "")])
        page = QWidget()
        grid = QGridLayout(page)
        grid.setHorizontalSpacing(2 * GRID_PX)
        grid.setVerticalSpacing(GRID_PX // 2)
        for number, column in enumerate(columns):
            for row, (key, words) in enumerate(column):
                grid.addWidget(text_label(key, "heading"), row, 2 * number, Qt.AlignmentFlag.AlignRight)
                grid.addWidget(text_label(words, "" if key else "heading"), row, 2 * number + 1)
        if not any(columns):
            grid.addWidget(text_label(tr("No key has these words."), "quiet"), 0, 0)
        grid.setRowStretch(max(map(len, columns)) + 1, 1)
        grid.setColumnStretch(2 * _COLUMNS, 1)
        self.sheet.setWidget(page)
        return page.sizeHint()
