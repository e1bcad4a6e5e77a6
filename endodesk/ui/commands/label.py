"""The Label menu: marks, a note, and outlines drawn by hand. Labels themselves are given by the keys of the classes."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from endodesk.app.review.labelling import Labelling
from endodesk.app.workspace import Workspace
from endodesk.domain.overrides import Part
from endodesk.domain.reviews import AnnotationKind
from endodesk.ui.commands.actions import Actions
from endodesk.ui.dialogs.questions import ask_note
from endodesk.ui.frame.outline_editing import OutlineEditing


@dataclass(frozen=True, slots=True)
class LabelCommands:
    """Acts on the open frame, or on all that are selected in the gallery; outlines are drawn on the open frame alone."""

    window: QWidget
    workspace: Workspace
    labelling: Labelling
    outlines: OutlineEditing
    _: KW_ONLY
    mark: Callable[[AnnotationKind], None]
    """Sets a mark or takes it off, and goes on to the next frame where that ends this one."""

    def actions(self) -> Actions:
        """Each by the name of its entry. A mark that is there already is taken off."""
        mark, begin = self.mark, self.outlines.begin
        return {
            "exclude": partial(mark, AnnotationKind.EXCLUDED),
            "poor_quality": partial(mark, AnnotationKind.POOR_QUALITY),
            "not_sure": partial(mark, AnnotationKind.NOT_SURE),
            "flag": partial(mark, AnnotationKind.FLAGGED),
            "write_note": partial(ask_note, self.window, self.workspace, self.labelling),
            "correct_box": partial(begin, Part.BOX),
            "correct_field": partial(begin, Part.FIELD),
        }
