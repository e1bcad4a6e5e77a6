"""The small dialogs: questions with one answer, warnings, and pages that only tell."""

import platform
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import QDialog, QInputDialog, QMessageBox, QWidget

from endodesk import __version__
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.retraining.training_job import TrainingJob
from endodesk.app.review.labelling import Labelling
from endodesk.app.user_places import log_file, settings_file
from endodesk.app.workspace import Workspace
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.shown_text import visible_lines
from endodesk.ui.widgets.icons import icon
from endodesk.ui.widgets.plain_text import breakable, show_plain, title_text, unbroken

TOUR = "tour"
"""The name of the dialog that is shown at the first start."""


class PlainBox(QMessageBox):
    """A box whose texts are shown letter by letter, and broken where a path would make it wider than the screen."""

    def __init__(self, parent: QWidget | None, text: str, more: str, details: str) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # first: Qt would take names of files and folders with tags for HTML
        self.setText(breakable(text))
        self.setInformativeText(breakable(more))
        self.setDetailedText(visible_lines(details))

    def text(self) -> str:
        """The text as it was set."""
        return unbroken(super().text())


# Why: docs/decisions/ui.md 14
def message_box(parent: QWidget | None, title: str, text: str, *, more: str = "", details: str = "") -> QMessageBox:
    """A box without buttons and icon, which shows its texts letter by letter; every box of the program is one of these."""
    box = PlainBox(parent, text, more, details)
    box.setWindowTitle(title_text(title))
    return box


def warn(parent: QWidget, text: str) -> None:
    """Show a sentence that must be seen, without stopping the work: it does not wait for an answer. After the tour, if that is shown."""
    box = _warning(parent, text)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _open_after_tour(parent, box)


def _open_after_tour(parent: QWidget, box: QDialog) -> None:
    tour = parent.findChild(QDialog, TOUR)
    if tour is not None and tour.isVisible():
        tour.finished.connect(box.open)
    else:
        box.open()


def warn_and_wait(text: str) -> None:
    """Show a sentence before there is a window, until it was read."""
    _warning(None, text).exec()


def _warning(parent: QWidget | None, text: str) -> QMessageBox:
    box = message_box(parent, "EndoDesk", text)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setStandardButtons(QMessageBox.StandardButton.Ok)
    return box


def _question(parent: QWidget, title: str, text: str) -> QMessageBox:
    box = message_box(parent, title, text)
    box.setIcon(QMessageBox.Icon.Question)
    box.setStandardButtons(QMessageBox.StandardButton.Cancel)
    return box


def confirm(parent: QWidget, text: str, yes: str) -> bool:
    """Whether the user agrees to lose something; nothing else goes on meanwhile."""
    box = _question(parent, "EndoDesk", text)
    button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.exec()  # what follows depends on the answer
    return box.clickedButton() is button


def may_leave_training(parent: QWidget, job: TrainingJob) -> bool:
    """Whether a training under way, if there is one, may be left; the reader says whether it then goes on, or stops."""
    if not job.running:
        return True
    if not job.can_go_on_alone:
        return confirm(parent, tr("A training is being prepared. Leaving stops it; it has learnt nothing yet."), tr("Stop it and leave"))
    words = tr(
        "A training is running. It can go on in the background: it is found again when this project is opened the next time. Stopped, it "
        "can go on later from its last epoch. The active model stays as it is."
    )
    box = message_box(parent, "EndoDesk", words)
    box.setIcon(QMessageBox.Icon.Question)
    alone = box.addButton(tr("&Go on in the background"), QMessageBox.ButtonRole.AcceptRole)
    stop = box.addButton(tr("&Stop and resume later"), QMessageBox.ButtonRole.AcceptRole)
    back = box.addButton(tr("&Back"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(alone)
    box.setEscapeButton(back)
    box.exec()  # what follows depends on the answer
    job.goes_on_alone = box.clickedButton() is alone
    return job.goes_on_alone or box.clickedButton() is stop


def agree_to_many(parent: QWidget, frames: int) -> bool:
    """Whether a key is meant for so many frames."""
    words = tr("{n:,} frames are selected, and the key is for all of them. Ctrl+Z takes it back.")
    return confirm(parent, words.format(n=frames), tr("Go on with {n:,} frames").format(n=frames))


def ask(parent: QWidget, title: str, text: str, *, yes: str, then: Callable[[], None]) -> QMessageBox:
    """Ask without stopping the work; `then` is done once the user says `yes`. The box goes by itself."""
    return offer(parent, title, text, {yes: then})


def keep_on_enter(box: QMessageBox) -> None:
    """Let Enter cancel a question about what cannot be taken back: a hurried hand loses nothing."""
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.button(QMessageBox.StandardButton.Cancel).setFocus()


def offer(parent: QWidget, title: str, text: str, choices: Mapping[str, Callable[[], None]]) -> QMessageBox:
    """As `ask`, with several answers beside Cancel; what each does follows once it was chosen."""
    box = _question(parent, title, text)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for words, then in choices.items():
        box.addButton(words, QMessageBox.ButtonRole.AcceptRole).clicked.connect(lambda *_, then=then: then())
    box.open()
    return box


def ask_reader(parent: QWidget, workspace: Workspace, labelling: Labelling) -> None:
    """Ask who labels, without stopping the work: one of those who did before, or a new name. After the tour, if that is shown."""

    def name(chosen: str) -> None:
        try:
            if chosen.strip() and chosen.strip() != workspace.reader:
                labelling.name_reader(chosen)
        except EndoDeskError as error:
            workspace.warning.emit(str(error))

    box = QInputDialog(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(tr("Reader"))
    box.setLabelText(tr("Who labels? Each reader has labels of their own. Choose your name, or type it:"))
    box.setComboBoxItems(sorted({*workspace.reviews.readers, workspace.reader}))
    box.setComboBoxEditable(True)
    box.setTextValue(workspace.reader)
    box.textValueSelected.connect(name)
    _open_after_tour(parent, box)


def ask_note(parent: QWidget, workspace: Workspace, labelling: Labelling) -> None:
    """Ask for a text beside the open frame, or beside all that are selected; an empty one takes it away."""
    entry, selected = workspace.entry, len(labelling.selection())
    if entry is None:
        return
    known = workspace.marks_of(entry.sha256).note
    one = tr("Beside this frame, for whoever reads it next (empty takes it away):")
    many = tr("Beside the {n} frames selected, for whoever reads it next (empty takes it away):").format(n=f"{selected:,}")
    text, given = QInputDialog.getText(parent, tr("Note"), many if selected > 1 else one, text=known)
    if given:
        labelling.write_note(text)


def ask_centre(parent: QWidget, frames: int, known: Sequence[str], then: Callable[[str], None]) -> QInputDialog:
    """Ask which hospital or device frames come from, without stopping the work: one that is `known`, or a new name; empty for no word."""
    box = QInputDialog(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(tr("Centre"))
    one = tr("Which hospital or device does this frame come from? (Empty: as Data > Check splits says.)")
    many = tr("Which hospital or device do the {n:,} frames selected come from? (Empty: as Data > Check splits says.)")
    box.setLabelText(one if frames == 1 else many.format(n=frames))
    box.setComboBoxItems(["", *known])
    box.setComboBoxEditable(True)
    show_plain(box)  # names of folders of anybody
    box.textValueSelected.connect(then)
    box.open()
    return box


def show_about(parent: QWidget, project: Project) -> None:
    """Show what this program is, what it is not, and where things lie."""
    told = (
        tr("Review, correct and retrain a classifier of endoscopic frames, offline."),
        tr("Research use only. Not a medical device; not for diagnosis."),
        tr("The model that comes along was trained on Kvasir and HyperKvasir frames, for research and education only."),
    )
    places = tr("This project: {project}\nSettings: {settings}\nLog: {log}")
    lies = places.format(project=project.folder, settings=settings_file(), log=log_file())
    libraries = tr("Python {python}, Qt {qt}").format(python=platform.python_version(), qt=qVersion())
    version = tr("EndoDesk {version}").format(version=__version__)
    box = message_box(parent, tr("About EndoDesk"), version, more="\n\n".join(told), details=f"{lies}\n{libraries}")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIconPixmap(icon("stethoscope").pixmap(QSize(48, 48)))
    box.addButton(tr("&Close"), QMessageBox.ButtonRole.AcceptRole)
    box.open()
