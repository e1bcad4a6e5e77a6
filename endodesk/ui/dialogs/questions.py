"""The small dialogs: questions with one answer, warnings, and pages that only tell."""

import platform

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from endodesk import __version__
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.review.labelling import Labelling
from endodesk.app.user_places import log_file, settings_file
from endodesk.app.workspace import Workspace
from endodesk.ui.widgets.icons import icon


def warn(parent: QWidget, text: str) -> None:
    """Show a sentence that must be seen, without stopping the work: it does not wait for an answer."""
    box = QMessageBox(QMessageBox.Icon.Warning, "EndoDesk", text, QMessageBox.StandardButton.Ok, parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def confirm(parent: QWidget, text: str, yes: str) -> bool:
    """Whether the user agrees to lose something; nothing else goes on meanwhile."""
    box = QMessageBox(QMessageBox.Icon.Question, "EndoDesk", text, QMessageBox.StandardButton.Cancel, parent)
    button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.exec()  # what follows depends on the answer
    return box.clickedButton() is button


def ask_reader(parent: QWidget, workspace: Workspace, labelling: Labelling) -> None:
    """Ask who labels. EndoDeskError if the name cannot be kept."""
    name, given = QInputDialog.getText(parent, tr("Reader"), tr("Name that stands beside each label:"), text=workspace.reader)
    if given and name.strip():
        labelling.name_reader(name)


def ask_note(parent: QWidget, workspace: Workspace, labelling: Labelling) -> None:
    """Ask for a text beside the open frame, or beside all that are selected; an empty one takes it away."""
    entry, selected = workspace.entry, len(labelling.selection())
    if entry is None:
        return
    known = workspace.reviews.marks_of(entry.sha256).note
    one = tr("Beside this frame, for whoever reads it next (empty takes it away):")
    many = tr("Beside the {n} frames selected, for whoever reads it next (empty takes it away):").format(n=f"{selected:,}")
    text, given = QInputDialog.getText(parent, tr("Note"), many if selected > 1 else one, text=known)
    if given:
        labelling.write_note(text)


def show_about(parent: QWidget, project: Project) -> None:
    """Show what this program is, what it is not, and where things lie."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(tr("About EndoDesk"))
    box.setIconPixmap(icon("stethoscope").pixmap(QSize(48, 48)))
    box.setTextFormat(Qt.TextFormat.PlainText)  # Qt would take names of folders with tags for HTML
    box.setText(tr("EndoDesk {version}").format(version=__version__))
    box.setInformativeText(
        tr("Review, correct and retrain a classifier of endoscopic frames, offline.")
        + "\n\n"
        + tr("Research use only. Not a medical device; not for diagnosis.")
        + "\n\n"
        + tr("The model that comes along was trained on Kvasir and HyperKvasir frames, for research and education only.")
    )
    places = tr("This project: {project}\nSettings: {settings}\nLog: {log}")
    libraries = tr("Python {python}, Qt {qt}").format(python=platform.python_version(), qt=qVersion())
    box.setDetailedText(places.format(project=project.folder, settings=settings_file(), log=log_file()) + "\n" + libraries)
    box.addButton(tr("&Close"), QMessageBox.ButtonRole.AcceptRole)
    box.open()
