"""Explorer: what other knobs of the recipe would make of the open frame. Only shown: answers follow the model's own recipe."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from endodesk.app.jobs import Jobs, Urgency
from endodesk.app.viewing.open_frame import OpenFrame
from endodesk.app.viewing.pictures import step_picture
from endodesk.app.workspace import Workspace
from endodesk.domain.recipes import Recipe
from endodesk.imaging.preprocessing.exploration import Exploration
from endodesk.imaging.preprocessing.pipeline import StepResult
from endodesk.system.task import TaskContext

Shown = tuple[tuple[StepResult, ...], tuple[QImage, ...]]


# Why: docs/decisions/app.md 14
class Explorer(QObject):
    """Tries recipes in one workspace. Only the one asked for last waits while another is made; it stays for later frames, until left."""

    explored = Signal(object)
    """OpenFrame with other steps; also the workspace's open frame now."""
    left = Signal()
    """The steps shown are those of the recipe itself again."""

    def __init__(self, workspace: Workspace, jobs: Jobs) -> None:
        super().__init__(workspace)
        self._workspace, self._jobs = workspace, jobs
        self.base: Recipe | None = None
        """The recipe whose knobs may be moved; None while no frame was opened."""
        self._frame: OpenFrame | None = None
        self._exploration: Exploration | None = None
        self._shown: Shown = (), ()
        self._busy: TaskContext | None = None
        self._next: Recipe | None = None
        self._preparing: TaskContext | None = None
        """Task of the job whose pictures nobody is to see."""
        self.tried: Recipe | None = None
        """The recipe with the knobs moved; None where they are as the recipe has them."""
        workspace.frame_chosen.connect(lambda _: self._let_go())
        workspace.frame_opened.connect(self._opened)

    def explore(self, recipe: Recipe) -> None:
        """Show the open frame by this recipe, made off the GUI thread; `explored` follows."""
        if self.base is None:
            return
        self.tried = self._next = recipe
        self._start()

    def prepare(self) -> None:
        """Knobs are about to be moved: go through the steps once, unseen. The first moves would take three times as long."""
        if self._frame and self.tried is None and self._exploration is None:
            self._next = self.base
            self._start()
            self._preparing = self._busy

    def leave(self) -> None:
        """Show the open frame by the recipe as it is again."""
        if self.tried is None:
            return
        self.tried = self._next = None
        if self._frame and self._is_open(self._frame):
            self._workspace.show(self._frame)
            self.explored.emit(self._frame)
        self.left.emit()

    def _let_go(self) -> None:
        """Of the frame before, while another is read: a huge one and its steps would else be kept beside that."""
        self._frame, self._exploration, self._shown, self._busy = None, None, ((), ()), None

    def _opened(self, frame: OpenFrame) -> None:
        base, self.base = self.base, frame.recipe
        self._let_go()
        self._frame, self._shown = frame, (frame.steps, frame.cards)
        if base != frame.recipe and self.tried:  # knobs of one recipe mean nothing to another
            self.tried = self._next = None
            self.left.emit()
        elif self.tried:
            self.explore(self.tried)

    def _start(self) -> None:
        frame, recipe = self._frame, self._next
        if self._busy is not None or frame is None or recipe is None:
            return
        self._next = None
        exploration = self._exploration = self._exploration or Exploration(frame.image, frame.given)
        before = self._shown

        def apply_job(_: TaskContext) -> Shown:
            steps = tuple(exploration.apply(recipe))
            # steps before the first one that differs are the same objects, and their cards need not be drawn again
            kept = {id(step): card for step, card in zip(*before, strict=True)}
            return steps, tuple(kept[id(step)] if id(step) in kept else step_picture(step) for step in steps)

        self._busy = task = self._jobs.submit(
            apply_job,
            done=lambda shown: self._done(task, frame, recipe, shown),
            failed=self._workspace.warning.emit,
            urgency=Urgency.NOW,
        )

    def _done(self, task: TaskContext, frame: OpenFrame, recipe: Recipe, shown: Shown) -> None:
        if task is not self._busy:
            return  # of the frame before
        self._busy, self._shown = None, shown
        if self.tried and task is not self._preparing and self._is_open(frame):
            tried = replace(frame, recipe=recipe, steps=shown[0], cards=shown[1])
            self._workspace.show(tried)
            self.explored.emit(tried)
        self._start()

    def _is_open(self, frame: OpenFrame) -> bool:
        now = self._workspace.open_frame
        return now is not None and now.record == frame.record and now.image is frame.image
