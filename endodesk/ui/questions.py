"""The small dialogs: questions with one answer, and pages that only tell."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QInputDialog, QMessageBox, QWidget

from endodesk import __version__
from endodesk.app.session import Session
from endodesk.ui.actions import ENTRIES
from endodesk.ui.theme import GRID_PX, text_label


def ask_reader(parent: QWidget, session: Session) -> None:
    """Who labels. EndoDeskError if the name cannot be kept."""
    name, given = QInputDialog.getText(parent, "Reader", "Name that stands beside each label:", text=session.reader)
    if given and name.strip():
        session.reader = name


def ask_note(parent: QWidget, session: Session) -> None:
    """A text beside the frame, or the frames selected."""
    entry, selected = session.entry, len(session.labelling.selection())
    if entry is None:
        return
    known = session.reviews.marks_of(entry.sha256).note
    where = f"Beside the {selected:,} frames selected" if selected > 1 else "Beside this frame"
    text, given = QInputDialog.getText(parent, "Note", f"{where}, for whoever reads it next (empty takes it away):", text=known)
    if given:
        session.labelling.write_note(text)


def show_keys(parent: QWidget, session: Session) -> None:
    """All keys, those of classes first, then as the menus have them: two columns that any screen has room for."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Keys")
    lines = [(one.key, one.name) for one in session.label_set.classes if one.key]
    lines += [(e.keys, e.words.replace("&", "").removesuffix(" ...")) for e in ENTRIES if e.keys]
    grid, half = QGridLayout(dialog), (len(lines) + 1) // 2
    grid.setHorizontalSpacing(2 * GRID_PX)
    for place, (key, words) in enumerate(lines):
        column, row = divmod(place, half)
        grid.addWidget(text_label(key, "heading"), row, 2 * column, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(text_label(words), row, 2 * column + 1)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    grid.addWidget(buttons, half, 0, 1, 4)
    dialog.open()


def show_about(parent: QWidget) -> None:
    """What this is, and what it is not."""
    QMessageBox.about(
        parent,
        "About EndoDesk",
        f"EndoDesk {__version__}\n\nReview, correct and retrain a classifier of endoscopic frames, offline.\n\n"
        "Research use only. Not a medical device; not for diagnosis.",
    )
