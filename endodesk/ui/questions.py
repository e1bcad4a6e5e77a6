"""The small dialogs: questions with one answer, and pages that only tell."""

from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from endodesk import __version__
from endodesk.app.session import Session
from endodesk.domain.classes import ClassSet
from endodesk.ui.actions import ENTRIES
from endodesk.ui.answer_panel import KEYS


def ask_reader(parent: QWidget, session: Session) -> None:
    """Who labels. EndoDeskError if the name cannot be kept."""
    name, given = QInputDialog.getText(parent, "Reader", "Name that stands beside each label:", text=session.reader)
    if given and name.strip():
        session.reader = name


def ask_classes(parent: QWidget, session: Session) -> None:
    """One a line, in the order of the keys. EndoDeskError if a name is not fit, or cannot be kept."""
    names = list(session.classes) if session.project.has_classes else session.frames.class_folders or list(session.classes)
    words = "One class a line, in the order of the keys 1 to 9. Class folders with these names give their frames a label."
    text, given = QInputDialog.getMultiLineText(parent, "Classes", words, "\n".join(names))
    if given:
        session.choose_classes(ClassSet.of(line.strip() for line in text.splitlines() if line.strip()))


def show_keys(parent: QWidget, session: Session) -> None:
    """All keys."""
    lines = [f"{key}   {name}" for key, name in zip(KEYS, session.classes, strict=False)]
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
