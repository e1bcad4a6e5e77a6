"""How a frame's card, its line in the list, and a case's header are painted."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from endodesk.app.browsing.case_summary import CaseSummary
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.domain.reviews import AnnotationKind
from endodesk.domain.shown_text import visible
from endodesk.ui.gallery.item_model import CARD_ROLE, REASON_ROLE, Card
from endodesk.ui.widgets.plain_text import draw_text
from endodesk.ui.widgets.theme import ON_PICTURE, PICTURE_GROUND, class_colour, colours, readable

Index = QModelIndex | QPersistentModelIndex
_EDGE = 7  # from a cell's edge to its picture
_CENTRE = Qt.AlignmentFlag.AlignCenter
_CENTRE_TOP = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
_REASON_LINES = 3  # cut off after one, a reason said nothing
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
HEADER_PX = 28

_KEPT = 300  # pictures of the size in which they are painted: some screens
_DISPUTED = "\N{NOT EQUAL TO}"
_LETTERS = {AnnotationKind.FLAGGED: "F", AnnotationKind.EXCLUDED: "X", AnnotationKind.POOR_QUALITY: "Q", AnnotationKind.NOT_SURE: "?"}


class CardPainter(QStyledItemDelegate):
    """Cards in a grid, or lines of a list; `picture_px` is the longer side of a thumbnail."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.grid, self.picture_px, self.reasons = True, 130, False
        """`reasons`: whether cards have room for the reason why they stand in a queue."""
        self._kept: dict[tuple[int, int, int], QPixmap] = {}

    def cell(self, metrics: QFontMetrics) -> QSize:
        """The least width and the height of a card in pixels: one size for all, as the layout needs it."""
        if not self.grid:
            # wider than any gallery: one line a frame
            return QSize(10_000, max(self.picture_px * 3 // 4, (3 if self.reasons else 2) * metrics.height()) + 8)
        lines = 1 + (_REASON_LINES if self.reasons else 0)
        return QSize(self.picture_px + 2 * _EDGE + 2, self.picture_px * 3 // 4 + lines * metrics.height() + 2 * _EDGE + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one item: a card, a line of the list, or the header of a case."""
        painter.save()
        painter.setFont(option.font)
        told = index.data(CARD_ROLE)
        if isinstance(told, CaseSummary):
            self._paint_header(painter, option.rect, told)
        elif isinstance(told, Card):
            (self._paint_card if self.grid else self._paint_line)(painter, option, index, told)
        painter.restore()

    # --- a card -------------------------------------------------------------------------------------------------------

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, card: Card) -> None:
        cell = option.rect.adjusted(3, 3, -3, -3)
        self._paint_ground(painter, cell, option.state)
        place = QRect(cell.left() + 4, cell.top() + 4, cell.width() - 8, self.picture_px * 3 // 4)
        self._paint_picture(painter, place, index)
        text_px = painter.fontMetrics().height()
        name = QRect(place.left(), place.bottom() + 3, place.width(), text_px)
        _write(painter, name, card.name, colours().text, _CENTRE, Qt.TextElideMode.ElideMiddle)
        if card.reason:
            _wrap(painter, QRect(name.left(), name.bottom() + 1, name.width(), _REASON_LINES * text_px), card.reason, _CENTRE_TOP)
        self._paint_corners(painter, place, card)

    def _paint_corners(self, painter: QPainter, place: QRect, card: Card) -> None:
        """Label above and answer below on the right; flag above and copies below on the left. Each a colour and a letter."""
        bold = QFont(painter.font())
        bold.setBold(True)
        painter.setFont(bold)
        if card.label:
            self._paint_corner(painter, place, self._letters(card.label), self._colour(card.label), filled=card.by_reader)
        if card.disputed:
            self._paint_corner(painter, place, _DISPUTED, QColor(colours().warning_fill), filled=True)
        if card.answer:
            words = f"{self._letters(card.answer)} {100 * card.confidence:.0f}"
            self._paint_corner(painter, place, words, self._colour(card.answer), below=True, dashed=True)
        self._paint_left_corners(painter, place, card)

    def _paint_left_corners(self, painter: QPainter, place: QRect, card: Card) -> None:
        if card.marks:
            self._paint_corner(painter, place, _mark_letters(card.marks), QColor(colours().warning_fill), left=True, filled=True)
        if card.more:
            self._paint_corner(painter, place, f"+{card.more}", QColor(ON_PICTURE), left=True, below=True)

    def _paint_corner(
        self,
        painter: QPainter,
        place: QRect,
        words: str,
        colour: QColor,
        *,
        left: bool = False,
        below: bool = False,
        filled: bool = False,
        dashed: bool = False,
    ) -> None:
        """What a reader said is filled; what a folder said is outlined; what a model said is outlined by dashes."""
        metrics = painter.fontMetrics()
        width, height = max(metrics.horizontalAdvance(words) + 10, 26), metrics.height() + 3
        corner = QRect(
            place.left() if left else place.right() - width + 1, place.bottom() - height + 1 if below else place.top(), width, height
        )
        painter.fillRect(corner, colour if filled else QColor(PICTURE_GROUND))
        if not filled:
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
            painter.drawRect(corner.adjusted(0, 0, -1, -1))
        painter.setPen(QColor(PICTURE_GROUND) if filled else colour)
        draw_text(painter, corner, _CENTRE, words)

    def _paint_ground(self, painter: QPainter, cell: QRect, state: QStyle.StateFlag) -> None:
        """Paint what lies behind a card: selected cards are raised, the open one has a rim."""
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(cell, QColor(colours().raised if chosen else colours().panel))
        is_open = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(QColor(colours().accent), 2) if is_open else QPen(QColor(colours().accent if chosen else colours().line), 1))
        painter.drawRect(cell.adjusted(0, 0, -1, -1))

    def _paint_picture(self, painter: QPainter, place: QRect, index: Index) -> None:
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QImage):
            fitted = self._fitted(picture, place.size(), painter.device().devicePixelRatio())
            target = QRect(QPoint(), fitted.deviceIndependentSize().toSize())
            target.moveCenter(place.center())
            painter.drawPixmap(target.topLeft(), fitted)
            return
        painter.fillRect(place, QColor(PICTURE_GROUND))
        reason = index.data(REASON_ROLE)
        painter.setPen(QColor(colours().warning_fill if reason else ON_PICTURE))
        draw_text(painter, place.adjusted(4, 4, -4, -4), _CENTRE | Qt.TextFlag.TextWordWrap, tr("cannot be read") if reason else "...")

    def _fitted(self, picture: QImage, room: QSize, ratio: float) -> QPixmap:
        """The picture as large as it is painted: scaling it each time took most of the time of scrolling."""
        key = (picture.cacheKey(), room.width(), room.height())
        fitted = self._kept.pop(key, None)  # taken out and put back below, so that what is in use stays
        if fitted is None:
            smooth = Qt.TransformationMode.SmoothTransformation
            # in pixels of the screen, of which a dense one has more
            fitted = QPixmap.fromImage(picture.scaled(room * ratio, Qt.AspectRatioMode.KeepAspectRatio, smooth))
            fitted.setDevicePixelRatio(ratio)
            while len(self._kept) >= _KEPT:  # the one that was asked for longest ago goes first: a dict keeps the order of coming
                del self._kept[next(iter(self._kept))]
        self._kept[key] = fitted
        return fitted

    # --- a line -------------------------------------------------------------------------------------------------------

    def _paint_line(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, card: Card) -> None:
        cell = option.rect.adjusted(3, 1, -3, -1)
        self._paint_ground(painter, cell, option.state)
        place = QRect(cell.left() + 3, cell.top() + 3, self.picture_px, cell.height() - 6)
        self._paint_picture(painter, place, index)
        corners = QRect(cell.left(), cell.top() + 3, cell.width() - 3, cell.height() - 6)
        room = QRect(place.right() + 8, cell.top() + 3, cell.width() - place.width() - 90, cell.height() - 6)
        above, below = QRect(room), QRect(room)
        middle = room.top() + room.height() // (3 if card.reason else 2)
        above.setBottom(middle - 1)
        below.setTop(middle)
        _write(painter, above, card.name, colours().text, _LEFT, Qt.TextElideMode.ElideMiddle)
        if card.reason:
            _wrap(painter, below, card.reason, _LEFT)
        else:
            _write(painter, below, card.label or tr("no label"), colours().quiet, _LEFT)
        self._paint_corners(painter, corners, card._replace(marks=(), more=0))  # in a line these stand on the picture, not at the far end
        self._paint_left_corners(painter, place, card)

    # --- a header -----------------------------------------------------------------------------------------------------

    def _paint_header(self, painter: QPainter, place: QRect, summary: CaseSummary) -> None:
        painter.fillRect(place.adjusted(0, 2, 0, -1), QColor(colours().raised))
        arrow = "\N{BLACK RIGHT-POINTING SMALL TRIANGLE}" if summary.folded else "\N{BLACK DOWN-POINTING SMALL TRIANGLE}"
        painter.setPen(QColor(colours().quiet))
        draw_text(painter, QRect(place.left() + 4, place.top(), 16, place.height()), _CENTRE, arrow)
        room = place.adjusted(22, 0, -6, 0)
        shown = f"{summary.shown:,}/{summary.frames:,}" if summary.shown != summary.frames else f"{summary.frames:,}"
        bold = QFont(painter.font())
        bold.setBold(True)
        right = self._paint_classes(painter, room, summary)
        words = tr("1 frame, {labelled:,} labelled") if summary.frames == 1 else tr("{shown} frames, {labelled:,} labelled")
        counts = words.format(shown=shown, labelled=summary.labelled)
        metrics = painter.fontMetrics()
        free = right - 18 - room.left() - QFontMetrics(bold).horizontalAdvance(summary.name)
        if metrics.horizontalAdvance(counts) > free:
            counts = shown  # the name first: the figures stand in the case's panel too
        width = metrics.horizontalAdvance(counts) + 2  # fractions of a pixel would cost it its end
        _write(painter, QRect(right - width - 6, place.top(), width, place.height()), counts, colours().quiet, _LEFT)
        painter.setFont(bold)
        name = QRect(room.left(), place.top(), max(40, right - width - 18 - room.left()), place.height())
        _write(painter, name, summary.name, colours().text, _LEFT, Qt.TextElideMode.ElideMiddle)

    def _paint_classes(self, painter: QPainter, room: QRect, summary: CaseSummary) -> int:
        """The classes found as small corners from the right, each a colour and a letter; where they begin."""
        right = room.right()
        metrics = painter.fontMetrics()
        for name, _ in summary.classes[3::-1]:  # the most frequent one stands first
            words = self._letters(name)
            width = metrics.horizontalAdvance(words) + 8
            corner = QRect(right - width, room.center().y() - metrics.height() // 2, width, metrics.height())
            painter.setPen(readable(self._colour(name), colours().raised))  # a colour of a class may be as light as the ground
            painter.drawRect(corner.adjusted(0, 0, -1, -1))
            draw_text(painter, corner, _CENTRE, words)
            right -= width + 4
        return right

    def _colour(self, name: str) -> QColor:
        return class_colour(self._workspace.label_set, name)

    def _letters(self, name: str) -> str:
        return self._workspace.label_set.letters_of(name)


def _write(
    painter: QPainter,
    place: QRect,
    words: str,
    colour: str,
    align: Qt.AlignmentFlag,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    painter.setPen(QColor(colour))
    draw_text(painter, place, align, painter.fontMetrics().elidedText(visible(words), elide, place.width()))


def _wrap(painter: QPainter, place: QRect, words: str, align: Qt.AlignmentFlag) -> None:
    """A reason, in as many lines as there is room for; the tip has it whole."""
    painter.setPen(QColor(colours().warning))
    painter.save()
    painter.setClipRect(place)
    # a figure and its sign stay on one line
    draw_text(painter, place, align | Qt.TextFlag.TextWordWrap, words.replace(" %", "\N{NO-BREAK SPACE}%"))
    painter.restore()


def _mark_letters(marks: tuple[str, ...]) -> str:
    return "".join(_LETTERS[AnnotationKind(mark)] for mark in marks)
