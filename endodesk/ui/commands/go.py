"""The Go menu: to another frame, or to another case."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass

from endodesk.app.browsing.navigation import Navigation
from endodesk.app.cases.case_review import CaseReview
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.ui.commands.actions import Actions


@dataclass(frozen=True, slots=True)
class GoCommands:
    """Goes among the frames shown.

    `search` gives the keyboard to the search field; `keep` puts on disk what is typed of a case before it is left.
    """

    workspace: Workspace
    navigation: Navigation
    review: CaseReview
    _: KW_ONLY
    keep: Callable[[], object]
    search: Callable[[], None]

    def actions(self) -> Actions:
        """Each by the name of its entry; where there is no case or unlabelled frame left to go to, the status bar says so."""
        navigation = self.navigation
        return {
            "next_frame": lambda: navigation.go(+1),
            "previous_frame": lambda: navigation.go(-1),
            "next_unlabelled": self._next_unlabelled,
            "search": self.search,
            "next_case": self._next_case,
            "previous_case": self._previous_case,
            "next_open_case": self._next_open_case,
            "first_frame": navigation.go_to_first,
            "last_frame": navigation.go_to_last,
        }

    def _next_unlabelled(self) -> None:
        if not self.navigation.go_to_unread():
            self.workspace.message.emit(tr("Every frame after this one has a reader's label."))

    def _next_case(self) -> None:
        self.keep()
        if not self.review.go(+1):
            self.workspace.message.emit(tr("There is no case after this one among the frames shown."))

    def _previous_case(self) -> None:
        self.keep()
        if not self.review.go(-1):
            self.workspace.message.emit(tr("There is no case before this one among the frames shown."))

    def _next_open_case(self) -> None:
        self.keep()
        if not self.review.go_to_open():
            self.workspace.message.emit(tr("Every case after this one has a conclusion."))
