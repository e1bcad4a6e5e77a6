"""Labels that belong to no class of today, each with what mends it."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import printable
from endodesk.domain.label_set import LabelSet
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import empty_layout, fill
from endodesk.ui.widgets.theme import text_label

_SHOWN = 4


class OrphanList(QWidget):
    """A line for each word: how many frames it labels, a button that makes it a class, and a list of the classes that it may mean."""

    def __init__(self, workspace: Workspace, use: Callable[[LabelSet], None], parent: QWidget | None = None) -> None:
        """`use` makes other classes the project's."""
        super().__init__(parent)
        self._workspace, self._use = workspace, use
        self._lines = fill(QVBoxLayout(self), edge_px=0)

    def show_words(self, orphans: dict[str, int]) -> None:
        """Show these words with their numbers of frames, the most frequent ones if they are many."""
        empty_layout(self._lines)
        for word in sorted(orphans, key=lambda word: -orphans[word])[:_SHOWN]:
            self._lines.addWidget(self._line(word, orphans[word]))
        self.setVisible(bool(orphans))

    def _line(self, word: str, frames: int) -> QWidget:
        line = QWidget()
        many, one = tr("{n:,} frames are labelled {name}, which is no class."), tr("1 frame is labelled {name}, which is no class.")
        told = (one if frames == 1 else many).format(n=frames, name=printable(word))
        add = push_button(tr("Make it a class"), lambda: self._mend(lambda known: known.renewed((*known.names, word))))
        add.setAccessibleName(f"{add.text()}: {told}")
        means = QComboBox()
        means.setAccessibleName(f"{tr('It means ...')}: {told}")
        means.addItem(tr("It means ..."))
        for name in self._workspace.classes:
            means.addItem(printable(name), name)
        means.activated.connect(lambda place: self._mean(means.itemData(place), word))
        fill(QHBoxLayout(line), (text_label(told, "warning", wrap=True), 1), add, means, edge_px=0)
        return line

    def _mean(self, name: str | None, word: str) -> None:
        if name:  # the first line asks
            self._mend(lambda known: known.meant_by(name, word))

    def _mend(self, mended: Callable[[LabelSet], LabelSet]) -> None:
        try:
            self._use(mended(self._workspace.label_set))
        except EndoDeskError as error:  # a word that can be no class, or a disk that is full
            self._workspace.warning.emit(str(error))
