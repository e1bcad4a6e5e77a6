"""The first page of retraining: what there is to learn from, and how."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QHeaderView, QPushButton, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from endodesk.app.grouping import Grouping, grouping_of
from endodesk.app.retraining import LabelCount, count_labels, interrupted_run, labelled_files, left_out
from endodesk.app.session import Session
from endodesk.domain.reviews import Said
from endodesk.ui.theme import GRID_PX, text_label
from training.cases import CASE_FOLDER, NO_CASE
from training.manifest import ClassFile

PRESETS = (
    ("default", "Recommended", "Clean crops, even classes, colours exchanged; the head first, then the top of the network. Minutes."),
    ("head", "Head only", "The network stays as it is, only the last layers learn. The quickest: seconds per 1,000 frames."),
    ("paper", "Published", "The paper's set-up to the letter. The slowest by far."),
)


class SetupPage(QWidget):
    """Counts per class, which classes to train on, and how."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.files: list[tuple[ClassFile, bool]] = []
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels(["Class", "Labelled frames", "of these by a reader"])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.itemChanged.connect(self._tell)
        self.preset = QComboBox()
        for key, title, _ in PRESETS:
            self.preset.addItem(title, key)
        self.preset.currentIndexChanged.connect(self._tell)
        self.left_out = text_label("", "quiet", wrap=True)
        self._grouped, self._about = text_label("", "quiet", wrap=True), text_label("", "quiet", wrap=True)
        self._advice = text_label("", "warning", wrap=True)
        self.start = QPushButton("Start &training")
        self.start.setProperty("kind", "main")
        self.interrupted: Path | None = None
        self._interrupted = text_label("", "quiet", wrap=True)
        self.go_on = QPushButton("&Go on with it")
        form = QFormLayout()
        form.addRow("&Set-up", self.preset)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID_PX)
        layout.addWidget(text_label("What the new model will learn from", "large"))
        layout.addWidget(
            text_label(
                "Each frame counts with its latest label: the reader's, else its class folder's. Untick a class to leave its frames out.",
                "quiet",
                wrap=True,
            )
        )
        layout.addWidget(self._interrupted)
        layout.addWidget(self.go_on, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._grouped)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.left_out)
        layout.addLayout(form)
        layout.addWidget(self._about)
        layout.addWidget(self._advice)
        layout.addWidget(self.start, 0, Qt.AlignmentFlag.AlignRight)

    @property
    def chosen_classes(self) -> tuple[str, ...]:
        """Ticked classes in class order."""
        items = [self.table.item(row, 0) for row in range(self.table.rowCount())]
        return tuple(item.text() for item in items if item and item.checkState() is Qt.CheckState.Checked)

    def refresh(self) -> None:
        """Count the labels again; what was ticked or unticked stays so."""
        classes = self._session.classes
        self._grouped.setText(_told(grouping_of(self._session.project)))
        self._offer(interrupted_run(self._session.project))
        rows = range(self.table.rowCount())
        ticks = {item.text(): item.checkState() for row in rows if (item := self.table.item(row, 0))}
        self.files = labelled_files(self._session.frames, self._session.reviews, classes)
        self.left_out.setText(_told_left_out(left_out(self._session.frames, self._session.reviews)))
        self.left_out.setVisible(bool(self.left_out.text()))
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for count in count_labels(self.files, tuple(classes)):
            self._add_row(count, ticks.get(count.label) if count.frames else None)
        self.table.blockSignals(False)
        self._tell()

    def _offer(self, run: Path | None) -> None:
        self.interrupted = run
        name = run.name if run else ""
        self._interrupted.setText(
            f"The training of {name} was interrupted. It can go on from its last epoch, with the labels as they were then."
        )
        for widget in (self._interrupted, self.go_on):
            widget.setVisible(run is not None)

    def _add_row(self, count: LabelCount, tick: Qt.CheckState | None) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        name = QTableWidgetItem(count.label)
        name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
        name.setCheckState(tick or (Qt.CheckState.Checked if count.frames else Qt.CheckState.Unchecked))
        self.table.setItem(row, 0, name)
        for column, value in ((1, count.frames), (2, count.corrected)):
            item = QTableWidgetItem(f"{value:,}")
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            self.table.setItem(row, column, item)

    def _tell(self, _changed: object = None) -> None:
        self._about.setText(PRESETS[max(0, self.preset.currentIndex())][2])
        chosen = self.chosen_classes
        counts = {count.label: count.frames for count in count_labels(self.files, chosen)}
        empty = [name for name in chosen if counts[name] < 3]
        if len(chosen) < 2:
            advice = "Tick at least two classes that have frames: label some of each first."
        elif empty:
            n = counts[empty[0]]
            advice = f"{empty[0]} has {n} labelled frames; it takes at least 3 (train, validation, test). Label more, or untick it."
        else:
            advice = ""
        self._advice.setText(advice)
        self.start.setEnabled(not advice)


def _told_left_out(why: Mapping[Said, int]) -> str:
    words = {Said.EXCLUDED: "excluded", Said.POOR_QUALITY: "of poor quality", Said.NOT_SURE: "not sure and without a reader's label"}
    told = [f"{why[reason]:,} {text}" for reason, text in words.items() if why.get(reason)]
    return f"Left out: {', '.join(told)}." if told else ""


def _told(grouping: Grouping) -> str:
    near = f"whose hashes differ in at most {grouping.near} of 64 bits" if grouping.near else "with equal hashes"
    pattern = f", and frames that the pattern {grouping.case} makes one case,"
    cases = {CASE_FOLDER: ", and frames of one case folder,", NO_CASE: ""}.get(grouping.case, pattern)
    return f"Frames {near}{cases} stay in one part: Data > Check splits changes that. A frame once used for testing stays in the test part."
