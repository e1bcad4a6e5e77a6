"""The frame in the middle: its title above, the picture with what lies over it, what is under the pointer below."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.viewing.header_words import header_told
from endodesk.app.viewing.open_frame import OpenFrame
from endodesk.app.viewing.pictures import MASK_COLOUR, heat_to_qimage, lent_qimage, mask_to_qimage
from endodesk.app.workspace import Workspace, shown_name
from endodesk.domain.images import printable
from endodesk.imaging.pixels import RGB
from endodesk.ui.frame.read_out import ReadOut
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import GRID_PX, text_label

if TYPE_CHECKING:
    from endodesk.ui.frame.canvas import FrameCanvas


class FrameView(QWidget):
    """Shows the chosen frame, or one of its preprocessing steps."""

    canvas_made = Signal(object)
    """The FrameCanvas, once it is there: pyqtgraph is loaded when the window is on screen. What draws on the frame hooks in here."""
    picture_shown = Signal(QSize)
    """The frame itself is shown, of so many pixels, which are the coordinates of `box`; empty: something else is (a step, nothing)."""

    def __init__(self, workspace: Workspace, listing: Callable[[], bool], parent: QWidget | None = None) -> None:
        """`listing` tells whether the folder is still being listed: until then nobody knows whether it is empty."""
        super().__init__(parent)
        self._workspace, self._listing = workspace, listing
        self.canvas: FrameCanvas | None = None
        self._loading = False
        self._step: int | None = None
        self._shown: OpenFrame | None = None
        """What stands on the canvas whole; None for a step, a picture that is to be replaced, or nothing."""
        self._heat: tuple[OpenFrame | None, int | None, float] = None, None, 1.0
        """The heat map that was last asked for: of which frame, for which class (None: no heat map), and its opacity."""
        self.title = text_label("", "", wrap=True)
        self.read_out = ReadOut()
        self.stage = QStackedWidget()
        """What stands in the middle: the canvas, or what takes its place for a while."""
        self.stage.addWidget(QWidget())  # keeps the place until the canvas is made
        fill(QVBoxLayout(self), self.title, (self.stage, 1), self.read_out, edge_px=0, gap_px=GRID_PX // 2)
        self.setAccessibleName(tr("Frame"))
        workspace.frame_chosen.connect(self._show_chosen)
        workspace.frame_opened.connect(self._show_frame)
        workspace.frame_failed.connect(self._show_reason)
        workspace.frames_listed.connect(self._show_empty)
        self._show_empty()

    # --- the canvas -------------------------------------------------------------------------------------------------

    # Why: docs/decisions/ui.md 8
    def load(self) -> None:
        """Make the canvas; the window is on screen by now.

        pyqtgraph is loaded here, in the window's thread, and holds it for 0.2 s once: loaded by another thread, it makes all of
        PySide's types ready while the window paints with them, which crashed.
        """
        if self.canvas is None and not self._loading:
            self._loading = True
            QTimer.singleShot(0, self, self._make_canvas)  # bound to self: not once the panel is gone

    def _make_canvas(self) -> None:
        from endodesk.ui.frame.canvas import FrameCanvas

        self.canvas = canvas = FrameCanvas(self)
        self.stage.addWidget(canvas)
        self.stage.setCurrentWidget(canvas)
        canvas.pointed.connect(self.read_out.point)
        canvas.zoomed.connect(lambda: self.read_out.tell_zoom(canvas.scale))
        self.canvas_made.emit(canvas)
        if self._workspace.open_frame is not None:  # it was opened before there was a canvas
            self._show_frame(self._workspace.open_frame)

    @property
    def box(self) -> Any:
        """The pyqtgraph ViewBox, in pixels of what is shown; None until `canvas_made`."""
        return self.canvas and self.canvas.box

    # --- what is shown ----------------------------------------------------------------------------------------------

    def show_step(self, index: int | None) -> None:
        """Enlarge a preprocessing step of the open frame; None comes back to the frame itself."""
        frame = self._workspace.open_frame
        if self.canvas is None or frame is None or (index is None and self._step is None):
            return
        if index is None:
            self._show_frame(frame)
            return
        step, self._step = frame.steps[index], index
        self._show_pixels(step.image)
        if step.mask is not None and step.mask.any():
            self.canvas.lay_mask(mask_to_qimage(step.mask, MASK_COLOUR))
        words = tr("Step {number} of {steps}: {title} ({recipe}). Esc comes back to the frame.")
        self._say(words.format(number=index + 1, steps=len(frame.steps), title=step.title, recipe=frame.recipe.name))
        self.picture_shown.emit(QSize())

    def show_again(self) -> None:
        """Put the open frame, or the step of it that is enlarged, on the canvas again."""
        frame = self._workspace.open_frame
        if self.canvas is not None:
            self.stage.setCurrentWidget(self.canvas)
        if self.canvas is None or frame is None:
            return
        if self._step is None:
            self._show_frame(frame)
        else:
            self.show_step(self._step)

    @property
    def shows_step(self) -> bool:
        """Whether a step is enlarged in the place of the frame."""
        return self._step is not None

    @property
    def shows_heat(self) -> bool:
        """Whether a heat map lies over the frame."""
        return self.canvas is not None and self.canvas.has_heat

    def show_heat(self, class_index: int | None, opacity: float) -> None:
        """Lay the heat map of a class over the open frame, as opaque as 0..1 says; None takes it away."""
        self._heat = self._workspace.open_frame, class_index, opacity
        self._lay_heat()

    def _lay_heat(self) -> None:
        """Lay the heat map that was last asked for, once the frame that it was asked for is the one on the canvas.

        Whoever asks hears of a new frame before this view or after it: either way it is made once, and never laid over another frame.
        """
        if self.canvas is None:
            return
        (frame, class_index, opacity), shown = self._heat, self._shown
        # by its pixels: while knobs are tried the open frame is a copy with other steps, and one that is read again has other pixels
        same = frame is not None and shown is not None and frame.image is shown.image
        if class_index is None or frame is None or not same or frame.answer is None or frame.predictor is None:
            self.canvas.lay_heat(None)
            return
        picture = heat_to_qimage(frame.predictor.heat_map(frame.answer, class_index))
        self.canvas.lay_heat(picture, QRectF(*frame.place), opacity)

    def _show_chosen(self, _row: int) -> None:
        self._step = None
        self._clear(keep_picture=True)  # until the next one is there: no flicker
        self._say(tr("Opening {name} ...").format(name=self._name))

    def _show_frame(self, frame: OpenFrame) -> None:
        self.load()
        if self.canvas is None:
            return  # it is shown as soon as there is something to show it on
        self._step = None
        self._show_pixels(frame.image)
        self._shown = frame
        self.canvas.mark_place(None if frame.answer is None else QRectF(*frame.place))
        words = tr("{name}   {width} x {height}").format(name=self._name, width=frame.record.width, height=frame.record.height)
        self._say("   ".join([words, *header_told(frame.header)]) + self._mark)
        self.picture_shown.emit(QSize(frame.record.width, frame.record.height))
        self._lay_heat()

    def _show_pixels(self, pixels: RGB) -> None:
        if self.canvas is not None:
            self._clear(keep_picture=True)
            self.canvas.show_picture(lent_qimage(pixels))
            self.read_out.take(pixels)

    def _clear(self, *, keep_picture: bool = False) -> None:
        self._shown = None
        if self.canvas is not None:
            self.canvas.lay_heat(None)
            self.canvas.lay_mask(None)
            self.canvas.mark_place(None)
            if not keep_picture:
                self.canvas.clear()
                self.read_out.take(None)

    def _show_reason(self, reason: str) -> None:
        self._clear()
        self._say(reason)
        self.picture_shown.emit(QSize())

    def _show_empty(self) -> None:
        self._step = None
        self._clear()
        source = self._workspace.project.source
        if len(self._workspace.frames) or self._listing():  # until the folder is listed nobody knows whether it is empty
            self._say(tr("Opening ..."))
        elif source is None:
            self._say(tr("Open a folder of endoscopic frames: File > Open folder (Ctrl+O), or drop one onto this window."))
        elif films := self._workspace.frames.films:
            words = tr("There are no frames in {folder} yet, but {n} videos: take frames from them by File > Take frames (Ctrl+T).")
            one = tr("There are no frames in {folder} yet, but a video: take frames from it by File > Take frames (Ctrl+T).")
            self._say((words if len(films) > 1 else one).format(folder=source, n=len(films)))
        else:
            self._say(tr("There are no images in {folder}. Open another folder: Ctrl+O.").format(folder=source))
        self.picture_shown.emit(QSize())

    @property
    def _name(self) -> str:
        entry = self._workspace.entry
        return printable(shown_name(self._workspace, self._workspace.row)) if entry else ""

    @property
    def _mark(self) -> str:
        return "   " + tr("SYNTHETIC, not a patient") if self._workspace.project.synthetic else ""

    def _say(self, text: str) -> None:
        self.title.setText(text)

    def say_more(self, words: str) -> None:
        """Add words after the frame's name, until another frame or step is shown."""
        self._say("   ".join((self.title.text(), words)))

    # --- zoom -------------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole frame, as large as the panel allows."""
        if self.canvas:
            self.canvas.fit()

    def actual_size(self) -> None:
        """Show one pixel of the frame on one of the screen."""
        if self.canvas:
            self.canvas.actual_size()

    def zoom(self, factor: float) -> None:
        """Show the frame larger (over 1) or smaller, around the middle."""
        if self.canvas:
            self.canvas.zoom(factor)

    def pan(self, x: float, y: float) -> None:
        """Move by a share of what is in view: 1, 0 shows what lies to the right of it."""
        if self.canvas:
            self.canvas.pan(x, y)
