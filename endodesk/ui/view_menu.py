"""What the View menu does; part of the main window."""

from endodesk.ui.answer_panel import AnswerPanel
from endodesk.ui.frame_view import FrameView
from endodesk.ui.gallery import Gallery

_ZOOM = 1.25
_PAN = 0.2
"""Of what is in view, a key."""


class ViewMenu:
    """To be mixed into a window that has these panels."""

    view: FrameView
    answer: AnswerPanel
    gallery: Gallery

    def toggle_heat(self) -> None:
        """On or off."""
        self.answer.heat_box.toggle()

    def show_frame(self) -> None:
        """Back from an enlarged step; from the frame itself to all frames."""
        if not self.view.shows_step:
            self.gallery.bar.clear()
        self.view.show_step(None)
        self.answer.tell_heat()

    def fit(self) -> None:
        """The whole frame."""
        self.view.fit()

    def actual_size(self) -> None:
        """Pixel for pixel."""
        self.view.actual_size()

    def zoom_in(self) -> None:
        """Around the middle."""
        self.view.zoom(_ZOOM)

    def zoom_out(self) -> None:
        """Around the middle."""
        self.view.zoom(1 / _ZOOM)

    def pan_left(self) -> None:
        """See what lies there."""
        self.view.pan(-_PAN, 0)

    def pan_right(self) -> None:
        """See what lies there."""
        self.view.pan(_PAN, 0)

    def pan_up(self) -> None:
        """See what lies there."""
        self.view.pan(0, -_PAN)

    def pan_down(self) -> None:
        """See what lies there."""
        self.view.pan(0, _PAN)
