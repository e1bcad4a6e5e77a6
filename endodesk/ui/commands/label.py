"""What the menus do that concern labels; part of the main window."""

from typing import TYPE_CHECKING

from endodesk.app.session import Session
from endodesk.domain.reviews import AnnotationKind
from endodesk.ui.dialogs import questions

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class LabelMenu:
    """To be mixed into a window that has a session."""

    session: Session

    def undo(self) -> None:
        """Take the last step back."""
        self.session.undo()

    def redo(self) -> None:
        """Do it again."""
        self.session.redo()

    def exclude(self) -> None:
        """Or no longer."""
        self.session.labelling.mark(AnnotationKind.EXCLUDED)

    def poor_quality(self) -> None:
        """Or no longer."""
        self.session.labelling.mark(AnnotationKind.POOR_QUALITY)

    def not_sure(self) -> None:
        """Or no longer."""
        self.session.labelling.mark(AnnotationKind.NOT_SURE)

    def flag(self) -> None:
        """Or no longer."""
        self.session.labelling.mark(AnnotationKind.FLAGGED)

    def write_note(self) -> None:
        """Beside the frame."""
        questions.ask_note(self._window, self.session)

    def turn_blind(self) -> None:
        """On or off."""
        self.session.labelling.turn_blind(on=not self.session.labelling.blind.on)

    def ask_reader(self) -> None:
        """Who labels."""
        questions.ask_reader(self._window, self.session)

    def ask_classes(self) -> None:
        """Which classes there are, with their keys and colours."""
        from endodesk.ui.classes.dialog import ClassesDialog

        ClassesDialog(self.session, self._window).open()

    def show_keys(self) -> None:
        """All keys."""
        questions.show_keys(self._window, self.session)

    @property
    def _window(self) -> "QWidget":
        from PySide6.QtWidgets import QWidget

        assert isinstance(self, QWidget)  # noqa: S101
        return self
