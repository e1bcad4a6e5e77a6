"""ReadingList: the frames that the project's plan gives this reader, in their own order, each as if nobody had read it."""

from collections.abc import Callable
from datetime import UTC, datetime

from endodesk.app.browsing.frame_filter import FrameOrder
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.frames.reading_view import ListedReads, ReadingView
from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.language import tr
from endodesk.app.plans.plan_store import keep_plan, plan_of
from endodesk.app.plans.planned_reads import ListSnapshot, list_reads
from endodesk.app.queues.queues import READING_LIST
from endodesk.app.workspace import Workspace
from endodesk.domain.images import Sha256
from endodesk.domain.read_plan import ReadPlan
from endodesk.system.collector import collector_paused
from endodesk.system.task import Progress, TaskContext


class ReadingList:
    """`session.reading`. While the list is shown the workspace has a ReadingView; whatever else is shown ends that."""

    def __init__(self, workspace: Workspace, shown: ShownFrames, jobs: Jobs) -> None:
        self._workspace, self._shown, self._jobs = workspace, shown, jobs
        self._making: TaskContext | None = None
        self._stopped: Callable[[], None] = lambda: None
        shown.asked.connect(self._follow)
        workspace.frames_listed.connect(self._follow)
        workspace.label_view_changed.connect(self._follow)

    @property
    def plan(self) -> ReadPlan | None:
        """The project's, as it holds now."""
        return plan_of(self._workspace.project)

    @property
    def offered(self) -> bool:
        """Whether the plan names this reader."""
        return (plan := self.plan) is not None and self._workspace.reader in plan.readers

    def keep_plan(self, plan: ReadPlan | None) -> None:
        """From now on this plan holds, or none. EndoDeskError if it could not be kept."""
        keep_plan(self._workspace.project, plan, reader=self._workspace.reader)
        self.cancel()  # a list that is being made is of the plan before
        if self._workspace.reading:
            self._shown.set_order(FrameOrder.CASE)
        self._workspace.plan_changed.emit()

    # --- showing it -------------------------------------------------------------------------------------------------

    def show(self, *, failed: Callable[[str], None], progressed: Callable[[Progress | None], None]) -> None:
        """Make the list of what is to be read now, and show it; `failed` with a sentence where nothing is."""
        self.cancel()
        workspace, plan, reader = self._workspace, self.plan, self._workspace.reader
        if plan is None:
            return
        taken = ListSnapshot(
            plan, reader, workspace.frames.snapshot(), workspace.reviews.snapshot(), workspace.label_set, workspace.project.database
        )

        def list_job(task: TaskContext) -> ListedReads:
            task.report(0, 1, "dealing")
            with collector_paused():
                return list_reads(taken, datetime.now(UTC))

        def ended(then: Callable[[], None]) -> None:
            if task is self._making and not task.cancelled:
                self._making = None
                progressed(None)
                then()

        self._stopped = lambda: progressed(None)
        task = self._making = self._jobs.submit(
            list_job,
            done=lambda listed: ended(lambda: self._show(reader, listed)),
            failed=lambda reason: ended(lambda: failed(reason)),
            progress=lambda progress: progressed(progress) if task is self._making else None,
            urgency=Urgency.LATER,
        )

    def cancel(self) -> None:
        """Nobody waits for the list any more."""
        if self._making:
            self._making.cancel()
            self._making = None
            self._stopped()

    def _show(self, reader: str, listed: ListedReads) -> None:
        workspace = self._workspace
        view = ReadingView(reader, listed)
        workspace.show_reading(view)
        workspace.blind.hide_again(view.come_again)
        # at once: what is known of rows is looked at piece by piece below, and none may be painted with a label meanwhile
        self._shown.columns.blank(listed.rows, answers=workspace.blind.on)
        self._shown.show_queue(READING_LIST, listed.rows, {})
        workspace.label_view_changed.emit()

    # --- what happens meanwhile -------------------------------------------------------------------------------------

    def note(self, images: list[Sha256]) -> None:
        """Something else is said of these frames: to be called before anybody asks what is seen of them."""
        view = self._workspace.reading
        listed = [image for image in images if view and view.holds(image)]
        if view and listed:
            view.note(listed, self._workspace.project.database.corrections.words_on(listed))
            self._workspace.blind.reveal([image for image in listed if view.has_read(image)])

    def _follow(self) -> None:
        workspace, view = self._workspace, self._workspace.reading
        if view is None:
            return
        if view.reader != workspace.reader and self._shown.queue == READING_LIST:
            self._shown.set_order(FrameOrder.CASE)  # it was another reader's; comes back here
        elif self._shown.queue != READING_LIST:
            workspace.show_reading(None)
            workspace.blind.hide_again([])
            workspace.label_view_changed.emit()

    @property
    def told(self) -> str:
        """What is to be said where it is offered."""
        return tr("Your frames of the read plan, in an order of your own: you see your own labels alone")
