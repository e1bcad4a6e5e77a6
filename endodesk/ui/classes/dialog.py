"""File > Classes: the project's classes, their keys and colours."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from endodesk.app.class_styles import remember_styles
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.label_set import LabelSet
from endodesk.ui.classes.editor import ClassEditor
from endodesk.ui.classes.removed_dialog import keep_classes
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.theme import GRID_PX, text_label


class ClassesDialog(FittingDialog):
    """The classes of the project that is open, to be edited; nothing changes before OK."""

    def __init__(self, workspace: Workspace, use: Callable[[LabelSet], None], parent: QWidget | None = None) -> None:
        """`use` takes the classes as edited; EndoDeskError from it is told, and the dialog stays. `columns` tell what is labelled now."""
        super().__init__(parent)
        self._workspace, self._use = workspace, use
        self.setWindowTitle(tr("Classes"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.ask_for(640, 520)
        self.editor = ClassEditor(workspace.label_set, on_record=workspace.label_set)
        folders = workspace.frames.class_folders
        self.editor.offer_subfolders(folders)
        if folders and not workspace.project.has_classes:
            self.editor.import_button.click()  # folders that are no known classes: the likely wish
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        # what cannot be kept cannot be asked for
        self.editor.changed.connect(self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled)
        layout = QVBoxLayout(self.page)
        layout.setSpacing(GRID_PX)
        about = tr(
            "Class folders with these names give their frames a label. A class under another name keeps its labels: double-click it."
        )
        layout.addWidget(text_label(about, "quiet", wrap=True))
        layout.addWidget(self.editor, 1)
        layout.addWidget(self.buttons)

    def accept(self) -> None:
        """Use the classes as edited, once it is known where the frames of those that go shall go."""
        keep_classes(self._workspace.label_set, self.editor.label_set, self._said, self._keep, self)

    def _said(self) -> Mapping[str, int]:
        workspace = self._workspace
        return workspace.reviews.classes_said(workspace.frames, workspace.label_set)

    def _keep(self, label_set: LabelSet) -> None:
        """Where they cannot be kept, the reason is told and the dialog stays."""
        try:
            self._use(label_set)
        except EndoDeskError as error:  # they are written to the project here, which its disk may refuse
            self.editor.advice.setText(str(error))
            return
        remember_styles(label_set)
        super().accept()
