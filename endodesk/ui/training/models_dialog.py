"""The project's models: which is active, going back to an older one, adding one from a folder."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from endodesk.app.jobs import Jobs
from endodesk.app.language import marked, tr
from endodesk.app.project.active_model import ActiveModel
from endodesk.app.project.kept_bundles import check_same, keep_bundle
from endodesk.app.project.project_runs import report_of, trained_here
from endodesk.app.retraining.gate import ALREADY, Judgement, judge, reason_and_note
from endodesk.app.retraining.verdict import objections_told
from endodesk.app.workspace import Workspace
from endodesk.data.model_store import StoredModel
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import printable
from endodesk.domain.shown_text import visible_lines
from endodesk.inference.bundle import read_bundle
from endodesk.ui.dialogs.questions import ask_reason
from endodesk.ui.training.report_button import ReportButton
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.plain_text import tip_text
from endodesk.ui.widgets.theme import text_label

_PROMOTIONS = 5  # the latest; all of them stay on record in the project
_COLUMNS = ("", marked("Model"), marked("Made"), marked("Accuracy on its own test frames"), marked("Recipe"), marked("Classes"))


class ModelsDialog(FittingDialog):
    """Promoting an older model is how one rolls back; who did it and when is recorded."""

    def __init__(
        self,
        workspace: Workspace,
        jobs: Jobs,
        model: ActiveModel,
        cards: Callable[[ModelBundle, QWidget], QDialog],
        parent: QWidget | None = None,
    ) -> None:
        """`cards` makes the dialog with a model's mistakes."""
        super().__init__(parent)
        self._cards = cards
        self._workspace, self._jobs, self._model = workspace, jobs, model
        self._models: list[StoredModel] = []
        self._asking = False  # why a model is to be used: a second click asks nothing more
        self.setWindowTitle(tr("Models"))
        self.ask_for(960, 380)
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setHorizontalHeaderLabels([tr(name) if name else "" for name in _COLUMNS])
        self.table.setWordWrap(False)  # one line a model: names of many classes would make rows of any height
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.use = QPushButton(tr("&Use this model"))
        self.add = QPushButton(tr("&Add from folder ..."))
        self.report, self.mistakes = ReportButton(), QPushButton(tr("M&istakes ..."))
        self._history = text_label("", "quiet", wrap=True)
        self._note = text_label("", "warning", wrap=True)
        buttons = fill(QHBoxLayout(), self.add, self.report, self.mistakes, SPACE, self.use)
        footer = text_label(tr("Research use only. Not for diagnosis."), "quiet")
        fill(QVBoxLayout(self.page), self.table, self._history, self._note, buttons, footer)
        self.use.clicked.connect(self._use)
        self.add.clicked.connect(self._choose_folder)
        self.mistakes.clicked.connect(self._show_mistakes)
        self.table.itemSelectionChanged.connect(self._tell)
        workspace.model_changed.connect(self.refresh)
        self.refresh()

    def come_back(self) -> None:
        """List the models as they are now, before the dialog is shown again."""
        self.refresh()

    def refresh(self) -> None:
        """List the models again, the newest first."""
        self._models = list(reversed(self._workspace.project.database.models.all()))
        active = self._workspace.project.active_model
        self.table.setRowCount(len(self._models))
        for row, stored in enumerate(self._models):
            bundle = stored.bundle
            mark = tr("active") if active and active.bundle.id == bundle.id else ""
            made = bundle.created.astimezone().strftime("%Y-%m-%d %H:%M")
            for column, text in enumerate(
                (
                    mark,
                    f"{printable(bundle.name)} ({printable(bundle.id)})",
                    made,
                    _accuracy(bundle.metrics),
                    printable(bundle.recipe.name),
                    ", ".join(map(printable, bundle.classes)),
                )
            ):
                item = QTableWidgetItem(visible_lines(text))
                item.setToolTip(tip_text(text))  # the column may be too narrow for it
                self.table.setItem(row, column, item)
        self._history.setText(self._told())
        self._tell()

    def _told(self) -> str:
        """Who made which model the active one, when and why, the latest first."""
        promotions = self._workspace.project.database.models.promotions()[-_PROMOTIONS:]
        lines = [
            tr("{when}  {model} by {reader}: {why}").format(
                when=f"{p.at.astimezone():%Y-%m-%d %H:%M}", model=p.bundle, reader=p.reader, why=tr(p.why) if p.why else ""
            )
            for p in reversed(promotions)
        ]
        return "\n".join([tr("Made active:"), *lines]) if lines else ""

    def add_folder(self, folder: Path) -> None:
        """Copy a bundle into the project, after it was proven whole and fit to answer."""
        self._note.setText(tr("Copying {folder} ...").format(folder=folder.name))
        project = self._workspace.project
        self._jobs.submit(lambda task: keep_bundle(project, folder, task), done=self._added, failed=self._note.setText)

    def _added(self, folder: Path) -> None:
        self.refresh()
        # chosen, not used: that is for the reader to say
        self.table.selectRow(next((row for row, stored in enumerate(self._models) if stored.folder == folder), -1))

    def _tell(self) -> None:
        rows = self.table.selectionModel().selectedRows() if self.table.selectionModel() else []
        self.use.setEnabled(bool(rows))
        self.mistakes.setVisible(bool(rows) and trained_here(self._workspace.project, self._models[rows[0].row()].bundle))
        self.report.offer(report_of(self._workspace.project, self._models[rows[0].row()].bundle) if rows else None)
        self._note.setText(
            "" if self._models else tr("There is no model in this project yet: Model > Retrain makes one, or add one from a folder.")
        )

    def _show_mistakes(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self._models):
            self._cards(self._models[row].bundle, self).show()

    def _use(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self._models):
            folder = self._models[row].folder
            # it may have come with the project, and never have been asked here
            self._model.try_out(folder, done=lambda: self._promote(folder), failed=self._note.setText)

    def _promote(self, folder: Path) -> None:
        project = self._workspace.project
        try:
            stored, bundle = next(stored for stored in project.database.models.all() if stored.folder == folder), read_bundle(folder)
            check_same(stored, bundle)
            judgement = judge(project, bundle)
        except EndoDeskError as error:
            self._note.setText(str(error))  # a model that was damaged since it was made: the active one stays
            return
        if judgement.plain == ALREADY or self._asking:  # a second click: nothing to decide, or it is being asked about
            return
        if judgement.passes:
            self._make_active(folder, judgement, "")
            return
        words = [*objections_told(judgement), tr("Why is it to be used all the same? That goes on record with your name:")]
        self._asking = True
        box = ask_reason(self, "\n".join(words), lambda why: self._make_active(folder, judgement, why))
        box.finished.connect(self._asked)

    def _asked(self) -> None:
        self._asking = False

    def _make_active(self, folder: Path, judgement: Judgement, why: str) -> None:
        try:
            if judge(self._workspace.project, read_bundle(folder)) != judgement:  # another model was made active meanwhile
                self._promote(folder)
                return
            reason, note = reason_and_note(judgement, why)
            self._model.promote(folder, reader=self._workspace.reader, why=reason, note=note)
        except EndoDeskError as error:
            self._note.setText(str(error))

    def _choose_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, tr("Folder of a model (with bundle.json)")):
            self.add_folder(Path(folder))


def _accuracy(metrics: Mapping[str, Any]) -> str:
    """Accuracy as measured on the run's test part, with its 95 % interval; empty if a model from elsewhere does not tell."""
    match metrics.get("accuracy"), metrics.get("accuracy_interval"):
        case float(accuracy), [float(low), float(high)]:
            return f"{100 * accuracy:.1f} % ({100 * low:.1f} - {100 * high:.1f}), n = {metrics.get('n')}"
        case float(accuracy), _:
            return f"{100 * accuracy:.1f} %, n = {metrics.get('n')}"
    return ""
