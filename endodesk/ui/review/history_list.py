"""What was said of the frame so far: an event a line, each with a button that takes it back."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from endodesk.app.frames.mark_words import mark_word, unmark_word
from endodesk.app.jobs import Jobs
from endodesk.app.language import tr
from endodesk.app.review.labelling import Labelling
from endodesk.app.review.overriding import Overriding
from endodesk.app.viewing.outline_shapes import part_name
from endodesk.app.workspace import Workspace, may_see
from endodesk.data.acts.standing_words import StoredCorrection
from endodesk.data.override_store import Override
from endodesk.domain.images import Sha256, printable
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import CLASSED, AnnotationKind, Correction
from endodesk.ui.review.as_of_panel import AsOfPanel
from endodesk.ui.widgets.layouts import empty_layout, fill
from endodesk.ui.widgets.theme import GRID_PX, text_label

_SHOWN = 12


class HistoryList(QWidget):
    """Newest first. Events of every reader: taking one back is on record with who did it."""

    def __init__(
        self, workspace: Workspace, labelling: Labelling, overriding: Overriding, jobs: Jobs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._labelling, self._overriding = workspace, labelling, overriding
        self._lines, self.as_of = QVBoxLayout(), AsOfPanel(workspace, jobs)
        self._lines.setSpacing(GRID_PX // 2)
        self._head = QWidget()
        # one line for both: what grows with the first label must not move the buttons above
        fill(QHBoxLayout(self._head), (text_label(tr("History"), "heading"), 1), self.as_of.fold, edge_px=0)
        self._head.hide()
        self.as_of.hide()
        self.as_of.fold.toggled.connect(self.as_of.setVisible)
        fill(QVBoxLayout(self), self._head, self._lines, self.as_of, edge_px=(0, GRID_PX, 0, 0), gap_px=GRID_PX // 2)
        self._shown: tuple[tuple[StoredCorrection, ...], tuple[Override, ...], LabelSet | None, str] = (), (), None, ""
        workspace.label_changed.connect(self.show_frame)

    def show_frame(self) -> None:
        """Show what was said and drawn of the chosen frame so far."""
        entry = self._workspace.entry
        events = self._events(entry.sha256) if entry and entry.sha256 else ()
        drawn = tuple(self._overriding.history(entry.sha256)) if entry and entry.sha256 else ()
        self._head.setVisible(bool(events or drawn))
        alone = self._reads_alone
        self.as_of.fold.setHidden(alone)  # it tells what others said
        self.as_of.setVisible(bool(events or drawn) and self.as_of.fold.isChecked() and not alone)
        self.as_of.show_frame()
        shown = events, drawn, self._workspace.label_set, self._workspace.reader
        if shown == self._shown:  # labels change with each key: the buttons of this frame must not go from under the mouse
            return
        self._shown = shown
        empty_layout(self._lines)
        # from the first blind label on, it matters for each label whether the answer was in sight
        blind = next((stored.id for stored in events if stored.correction.blind), None)
        for stored in reversed(events[-_SHOWN:]):
            self._lines.addWidget(
                self._line(stored, told(stored, self._workspace.label_set, blind_before=blind is not None and stored.id > blind))
            )
        if len(events) > _SHOWN:
            self._lines.addWidget(text_label(tr("and {n} earlier").format(n=len(events) - _SHOWN), "quiet"))
        if drawn:
            self._lines.addWidget(text_label(tr("Drawn by hand"), "heading"))
        for override in reversed(drawn[-_SHOWN:]):
            self._lines.addWidget(text_label(told_of(override), "quiet", wrap=True))

    def _events(self, image: Sha256) -> tuple[StoredCorrection, ...]:
        """All that the reader may see; their own where no names are to be seen."""
        events = [stored for stored in self._workspace.reviews.history(image) if may_see(self._workspace, stored.correction)]
        reader = self._workspace.reader if self._labelling.hides_names else ""
        return tuple(stored for stored in events if not reader or stored.correction.reader == reader)

    @property
    def _reads_alone(self) -> bool:
        return self._workspace.shows_own or self._labelling.hides_names

    def _line(self, stored: StoredCorrection, text: str) -> QWidget:
        line = QWidget()
        row = fill(QHBoxLayout(line), (text_label(text, "quiet", wrap=True), 1), edge_px=0)
        if stored.correction.kind in CLASSED and stored.correction.reader != self._workspace.reader:
            return line  # the word of another: theirs alone to take back
        labelling = self._labelling
        back: tuple[str, Callable[[StoredCorrection], None]] = (tr("Take back"), labelling.take_back)
        words, does = (tr("Give again"), labelling.give_again) if stored.revoked_at else back
        button = QToolButton()
        button.setText(words)
        button.setAccessibleName(f"{words}: {text}")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click the keyboard stays with the cards
        button.clicked.connect(lambda: does(stored))
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return line


def told_of(override: Override) -> str:
    """Who drew which part of the frame, and when, in the language of the window and by its clock."""
    if override.outline is None:
        words = tr("{part} back to automatic by {reader}, {time}")
    else:
        words = tr("{part} drawn by {reader}, {time}") if override.outline else tr("{part}: there is none, by {reader}, {time}")
    return words.format(part=part_name(override.part), reader=override.reader, time=f"{override.at.astimezone():%Y-%m-%d %H:%M:%S}")


def told(stored: StoredCorrection, classes: LabelSet, *, blind_before: bool = False) -> str:
    """Who said what and when, and which class that is today; where a label was given blind first, also whether the answer was in sight."""
    correction = stored.correction
    form = tr("{what} by {reader}, {when}")
    if correction.kind is AnnotationKind.LABEL and correction.answer and (correction.blind or blind_before):
        after, before = (
            tr("{what} by {reader}, {when}, after the answer was shown"),
            tr("{what} by {reader}, {when}, before the answer was shown"),
        )
        form = after if correction.saw_answer else before
    text = form.format(what=_what(correction, classes), reader=correction.reader, when=f"{correction.at.astimezone():%Y-%m-%d %H:%M:%S}")
    if not stored.revoked_at:
        return text
    if stored.revoked_by != correction.reader:  # who took back what they said themselves need not be named twice
        return tr("{event} (taken back by {reader})").format(event=text, reader=stored.revoked_by)
    return tr("{event} (taken back)").format(event=text)


def _what(correction: Correction, classes: LabelSet) -> str:
    if correction.kind in CLASSED:
        word, today = correction.value, classes.class_of(correction.value)
        words = tr("{word} (now {label})") if word != today else "{word}"
        named = words.format(word=printable(word), label=printable(today))
        return named if correction.kind is AnnotationKind.LABEL else tr("verdict {label}").format(label=named)
    if correction.kind is AnnotationKind.NOTE:
        return tr('note "{text}"').format(text=correction.value) if correction.value else tr("note taken away")
    return mark_word(correction.kind) if correction.value else unmark_word(correction.kind)
