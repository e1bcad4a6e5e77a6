"""Frames side by side in the place of the open one: begun, ended, and their heat maps kept as the panel on the right has them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from endodesk.app.frames.active_overrides import ActiveOverrides
from endodesk.app.jobs import Jobs
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.ui.frame.panel import FrameView

if TYPE_CHECKING:
    from endodesk.ui.frame.compare_view import CompareView


class Comparison(QObject):
    """At most one at a time; going to another frame ends it.

    `selected` gives the rows to compare, `heat` how much heat maps cover, None while they are off.
    """

    def __init__(
        self,
        workspace: Workspace,
        jobs: Jobs,
        overrides: ActiveOverrides,
        view: FrameView,
        *,
        selected: Callable[[], list[int]],
        heat: Callable[[], float | None],
    ) -> None:
        super().__init__(view)
        self._workspace, self._jobs, self._overrides = workspace, jobs, overrides
        self._view, self._selected, self._heat = view, selected, heat
        self.shown: CompareView | None = None
        """The frames side by side; None while the open frame stands alone."""
        workspace.frame_chosen.connect(lambda _: self.end())

    def turn(self) -> None:
        """Begin a comparison of the frames that are selected, or end the one that is on."""
        if self.shown:
            self.end()
        else:
            self._begin(self._selected())

    def _begin(self, rows: list[int]) -> None:
        from endodesk.ui.frame.compare_view import LEAST, MOST, CompareView  # brings pyqtgraph: only who compares waits for it

        if not LEAST <= len(rows) <= MOST:
            words = tr("Select two to four frames in the gallery first: Ctrl and click. {n} are selected.")
            self._workspace.message.emit(words.format(n=len(rows)))
            return
        self.shown = CompareView(self._workspace, self._jobs, self._overrides, rows, self._heat())
        self._view.stage.addWidget(self.shown)
        self._view.stage.setCurrentWidget(self.shown)
        self._view.title.setText(tr("{n} frames side by side. Esc comes back to the frame.").format(n=len(rows)))

    def end(self) -> None:
        """Come back to the open frame; nothing happens where nothing is compared."""
        if self.shown is None:
            return
        self.shown.leave()  # first: frames may still be on their way to it
        self._view.stage.removeWidget(self.shown)
        self.shown.deleteLater()
        self.shown = None
        self._view.show_again()

    def show_heat(self) -> None:
        """Follow the heat map controls: maps are on, off, have another opacity, or may be seen now."""
        if self.shown:
            self.shown.show_heat(self._heat())
