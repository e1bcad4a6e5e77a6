"""Two models held against each other: on the newest test frames, on all that are labelled, or on those of another hospital."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QGridLayout, QVBoxLayout, QWidget

from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.language import marked, tr
from endodesk.app.project.kept_bundles import kept_models, name_of, words_of
from endodesk.app.project.project import Project
from endodesk.app.project.starter import starter_bundle, starter_folder
from endodesk.app.retraining.model_comparison import ComparedModels, compare_models, frames_held_out, frames_in_folder, frames_labelled
from endodesk.app.retraining.verdict import details_told, hidden_told, verdict_told
from endodesk.app.session import Session
from endodesk.domain.images import printable
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.ui.training.figures_table import figures_table, rows_beside
from endodesk.ui.training.flips_list import cards_of_flips
from endodesk.ui.training.frame_cards import FrameCards
from endodesk.ui.widgets.layouts import SPACE, empty_layout, fill
from endodesk.ui.widgets.plain_text import button_text
from endodesk.ui.widgets.theme import text_label
from endodesk.ui.widgets.working_dialog import WorkingDialog

_TEST, _LABELLED, _FOLDER = "test", "labelled", "folder"


class ComparisonDialog(WorkingDialog):
    """Decides nothing: what stands here is on the frames that the reader chose."""

    def __init__(self, session: Session, new: Path, parent: QWidget, *, new_name: str = "", frames: str = _TEST) -> None:
        """`new` is the folder of the model that is held against another one, the active one at first; its name if it is no kept one."""
        super().__init__(session.jobs, marked("&Compare"), self.compare, parent)
        self._session, self._workspace = session, session.workspace
        self._folder: Path | None = None
        self.setWindowTitle(tr("Compare models"))
        self.ask_for(900, 780)
        self.new, self.old, self.frames = QComboBox(), QComboBox(), QComboBox()
        self._fill_models(new, new_name)
        for words, what in (
            (tr("Test frames of the newest training of either"), _TEST),
            (tr("All labelled frames of this project"), _LABELLED),
            (tr("Another hospital: a folder of class folders ..."), _FOLDER),
        ):
            self.frames.addItem(button_text(words), what)
        self.frames.setCurrentIndex(self.frames.findData(frames))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, (words, box) in enumerate(((tr("Model"), self.new), (tr("Beside"), self.old), (tr("On"), self.frames))):
            grid.addWidget(text_label(words), row, 0)
            grid.addWidget(box, row, 1)
            box.setAccessibleName(words)
        self.hides = QCheckBox(tr("With the &source of the frames hidden as well (rim, corners, colours)"))
        grid.addWidget(self.hides, grid.rowCount(), 1)
        self.headline, self.notes = text_label("", "large", wrap=True), text_label("", "quiet", wrap=True)
        self._figures = QVBoxLayout()
        self.cards = FrameCards(self._workspace, session.thumbnails, session.navigation.choose, tr("Frames mended and broken"))
        self.cards.show_cards(())
        footer = text_label(tr("Research use only. Not for diagnosis."), "quiet")
        pieces = (grid, self.headline, self.told, self._figures, self.notes, (self.cards, 1), SPACE)
        fill(QVBoxLayout(self.page), *pieces, self.buttons, footer)
        self.frames.activated.connect(lambda _: self._choose_folder())
        self.cancel_button.setText(tr("&Close"))

    def _fill_models(self, new: Path, new_name: str) -> None:
        project = self._workspace.project
        words, active = words_of(project), project.active_model
        known = {stored.folder: f"{printable(name_of(stored.bundle, words))} ({stored.bundle.id})" for stored in kept_models(project)}
        starter, place = starter_bundle(), starter_folder()
        if starter and place and starter.id not in {stored.bundle.id for stored in kept_models(project)}:
            known[place] = f"{printable(starter.name)} ({starter.id})"
        if new not in known:
            known = {new: printable(new_name) or new.name, **known}
        for folder, name in known.items():
            for box in (self.new, self.old):
                box.addItem(button_text(name), folder)
        self.new.setCurrentIndex(list(known).index(new))
        others = [folder for folder in known if folder != new]
        beside = active.folder if active and active.folder in others else others[0] if others else new
        self.old.setCurrentIndex(list(known).index(beside))

    def _choose_folder(self) -> None:
        if self.frames.currentData() == _FOLDER and (place := QFileDialog.getExistingDirectory(self, tr("Folder of class folders"))):
            self.use_folder(Path(place))

    def use_folder(self, folder: Path) -> None:
        """Compare on the frames in the class folders of a folder."""
        self._folder = folder
        self.frames.setCurrentIndex(self.frames.findData(_FOLDER))
        told = tr("Another hospital: {folder}").format(folder=printable(folder.name))
        self.frames.setItemText(self.frames.currentIndex(), button_text(told))

    def compare(self) -> None:
        """Ask both models about the frames that are chosen."""
        new, old, what = self.new.currentData(), self.old.currentData(), self.frames.currentData()
        self._clear()
        if new == old:
            self.told.setText(tr("Choose two models."))
            return
        if what == _FOLDER and self._folder is None:
            self._choose_folder()
            if self._folder is None:
                return
        workspace = self._workspace
        snapshots = workspace.frames.snapshot(), workspace.reviews.snapshot()
        self.cancel_button.setText(tr("&Cancel"))
        work = partial(_compared, workspace.project, new, old, what, self._folder, *snapshots, self.hides.isChecked())
        self.begin(tr("Comparing"), work, self._show, failed=self._refused, stopped=marked("Stopped."))

    def _clear(self) -> None:
        for label in (self.headline, self.told, self.notes):
            label.setText("")
        empty_layout(self._figures)
        self.cards.show_cards(())

    def _refused(self, reason: str) -> None:
        self.cancel_button.setText(tr("&Close"))
        self.told.setText(reason)

    def _show(self, found: ComparedModels) -> None:
        self.cancel_button.setText(tr("&Close"))  # nothing is left to be stopped
        self.headline.setText(verdict_told(found.comparison))
        self.told.setText(" ".join((found.frames, *details_told(found.comparison), *hidden_told(found.hidden))))
        self._figures.addWidget(figures_table(rows_beside(found.comparison)))
        self.notes.setText(" ".join(found.notes))
        self.cards.show_cards(cards_of_flips(found.comparison.flips))


def _compared(
    project: Project,
    new: Path,
    old: Path,
    what: str,
    folder: Path | None,
    frames: FrameRows,
    reviews: ReviewTable,
    hides_source: bool,
    task: TaskContext,
) -> ComparedModels:
    one, other = Predictor(new, task=task), Predictor(old, task=task)
    if what == _TEST:
        asked = frames_held_out(project, one.bundle, other.bundle)
    elif what == _LABELLED:
        asked = frames_labelled(project, frames, reviews, task)
    else:
        assert folder is not None  # noqa: S101  (for mypy: the dialog has asked)
        asked = frames_in_folder(project, folder, task)
    return compare_models(project, one, other, asked, task, hides_source=hides_source)
