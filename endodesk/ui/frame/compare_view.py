"""Two to four frames side by side; zoom and pan of one are those of all. Needs pyqtgraph: loaded with the canvas."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from endodesk.app.answers.probability_table import AnswerInClasses
from endodesk.app.frames.active_overrides import ActiveOverrides
from endodesk.app.jobs import Jobs
from endodesk.app.language import tr
from endodesk.app.viewing.open_frame import OpenFrame, open_frame
from endodesk.app.viewing.pictures import heat_to_qimage, lent_qimage
from endodesk.app.workspace import Workspace, shown_name
from endodesk.domain.images import printable
from endodesk.system.task import TaskContext
from endodesk.ui.frame.canvas import FrameCanvas
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import text_label

LEAST, MOST = 2, 4


class Pane(QWidget):
    """One of the frames compared: its name, what is said of it, and its picture."""

    def __init__(self, workspace: Workspace, row: int) -> None:
        super().__init__()
        self.row, self._workspace = row, workspace
        self.frame: OpenFrame | None = None
        name = printable(shown_name(workspace, row))
        self.name, self.said = text_label(name, wrap=True), text_label(tr("Opening ..."), "quiet", wrap=True)
        self.canvas = FrameCanvas()
        self.canvas.graphics.setAccessibleName(name)
        fill(QVBoxLayout(self), self.name, self.said, (self.canvas, 1), edge_px=0)

    def show_frame(self, frame: OpenFrame) -> None:
        """Show its pixels, its label and its answer, once it has been opened."""
        self.frame = frame
        self.canvas.show_picture(lent_qimage(frame.image))
        self.tell()

    def fail(self, reason: str) -> None:
        """Say why it cannot be shown, in the place of label and answer."""
        self.said.setText(reason)

    def tell(self) -> None:
        """Say label and answer as they are now; the answer is kept from who reads blind."""
        workspace = self._workspace
        if self.frame is None:  # not opened yet: labels may change meanwhile
            return
        label = workspace.label_of(self.row)
        said = (label.name or tr("readers disagree")) if label else ""
        words = [tr("label: {label}").format(label=said) if said else tr("no label")]
        answer = self.frame.answer
        if self.frame.predictor and answer and not workspace.hides_answer(self.row):
            meant = AnswerInClasses(workspace.label_set, self.frame.predictor.bundle.classes.names)
            name, probability = meant.of(answer.probabilities)
            told = tr("model: {answer} {percent} %")
            words.append(told.format(answer=name, percent=round(100 * probability)))
        self.said.setText("   ".join(words))

    def show_heat(self, opacity: float | None) -> None:
        """Lay the heat map of its own answer over it, as opaque as 0..1 says; None takes it away."""
        frame = self.frame
        if frame is None or frame.answer is None or frame.predictor is None or opacity is None or self._workspace.hides_answer(self.row):
            self.canvas.lay_heat(None)
            return
        meant = AnswerInClasses(self._workspace.label_set, frame.predictor.bundle.classes.names)
        best = meant.strongest(frame.answer.probabilities)
        self.canvas.lay_heat(heat_to_qimage(frame.predictor.heat_map(frame.answer, best)), QRectF(*frame.place), opacity)

    @property
    def part(self) -> tuple[QPointF, float]:
        """The middle of what is in view and its width, in shares of the frame."""
        whole, seen = self.canvas.picture_rect, self.canvas.box.viewRect()
        middle = seen.center()
        return QPointF(middle.x() / max(1.0, whole.width()), middle.y() / max(1.0, whole.height())), seen.width() / max(1.0, whole.width())

    def show_part(self, middle: QPointF, width: float) -> None:
        """Show the part that another pane shows, given in shares of the frame: two frames may differ in size."""
        whole = self.canvas.picture_rect
        if not whole.isEmpty():
            self.canvas.show_around(QPointF(middle.x() * whole.width(), middle.y() * whole.height()), width * whole.width())


class CompareView(QWidget):
    """The panes, in a row or two by two; whoever ends the comparison calls `leave` first."""

    def __init__(self, workspace: Workspace, jobs: Jobs, overrides: ActiveOverrides, rows: Sequence[int], heat: float | None) -> None:
        super().__init__()
        self._workspace, self._jobs, self._overrides, self._heat = workspace, jobs, overrides, heat
        self._opening: list[TaskContext] = []
        self._left = False  # what is still on its way may arrive after the comparison was left
        self.panes = [Pane(workspace, row) for row in rows]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        across = 2 if len(rows) in (2, 4) else 3
        for place, pane in enumerate(self.panes):
            grid.addWidget(pane, place // across, place % across)
            # Why: docs/decisions/ui.md 9
            pane.canvas.moved.connect(lambda pane=pane: self._follow(pane))
            self._open(pane)
        workspace.label_changed.connect(self._tell)
        workspace.rows_changed.connect(self._tell)

    def _open(self, pane: Pane) -> None:
        workspace, given = self._workspace, self._overrides.of
        # read here: another model may be chosen while the job waits
        path, recipe, predictor = workspace.frames.path(pane.row), workspace.recipe, workspace.predictor
        opening = self._jobs.submit(
            lambda _: open_frame(path, recipe, predictor, given),
            done=lambda frame: self._arrived(pane, frame),
            failed=lambda reason: None if self._left else pane.fail(reason),
        )
        self._opening.append(opening)

    def leave(self) -> None:
        """Give up the comparison: frames still on their way are not shown any more."""
        self._left = True
        for opening in self._opening:
            opening.cancel()

    def _arrived(self, pane: Pane, frame: OpenFrame) -> None:
        if not self._left:
            pane.show_frame(frame)
            pane.show_heat(self._heat)

    def _tell(self, *_rows: object) -> None:
        for pane in self.panes:
            pane.tell()

    def _follow(self, mover: Pane) -> None:
        middle, width = mover.part
        for pane in self.panes:
            if pane is not mover:
                pane.show_part(middle, width)

    def show_heat(self, opacity: float | None) -> None:
        """Lay heat maps over all frames, as opaque as 0..1 says; None takes them away."""
        self._heat = opacity
        for pane in self.panes:
            pane.show_heat(opacity)

    def fit(self) -> None:
        """Show each frame whole, in its own pane."""
        for pane in self.panes:
            pane.canvas.fit()  # each by itself: a fit is no move that others follow

    def zoom(self, factor: float) -> None:
        """Zoom all frames by the same factor, around the middle of each."""
        self.panes[0].canvas.zoom(factor)  # it is told as a move by hand, which the others follow

    def pan(self, x: float, y: float) -> None:
        """Move all frames by the same share of what is in view."""
        self.panes[0].canvas.pan(x, y)

    def actual_size(self) -> None:
        """Show each frame pixel for pixel, also where frames differ in size."""
        for pane in self.panes:
            pane.canvas.actual_size()
