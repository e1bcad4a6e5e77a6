"""The Go menu: to another frame, or to another case."""

from collections.abc import Callable

from endodesk.app.browsing.navigation import Navigation
from endodesk.app.cases.case_review import CaseReview
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.ui.commands.actions import Actions


class GoCommands:
    """Goes among the frames shown.

    `search` gives the keyboard to the search field; `keep` puts on disk what is typed of a case before it is left.
    """

    def __init__(
        self,
        workspace: Workspace,
        navigation: Navigation,
        review: CaseReview,
        *,
        keep: Callable[[], object],
        search: Callable[[], None],
    ) -> None:
        self._workspace, self._navigation, self._review, self._keep, self._search = workspace, navigation, review, keep, search

    def actions(self) -> Actions:
        """Each by the name of its entry; where there is no case or unlabelled frame left to go to, the status bar says so."""
        navigation = self._navigation
        return {
            "next_frame": lambda: navigation.go(+1),
            "previous_frame": lambda: navigation.go(-1),
            "next_unlabelled": self._next_unlabelled,
            "search": self._search,
            "next_case": self._next_case,
            "previous_case": self._previous_case,
            "next_open_case": self._next_open_case,
            "first_frame": navigation.go_to_first,
            "last_frame": navigation.go_to_last,
        }

    def _next_unlabelled(self) -> None:
        if not self._navigation.go_to_unread():
            self._workspace.message.emit(tr("Every frame after this one has a reader's label."))

    def _next_case(self) -> None:
        self._keep()
        if not self._review.go(+1):
            self._workspace.message.emit(tr("There is no case after this one among the frames shown."))

    def _previous_case(self) -> None:
        self._keep()
        if not self._review.go(-1):
            self._workspace.message.emit(tr("There is no case before this one among the frames shown."))

    def _next_open_case(self) -> None:
        self._keep()
        if not self._review.go_to_open():
            self._workspace.message.emit(tr("Every case after this one has a conclusion."))
