"""The gallery: the panel on the left with filter bar, cards, and how they are shown."""

import numpy as np
from PySide6.QtCore import QItemSelectionRange, QModelIndex, QSettings, QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from endodesk.app.answers.background_answers import BackgroundAnswers
from endodesk.app.browsing.case_summary import case_under
from endodesk.app.browsing.navigation import Navigation
from endodesk.app.browsing.queue_choice import QueueChoice
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.language import tr
from endodesk.app.queues.queues import READING_LIST
from endodesk.app.workspace import Workspace
from endodesk.ui.gallery.cards import HEADER_PX, CardPainter
from endodesk.ui.gallery.cards_view import CardsView
from endodesk.ui.gallery.filter_bar import FilterBar
from endodesk.ui.gallery.item_model import CORRECTED_ROLE, LABEL_ROLE, REASON_ROLE, GalleryModel
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.plain_text import tip_text
from endodesk.ui.widgets.theme import GRID_PX, text_label

__all__ = ["CORRECTED_ROLE", "LABEL_ROLE", "REASON_ROLE", "Gallery", "GalleryModel"]
_LEAST_PX, _USUAL_PX, _MOST_PX = 72, 130, 192
_LIST_SHARE = 0.45
"""The size of a thumbnail in the list, as a share of its size in the grid."""


class Gallery(QWidget):
    """The cards with bar and slider: follows the chosen frame, and goes to the frame that is clicked."""

    def __init__(
        self,
        workspace: Workspace,
        shown: ShownFrames,
        navigation: Navigation,
        queues: QueueChoice,
        thumbnails: Thumbnails,
        answers: BackgroundAnswers,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._shown, self._navigation = workspace, shown, navigation
        self._thumbnails, self._answers = thumbnails, answers
        self.model = GalleryModel(workspace, shown, thumbnails, self)
        self.view = CardsView(self)
        self.view.setAccessibleName(tr("Frames"))
        self.painter = CardPainter(workspace, self)
        self.view.setItemDelegate(self.painter)
        self.view.setModel(self.model)
        self.bar = FilterBar(workspace, shown, queues)
        self._count = text_label("", "quiet", wrap=True)
        self._count.setMinimumWidth(12 * GRID_PX)  # else it would be broken after each word
        self.grid, self.list = _switch(tr("Grid"), tr("Cards side by side")), _switch(tr("List"), tr("One frame a line"))
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.zoom.setRange(_LEAST_PX, _MOST_PX)
        self.zoom.setValue(_USUAL_PX)
        self.zoom.setAccessibleName(tr("Size of the thumbnails"))
        self.zoom.setToolTip(tr("Size of the thumbnails"))
        self.zoom.setFixedWidth(70)
        self._kept: tuple[list[int], int, int] = [], -1, 0  # rows selected, the item at the top, and how far it stood above the edge
        self._chosen = -1
        """The row that was last made the current one, here or elsewhere."""
        self._lay_out()
        self._connect()
        self.grid.setChecked(True)
        self._tell_count()

    def _lay_out(self) -> None:
        look = fill(QHBoxLayout(), (self._count, 1), self.grid, self.list, self.zoom, gap_px=GRID_PX // 2)
        fill(QVBoxLayout(self), self.bar, look, (self.view, 1), edge_px=(GRID_PX, GRID_PX, 0, GRID_PX), gap_px=GRID_PX // 2)

    def _connect(self) -> None:
        self._modes = QButtonGroup(self)
        for button in (self.grid, self.list):
            self._modes.addButton(button)
        self.grid.toggled.connect(self._arrange)
        self.zoom.valueChanged.connect(self._arrange)
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self.view.header_clicked.connect(self._fold)
        self.view.on_screen.connect(self._keep_to)
        self.view.doubleClicked.connect(self._expand)
        self.model.modelAboutToBeReset.connect(self._keep_place)
        self.model.modelReset.connect(self._find_place)
        self.bar.left.connect(self.view.setFocus)
        self._workspace.frame_chosen.connect(self._show_chosen)
        self._workspace.frames_listed.connect(self._tell_count)
        self._workspace.rows_changed.connect(self._tell_count)
        self._shown.changed.connect(self._tell_count)
        self._shown.noted.connect(self._tell_count)
        self._shown.asked.connect(self._arrange)

    # --- for others -------------------------------------------------------------------------------------------------

    def selected_rows(self) -> list[int]:
        """The frames selected, as rows of the list, in the order shown."""
        parts = sorted(self.view.selectionModel().selection().toList(), key=QItemSelectionRange.top)
        items = [self.model.items[part.top() : part.bottom() + 1] for part in parts]
        return [int(item) for some in items for item in some[some >= 0]]  # headers are among the items, but are never selected rows

    def keep_look(self, settings: QSettings) -> None:
        """Keep grid or list, and the size of thumbnails, for the next start."""
        settings.setValue("gallery/list", self.list.isChecked())
        settings.setValue("gallery/size", self.zoom.value())

    def take_look(self, settings: QSettings) -> None:
        """Take over grid or list and the size as they were kept, and give the keyboard to the cards."""
        self.zoom.setValue(_number(settings.value("gallery/size"), _USUAL_PX))
        self.view.setFocus()
        # INI files hold text, a file not yet written the value itself
        (self.list if settings.value("gallery/list") in (True, "true") else self.grid).setChecked(True)

    # --- how it looks -----------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Lay out by what was chosen: grid or list, size, and room for the reasons of a queue."""
        self.painter.grid, self.painter.reasons = self.grid.isChecked(), self._shown.queue not in ("", READING_LIST)
        self.painter.picture_px = self.zoom.value() if self.painter.grid else round(_LIST_SHARE * self.zoom.value())
        cell = self.painter.cell(self.view.fontMetrics())
        self.view.set_cards(QSize(cell), HEADER_PX)
        self.view.viewport().update()
        current = self.view.currentIndex()
        if current.isValid():
            self.view.scrollTo(current)

    def _tell_count(self, _first: int = 0, _last: int = 0) -> None:
        n, read, shown = len(self._workspace.frames), len(self._workspace.reviews), len(self._shown)
        frames = tr("{shown:,} of {n:,} frames") if shown != n else tr("{n:,} frames")
        labelled = tr("{n:,} labelled by a reader").format(n=read)
        if reading := self._workspace.reading:
            labelled = reading.told
        elif self._workspace.shows_own:
            labelled = tr("{n:,} labelled by you").format(n=self._shown.columns.read)
        self._count.setText(f"{frames.format(shown=shown, n=n)}\n{labelled}" if n else tr("No frames yet"))
        self._count.setToolTip(tip_text(self._count.text()))
        self.view.empty_text = tr("No frame passes the filter. Esc shows all again.") if n and not shown else ""

    # --- what happens -----------------------------------------------------------------------------------------------

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and (row := int(self.model.items[current.row()])) >= 0:
            self._chosen = row
            self._navigation.choose(row)

    def _selection_changed(self) -> None:
        """The one frame that is left of several becomes the open one: what is lit is what a key is for."""
        rows = self.selected_rows()
        # Why: docs/decisions/app.md 20
        if len(rows) == 1:
            self._navigation.choose(rows[0])

    def _show_chosen(self, row: int) -> None:
        self._chosen, place = row, self._shown.arrangement.place(row)
        index = self.model.index(place) if place >= 0 else QModelIndex()
        if self.view.currentIndex() != index:
            chosen = self.view.selectionModel()  # not the view's own way: with Ctrl down, as in Ctrl+Z, it selects one frame more
            chosen.setCurrentIndex(index, chosen.SelectionFlag.ClearAndSelect)
            self.view.scroll_to_neighbours(index)
        else:
            self.view.scrollTo(index)

    def _fold(self, place: int) -> None:
        case = case_under(int(self.model.items[place]))
        self._shown.fold(case, not self._shown.is_folded(case))

    def _expand(self, index: QModelIndex) -> None:
        row = int(self.model.items[index.row()])
        if row >= 0 and self._shown.arrangement.more.get(row, 0):
            self._shown.expand(row)

    def _keep_to(self, places: range) -> None:
        """Tell what is on screen: only its thumbnails are made, and its answers come first."""
        items, frames = self.model.items, self._workspace.frames
        rows = [int(items[place]) for place in places if place < len(items) and 0 <= items[place] < len(frames)]
        self._answers.wanted(rows)
        self._thumbnails.keep_to([frames.path(row) for row in rows])

    def _keep_place(self) -> None:
        """Before other rows are shown: what is selected, unless another frame was just gone to, and which item stands at the top."""
        top = next(iter(self.view.visible), -1)
        item = int(self.model.items[top]) if top >= 0 else -1
        offset = self.view.visualRect(self.model.index(top)).top() if top >= 0 else 0
        self._kept = self.selected_rows() if self._workspace.row == self._chosen else [], item, offset

    def _find_place(self) -> None:
        rows, item, offset = self._kept
        places = sorted(place for row in rows if (place := self._shown.arrangement.place(row)) >= 0)
        here = self._shown.arrangement.place(self._workspace.row)
        model = self.view.selectionModel()
        if here >= 0:
            model.setCurrentIndex(self.model.index(here), model.SelectionFlag.NoUpdate)  # what is selected is settled below
        if len(places) > 1:  # several were selected, and are still shown
            model.select(self.view.selection_of(places), model.SelectionFlag.ClearAndSelect)
        elif here >= 0:
            model.select(self.model.index(here), model.SelectionFlag.ClearAndSelect)
        top = self._place_of(item)
        if top >= 0:
            bar = self.view.verticalScrollBar()
            bar.setValue(self.view.cards.box(top)[1] - offset)
        if here >= 0:
            self.view.scrollTo(self.model.index(here))

    def _place_of(self, item: int) -> int:
        """Where a frame or header stands now; -1 if it is not shown."""
        if item >= 0:
            return self._shown.arrangement.place(item)
        found = np.flatnonzero(self.model.items == item)
        return int(found[0]) if len(found) else -1


def _switch(words: str, tip: str) -> QPushButton:
    button = push_button(words, tip=tip, kind="chip")
    button.setCheckable(True)
    return button


def _number(value: object, otherwise: int) -> int:
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return otherwise
