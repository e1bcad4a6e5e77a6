"""Data > Read plan: readers, shares, wash-out, honeypots and seed; what each reader will read, before it is so."""

import itertools
from datetime import UTC, datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from endodesk.app.browsing.reading_list import ReadingList
from endodesk.app.jobs import Jobs
from endodesk.app.language import marked, tr
from endodesk.app.plans.planned_reads import PlanOutlook, ReadCounts, known_frames, look_ahead
from endodesk.app.workspace import Workspace
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import printable
from endodesk.domain.read_plan import LARGEST_SEED, LONGEST_WASH_OUT_DAYS, MOST_READERS, ReadKind, ReadPlan, can_be_planned
from endodesk.system.task import TaskContext
from endodesk.ui.dialogs.questions import ask
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.number_boxes import WholeBox
from endodesk.ui.widgets.theme import GRID_PX, text_label
from endodesk.ui.widgets.working_dialog import WorkingDialog

_WIDTH_PX, _HEIGHT_PX = 620, 540
_TYPING_MS = 400
_NAMES_LINES = 5
_SOMEBODY = ("-",)  # whose plan has the numbers that are proposed where nobody can be
_STOPPED = marked("Stopped. Nothing was changed.")


class PlanDialog(WorkingDialog):
    """Looks ahead after each choice; the button takes the plan that was looked at."""

    def __init__(self, workspace: Workspace, reading: ReadingList, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(jobs, marked("&Use this plan"), self._keep, parent)
        self._workspace, self._reading = workspace, reading
        self._looked_at: ReadPlan | None = None
        self.setWindowTitle(tr("Read plan"))
        before = reading.plan
        names = before.readers if before else _proposed(workspace)
        shown = before or ReadPlan(names or _SOMEBODY, datetime.now(UTC))
        self.readers = QPlainTextEdit("\n".join(names))
        self.readers.setTabChangesFocus(True)
        self.readers.setFixedHeight((_NAMES_LINES + 1) * self.readers.fontMetrics().lineSpacing())
        self.overlap, self.second = _share(shown.overlap_percent), _share(shown.second_percent)
        self.wash_out = _number(shown.wash_out_days, LONGEST_WASH_OUT_DAYS, tr(" days"))
        self.honeypots, self.seed = _number(shown.honeypot_percent, 100), _number(shown.seed, LARGEST_SEED)
        self.folders = QCheckBox(tr("Class &folders tell the truth too, where there is no verdict"))
        self.folders.setChecked(shown.folders_are_true)
        self.found = text_label("", wrap=True)
        self.away = push_button(tr("Take the plan &away"), self._ask_to_clear)
        self.away.setVisible(before is not None)
        self.buttons.insertWidget(0, self.away)
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._lay_out()
        self._connect()
        self.ask_for(_WIDTH_PX, _HEIGHT_PX)
        self._look()

    def _lay_out(self) -> None:
        words = tr(
            "Who reads which frames, each reader in an order of their own. The same readers, numbers and seed deal alike on every PC. "
            "What was read stays, whatever you change. Each plan is on record."
        )
        truth = tr("Honeypots are frames whose truth is known, by a verdict (order: Readers disagree), among those of other readers.")
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        rows = (
            (tr("Readers, one a line"), self.readers),
            (tr("Frames that all readers read"), self.overlap),
            (tr("Frames that a reader reads a second time"), self.second),
            (tr("Wash-out before that"), self.wash_out),
            (tr("Honeypots for 100 frames of a reader"), self.honeypots),
            (tr("Seed"), self.seed),
        )
        for row, (name, box) in enumerate(rows):
            grid.addWidget(text_label(name), row, 0)
            grid.addWidget(box, row, 1)
            box.setAccessibleName(name)
        pieces = (text_label(words, wrap=True), grid, self.folders, text_label(truth, "quiet", wrap=True), self.found, SPACE)
        fill(QVBoxLayout(self.page), *pieces, self.told, self.buttons, gap_px=GRID_PX)

    def _connect(self) -> None:
        self.readers.textChanged.connect(self._later)
        for box in (self.overlap, self.second, self.wash_out, self.honeypots, self.seed):
            box.valueChanged.connect(self._later)
        self.folders.toggled.connect(self._later)
        self._typing.timeout.connect(self._look)

    # --- what would be read -----------------------------------------------------------------------------------------

    def _later(self, *_what: object) -> None:
        self._looked_at = None
        self.main_button.setEnabled(False)  # until what it would do is told
        self._typing.start()

    def _look(self) -> None:
        """Tell what each reader would read. The button waits for it."""
        self._looked_at = None
        self.told.setText("")
        try:
            plan = self._chosen()
        except EndoDeskError as error:
            self.found.setText(str(error))
            self.main_button.setEnabled(False)
            return
        workspace = self._workspace
        rows, reviews, classes = workspace.frames.snapshot(), workspace.reviews.snapshot(), workspace.label_set
        words_by = workspace.project.database.corrections.words_by

        def look_job(task: TaskContext) -> PlanOutlook:
            return look_ahead(plan, known_frames(rows, reviews, classes), words_by, datetime.now(UTC), task)

        self.begin(tr("Dealing"), look_job, lambda outlook: self._tell(plan, outlook), stopped=_STOPPED)

    def _chosen(self) -> ReadPlan:
        names = tuple(line.strip() for line in self.readers.toPlainText().splitlines() if line.strip())
        numbers = (self.overlap.value(), self.second.value(), self.wash_out.value(), self.honeypots.value())
        plan = ReadPlan(names, datetime.now(UTC), *numbers, folders_are_true=self.folders.isChecked(), seed=self.seed.value())
        return plan.goes_on(self._reading.plan)

    def _tell(self, plan: ReadPlan, outlook: PlanOutlook) -> None:
        if self._typing.isActive():  # something else has been chosen since
            self.main_button.setEnabled(False)
            return
        self._looked_at = plan
        words = tr("{frames:,} frames: {shared:,} read by all, the others by one reader each. The truth of {known:,} is known.")
        lines = [words.format(frames=outlook.frames, shared=outlook.shared, known=outlook.known)]
        lines += [_told(reader, counts) for reader, counts in outlook.counts.items()]
        self.found.setText("\n".join(lines))

    # --- keeping it -------------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        if self._looked_at:
            self._change(self._looked_at, tr("The read plan holds. Its readers find My reading list among the orders of the frames."))

    def _ask_to_clear(self) -> None:
        words = tr("Take the read plan away? Reading lists are gone then; what was read stays.")
        ask(self, tr("Read plan"), words, yes=tr("Take it away"), then=self._clear)

    def _clear(self) -> None:
        self._change(None, tr("There is no read plan any more. What was read stays."))

    def _change(self, plan: ReadPlan | None, message: str) -> None:
        try:
            self._reading.keep_plan(plan)
        except EndoDeskError as error:
            self.told.setText(str(error))
            return
        self._workspace.message.emit(message)
        self.accept()


def _proposed(workspace: Workspace) -> tuple[str, ...]:
    """Who is named here and has labelled, as far as a plan has room and can name them: names on record may come from anywhere."""
    names = filter(can_be_planned, dict.fromkeys((workspace.reader, *workspace.reviews.readers)))
    return tuple(sorted(itertools.islice(names, MOST_READERS)))


def _told(reader: str, counts: ReadCounts) -> str:
    words = tr("{reader}: {first:,} frames, {second:,} of them a second time, and {pots:,} honeypots; {done:,} of {total:,} read")
    first, second, pots = (counts.by_kind[kind] for kind in ReadKind)
    return words.format(reader=printable(reader), first=first, second=second, pots=pots, done=counts.done, total=counts.total)


def _share(percent: int) -> WholeBox:
    return _number(percent, 100, " %")


def _number(value: int, most: int, unit: str = "") -> WholeBox:
    box = WholeBox()
    box.setRange(0, most)
    box.setSuffix(unit)
    box.setValue(value)
    return box
