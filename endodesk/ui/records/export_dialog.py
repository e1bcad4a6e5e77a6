"""File > Export: which format, as of when, whose words; what would be in it and what not, before anything is written."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from endodesk.app.jobs import Jobs
from endodesk.app.language import marked, tr
from endodesk.app.records.exporting import EXPORTS, Exported, ending_of, format_of, moment_of, write_record
from endodesk.app.records.packs import PACK
from endodesk.app.records.portable import RecordFilter, portable_record
from endodesk.app.workspace import Workspace
from endodesk.dataset.exchange.formats import check_out
from endodesk.domain.acts import PortableRecord
from endodesk.domain.errors import BadRequest
from endodesk.system.task import TaskContext
from endodesk.ui.records.approval_dialog import ApprovalDialog
from endodesk.ui.records.format_words import FORMAT_WORDS
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.plain_text import button_text
from endodesk.ui.widgets.theme import GRID_PX, text_label
from endodesk.ui.widgets.working_dialog import WorkingDialog

_WIDTH_PX, _HEIGHT_PX = 640, 520
_TYPING_MS = 400
_STOPPED = marked("Stopped. Nothing was written.")


class ExportDialog(WorkingDialog):
    """Collects the record with each choice, so that what is told of it is what is written then."""

    def __init__(self, workspace: Workspace, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(jobs, marked("&Export ..."), self._ask_place, parent)
        self._workspace = workspace
        self._record: PortableRecord | None = None
        self.setWindowTitle(tr("Export"))
        self.formats, self.readers, self.as_of = QComboBox(), QComboBox(), QLineEdit()
        self.nameless = QCheckBox(tr("Without &names: frames as pixels alone, text on them blackened; you approve each"))
        self.about, self.found, self.missing = (text_label("", kind, wrap=True) for kind in ("quiet", "", "quiet"))
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._make_choices()
        words = tr("What readers said goes into a file or folder that other programs read. Your images are only read.")
        fill(
            QVBoxLayout(self.page),
            text_label(words, wrap=True),
            self._rows(),
            self.nameless,
            self.about,
            self.found,
            self.missing,
            SPACE,
            self.told,
            self.buttons,
            gap_px=GRID_PX,
        )
        self.ask_for(_WIDTH_PX, _HEIGHT_PX)
        self._collect()

    def _make_choices(self) -> None:
        for key in EXPORTS:
            self.formats.addItem(tr(FORMAT_WORDS[key][0]), key)
        self.readers.addItem(tr("All readers"), "")
        self.as_of.setPlaceholderText(tr("Now; or a day, such as 2026-11-30"))
        for box, name in ((self.formats, tr("Format")), (self.readers, tr("Whose words")), (self.as_of, tr("As it stood"))):
            box.setAccessibleName(name)
        self.formats.currentIndexChanged.connect(self._choose_format)
        self.readers.currentIndexChanged.connect(self._collect)
        self.as_of.textChanged.connect(lambda _: self._typing.start())
        self._typing.timeout.connect(self._collect)

    def _rows(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, box in enumerate((self.formats, self.as_of, self.readers)):
            grid.addWidget(text_label(box.accessibleName()), row, 0)
            grid.addWidget(box, row, 1)
        return grid

    # --- what would be in it ----------------------------------------------------------------------------------------

    def _collect(self) -> None:
        """The record anew, as it is chosen. The button waits for it."""
        self._record = None
        try:
            wanted = RecordFilter(moment_of(self.as_of.text()), self.readers.currentData())
        except BadRequest as error:
            self.found.setText(str(error))
            self.missing.setText("")
            self.main_button.setEnabled(False)
            return
        project, rows = self._workspace.project, self._workspace.frames.snapshot()
        self.begin(tr("Collecting"), lambda _: portable_record(project, rows, wanted), self._collected, stopped=_STOPPED)

    def _collected(self, record: PortableRecord) -> None:
        self._record = record
        if self.readers.count() == 1:  # the first time, when it is all that was ever said
            for name in sorted({act.reader for act in record.acts} - {""}):
                self.readers.addItem(button_text(name), name)
        self._tell()

    def _choose_format(self) -> None:
        """A label pack is whole: of all readers, with their names."""
        is_pack = self.formats.currentData() == PACK
        for box in (self.readers, self.nameless):
            box.setEnabled(not is_pack)
        if is_pack:
            self.nameless.setChecked(False)
            self.readers.setCurrentIndex(0)  # which collects, if it was another one
        self._tell()

    def _tell(self) -> None:
        key = self.formats.currentData()
        self.about.setText(tr(FORMAT_WORDS[key][1]))
        self.told.setText("")
        if record := self._record:
            words = tr("{frames:,} frames, {acts:,} acts of readers.")
            self.found.setText(words.format(frames=len(record.frames), acts=len(record.acts)))
            # in a job: of a million acts it takes seconds
            form = format_of(self._workspace.project, key)
            self.begin(tr("Collecting"), lambda _: form.left_out(record), self._tell_left_out, stopped=_STOPPED)

    def _tell_left_out(self, left_out: Sequence[str]) -> None:
        head = tr("Not in it, though it is in the project (also written beside it):")
        self.missing.setText("\n".join((head, *left_out)) if left_out else tr("Nothing of that is left out."))

    # --- the writing ------------------------------------------------------------------------------------------------

    def _ask_place(self) -> None:
        record, key = self._record, self.formats.currentData()
        if record is None:
            return
        ending = "" if self.nameless.isChecked() else ending_of(key)
        offered = f"{record.name}-{key}{ending}"
        title = tr("File to write") if ending else tr("Folder to make")
        # the system's question whether to write over something would be wrong: nothing is written over
        place, _ = QFileDialog.getSaveFileName(self, title, offered, options=QFileDialog.Option.DontConfirmOverwrite)
        if place:
            out = Path(place if place.lower().endswith(ending) else f"{place}{ending}")
            (self._approve if self.nameless.isChecked() else self._write)(record, key, out)

    def _approve(self, record: PortableRecord, key: str, out: Path) -> None:
        try:
            check_out(out, "")  # before minutes of work
        except BadRequest as error:
            self.told.setText(str(error))
            return
        ApprovalDialog(self._workspace, self._jobs, record, key, out, self.parentWidget()).open()
        self.accept()

    def _write(self, record: PortableRecord, key: str, out: Path) -> None:
        project, wanted = self._workspace.project, RecordFilter(moment_of(self.as_of.text()), self.readers.currentData())

        def write_job(task: TaskContext) -> Exported:
            return write_record(project, record, key, out, task, wanted)

        self.begin(tr("Exporting"), write_job, lambda done: self._written(done, out), stopped=_STOPPED)

    def _written(self, done: Exported, out: Path) -> None:
        words = tr("{frames:,} frames and {acts:,} acts of readers exported to {out}")
        told = words.format(frames=done.frames, acts=done.acts, out=out)
        self._workspace.message.emit(f"{told}. {done.signed}" if done.signed else told)
        self.accept()
