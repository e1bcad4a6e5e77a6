"""The Go menu: to another frame, or to another case."""

from collections.abc import Callable

from endodesk.app.cases.case_review import CaseReview
from endodesk.app.language import tr
from endodesk.app.session import Session
from endodesk.ui.commands.actions import Actions


class GoCommands:
    """Among the frames shown. `search` lets the reader type what names have in common; `keep` puts on disk what is typed of a case."""

    def __init__(self, session: Session, review: CaseReview, *, keep: Callable[[], object], search: Callable[[], None]) -> None:
        self._session, self._review, self._keep, self._search = session, review, keep, search

    def actions(self) -> Actions:
        """By name."""
        session = self._session
        return {
            "next_frame": lambda: session.go(+1),
            "previous_frame": lambda: session.go(-1),
            "next_unlabelled": self._next_unlabelled,
            "search": self._search,
            "next_case": self._next_case,
            "previous_case": self._previous_case,
            "next_open_case": self._next_open_case,
            "first_frame": lambda: session.go(-len(session.frames)),
            "last_frame": lambda: session.go(len(session.frames)),
        }

    def _next_unlabelled(self) -> None:
        if not self._session.go_to_unread():
            self._session.message.emit(tr("Every frame after this one has a reader's label."))

    def _next_case(self) -> None:
        self._keep()
        if not self._review.go(+1):
            self._session.message.emit(tr("There is no case after this one among the frames shown."))

    def _previous_case(self) -> None:
        self._keep()
        if not self._review.go(-1):
            self._session.message.emit(tr("There is no case before this one among the frames shown."))

    def _next_open_case(self) -> None:
        self._keep()
        if not self._review.go_to_open():
            self._session.message.emit(tr("Every case after this one has a conclusion."))
