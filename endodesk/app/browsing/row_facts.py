"""RowFacts: what is known of a row's frame, as far as it may be shown to the reader."""

from collections.abc import Collection

from endodesk.app.answers.background_answers import BackgroundAnswers
from endodesk.app.workspace import Workspace
from endodesk.domain.reviews import MARKS, NO_MARKS


class RowFacts:
    """Asked for one row at a time, on the main thread."""

    def __init__(self, workspace: Workspace, answers: BackgroundAnswers) -> None:
        self._workspace, self._answers = workspace, answers

    def answer_of(self, row: int) -> tuple[str, float] | None:
        """What the model is known to say of a row's frame, and how probable it says that is; None while it is kept from the reader."""
        return None if self._workspace.hides_answer(row) else self._answers.said_of(row)

    def marks_of(self, row: int) -> tuple[Collection[str], str]:
        """What readers say of a row's frame beside its class (of MARKS), and their note."""
        marks = self._workspace.marks_of(self._workspace.frames.sha256s[row])
        return ((), "") if marks is NO_MARKS else ([mark for mark in MARKS if marks.has(mark)], marks.note)
