"""The project's models: what each comes from, which is active, going back to an older one; adding, naming, exporting and deleting them."""

import contextlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from endodesk.app.jobs import Urgency
from endodesk.app.language import marked, tr
from endodesk.app.project.kept_bundles import NO_WORDS, check_same, keep_bundle, kept_models, name_of, words_of
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import report_of, trained_here
from endodesk.app.retraining.gate import ALREADY, CHANGED, Judgement, judge, reason_and_note
from endodesk.app.retraining.kept_models import copy_model, delete_model, describe, folders_of, why_kept
from endodesk.app.retraining.lineage import ancestry_told, learnt_on, lineage_of
from endodesk.app.retraining.proof.model_proof import proof_of
from endodesk.app.retraining.verdict import objections_told
from endodesk.app.session import Session
from endodesk.data.model_store import StoredModel
from endodesk.domain.errors import BadBundle, BadRequest, EndoDeskError
from endodesk.domain.images import printable
from endodesk.domain.reviews import BundleId
from endodesk.domain.shown_text import visible_lines
from endodesk.inference.bundle import read_bundle
from endodesk.system.os_errors import reason_of
from endodesk.system.task import TaskContext
from endodesk.ui.dialogs.questions import ask, keep_on_enter
from endodesk.ui.training.choosing_models import ModelNameDialog, ReasonDialog, RuleDialog
from endodesk.ui.training.report_button import ReportButton
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.plain_text import tip_text
from endodesk.ui.widgets.theme import text_label

_PROMOTIONS = 5  # the latest; all of them stay on record in the project
_COLUMNS = (
    "",
    marked("Model"),
    marked("Made"),
    marked("Goes on from"),
    marked("Accuracy on its own test frames"),
    marked("Recipe"),
    marked("Classes"),
)
_ONNX, _TFLITE = "onnx", "tflite"


class ModelsDialog(FittingDialog):
    """Promoting an older model is how one rolls back; who did it and when is recorded."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._workspace, self._jobs, self._model = session, session.workspace, session.jobs, session.model
        self._models: list[StoredModel] = []
        self._asking = False  # why a model is to be used: a second click asks nothing more
        self.setWindowTitle(tr("Models"))
        self.ask_for(1180, 520)
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
        self.more = QPushButton(tr("&More"))
        self.menu = QMenu(self.more)
        self.more.setMenu(self.menu)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.report, self.mistakes = ReportButton(), QPushButton(tr("M&istakes ..."))
        self.details = text_label("", wrap=True)
        """What there is to know of the model that is chosen."""
        self._history = text_label("", "quiet", wrap=True)
        self._note = text_label("", "warning", wrap=True)
        buttons = fill(QHBoxLayout(), self.add, self.more, self.report, self.mistakes, SPACE, self.use)
        footer = text_label(tr("Research use only. Not for diagnosis."), "quiet")
        fill(QVBoxLayout(self.page), (self.table, 1), self.details, self._history, self._note, buttons, footer)
        self.use.clicked.connect(self._use)
        self.add.clicked.connect(self._choose_folder)
        self.mistakes.clicked.connect(self._show_mistakes)
        self.table.itemSelectionChanged.connect(self._tell)
        self._workspace.model_changed.connect(self.refresh)
        self.refresh()

    def come_back(self) -> None:
        """List the models as they are now, before the dialog is shown again."""
        self.refresh()

    def refresh(self) -> None:
        """List the models again, the newest first."""
        project = self._workspace.project
        chosen, active = self._chosen, project.active_model
        self._models, words = list(reversed(kept_models(project))), words_of(project)
        names = {stored.bundle.id: name_of(stored.bundle, words) for stored in self._models}
        self.table.setRowCount(len(self._models))
        for row, stored in enumerate(self._models):
            bundle = stored.bundle
            mark = tr("active") if active and active.bundle.id == bundle.id else ""
            made = bundle.created.astimezone().strftime("%Y-%m-%d %H:%M")
            for column, text in enumerate(
                (
                    mark,
                    f"{printable(names[bundle.id])} ({printable(bundle.id)})",
                    made,
                    printable(names.get(BundleId(bundle.parent), bundle.parent)) if learnt_on(bundle) else "",
                    _accuracy(bundle.metrics),
                    printable(bundle.recipe.name),
                    ", ".join(map(printable, bundle.classes)),
                )
            ):
                item = QTableWidgetItem(visible_lines(text))
                item.setToolTip(tip_text(text))  # the column may be too narrow for it
                self.table.setItem(row, column, item)
        self._history.setText(self._told())
        if chosen and chosen.bundle.id in names:
            self.table.selectRow(list(names).index(chosen.bundle.id))
        self._tell()

    @property
    def _chosen(self) -> StoredModel | None:
        rows = self.table.selectionModel().selectedRows() if self.table.selectionModel() else []
        return self._models[rows[0].row()] if rows and rows[0].row() < len(self._models) else None

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
        chosen, project = self._chosen, self._workspace.project
        self.use.setEnabled(chosen is not None)
        self.mistakes.setVisible(chosen is not None and trained_here(project, chosen.bundle))
        self.report.offer(report_of(project, chosen.bundle) if chosen else None)
        self.details.clear()
        if chosen:  # in a job: the list of a training's frames is read for it
            model = chosen.bundle.id
            self._jobs.submit(lambda _task: _details(project, chosen), done=partial(self._tell_details, model), urgency=Urgency.NOW)
        self._note.setText(
            "" if self._models else tr("There is no model in this project yet: Model > Retrain makes one, or add one from a folder.")
        )

    def _tell_details(self, model: BundleId, found: list[str]) -> None:
        if self._chosen and self._chosen.bundle.id == model:  # another one may have been chosen meanwhile
            self.details.setText(visible_lines("\n".join(found)))

    def _show_mistakes(self) -> None:
        if chosen := self._chosen:
            from endodesk.ui.training.mistakes_dialog import MistakesDialog  # brings the evaluation: only who asks waits for it

            session = self._session
            MistakesDialog(self._workspace, session.thumbnails, self._jobs, session.navigation.choose, chosen.bundle, self).show()

    def _compare(self, chosen: StoredModel) -> None:
        from endodesk.ui.training.comparison_dialog import ComparisonDialog

        ComparisonDialog(self._session, chosen.folder, self).show()

    def _show_corrections(self, chosen: StoredModel) -> None:
        from endodesk.ui.training.corrections_dialog import CorrectionsDialog

        CorrectionsDialog(self._session, chosen.folder, self).show()

    def _use(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self._models):
            folder = self._models[row].folder
            # it may have come with the project, and never have been asked here
            self._model.try_out(folder, done=lambda: self._promote(folder), failed=self._note.setText)

    def _promote(self, folder: Path) -> None:
        try:
            judgement = self._judge(folder)
            if judgement.plain == ALREADY or self._asking:  # a second click: nothing to decide, or it is being asked about
                return
            if judgement.passes:
                self._make_active(folder, judgement, "")
                return
        except EndoDeskError as error:
            self._note.setText(str(error))  # a model that was damaged since it was made: the active one stays
            return
        self._ask_why(folder, judgement)

    def _judge(self, folder: Path) -> Judgement:
        project = self._workspace.project
        stored, bundle = next(stored for stored in project.database.models.all() if stored.folder == folder), read_bundle(folder)
        check_same(stored, bundle)
        return judge(project, bundle)

    def _ask_why(self, folder: Path, judgement: Judgement) -> None:
        def keep(why: str) -> None:
            nonlocal judgement
            if (now := self._judge(folder)) != judgement:
                judgement = now
                box.show_objections(objections_told(now))
                raise BadRequest(tr(CHANGED))
            self._make_active(folder, judgement, why)

        self._asking = True
        box = ReasonDialog(objections_told(judgement), keep, self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._asked)
        box.open()

    def _asked(self) -> None:
        self._asking = False

    def _make_active(self, folder: Path, judgement: Judgement, why: str) -> None:
        reason, note = reason_and_note(judgement, why)
        self._model.promote(folder, reader=self._workspace.reader, why=reason, note=note)

    # --- what is asked for more rarely --------------------------------------------------------------------------------

    def _fill_menu(self) -> None:
        self.menu.clear()
        if chosen := self._chosen:
            self.menu.addAction(tr("&Name and note ..."), lambda: self._name(chosen))
            self.menu.addAction(tr("&Compare with ..."), lambda: self._compare(chosen))
            self.menu.addAction(tr("&What corrections did ..."), lambda: self._show_corrections(chosen))
            self.menu.addAction(tr("&Export for EndoDesk ..."), lambda: self._export(chosen, ""))
            self.menu.addAction(tr("Export as &ONNX ..."), lambda: self._export(chosen, _ONNX))
            self.menu.addAction(tr("Export as &TFLite ..."), lambda: self._export(chosen, _TFLITE))
            deletion = self.menu.addAction(tr("&Delete ..."), lambda: self._ask_to_delete(chosen))
            deletion.setEnabled(not why_kept(self._workspace.project, chosen))
            self.menu.addSeparator()
        self.menu.addAction(tr("&Rule for new models ..."), self._show_rule)

    def _name(self, chosen: StoredModel) -> None:
        project, reader, model = self._workspace.project, self._workspace.reader, chosen.bundle.id

        def keep(name: str, note: str) -> None:
            describe(project, model, name, note, reader=reader)
            self.refresh()

        ModelNameDialog(chosen.bundle.name, words_of(project).get(model, NO_WORDS), keep, self).open()

    def _show_rule(self) -> None:
        RuleDialog(self._workspace.project, self._workspace.reader, self).open()

    def _export(self, chosen: StoredModel, form: str) -> None:
        place = QFileDialog.getExistingDirectory(self, tr("Folder to put the model's folder into"))
        if not place:
            return
        out = Path(place) / f"model-{chosen.bundle.id}{f'-{form}' if form else ''}"

        def write(_task: TaskContext) -> str:
            if not form:
                copy_model(chosen, out)
                return tr("Written: {folder}. Model > Models > Add from folder takes it in on another PC.").format(folder=out)
            from endodesk.inference.portable.export_model import export_model

            made = export_model(chosen.folder, form, out, keras=_no_keras)
            told = tr("Written: {folder}. It answers as the model does (greatest difference {difference:.1g}); model.json tells the rest.")
            return told.format(folder=out, difference=made.difference)

        self._note.setText(tr("Writing {folder} ...").format(folder=out.name))
        self._jobs.submit(write, done=self._note.setText, failed=self._note.setText)

    def _ask_to_delete(self, chosen: StoredModel) -> None:
        project = self._workspace.project
        try:
            n_bytes = sum(file.lstat().st_size for folder in folders_of(project, chosen) for file in folder.glob("*"))
        except OSError as error:
            self._note.setText(reason_of(error))
            return
        words = tr(
            "Delete the files of {model} ({mb:.0f} MB)? It cannot be gone back to then, and Ctrl+Z brings nothing back. "
            "Its answers, figures, report and the times when it was active stay on record."
        )
        name = printable(name_of(chosen.bundle, words_of(project)))
        told = words.format(model=name, mb=n_bytes / 1e6)
        keep_on_enter(ask(self, tr("Delete a model"), told, yes=tr("&Delete"), then=lambda: self._delete(chosen)))

    def _delete(self, chosen: StoredModel) -> None:
        try:
            freed = delete_model(self._workspace.project, chosen, reader=self._workspace.reader)
        except EndoDeskError as error:
            self.refresh()
            self._note.setText(str(error))
            return
        self.refresh()
        self._note.setText(tr("Deleted; {mb:.0f} MB are free now.").format(mb=freed / 1e6))

    def _choose_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, tr("Folder of a model (with bundle.json)")):
            self.add_folder(Path(folder))


def _details(project: Project, stored: StoredModel) -> list[str]:
    """What there is to know of a model, in lines."""
    found = []
    for one in lineage_of(project, stored.bundle.id):
        found.append(" ".join(ancestry_told(one)))
        if one.words.note:
            found.append(tr("Note: {note}").format(note=one.words.note))
    with contextlib.suppress(BadBundle):  # a damaged one is told of when it is used
        if proof := proof_of(stored.folder):
            found.append(" ".join((proof.signer, *proof.faults)))
    return found


def _no_keras(_bundle: Path, _file: Path, _frames: object) -> NoReturn:
    raise AssertionError("TensorFlow is no part of the window")


def _accuracy(metrics: Mapping[str, Any]) -> str:
    """Accuracy as measured on the run's test part, with its 95 % interval; empty if a model from elsewhere does not tell."""
    match metrics.get("accuracy"), metrics.get("accuracy_interval"):
        case float(accuracy), [float(low), float(high)]:
            return f"{100 * accuracy:.1f} % ({100 * low:.1f} - {100 * high:.1f}), n = {metrics.get('n')}"
        case float(accuracy), _:
            return f"{100 * accuracy:.1f} %, n = {metrics.get('n')}"
    return ""
