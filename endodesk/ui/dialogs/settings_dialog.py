"""The settings as a form, made from the table of `endodesk.app.preferences`. Each change acts at once."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from endodesk.app.language import tr
from endodesk.app.preferences import LONGEST_TEXT, SETTINGS, Preferences, Setting
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.number_boxes import WholeBox
from endodesk.ui.widgets.theme import GRID_PX, on_screen, text_label

_WIDTH_PX, _AROUND_PX, _MOST_PX = 560, 80, 960


class SettingsDialog(QDialog):
    """The settings: one field each, under the headings of the table."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Settings"))
        self.fields: dict[str, QWidget] = {}
        form = QWidget()
        grid = QGridLayout(form)
        grid.setHorizontalSpacing(2 * GRID_PX)
        grid.setVerticalSpacing(GRID_PX // 2)
        grid.setColumnStretch(1, 1)
        for number, setting in enumerate(SETTINGS):
            if number == 0 or setting.group != SETTINGS[number - 1].group:
                grid.addWidget(text_label(tr(setting.group), "heading"), grid.rowCount(), 0, 1, 2)
            self._add(grid, setting)
        grid.setRowStretch(grid.rowCount(), 1)
        scroll = QScrollArea()
        scroll.setWidget(form)
        scroll.setWidgetResizable(True)
        # no word is cut off when the scroll bar comes, unless the screen is too small for the words
        wide = form.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width() + GRID_PX
        scroll.setMinimumWidth(min(wide, on_screen(self, QSize(_MOST_PX, 0)).width() - _AROUND_PX))
        buttons = QDialogButtonBox()
        self.defaults = buttons.addButton(tr("&Defaults"), QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(tr("&Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.defaults.clicked.connect(self._reset)
        buttons.rejected.connect(self.close)
        fill(QVBoxLayout(self), (scroll, 1), buttons)
        self.resize(on_screen(self, QSize(_WIDTH_PX, form.heightForWidth(_WIDTH_PX) + _AROUND_PX)))

    def _add(self, grid: QGridLayout, setting: Setting) -> None:
        row, field = grid.rowCount(), self._field(setting)
        field.setAccessibleName(tr(setting.title))
        field.setAccessibleDescription(tr(setting.told))
        self.fields[setting.key] = field
        if isinstance(field, QCheckBox):
            grid.addWidget(field, row, 0, 1, 2)
        else:
            title = text_label(tr(setting.title))
            title.setBuddy(field)
            grid.addWidget(title, row, 0)
            grid.addWidget(field, row, 1)
        told = text_label(tr(setting.told), "quiet", wrap=True)
        told.setContentsMargins(0, 0, 0, GRID_PX)
        grid.addWidget(told, row + 1, 0, 1, 2)

    def _field(self, setting: Setting) -> QWidget:
        value, take = self._preferences.value(setting.key), self._preferences.set
        if setting.choices:
            box = QComboBox()
            for choice, title in setting.choices:
                box.addItem(tr(title), choice)
            box.setCurrentIndex(box.findData(value))
            box.activated.connect(lambda _: take(setting.key, box.currentData()))
            return box
        if isinstance(setting.default, bool):
            tick = QCheckBox(tr(setting.title))
            tick.setChecked(bool(value))
            tick.toggled.connect(lambda on: take(setting.key, on))
            return tick
        if isinstance(setting.default, int):
            spin = WholeBox()
            spin.setRange(setting.low, setting.high)
            spin.setSuffix(setting.unit)
            spin.setKeyboardTracking(False)  # who types 120 does not mean 1 and 12 on the way
            spin.setValue(int(value))
            spin.valueChanged.connect(lambda number: take(setting.key, number))
            return spin
        edit = QLineEdit(str(value), maxLength=LONGEST_TEXT)
        edit.editingFinished.connect(lambda: take(setting.key, edit.text()))  # once it is written, not at each letter
        return edit

    def _reset(self) -> None:
        self._preferences.reset()
        for setting in SETTINGS:
            field, value = self.fields[setting.key], self._preferences.value(setting.key)
            if isinstance(field, QComboBox):
                field.setCurrentIndex(field.findData(value))
            elif isinstance(field, QCheckBox):
                field.setChecked(bool(value))
            elif isinstance(field, WholeBox):
                field.setValue(int(value))
            elif isinstance(field, QLineEdit):
                field.setText(str(value))
