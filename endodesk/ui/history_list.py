"""What was said of the frame so far: an event a line, each with a button that takes it back."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from endodesk.app.session import Session
from endodesk.data.correction_store import StoredCorrection
from endodesk.domain.reviews import Correction, Said
from endodesk.ui.theme import GRID_PX, text_label

_SHOWN = 12


class HistoryList(QWidget):
    """Newest first. Events of every reader: taking one back is on record with who did it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, GRID_PX, 0, 0)
        self._lines.setSpacing(GRID_PX // 2)
        self._shown: tuple[StoredCorrection, ...] = ()
        session.label_changed.connect(self.show_frame)

    def show_frame(self) -> None:
        """What is said of the chosen frame."""
        entry = self._session.entry
        events = tuple(self._session.reviews.history(entry.sha256)) if entry and entry.sha256 else ()
        if events == self._shown:
            return
        self._shown = events
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if events:
            self._lines.addWidget(text_label("History", "heading"))
        for stored in reversed(events[-_SHOWN:]):
            self._lines.addWidget(self._line(stored))
        if len(events) > _SHOWN:
            self._lines.addWidget(text_label(f"and {len(events) - _SHOWN} earlier", "quiet"))

    def _line(self, stored: StoredCorrection) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(text_label(told(stored), "quiet", wrap=True), 1)
        labelling = self._session.labelling
        back: tuple[str, Callable[[StoredCorrection], None]] = ("Take back", labelling.take_back)
        words, does = ("Give again", labelling.give_again) if stored.revoked_at else back
        button = QToolButton()
        button.setText(words)
        button.setAccessibleName(f"{words}: {told(stored)}")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: does(stored))
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return line


def told(stored: StoredCorrection) -> str:
    """Who said what, when, and whether the model's answer was in sight."""
    correction = stored.correction
    when = correction.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    text = f"{_what(correction)} by {correction.reader}, {when}"
    if correction.said is Said.LABEL and correction.answer:
        text += ", after the answer was shown" if correction.saw_answer else ", before the answer was shown"
    return text + (
        f" (taken back by {stored.revoked_by})"
        if stored.revoked_at and stored.revoked_by != correction.reader
        else " (taken back)"
        if stored.revoked_at
        else ""
    )


def _what(correction: Correction) -> str:
    if correction.said is Said.LABEL:
        return correction.label
    if correction.said is Said.NOTE:
        return f'note "{correction.label}"' if correction.label else "note taken away"
    return str(correction.said) if correction.label else f"no longer {correction.said}"
