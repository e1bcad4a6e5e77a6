"""File > New project: a folder of frames, and the classes to give them."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from endodesk.app.class_styles import remember_styles
from endodesk.app.language import tr
from endodesk.app.preferences import ACCOUNT, BESIDE, PROJECT_PLACE, Preferences
from endodesk.app.project.kept_places import free_place, is_project, kept_place, new_place, wished_place
from endodesk.app.project.new_project import class_folders_in, known_label_set, labelled_frames
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.label_set import LabelSet
from endodesk.domain.presets import FIRST_CLASSES
from endodesk.domain.shown_text import visible_lines
from endodesk.ui.classes.editor import ClassEditor
from endodesk.ui.classes.removed_dialog import keep_classes
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import GRID_PX, text_label


class NewProjectDialog(FittingDialog):
    """The folder and the classes of a new project. Nothing is made before OK; images are only ever read."""

    chosen = Signal(Path, object, object)
    """The folder of frames, the LabelSet to give them, and where the project is to be kept (a Path, or None for the usual place), once OK
    was pressed; the project is still to be made."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New project"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.ask_for(680, 600)
        self._fit = True
        self._kept: LabelSet | None = None
        self.folder = QLineEdit(placeholderText=tr("Folder with endoscopic frames"))
        self.folder.setAccessibleName(tr("Folder of frames"))
        self.folder.textChanged.connect(self._folder_changed)
        self.browse = push_button(tr("&Browse ..."), self._browse)
        self.about = text_label("", "quiet", wrap=True)
        self.editor = ClassEditor(LabelSet.of(FIRST_CLASSES))
        self.editor.changed.connect(self._classes_changed)
        self.place = QComboBox()
        self.place.setAccessibleName(tr("Where the project is kept"))
        self.place.addItem(tr("In your account's data folder"), ACCOUNT)
        self.place.addItem(tr("Beside the images"), BESIDE)
        self.place.addItem(tr("In another folder ..."), None)
        self._usual_place = self.place.findData(preferences.text(PROJECT_PLACE))
        self.place.setCurrentIndex(self._usual_place)
        self.place.activated.connect(self._place_chosen)
        self._parent_chosen: Path | None = None
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self._folder_changed()

    def _lay_out(self) -> None:
        place = fill(QHBoxLayout(), (self.folder, 1), self.browse)
        frames, classes = text_label(tr("Frames"), "heading"), text_label(tr("Classes"), "heading")
        kept = fill(QHBoxLayout(), text_label(tr("Where the project is kept"), "quiet"), (self.place, 1))
        fill(QVBoxLayout(self.page), frames, place, self.about, classes, (self.editor, 1), kept, self.buttons, gap_px=GRID_PX)

    @property
    def _path(self) -> Path:
        return Path(self.folder.text().strip()).expanduser()  # ~ may be typed for the own folder

    def _browse(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, tr("Folder with endoscopic frames"), self.folder.text()):
            self.folder.setText(folder)

    def _folder_changed(self, _text: str = "") -> None:
        there = bool(self.folder.text().strip()) and self._path.is_dir()
        names = class_folders_in(self._path) if there else []
        kept = self._kept = known_label_set(self._path) if there else None
        self.editor.offer_subfolders(names, keep=kept is not None)
        if kept:  # a folder that was opened before has classes of its own, which come before any suggestion
            self.editor.go_on_with(kept)
        self.about.setText(_about(self.folder.text().strip(), there=there, kept=kept is not None, subfolders=len(names)))
        self._tell()

    def _place_chosen(self, index: int) -> None:
        """Ask for the folder where another one is wished; back to the usual place where none is named."""
        if self.place.itemData(index) is not None:
            return
        if folder := QFileDialog.getExistingDirectory(self, tr("Folder to keep the project in"), self.folder.text()):
            self._parent_chosen = Path(folder)
            self.place.setItemText(index, visible_lines(tr("In {folder}").format(folder=folder)))
        else:
            self.place.setCurrentIndex(self._usual_place)

    def _place_of(self, folder: Path) -> Path | None:
        if is_project(folder) or kept_place(folder):
            return None
        choice = self.place.currentData()
        if choice is None and self._parent_chosen:
            return free_place(folder, self._parent_chosen)
        return wished_place(folder, str(choice)) or new_place(folder)

    def _classes_changed(self, fit: bool) -> None:
        self._fit = fit
        self._tell()

    def _tell(self) -> None:
        there = bool(self.folder.text().strip()) and self._path.is_dir()
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self._fit and there)

    def accept(self) -> None:
        """Tell what was chosen; the window opens the project. Where one is there, first ask what becomes of labels."""
        try:
            label_set = self.editor.label_set
        except EndoDeskError as error:
            self.editor.advice.setText(str(error))
            return
        keep_classes(self._kept or label_set, label_set, lambda: labelled_frames(self._path), self._choose, self)

    def _choose(self, label_set: LabelSet) -> None:
        remember_styles(label_set)
        super().accept()  # first: opening may ask a question of its own over the window
        self.chosen.emit(self._path, label_set, self._place_of(self._path))


def _about(text: str, *, there: bool, kept: bool, subfolders: int) -> str:
    if not text:
        return tr("Choose the folder that holds the frames, in subfolders or not. Nothing in it is ever changed.")
    if not there:
        return tr("There is no folder {folder}.").format(folder=text)
    if kept:
        return tr("This folder has been opened before. Its labels stay as they are; the classes below are its own.")
    if subfolders:
        return tr("{n} subfolders: if they are classes, take their names below.").format(n=subfolders)
    return tr("No subfolders: every frame starts without a label.")
