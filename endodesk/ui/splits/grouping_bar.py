"""What decides the groups of a split: how near duplicates are, and what a case is. And what a centre is, told in the same way."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from endodesk.app.language import marked, tr
from endodesk.app.project.grouping import Grouping
from endodesk.dataset.cases import check_case
from endodesk.dataset.centres import check_centre
from endodesk.dataset.split import FURTHEST_NEAR
from endodesk.domain.case_rules import CASE_FOLDER, DEEPEST_FOLDER, NO_CASE
from endodesk.domain.centre_rules import ABOVE_CLASS, BELOW_CLASS, DEVICE, NO_CENTRE
from endodesk.domain.errors import BadRequest
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.number_boxes import WholeBox
from endodesk.ui.widgets.theme import GRID_PX, colours, text_label

_PATTERN = "pattern"
_EXAMPLE, _CENTRE_EXAMPLE = r"patient-(\d+)", r"site-(\w+)"
_DEPTHS = ((CASE_FOLDER, marked("the first below the class")), (DEEPEST_FOLDER, marked("the one it lies in")))
_CASES = ((CASE_FOLDER, marked("its folder")), (NO_CASE, marked("not used")), (_PATTERN, marked("a pattern in its path")))
_CENTRES = (
    (NO_CENTRE, marked("not used")),
    (ABOVE_CLASS, marked("the folder above the class")),
    (BELOW_CLASS, marked("the first folder below the class")),
    (DEVICE, marked("manufacturer and station of DICOM files")),
    (_PATTERN, marked("a pattern in its path")),
)


class GroupingBar(QWidget):
    """Three choices, and a sentence where one cannot be used."""

    changed = Signal()
    """The reader changed a choice: `chosen` is another one, or None where it cannot be used."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen: Grouping | None = None
        """What is chosen now; None while it cannot be used, and the reason stands below."""
        self.near = WholeBox()
        self.near.setRange(0, FURTHEST_NEAR)
        self.near.setSuffix(tr(" of 64 bits"))
        self.near.setAccessibleName(tr("Near duplicates differ in at most so many of 64 bits"))
        self.case = QComboBox()
        for key, words in _CASES:
            self.case.addItem(tr(words), key)
        self.which = QComboBox()
        self.which.setAccessibleName(tr("Which of its folders is the case"))
        self.which.setToolTip(tr("Of class/patient/series: the patient, or the series."))
        for key, words in _DEPTHS:
            self.which.addItem(tr(words), key)
        self.pattern = QLineEdit(placeholderText=tr("such as {pattern}").format(pattern=_EXAMPLE))
        self.pattern.setAccessibleName(tr("Pattern whose first group is the case"))
        self.pattern.setToolTip(
            tr("A regular expression looked for in each frame's path: its first group, or all that it fits, is the case.")
        )
        self.centre = QComboBox()
        self.centre.setToolTip(
            tr("The hospital or device that a frame comes from: trainings warn of what it may teach, figures are told by it.")
        )
        for key, words in _CENTRES:
            self.centre.addItem(tr(words), key)
        self.centre_pattern = QLineEdit(placeholderText=tr("such as {pattern}").format(pattern=_CENTRE_EXAMPLE))
        self.centre_pattern.setAccessibleName(tr("Pattern whose first group is the centre"))
        self.centre_pattern.setToolTip(
            tr("A regular expression looked for in each frame's path: its first group, or all that it fits, is the centre.")
        )
        self.message = text_label("", "warning", wrap=True)
        self.message.hide()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(colours().raised))  # fields, that else are as dark as the dialog
        for typed in (self.near, self.pattern, self.centre_pattern):
            typed.setPalette(palette)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for words, field in ((tr("&Near duplicates differ in at most"), self.near), (tr("A &case is"), self.case)):
            label = text_label(words)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
            row.addSpacing(GRID_PX if field is self.case else 2 * GRID_PX)
        row.addWidget(self.which)
        row.addWidget(self.pattern, 1)
        row.addStretch(1)
        named = text_label(tr("A c&entre is"))
        named.setBuddy(self.centre)
        below = fill(QHBoxLayout(), named, self.centre, (self.centre_pattern, 1), SPACE)
        fill(QVBoxLayout(self), row, below, self.message, edge_px=0)
        self.near.valueChanged.connect(self._tell)
        self.case.currentIndexChanged.connect(self._tell)
        self.which.currentIndexChanged.connect(self._tell)
        self.centre.currentIndexChanged.connect(self._tell)
        self.pattern.textChanged.connect(self._tell)
        self.centre_pattern.textChanged.connect(self._tell)

    def show_grouping(self, grouping: Grouping) -> None:
        """Show the choices as the project has them; `changed` is not told."""
        self.blockSignals(True)
        deepest = grouping.case == DEEPEST_FOLDER
        place = self.case.findData(
            CASE_FOLDER if deepest else grouping.case
        )  # below 0 for a pattern, which is none of the words in the box
        self.near.setValue(grouping.near)
        self.which.setCurrentIndex(int(deepest))
        self.pattern.setText(grouping.case if place < 0 else "")
        self.case.setCurrentIndex(self.case.findData(_PATTERN) if place < 0 else place)
        place = self.centre.findData(grouping.centre)
        self.centre_pattern.setText(grouping.centre if place < 0 else "")
        self.centre.setCurrentIndex(self.centre.findData(_PATTERN) if place < 0 else place)
        self.blockSignals(False)
        self._tell()

    def tell(self, reason: str) -> None:
        """Say why these choices cannot be used; empty if they can."""
        self.message.setText(reason)
        self.message.setVisible(bool(reason))

    def _tell(self, _changed: object = None) -> None:
        kind = self.case.currentData()
        self.pattern.setVisible(kind == _PATTERN)
        self.which.setVisible(kind == CASE_FOLDER)
        case = {_PATTERN: self.pattern.text(), CASE_FOLDER: self.which.currentData()}.get(kind, kind)
        reason = "" if case else tr("Write the pattern of a case, such as {pattern}.").format(pattern=_EXAMPLE)
        centre = self.centre.currentData()
        self.centre_pattern.setVisible(centre == _PATTERN)
        if centre == _PATTERN and not (centre := self.centre_pattern.text()):
            reason = reason or tr("Write the pattern of a centre, such as {pattern}.").format(pattern=_CENTRE_EXAMPLE)
        try:
            check_centre(centre)
            check_case(case)  # docs/decisions/dataset.md 6: some patterns would hold up the window as they are typed
        except BadRequest as error:
            reason = str(error)
        self.chosen = None if reason else Grouping(self.near.value(), case, centre)
        self.tell(reason)
        self.changed.emit()
