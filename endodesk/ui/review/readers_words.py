"""What each reader says of the chosen frame, side by side, where they are several; and what the keys of classes give now."""

import hashlib
from collections.abc import Mapping

from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.review.labelling import Labelling
from endodesk.app.workspace import Workspace
from endodesk.data.acts.standing_words import StoredCorrection
from endodesk.domain.images import Sha256, printable
from endodesk.domain.reviews import AnnotationKind
from endodesk.ui.widgets.layouts import SPACE, empty_layout, fill
from endodesk.ui.widgets.plain_text import button_text
from endodesk.ui.widgets.theme import GRID_PX, text_label

_ABREAST = 2


class ReadersWords(QWidget):
    """Hidden where one reader is alone with a frame, or sees their own labels alone."""

    def __init__(self, workspace: Workspace, labelling: Labelling, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._labelling = workspace, labelling
        self.mode = text_label(tr("You decide: the key of a class is the verdict."), "warning", wrap=True)
        self.hide_names = QCheckBox(button_text(tr("Hide names")))
        self.hide_names.setToolTip(tr("Decide without knowing who said what"))
        self.hide_names.setChecked(labelling.names_hidden)
        self.hide_names.toggled.connect(labelling.hide_names)
        self._words = QGridLayout()
        self._words.setHorizontalSpacing(2 * GRID_PX)
        self._shown: object = None
        fill(QVBoxLayout(self), self.mode, self.hide_names, self._words, edge_px=0, gap_px=GRID_PX // 2)
        self.hide()

    def show_frame(self) -> None:
        """Follow the chosen frame."""
        workspace, decides = self._workspace, self._labelling.adjudicating
        entry = workspace.entry
        words = workspace.reviews.words_of(entry.sha256 if entry else None)
        several = not workspace.shows_own and (len(words.labels) > 1 or bool(words.in_force))
        self.setVisible(decides or several)
        self.mode.setVisible(decides)
        self.hide_names.setVisible(decides)
        shown = (words, self._labelling.hides_names, workspace.label_set) if several else None
        if shown == self._shown:  # labels change with each key
            return
        self._shown = shown
        empty_layout(self._words)
        if entry and entry.sha256 and several:
            self._lay_out(entry.sha256, [*words.labels, *words.in_force])

    def _lay_out(self, image: Sha256, said: list[StoredCorrection]) -> None:
        notes = self._notes(image)
        # by chance, and the same each time: the order must not tell who is who
        said.sort(key=lambda stored: hashlib.sha256(f"{image} {stored.correction.reader}".encode()).digest())
        for place, stored in enumerate(said):
            word = text_label(self._called(stored), "large", wrap=True)
            about = text_label(self._about(stored, place, notes), "quiet", wrap=True)
            cell = QWidget()
            fill(QVBoxLayout(cell), word, about, SPACE, edge_px=0, gap_px=0)
            self._words.addWidget(cell, place // _ABREAST, place % _ABREAST)

    def _called(self, stored: StoredCorrection) -> str:
        name = printable(self._workspace.label_set.class_of(stored.correction.value))
        return tr("verdict {label}").format(label=name) if stored.correction.kind is AnnotationKind.VERDICT else name

    def _about(self, stored: StoredCorrection, place: int, notes: Mapping[str, str]) -> str:
        said = stored.correction
        hidden = self._labelling.hides_names
        name = tr("Reader {letter}").format(letter=chr(ord("A") + place % 26)) if hidden else printable(said.reader)
        lines = [name if hidden else f"{name}, {said.at.astimezone():%Y-%m-%d %H:%M}"]
        if said.answer and said.saw_answer and not self._workspace.hides_answer(self._workspace.row):
            lines.append(tr("having seen the model's answer"))
        if note := notes.get(said.reader, ""):
            lines.append(f'"{printable(note)}"')
        return "\n".join(lines)

    def _notes(self, image: Sha256) -> dict[str, str]:
        """The note of each reader that stands: the reason beside the word."""
        events = (stored for stored in self._workspace.reviews.history(image) if stored.correction.kind is AnnotationKind.NOTE)
        return {stored.correction.reader: stored.correction.value for stored in events if not stored.revoked_at}
