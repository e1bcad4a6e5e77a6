"""The sheet of keys: those of classes, then each menu's, to be searched."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from endodesk.app.language import marked, tr
from endodesk.domain.label_set import LabelSet
from endodesk.ui.widgets.actions import ENTRIES
from endodesk.ui.widgets.theme import GRID_PX, on_screen, text_label

_MORE = (
    (marked("Wheel"), marked("Zoom to the pointer")),
    (marked("Drag"), marked("Move the frame")),
    (marked("Ctrl+click"), marked("Select several frames: a key then labels them all")),
)
_COLUMNS = 2


class KeysSheet(QDialog):
    """In groups, side by side where there is room."""

    def __init__(self, label_set: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search keys"))
        self.search.setAccessibleName(tr("Search keys"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self._groups = key_groups(label_set)
        self.sheet = QScrollArea()
        self.sheet.setWidgetResizable(True)
        self.sheet.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sheet.setAccessibleName(tr("Keys"))
        buttons = QDialogButtonBox()
        buttons.addButton(tr("&Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.search, self.sheet, buttons):
            layout.addWidget(widget)
        around = QSize(6 * GRID_PX, self.search.sizeHint().height() + buttons.sizeHint().height() + 8 * GRID_PX)
        self.resize(on_screen(self, self._fill("") + around))

    def _fill(self, wanted: str) -> QSize:
        """Show what has these words; how large that is."""
        columns: list[list[tuple[str, str]]] = [[] for _ in range(_COLUMNS)]
        for title, lines in self._groups:
            found = [line for line in lines if wanted.lower() in " ".join((title, *line)).lower()]
            if found:
                min(columns, key=len).extend([("", title), *found, ("", "")])
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


def key_groups(label_set: LabelSet) -> list[tuple[str, list[tuple[str, str]]]]:
    """Title and lines (key, what it does) of each group, as a user reads them."""
    groups = [(tr("Classes"), [(one.key, one.name) for one in label_set.classes if one.key])]
    for menu in dict.fromkeys(entry.menu for entry in ENTRIES):
        lines = [(entry.keys, plain(tr(entry.words))) for entry in ENTRIES if entry.menu == menu and entry.keys]
        groups.append((plain(tr(menu)), lines))
    groups.append((tr("Mouse"), [(tr(key), tr(words)) for key, words in _MORE]))
    return [group for group in groups if group[1]]


def plain(words: str) -> str:
    """A menu's words without its marks."""
    return words.replace("&", "").removesuffix(" ...")
