"""The small dialogs: questions with one answer, and pages that only tell."""

from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from endodesk import __version__
from endodesk.app.session import Session
from endodesk.ui.actions import ENTRIES


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
    """All keys."""
    lines = [f"{one.key}   {one.name}" for one in session.label_set.classes if one.key]
    lines += [f"{e.keys}   {e.words.replace('&', '').removesuffix(' ...')}" for e in ENTRIES if e.keys]
    QMessageBox.information(parent, "Keys", "\n".join(lines))


def show_about(parent: QWidget) -> None:
    """What this is, and what it is not."""
    QMessageBox.about(
        parent,
        "About EndoDesk",
        f"EndoDesk {__version__}\n\nReview, correct and retrain a classifier of endoscopic frames, offline.\n\n"
        "Research use only. Not a medical device; not for diagnosis.",
    )
