"""The first page of retraining: what there is to learn from, and how."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from endodesk.app.browsing.frame_columns import FrameColumns
from endodesk.app.language import marked, tr
from endodesk.app.project.grouping import Grouping, grouping_of
from endodesk.app.project.project_runs import interrupted_run
from endodesk.app.retraining.label_counts import (
    LabelCount,
    count_labels,
    labels_by_centre,
    left_out,
    orphaned,
    told_by_centre,
)
from endodesk.app.workspace import Workspace
from endodesk.domain.case_rules import CASE_FOLDER, DEEPEST_FOLDER, NO_CASE
from endodesk.domain.images import printable
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import AnnotationKind
from endodesk.system.cpu import why_no_tensorflow
from endodesk.ui.training.orphan_list import OrphanList
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.theme import GRID_PX, text_label
from training.plan.launch import why_not_trained

QUICK = "quick"
# By the names of the files in training/configs.
PRESETS = (
    (
        QUICK,
        marked("Quick update"),
        marked(
            "The last layers of the active model learn on from your labels; what it sees stays. Seconds: for a first look at what they do."
        ),
    ),
    (
        "default",
        marked("Recommended"),
        marked("Clean crops, even classes, colours exchanged; the head first, then the top of the network. Minutes."),
    ),
    (
        "head",
        marked("Head only"),
        marked("The network stays as ImageNet made it, only the last layers learn, from nothing. A minute or so."),
    ),
    ("paper", marked("Published"), marked("The paper's set-up to the letter. The slowest by far.")),
)


class SetupPage(QWidget):
    """What a training would learn from: counts per class, which classes to train on, and how."""

    def __init__(self, workspace: Workspace, columns: Callable[[], FrameColumns], use_classes: Callable[[LabelSet], None]) -> None:
        """`columns` are those of the frames as they are listed when it is asked."""
        super().__init__()
        self._workspace, self._columns = workspace, columns
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels([tr("Class"), tr("Labelled frames"), tr("of these by a reader")])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.itemChanged.connect(self._tell)
        self.preset = QComboBox()
        for key, title, _ in PRESETS:
            self.preset.addItem(tr(title), key)
        self.missing = text_label(_told_missing(), "quiet", wrap=True)
        self._choose_preset()
        self.preset.currentIndexChanged.connect(self._tell)
        self.left_out = text_label("", "quiet", wrap=True)
        self.orphans = OrphanList(workspace, use_classes)
        self._orphans: dict[str, int] = {}
        self.orphans_told = text_label("", "warning", wrap=True)
        self.leave_out = QCheckBox(tr("&Leave them out"))
        self.leave_out.toggled.connect(self._tell)
        workspace.classes_changed.connect(self.refresh)
        self._grouped, self._about = text_label("", "quiet", wrap=True), text_label("", "quiet", wrap=True)
        self._advice, self.centres = text_label("", "warning", wrap=True), text_label("", "warning", wrap=True)
        self._by_centre: set[tuple[str, str]] = set()
        self.start = push_button(tr("Start &training"), kind="main")
        self.interrupted: Path | None = None
        self._interrupted = text_label("", "quiet", wrap=True)
        self.go_on = QPushButton(tr("&Go on with it"))
        named = text_label(tr("&Set-up"))
        named.setBuddy(self.preset)
        choice = fill(QHBoxLayout(), named, self.preset, SPACE)
        layout = fill(QVBoxLayout(self), text_label(tr("What the new model will learn from"), "large"), gap_px=GRID_PX)
        told = tr("Each frame counts with its latest label: the reader's, else its class folder's. Untick a class to leave its frames out.")
        layout.addWidget(text_label(told, "quiet", wrap=True))
        layout.addWidget(self._interrupted)
        layout.addWidget(self.go_on, 0, Qt.AlignmentFlag.AlignLeft)
        fill(
            layout,
            self._grouped,
            (self.table, 1),
            self.centres,
            self.left_out,
            self.orphans,
            choice,
            self._about,
            self.missing,
            self._advice,
        )
        layout.addLayout(fill(QHBoxLayout(), (self.orphans_told, 1), self.leave_out, self.start))

    @property
    def chosen_classes(self) -> tuple[str, ...]:
        """Ticked classes in class order."""
        items = [self.table.item(row, 0) for row in range(self.table.rowCount())]
        return tuple(_label_of(item) for item in items if item and item.checkState() is Qt.CheckState.Checked)

    def _choose_preset(self) -> None:
        """What is recommended; where trainings cannot be had, the quick update, and the others are there to be seen only."""
        everything = not self.missing.text()
        self.missing.setHidden(everything)
        self.preset.setCurrentIndex(self.preset.findData("default" if everything else QUICK))
        items = self.preset.model()
        for row in range(self.preset.count()):
            # what cannot be done is shown all the same: another edition can
            if not everything and self.preset.itemData(row) != QUICK and isinstance(items, QStandardItemModel):
                items.item(row).setEnabled(False)

    def refresh(self) -> None:
        """Count the labels again; what was ticked or unticked stays so."""
        project, columns = self._workspace.project, self._columns()
        self._grouped.setText(_told(grouping_of(project)))
        self._offer(interrupted_run(project))
        rows = range(self.table.rowCount())
        ticks = {_label_of(item): item.checkState() for row in rows if (item := self.table.item(row, 0))}
        self._by_centre = labels_by_centre(columns, project, self._workspace.label_set)
        self.left_out.setText(_told_left_out(left_out(columns)))
        self.left_out.setVisible(bool(self.left_out.text()))
        self._show_orphans(orphaned(columns, self._workspace.label_set))
        self.table.blockSignals(True)  # each box ticked here would count all labels again
        self.table.setRowCount(0)
        for count in count_labels(columns, tuple(self._workspace.classes)):
            # a class without frames is left out, whatever was ticked
            self._add_row(count, ticks.get(count.label) if count.frames else None)
        self.table.blockSignals(False)
        self._tell()

    # Why: docs/decisions/app.md 45
    def _show_orphans(self, orphans: dict[str, int]) -> None:
        if orphans.keys() - self._orphans.keys():  # what was not shown was not left out
            self.leave_out.setChecked(False)
        self._orphans = orphans
        self.orphans.show_words(orphans)
        told = tr("Labels that belong to no class: {n:,}. Say above what they mean, or leave them out.")
        self.orphans_told.setText(told.format(n=sum(orphans.values())) if orphans else "")
        self.leave_out.setVisible(bool(orphans))

    def _offer(self, run: Path | None) -> None:
        self.interrupted = run
        name = run.name if run else ""
        words = tr("The training of {name} was interrupted. It can go on from its last epoch, with the labels as they were then.")
        self._interrupted.setText(words.format(name=name))
        for widget in (self._interrupted, self.go_on):
            widget.setVisible(run is not None)

    def _add_row(self, count: LabelCount, tick: Qt.CheckState | None) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        name = QTableWidgetItem(printable(count.label))
        name.setData(Qt.ItemDataRole.UserRole, count.label)
        name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
        name.setCheckState(tick or (Qt.CheckState.Checked if count.frames else Qt.CheckState.Unchecked))
        self.table.setItem(row, 0, name)
        for column, value in ((1, count.frames), (2, count.corrected)):
            item = QTableWidgetItem(f"{value:,}")
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            self.table.setItem(row, column, item)

    def _tell(self, _changed: object = None) -> None:
        self._about.setText(tr(PRESETS[max(0, self.preset.currentIndex())][2]))
        chosen = self.chosen_classes
        one_sided = told_by_centre(pair for pair in self._by_centre if pair[0] in chosen)
        self.centres.setText("\n".join(one_sided))
        self.centres.setVisible(bool(one_sided))
        counts = {count.label: count.frames for count in count_labels(self._columns(), chosen)}
        empty = [name for name in chosen if counts[name] < 3]
        if self._workspace.reading:
            advice = tr(
                "Your reading list is shown, and a training learns from what holds of all readers. Choose another order of the frames."
            )
        elif self._workspace.shows_own:
            advice = tr(
                "You see your own labels alone, and a training learns from what holds of all readers. Turn View > Only my own labels off."
            )
        elif len(chosen) < 2:
            advice = tr("Tick at least two classes that have frames: label some of each first.")
        elif empty:
            words = tr("{name} has {n} labelled frames; it takes at least 3 (train, validation, test). Label more, or untick it.")
            advice = words.format(name=empty[0], n=counts[empty[0]])
        else:
            advice = ""
        self._advice.setText(advice)
        self.start.setEnabled(not advice and (not self._orphans or self.leave_out.isChecked()))


def _label_of(item: QTableWidgetItem) -> str:
    return str(item.data(Qt.ItemDataRole.UserRole))  # what is shown may differ: its controls are replaced


def _told_missing() -> str:
    """What this edition or computer cannot do, and what to do then; empty if all is there."""
    if why_no_tensorflow():
        return tr("The other set-ups need a processor with AVX, which this computer's lacks: train on another one.")
    missing = why_not_trained()
    if not missing or not getattr(sys, "frozen", False):
        return missing  # from source: what to install, in pip's words
    return tr(
        "The other set-ups need TensorFlow, which this edition goes without. Install EndoDesk Full in its place (on Linux the package "
        "endodesk-full): your projects stay as they are."
    )


def _told_left_out(why: Mapping[AnnotationKind, int]) -> str:
    words = {
        AnnotationKind.EXCLUDED: tr("{n} excluded"),
        AnnotationKind.POOR_QUALITY: tr("{n} of poor quality"),
        AnnotationKind.NOT_SURE: tr("{n} not sure and without a reader's label"),
    }
    told = [text.format(n=f"{why[reason]:,}") for reason, text in words.items() if why.get(reason)]
    return tr("Left out: {frames}.").format(frames=", ".join(told)) if told else ""


def _told(grouping: Grouping) -> str:
    near = tr("Near duplicates (hashes that differ in at most {n} of 64 bits)").format(n=grouping.near)
    pattern = tr("frames that the pattern {pattern} makes one case").format(pattern=grouping.case)
    folder = tr("frames of one case folder")
    case = {CASE_FOLDER: folder, DEEPEST_FOLDER: folder, NO_CASE: ""}.get(grouping.case, pattern)
    kept = [near if grouping.near else tr("Frames with equal hashes"), *([case] if case else [])]
    words = tr("{frames} stay in one part: Data > Check splits changes that. A frame once used for testing stays in the test part.")
    return words.format(frames=tr("{a} and {b}").format(a=kept[0], b=kept[1]) if len(kept) > 1 else kept[0])
