"""What may be laid over the open frame: outlines of what the steps found, and the wipe to what preprocessing made of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QSize

from endodesk.app.language import tr
from endodesk.app.viewing.found_outlines import last_full_size, outlines_of
from endodesk.app.viewing.pictures import to_qimage
from endodesk.app.workspace import Workspace
from endodesk.ui.frame.outline_items import Legend, OutlineItem
from endodesk.ui.frame.panel import FrameView

if TYPE_CHECKING:
    from endodesk.ui.frame.wipe import Wipe

_STEP = 0.05
"""The share of the frame's width by which one press of a key moves the wipe."""


class FrameOverlays(QObject):
    """Outlines and wipe over the open frame; both stay on from frame to frame, until they are turned off."""

    def __init__(self, workspace: Workspace, view: FrameView) -> None:
        super().__init__(view)
        self._workspace, self._view = workspace, view
        self.outlines_on = self.wipe_on = False
        self.legend = Legend()
        self._items: list[OutlineItem] = []
        self._wipe: Wipe | None = None
        view.layout().insertWidget(1, self.legend)  # type: ignore[union-attr]
        view.picture_shown.connect(self._shown)

    def turn_outlines(self) -> None:
        """Draw outlines over this frame and those to come, or no longer."""
        self.outlines_on = not self.outlines_on
        self._draw()

    def turn_wipe(self) -> None:
        """Lay the wipe over this frame and those to come, or no longer."""
        self.wipe_on = not self.wipe_on
        self._view.show_again()  # it writes the title anew, which tells of the wipe or no longer does

    def move_wipe(self, steps: int) -> None:
        """Move the line by so many steps to the right, or to the left (below 0); nothing happens without a wipe."""
        if self._wipe and self._wipe.on:
            self._wipe.move_to(self._wipe.share + _STEP * steps)

    @property
    def wipe_share(self) -> float | None:
        """Where the line stands, 0 at the left; None while there is none."""
        return self._wipe.share if self._wipe and self._wipe.on else None

    def _shown(self, size: QSize) -> None:
        self._draw(there=not size.isEmpty())

    def _draw(self, *, there: bool = True) -> None:
        canvas, frame = self._view.canvas, self._workspace.open_frame
        if canvas is None:
            return
        for item in self._items:
            canvas.box.removeItem(item)
        self._items = []
        there = there and frame is not None and not self._view.shows_step
        found = outlines_of(frame.steps, frame.record.width, frame.record.height) if there and frame and self.outlines_on else None
        self.legend.tell(found)
        for outline in found or ():
            self._items.append(OutlineItem(outline))
            canvas.box.addItem(self._items[-1], ignoreBounds=True)
        self._lay_wipe(there=there)

    def _lay_wipe(self, *, there: bool) -> None:
        canvas, frame = self._view.canvas, self._workspace.open_frame
        if canvas is None or (not self.wipe_on and self._wipe is None):  # who never wants a wipe does not load it
            return
        if self._wipe is None:
            from endodesk.ui.frame.wipe import Wipe

            self._wipe = Wipe(canvas)
        if not (there and frame and self.wipe_on):
            self._wipe.hide()
            return
        image, place = last_full_size(frame.steps, frame.record.width, frame.record.height)  # docs/decisions/ui.md 9
        self._wipe.show(to_qimage(image), QRectF(*place), canvas.picture_rect)
        words = tr("left the frame, right what {recipe} makes of it")
        self._view.say_more(words.format(recipe=frame.recipe.name))
