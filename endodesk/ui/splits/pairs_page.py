"""Pairs of frames: a list, the chosen two side by side, and the reader's word whether they belong together."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.jobs import Jobs
from endodesk.app.language import tr
from endodesk.app.retraining.splits import SplitCheck
from endodesk.app.workspace import Workspace
from endodesk.dataset.leaks import Pair
from endodesk.domain.shown_text import visible_lines
from endodesk.ui.splits.compared_pictures import ComparedPictures
from endodesk.ui.splits.list_models import LEFT_ROLE, NOTE_ROLE, RIGHT_ROLE, PairModel, distance, note, parts_of
from endodesk.ui.widgets.buttons import push_button
from endodesk.ui.widgets.layouts import SPACE, fill
from endodesk.ui.widgets.painting import paint_in_middle
from endodesk.ui.widgets.picture_list import LIST_PX, PictureList
from endodesk.ui.widgets.plain_text import draw_text
from endodesk.ui.widgets.theme import GRID_PX, PICTURE_GROUND, colours, text_label

Index = QModelIndex | QPersistentModelIndex
_CARD = QSize(360, 92)
_SIDE_PX = 80


class PairsPage(QWidget):
    """A list of pairs, the chosen one large beside it. Arrow keys in the list, or buttons, go from pair to pair."""

    joining = Signal(object, bool)
    """A Pair that the reader says belongs together (True), or no longer (False)."""
    frame_wanted = Signal(object)
    """The path of a frame to open."""

    def __init__(self, workspace: Workspace, jobs: Jobs, thumbnails: Thumbnails, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check: SplitCheck | None = None
        self.model = PairModel(thumbnails, self)
        self.list = PictureList(workspace, name)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Card(self))
        self.list.setFixedWidth(LIST_PX)
        self.pictures = ComparedPictures(workspace, jobs)
        self.message = text_label("", "quiet", wrap=True)
        self.verdict = text_label("", "", wrap=True)
        joins = tr("Make one group of their two: both then stand in one part")
        parts = tr("Only what a reader joined; to divide other groups choose fewer bits, or other cases")
        self.join = push_button(tr("These belong &together"), lambda: self._say(True), tip=joins)
        self.part = push_button(tr("Take &apart"), lambda: self._say(False), tip=parts)
        self.previous, self.next = push_button(tr("Pre&vious"), lambda: self._go(-1)), push_button(tr("Ne&xt"), lambda: self._go(+1))
        self.setFocusProxy(self.list)  # the keyboard given to the page goes to its list
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_current())
        self.list.opening.connect(self.pictures.opens[0].click)
        self.pictures.frame_wanted.connect(self.frame_wanted)

    def _lay_out(self) -> None:
        for button in (self.previous, self.next, self.join, self.part):
            button.setAutoDefault(False)  # else Enter anywhere in the dialog would press one of them
        buttons = fill(QHBoxLayout(), self.previous, self.next, (SPACE, 1), self.join, self.part)
        self._body = QWidget()
        right = fill(QVBoxLayout(), (self.pictures, 1), self.verdict, buttons)
        fill(QHBoxLayout(self._body), self.list, (right, 1), edge_px=0, gap_px=GRID_PX)
        fill(QVBoxLayout(self), self.message, (self._body, 1), SPACE, gap_px=GRID_PX)

    def show_pairs(self, check: SplitCheck, pairs: tuple[Pair, ...], told: str) -> None:
        """Show the pairs of a new check; the pair that was looked at stays, else the one that took its place."""
        looked_at, place = self.pair, self.list.currentIndex().row()
        self._check = check
        self.model.show_pairs(check, pairs)
        self.message.setText(told)
        self._body.setVisible(bool(pairs))
        if pairs:
            row = self.model.row_of(looked_at)
            self.list.setCurrentIndex(self.model.index(min(max(0, place), len(pairs) - 1) if row is None else row))
        self._show_current()

    @property
    def pair(self) -> Pair | None:
        """The chosen pair; None while there is none."""
        return self.model.pair(self.list.currentIndex().row())

    def _show_current(self) -> None:
        pair, row = self.pair, self.list.currentIndex().row()
        if pair is None or self._check is None:
            return
        self.pictures.show_frames(pair.left, pair.right)
        merged, together = self._check.merge_of(pair), pair.left.group == pair.right.group
        self.verdict.setText(_verdict(self._check, pair, tr("{n:,} of {total:,}").format(n=row + 1, total=self.model.rowCount())))
        self.join.setEnabled(not together)
        self.part.setEnabled(merged is not None)  # what cases or hashes hold together is not for a button to part
        self.previous.setEnabled(row > 0)
        self.next.setEnabled(row + 1 < self.model.rowCount())

    def _go(self, step: int) -> None:
        self.list.setCurrentIndex(self.model.index(self.list.currentIndex().row() + step))

    def _say(self, joined: bool) -> None:
        if pair := self.pair:
            self.joining.emit(pair, joined)


def _verdict(check: SplitCheck, pair: Pair, place: str) -> str:
    why = note(check, pair)
    if pair.left.group != pair.right.group:
        more = tr("two groups: {bits} bits are more than {most}").format(bits=pair.bits, most=check.grouping.near)
        why = more if pair.bits > check.grouping.near else tr("two groups")
    elif merge := check.merge_of(pair):
        joined = tr("one group: joined by {reader} on {when}")
        why = joined.format(reader=merge.reader, when=f"{merge.at.astimezone():%Y-%m-%d %H:%M}")
    return f"{place}   {distance(pair)}   {parts_of(pair)}   {why}"


class _Card(QStyledItemDelegate):
    """A pair in the list: two thumbnails and three lines of words."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One size for all, since the list asks only once."""
        return _CARD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints the thumbnails of a pair, what is known of it, and whether a reader joined it."""
        painter.save()
        card = option.rect.adjusted(2, 2, -2, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(card, QColor(colours().raised if chosen else colours().panel))
        painter.setPen(QColor(colours().accent if chosen else colours().line))
        painter.drawRect(card)
        for number, role in enumerate((LEFT_ROLE, RIGHT_ROLE)):
            picture = QRect(card.left() + 4 + number * (_SIDE_PX + 4), card.top() + 4, _SIDE_PX, _SIDE_PX)
            _paint_picture(painter, picture, index.data(role))
        _paint_words(painter, card.adjusted(2 * _SIDE_PX + 18, 4, -4, -4), index)
        painter.restore()


def _paint_words(painter: QPainter, place: QRect, index: Index) -> None:
    lines = (*str(index.data()).split("\n"), str(index.data(NOTE_ROLE)))
    height = place.height() // len(lines)
    for number, text in enumerate(lines):
        painter.setPen(QColor(colours().warning if text == tr("apart") else colours().quiet if number else colours().text))
        row = QRect(place.left(), place.top() + number * height, place.width(), height)
        words = painter.fontMetrics().elidedText(visible_lines(text), Qt.TextElideMode.ElideRight, place.width())
        draw_text(painter, row, Qt.AlignmentFlag.AlignVCenter, words)


def _paint_picture(painter: QPainter, place: QRect, picture: object) -> None:
    painter.fillRect(place, QColor(PICTURE_GROUND))  # docs/decisions/ui.md 10
    if isinstance(picture, QImage):
        paint_in_middle(painter, place, picture)
