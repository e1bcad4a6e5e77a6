"""The View menu: what is shown of the frame, over it and around it."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from endodesk.app.review.labelling import Labelling
from endodesk.app.workspace import Workspace
from endodesk.ui.commands.actions import Actions
from endodesk.ui.commands.full_screen import FullScreen
from endodesk.ui.frame.comparison import Comparison
from endodesk.ui.frame.overlays import FrameOverlays
from endodesk.ui.frame.panel import FrameView
from endodesk.ui.review.answer_panel import AnswerPanel
from endodesk.ui.review.side_panel import SidePanel

if TYPE_CHECKING:
    from endodesk.ui.frame.compare_view import CompareView  # brings pyqtgraph

_ZOOM = 1.25
_PAN = 0.2
"""The share of what is in view by which one press of a key moves it."""


@dataclass(frozen=True, slots=True)
class ViewCommands:
    """Turns on and off what is seen of the frame, over it and around it; `show_all` takes every filter off the gallery."""

    workspace: Workspace
    labelling: Labelling
    view: FrameView
    _: KW_ONLY
    answer: AnswerPanel
    side: SidePanel
    overlays: FrameOverlays
    comparison: Comparison
    full_screen: FullScreen
    show_all: Callable[[], None]

    def actions(self) -> Actions:
        """Each by the name of its entry; zoom and pan are for the frame, or for the comparison in its place."""
        return {
            "toggle_heat": self.answer.heat_box.toggle,
            "turn_side": self.side.turn,
            "turn_blind": self._turn_blind,
            "turn_own_labels": lambda: self.workspace.show_own(on=not self.workspace.shows_own),
            "show_frame": self._show_frame,
            "fit": lambda: self._zoomed.fit(),  # a lambda each: what stands in the middle changes while the menus stay
            "actual_size": lambda: self._zoomed.actual_size(),
            "zoom_in": lambda: self._zoomed.zoom(_ZOOM),
            "zoom_out": lambda: self._zoomed.zoom(1 / _ZOOM),
            "pan_left": lambda: self._zoomed.pan(-_PAN, 0),
            "pan_right": lambda: self._zoomed.pan(_PAN, 0),
            "pan_up": lambda: self._zoomed.pan(0, -_PAN),
            "pan_down": lambda: self._zoomed.pan(0, _PAN),
            "turn_outlines": self.overlays.turn_outlines,
            "turn_wipe": self.overlays.turn_wipe,
            "wipe_left": lambda: self.overlays.move_wipe(-1),
            "wipe_right": lambda: self.overlays.move_wipe(+1),
            "compare": self.comparison.turn,
            "turn_full_screen": self.full_screen.turn,
        }

    def _turn_blind(self) -> None:
        self.labelling.turn_blind(on=not self.workspace.blind.on)

    def _show_frame(self) -> None:
        """Back from full screen, from a comparison, from an enlarged step; from the frame itself to all frames."""
        if self.full_screen.on:
            self.full_screen.leave()
        elif self.comparison.shown:
            self.comparison.end()
        elif self.view.shows_step:
            self.view.show_step(None)
        else:
            self.show_all()

    @property
    def _zoomed(self) -> "CompareView | FrameView":
        """What stands in the middle when a key is pressed: the frames compared, else the open frame."""
        return self.comparison.shown or self.view
