"""Frames as cards that open them: those that two models answer otherwise, and the mistakes of one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QListView, QSizePolicy, QVBoxLayout, QWidget

from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace
from endodesk.domain.images import Sha256, printable
from endodesk.ui.widgets.layouts import fill
from endodesk.ui.widgets.picture_list import PictureList
from endodesk.ui.widgets.plain_text import tip_text
from endodesk.ui.widgets.theme import text_label

_PICTURE_PX, _CARD_PX = 72, QSize(288, 84)


@dataclass(frozen=True, slots=True)
class FrameCard:
    """One frame."""

    file: str
    told: Callable[[], str]
    """What is said of it, in lines; asked when the card is painted."""
    image: Sha256 | None = None
    """Its content, where that is known: the file may lie elsewhere by now."""


class CardsModel(QAbstractListModel):
    """Cards in the order given; thumbnails are asked for when they are painted."""

    def __init__(self, workspace: Workspace, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._thumbnails = workspace, thumbnails
        self.cards: Sequence[FrameCard] = ()

    def show_cards(self, cards: Sequence[FrameCard]) -> None:
        """Put these in the place of those before."""
        self.beginResetModel()
        self.cards = cards
        self.endResetModel()

    def row_of(self, card: FrameCard) -> int | None:
        """The row of the frame in the folder that is open, by its place, else by its content; None if it is not there."""
        frames = self._workspace.frames
        row = frames.row_of(Path(card.file))
        if row is None and card.image:
            row = next(iter(frames.rows_with(card.image)), None)
        return row

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """How many cards there are."""
        return 0 if parent is not None and parent.isValid() else len(self.cards)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is said of the frame, with its thumbnail (None while that is on its way) or why there is none."""
        card = self.cards[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            picture = self._picture(card)
            return "\n".join([*card.told().split("\n"), *([picture] if isinstance(picture, str) else [])])
        if role == Qt.ItemDataRole.DecorationRole:
            picture = self._picture(card)
            if isinstance(picture, QImage):
                size = QSize(_PICTURE_PX, _PICTURE_PX)
                return picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            return None
        if role == Qt.ItemDataRole.SizeHintRole:
            return _CARD_PX
        if role == Qt.ItemDataRole.ToolTipRole:
            picture = self._picture(card)
            return tip_text("\n".join([printable(card.file), card.told(), *([picture] if isinstance(picture, str) else [])]))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{printable(Path(card.file).name)}: {card.told()}"
        return None

    def _picture(self, card: FrameCard) -> QImage | str | None:
        row = self.row_of(card)
        if row is not None:
            frames = self._workspace.frames
            return self._thumbnails.get(frames.path(row), frames.sha256s[row])
        if not self._workspace.project.is_own:  # a list from elsewhere may name any file, also on another computer
            return tr("not in the folder that is open")
        return self._thumbnails.get(Path(card.file))


class FrameCards(QWidget):
    """The cards under a heading; hidden where there are none."""

    def __init__(self, workspace: Workspace, thumbnails: Thumbnails, open_row: Callable[[int], None], heading: str) -> None:
        super().__init__()
        self._workspace, self._open_row = workspace, open_row
        self.model = CardsModel(workspace, thumbnails, self)
        self.view = PictureList(workspace, heading)
        self.view.setModel(self.model)
        self.view.setFlow(QListView.Flow.LeftToRight)
        self.view.setWrapping(True)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMinimumHeight(_CARD_PX.height() + 8)
        # as high as there is room: by the height that Qt wishes for a list, pages scroll that would fit
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.view.opening.connect(self._open)
        workspace.thumbnail_arrived.connect(self._repaint)  # a method: the dialog goes before the workspace, and Qt lets go of it then
        self.told, self.heading = text_label("", "quiet", wrap=True), text_label(heading, "heading")
        fill(QVBoxLayout(self), self.heading, self.told, (self.view, 1), edge_px=0)

    def show_cards(self, cards: Sequence[FrameCard]) -> None:
        """Show these frames, but for those whose answers are kept from the reader."""
        shown = [card for card in cards if not self._is_hidden(card)]
        self.model.show_cards(shown)
        self.setVisible(bool(cards))
        told = [tr("A double click opens the frame in the main window: its label may be what is wrong.")]
        if hidden := len(cards) - len(shown):
            told.append(tr("Blind first: {n:,} frames that you have not labelled are not shown.").format(n=hidden))
        self.told.setText(" ".join(told))

    def _repaint(self, _row: int) -> None:
        self.view.viewport().update()

    def _is_hidden(self, card: FrameCard) -> bool:
        blind = self._workspace.blind
        if not blind.on:
            return False
        row = self.model.row_of(card)
        return blind.hides(card.image if row is None else self._workspace.frames.sha256s[row])

    def _open(self) -> None:
        index = self.view.currentIndex()
        if not index.isValid():
            return
        card = self.model.cards[index.row()]
        row, name = self.model.row_of(card), Path(card.file).name
        if row is None:
            self.told.setText(tr("{frame} is not in the folder that is open.").format(frame=name))
            return
        self._open_row(row)
        self.told.setText(tr("{frame} is open in the main window.").format(frame=name))
