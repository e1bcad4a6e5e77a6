"""The lower half of the panel on the right: the reader's label and marks, a button for each, and what was said before."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from endodesk.app.frames.current_reviews import Label
from endodesk.app.frames.mark_words import mark_word
from endodesk.app.language import marked, tr
from endodesk.app.review.labelling import Labelling
from endodesk.app.workspace import Workspace
from endodesk.domain.consensus import Basis
from endodesk.domain.images import printable
from endodesk.domain.reviews import MARKS, AnnotationKind
from endodesk.ui.dialogs.questions import ask_note
from endodesk.ui.review.readers_words import ReadersWords
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import empty_layout, fill
from endodesk.ui.widgets.plain_text import button_text
from endodesk.ui.widgets.theme import GRID_PX, class_colour, text_label

# As in the table of menu entries, which menus and the sheet of keys are made from.
_MARKS = {
    AnnotationKind.EXCLUDED: ("X", marked("Exclude"), marked("Never train or test on this frame")),
    AnnotationKind.POOR_QUALITY: ("Q", marked("Poor quality"), marked("Cannot be judged: never train or test on this frame")),
    AnnotationKind.NOT_SURE: ("U", marked("Not sure"), marked("Left out of training unless a reader gives it a label as well")),
    AnnotationKind.FLAGGED: ("B", marked("Flag"), marked("To find it again")),
}
"""Key, words and tip of each mark."""


class LabelPanel(QWidget):
    """Label, keys of classes, marks, note and history of the chosen frame."""

    def __init__(
        self,
        workspace: Workspace,
        labelling: Labelling,
        history: QWidget,
        *,
        label: Callable[[str], None],
        mark: Callable[[AnnotationKind], None],
        parent: QWidget | None = None,
    ) -> None:
        """`label` and `mark` are what the keys do too: they go on to the next frame."""
        super().__init__(parent)
        self._workspace, self._labelling, self._label_frame, self._mark_frame = workspace, labelling, label, mark
        self._label = text_label("", "large", wrap=True)
        self._source = text_label("", "quiet", wrap=True)
        # docs/decisions/ui.md 3: the buttons below stay where they are
        self._source.setMinimumHeight(3 * self._source.fontMetrics().lineSpacing())
        self._source.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words = ReadersWords(workspace, labelling)
        self._heading = text_label(tr("Label"), "heading")
        self._marked = text_label("", "warning", wrap=True)
        self._note = text_label("", "", wrap=True)
        self._selected = text_label("", "warning", wrap=True)
        self._selected.hide()
        self._classes = QVBoxLayout()
        self._class_buttons: dict[str, QPushButton] = {}
        self.marks = {mark: self._mark_button(mark) for mark in MARKS}
        marks = QGridLayout()
        for place, button in enumerate(self.marks.values()):
            marks.addWidget(button, place // 2, place % 2)
        marks.addWidget(self._note_button(), len(MARKS) // 2, 0)
        layout = fill(QVBoxLayout(self), self._heading, self._label, self._source, self._classes, edge_px=0)
        layout.addSpacing(GRID_PX // 2)
        # what comes and goes stands below the buttons: they stay where the hand expects them
        fill(layout, marks, self.words, self._selected, self._marked, self._note, history)
        workspace.label_changed.connect(self._show_label)
        workspace.frames_listed.connect(self._list_classes)
        workspace.classes_changed.connect(self._list_classes)
        self._list_classes()

    def _source_told(self, label: Label | None) -> str:
        if self._labelling.hides_names and label and label.by_readers:
            return tr("decided") if label.basis is Basis.ADJUDICATED else tr("Nobody has decided yet.")
        return _source(label, hidden=self._workspace.hides_answer(self._workspace.row))

    def tell_selected(self, frames: int) -> None:
        """How many cards of the gallery are selected: from two on, keys are for all of them."""
        self._selected.setText(tr("{n:,} frames are selected: a key is for all of them.").format(n=frames))
        self._selected.setVisible(frames > 1)

    def _mark_button(self, mark: AnnotationKind) -> QPushButton:
        key, words, tip = _MARKS[mark]
        button = _key_button(button_text(f"{key}    {tr(words)}"), lambda: self._mark(mark), tr(tip))
        button.setCheckable(True)
        return button

    def _note_button(self) -> QPushButton:
        tip = tr("A text beside this frame, for whoever reads it next")
        return _key_button(tr("T    Note ..."), lambda: ask_note(self, self._workspace, self._labelling), tip)

    def _mark(self, mark: AnnotationKind) -> None:
        self._mark_frame(mark)
        self._show_label()  # also where nothing was saved: the button shows what is so

    def _give(self, name: str) -> None:
        self._label_frame(name)
        self._show_label()

    def _list_classes(self) -> None:
        empty_layout(self._classes)
        label_set = self._workspace.label_set
        self._class_buttons.clear()
        for one in label_set.classes:
            words = button_text(f"{one.key or ' '}    {label_set.letters_of(one.name)}    {printable(one.name)}")
            tip = tr("Label this frame {label} and go on to the next").format(label=one.name)
            button = _key_button(words, partial(self._give, one.name), tip)
            button.setStyleSheet(f"text-align: left; border-left: 5px solid {class_colour(label_set, one.name).name()};")
            button.setAccessibleName(tr("Label {label}").format(label=one.name))
            button.setCheckable(True)
            self._class_buttons[one.name] = button
            self._classes.addWidget(button)
        self._show_label()

    def _show_label(self) -> None:
        workspace = self._workspace
        entry = workspace.entry
        label = workspace.label_of(workspace.row) if entry else None
        none = tr("readers disagree") if label else tr("not labelled")
        self._heading.setText(tr("Verdict") if self._labelling.adjudicating else tr("Label"))
        self._label.setText((printable(label.name) if label and label.name else none) if entry else "")
        self._source.setText(self._source_told(label) if entry else "")
        self.words.show_frame()
        given = label.name if label and label.correction else ""  # what a folder says presses no button: no reader has said it
        for name, button in self._class_buttons.items():
            button.setChecked(name == given)
        marks = workspace.marks_of(entry.sha256 if entry else None)
        for mark, button in self.marks.items():
            button.setChecked(marks.has(mark))
        told = ", ".join(mark_word(mark) for mark in MARKS if marks.has(mark))
        self._marked.setText(tr("Marked: {marks}").format(marks=told))
        self._marked.setVisible(bool(told))
        self._note.setText(tr("Note: {text}").format(text=marks.note) if marks.note else "")
        self._note.setVisible(bool(marks.note))


def _key_button(words: str, does: Callable[[], None], tip: str) -> QPushButton:
    """A button that does what a key does; after a click the keyboard stays with the cards."""
    button = push_button(words, lambda: does(), tip=tip)  # without the Boolean that Qt sends along
    button.setStyleSheet("text-align: left;")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    # a history that grows below makes the page scroll: Qt would rather press the buttons together, and move them
    button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    return button


def _source(label: Label | None, *, hidden: bool) -> str:
    if label is None:
        return tr("Press the key of a class.")
    if label.correction is None:
        return tr("Nobody has decided yet.") if label.by_readers else tr("by its folder; no reader has confirmed it")
    if label.basis is Basis.MAJORITY:
        return tr("by most of its readers: {readers}").format(readers=", ".join(map(printable, label.readers)))
    correction = label.correction.correction
    when = correction.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if (
        not correction.answer or hidden or label.basis is Basis.ADJUDICATED
    ):  # another reader's label does not tell the answer to one who reads blind
        form = tr("decided by {reader}, {when}") if label.basis is Basis.ADJUDICATED else tr("by {reader}, {when}")
        return form.format(reader=correction.reader, when=when)
    seen, unseen = tr("by {reader}, {when}; the model said {answer}"), tr("by {reader}, {when}; the model said {answer}, shown afterwards")
    form = seen if correction.saw_answer else unseen
    return form.format(reader=correction.reader, when=when, answer=correction.answer)
