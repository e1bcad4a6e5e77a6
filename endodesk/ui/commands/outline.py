"""What the menus do that concern outlines drawn by hand; part of the main window."""

from endodesk.domain.overrides import Part
from endodesk.ui.frame.outline_editing import OutlineEditing


class OverrideMenu:
    """To be mixed into a window that has an OutlineEditing."""

    outlines: OutlineEditing

    def correct_box(self) -> None:
        """Draw it by hand."""
        self.outlines.begin(Part.BOX)

    def correct_field(self) -> None:
        """Draw it by hand."""
        self.outlines.begin(Part.FIELD)
