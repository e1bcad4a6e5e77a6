"""FilterBar: search, filter and order above the gallery; what is active as chips that can be taken away."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from endodesk.app.browsing.frame_filter import FrameFilter, FrameOrder
from endodesk.app.browsing.queue_choice import QueueChoice
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.language import marked, tr
from endodesk.app.queues.queues import CELL, CELL_OF_READERS, FIT, READING_LIST
from endodesk.app.workspace import Workspace
from endodesk.domain.shown_text import FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE
from endodesk.ui.gallery.filter_panel import FilterPanel
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.flow_layout import FlowLayout
from endodesk.ui.widgets.layouts import empty_layout, fill
from endodesk.ui.widgets.plain_text import button_text, tip_text
from endodesk.ui.widgets.theme import GRID_PX

_TYPING_MS = 150  # a word is looked for once it is typed, not at each letter
_QUEUE = "queue "
"""Stands before the key of a queue among the names of the orders: both are chosen in one box."""
_QUEUES = marked("Queues, with the reason on the card:")
_LONGEST = 34  # letters of a chip: names of cases can be of any length, the panel cannot
ORDERS = {
    FrameOrder.CASE: marked("By case"),
    FrameOrder.FILE: marked("By file"),
    FrameOrder.LEAST_SURE: marked("Confidence, lowest first"),
    FrameOrder.SUREST: marked("Confidence, highest first"),
    FrameOrder.LABELLED_LAST: marked("Label, newest first"),
    FrameOrder.LABELLED_FIRST: marked("Label, oldest first"),
}


class FilterBar(QWidget):
    """Search, filters and order: changes which frames are shown, and follows when others change them."""

    left = Signal()
    """The reader is done here: the keyboard is to go back to the cards."""

    def __init__(self, workspace: Workspace, shown: ShownFrames, queues: QueueChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._shown, self._queues = workspace, shown, queues
        self.search = QLineEdit(placeholderText=tr("Name, case or note"))
        self.search.setAccessibleName(tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # never by itself: the keys label frames
        self.button = QPushButton(tr("Filter {arrow}").format(arrow="\N{BLACK DOWN-POINTING SMALL TRIANGLE}"))
        self.button.setToolTip(tr("Class, label, reader, answer, case, near-identical frames"))
        self.order = QComboBox()
        self.order.setAccessibleName(tr("Order"))
        self.order.setMinimumContentsLength(8)
        # the longest order must not make the panel wider
        self.order.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.order.setToolTip(tr("In which order the frames stand; next and previous follow it"))
        self.chips = QWidget()
        self._typed = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._lay_out()
        self._connect()
        self._show_orders()

    def _list_orders(self) -> None:
        """All that can be chosen: a reading list only where the plan names the reader."""
        self.order.clear()
        for order, words in ORDERS.items():
            self.order.addItem(tr(words), str(order))
        if self._queues.reading.offered:
            self.order.insertSeparator(self.order.count())
            self._add_queue(READING_LIST, tr("My reading list"), self._queues.reading.told)
        queues = self._queues.queues
        if queues:
            self.order.insertSeparator(self.order.count())
            self.order.addItem(tr(_QUEUES))
            self.order.setItemData(self.order.count() - 1, 0, Qt.ItemDataRole.UserRole - 1)  # a heading cannot be chosen
        for queue in queues:
            self._add_queue(queue.key, tr(queue.title), tr(queue.tooltip))

    def _add_queue(self, key: str, title: str, tip: str) -> None:
        self.order.addItem(button_text(title), _QUEUE + key)
        self.order.setItemData(self.order.count() - 1, tip_text(tip), Qt.ItemDataRole.ToolTipRole)

    def _lay_out(self) -> None:
        first = fill(QHBoxLayout(), (self.search, 1), self.button)
        self._flow = FlowLayout(self.chips)
        fill(QVBoxLayout(self), first, self.order, self.chips, edge_px=0, gap_px=GRID_PX // 2)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _: self._typed.start())  # begins anew with each letter
        self.search.returnPressed.connect(self._search)
        self.search.returnPressed.connect(self.left)
        self._typed.timeout.connect(self._search)
        self.button.clicked.connect(self.open_panel)
        self.order.activated.connect(self._choose_order)  # by the reader: currentIndexChanged also comes when the bar follows what holds
        self._shown.asked.connect(self._show)
        self._workspace.frames_listed.connect(self._show)
        for signal in (self._workspace.label_view_changed, self._workspace.plan_changed):  # it may be another reader
            signal.connect(self._show_orders)

    def open_panel(self) -> FilterPanel:
        """Open the panel with all that frames can be filtered by; it goes away by itself."""
        panel = FilterPanel(self._shown, self._workspace.label_set, self)
        panel.left.connect(self.left)
        panel.drop_from(self.button)
        return panel

    def start_search(self) -> None:
        """Give the keyboard to the search field, with its text selected: typing replaces it."""
        self.search.setFocus()
        self.search.selectAll()

    def clear(self) -> None:
        """Take every filter away, also what is typed; the keyboard goes back to the cards if it was here."""
        self.search.clear()
        self._typed.stop()
        self._shown.set_filter(FrameFilter())
        if self.search.hasFocus():
            self.left.emit()

    def _search(self) -> None:
        self._typed.stop()
        self._shown.set_filter(replace(self._shown.filter, text=self.search.text()))

    def _choose_order(self, index: int) -> None:
        chosen = str(self.order.itemData(index))
        self._queues.leave()
        if chosen.startswith(_QUEUE):
            self._queues.choose(chosen.removeprefix(_QUEUE))
        else:
            self._shown.set_order(FrameOrder(chosen))

    def _show_orders(self) -> None:
        self._list_orders()
        self._show()

    def _show(self) -> None:
        """Make field, box and chips say what holds now; who types is not disturbed."""
        # while someone types, the field is ahead of the filter
        if not self._typed.isActive() and self.search.text() != self._shown.filter.text:
            self.search.setText(self._shown.filter.text)
            self._typed.stop()
        queue = self._shown.queue
        self._list_chosen(queue)
        self.order.setCurrentIndex(self.order.findData(_QUEUE + queue if queue else str(self._shown.order)))
        empty_layout(self._flow)
        parts = self._shown.filter.parts
        for part, words in parts:
            self._flow.addWidget(self._chip(_short(words), tr("Take away: {part}").format(part=words), partial(self._take_away, part)))
        if parts:
            self._flow.addWidget(self._chip(tr("Clear"), tr("Show all frames again (Esc)"), self.clear))
        self.chips.setVisible(bool(parts))
        self._flow.invalidate()

    def _list_chosen(self, queue: str) -> None:
        """What is chosen in a dialog alone, such as a cell of the matrix, stands among the orders while it is shown."""
        cell = (tr("A cell of the matrix"), tr("The frames that were clicked on in Data > Matrix"))
        fit = (tr("Frames to label"), tr("The frames that were chosen in Model > Will it work here"))
        for key, words in ((CELL, cell), (CELL_OF_READERS, cell), (FIT, fit)):
            place = self.order.findData(_QUEUE + key)
            if place >= 0 and key != queue:
                self.order.removeItem(place)
            elif place < 0 and key == queue:
                self._add_queue(key, *words)
                self.order.setItemData(self.order.count() - 1, 0, Qt.ItemDataRole.UserRole - 1)

    def _take_away(self, part: str) -> None:
        self._shown.set_filter(self._shown.filter.without(part))

    def _chip(self, shown: str, tip: str, does: Callable[[], None]) -> QPushButton:
        # without the Boolean that Qt sends along
        chip = push_button(button_text(shown), lambda: does(), tip=tip, kind="chip")
        chip.setAccessibleName(tip)
        return chip


def _short(words: str) -> str:
    cut = words if len(words) <= _LONGEST else words[:_LONGEST] + "..."
    open_isolates = cut.count(FIRST_STRONG_ISOLATE) - cut.count(POP_DIRECTIONAL_ISOLATE)
    return f"{cut}{POP_DIRECTIONAL_ISOLATE * open_isolates}  \N{MULTIPLICATION SIGN}"
