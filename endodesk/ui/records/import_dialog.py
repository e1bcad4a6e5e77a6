"""File > Import: files of other programs or projects, what they would bring, and then, if so wished, onto the record."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from endodesk.app.frames.current_reviews import ReadAhead
from endodesk.app.jobs import Jobs
from endodesk.app.language import marked, tr
from endodesk.app.records.importing import Imported, ImportPreview, preview_import, take_import
from endodesk.app.workspace import Workspace
from endodesk.data.acts.act_store import TakenIn
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import Sha256
from endodesk.system.task import TaskContext
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.theme import GRID_PX, text_label
from endodesk.ui.widgets.working_dialog import WorkingDialog

_WIDTH_PX, _HEIGHT_PX = 640, 420
_STOPPED = marked("Stopped. Nothing was taken in.")


class ImportDialog(WorkingDialog):
    """A look first: the button takes in only what was looked at."""

    def __init__(
        self,
        workspace: Workspace,
        jobs: Jobs,
        took_in: Callable[[int, list[Sha256], ReadAhead | None], None],
        parent: QWidget | None = None,
    ) -> None:
        """`took_in` is called with the step, the frames of which something was put on record, and what stands of them since."""
        super().__init__(jobs, marked("&Import"), self._take, parent)
        self._workspace, self._took_in = workspace, took_in
        self._preview: ImportPreview | None = None
        self.setWindowTitle(tr("Import"))
        self.chosen, self.found = text_label("", "quiet", wrap=True), text_label("", wrap=True)
        words = tr(
            "What readers said elsewhere goes on record with their names and times: label packs, CSV, COCO, Label Studio, CVAT, Croissant, "
            "or class folders. Each one's word is kept; nothing is written before you have seen the numbers."
        )
        self.accept_key = QCheckBox(tr("I have &asked: the new key is theirs"))
        self.accept_key.hide()
        self.accept_key.toggled.connect(self._may_take)
        choices = fill(
            QHBoxLayout(),
            push_button(tr("Choose &files ..."), self._choose_files),
            push_button(tr("Choose a f&older ..."), self._choose_folder),
            SPACE,
        )
        pieces = (text_label(words, wrap=True), choices, self.chosen, self.found, self.accept_key, SPACE, self.told, self.buttons)
        fill(QVBoxLayout(self.page), *pieces, gap_px=GRID_PX)
        self.main_button.setEnabled(False)
        self.ask_for(_WIDTH_PX, _HEIGHT_PX)

    def _choose_files(self) -> None:
        files, _ = QFileDialog.getOpenFileNames(self, tr("Files to import"))
        if files:
            self.look_at([Path(file) for file in files])

    def _choose_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, tr("Class folders, or a folder with a Croissant card")):
            self.look_at([Path(folder)])

    def look_at(self, files: Sequence[Path]) -> None:
        """Read these, and tell what they would bring."""
        self._preview = None
        self._may_take()
        self.chosen.setText("\n".join(str(file) for file in files))
        self.found.setText("")
        self.told.setText("")
        project, rows, reader = self._workspace.project, self._workspace.frames.snapshot(), self._workspace.reader
        self.begin(
            tr("Reading"),
            lambda task: preview_import(project, rows, files, reader, task),
            self._looked,
            failed=self._refused,
            stopped=_STOPPED,
        )

    def _looked(self, preview: ImportPreview) -> None:
        self._preview = preview
        self.found.setText("\n".join(preview.sentences))
        self._may_take()

    def _may_take(self) -> None:
        """Not before it is seen, and not with another key than before unless somebody has asked."""
        preview = self._preview
        asks = preview is not None and bool(preview.refusal)
        self.accept_key.setVisible(asks)
        if not asks:
            self.accept_key.setChecked(False)
        self.main_button.setEnabled(preview is not None and preview.brings_anything and (not asks or self.accept_key.isChecked()))

    def _refused(self, reason: str) -> None:
        self.told.setText(reason)
        self.main_button.setEnabled(False)

    def _take(self) -> None:
        if preview := self._preview:
            project, accepts, changes = self._workspace.project, self.accept_key.isChecked(), self._workspace.reviews.changes

            def import_job(task: TaskContext) -> tuple[Imported, ReadAhead | None]:
                done = take_import(project, preview, task, accept_keys=accepts)
                try:
                    return done, ReadAhead(project.database.corrections.words_on(done.taken.images), changes)
                except EndoDeskError:
                    return done, None  # the acts are in: who reads next tells why it cannot be read

            self.begin(tr("Importing"), import_job, self._taken, failed=self._refused, stopped=_STOPPED, keeps=True)

    def _taken(self, came: tuple[Imported, ReadAhead | None]) -> None:
        done, ahead = came
        taken, workspace = done.taken, self._workspace
        if taken.step is not None:
            self._took_in(taken.step, taken.images, ahead)
        if self._preview and self._preview.plan:
            workspace.plan_changed.emit()
        workspace.message.emit(_told(taken))
        for sentence in done.failed:
            workspace.warning.emit(sentence)
        self.accept()


def _told(taken: TakenIn) -> str:
    if not taken.undoable:
        return tr("{n:,} acts imported").format(n=taken.added)
    words = tr("{n:,} acts imported; Ctrl+Z takes them back")
    if taken.undoable < taken.added:
        words = tr("{n:,} acts imported; Ctrl+Z takes {back:,} of them back")
    return words.format(n=taken.added, back=taken.undoable)
