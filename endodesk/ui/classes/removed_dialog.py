"""Asked before classes with labels are removed: where their frames go."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.domain.images import printable
from endodesk.domain.label_set import LabelClass, LabelSet
from endodesk.ui.widgets.fitting import FittingDialog
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.theme import GRID_PX, text_label


def keep_classes(
    before: LabelSet, after: LabelSet, labelled: Callable[[], Mapping[str, int]], keep: Callable[[LabelSet], None], parent: QWidget
) -> None:
    """Keep the classes as edited, once it is known where the frames of those that go shall go; not at all where the question is left.

    `labelled` tells how many frames have each label; it is asked only where a class goes.
    """
    gone = [one for one in before.classes if one.name not in after]  # not where another class is meant by its name
    counts = labelled() if gone else {}
    removed = {one: counts[one.name] for one in gone if counts.get(one.name)}
    if not removed:
        keep(after)
        return
    asked = RemovedClassesDialog(removed, after, parent)
    asked.accepted.connect(lambda: keep(asked.label_set))
    asked.open()


class RemovedClassesDialog(FittingDialog):
    """Of each class that is to go its frames, with a choice: moved to another class, or kept out of sight."""

    def __init__(self, removed: Mapping[LabelClass, int], label_set: LabelSet, parent: QWidget | None = None) -> None:
        """`removed` tells how many frames are labelled with each; `label_set` has the classes that stay."""
        super().__init__(parent)
        self._removed, self._label_set = removed, label_set
        self.setWindowTitle(tr("Classes to remove"))
        self.ask_for(560, 240)
        grid = QGridLayout()
        self.choices: dict[str, QComboBox] = {}
        """By the name of the class."""
        for row, (one, frames) in enumerate(removed.items()):
            words = tr("1 frame is labelled {name}.") if frames == 1 else tr("{n:,} frames are labelled {name}.")
            told = words.format(n=frames, name=printable(one.name))
            choice = self.choices[one.name] = QComboBox()
            choice.setAccessibleName(told)
            choice.addItem(tr("Keep them out of sight"), "")
            for name in label_set.names:
                choice.addItem(tr("Move them to {name}").format(name=printable(name)), name)
            grid.addWidget(text_label(told), row, 0)
            grid.addWidget(choice, row, 1)
        about = tr(
            "Labels stay on record whatever you choose. Out of sight no training learns from them, until a class has this name again, "
            "or has it among its other names."
        )
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        fill(QVBoxLayout(self.page), grid, (text_label(about, "quiet", wrap=True), 1), self.buttons, gap_px=GRID_PX)

    @property
    def label_set(self) -> LabelSet:
        """The classes that stay, meant also by the words of those whose frames go to them."""
        label_set = self._label_set
        for one in self._removed:
            if target := str(self.choices[one.name].currentData()):
                label_set = label_set.meant_by(target, one.name, *one.aliases)
        return label_set
