"""GalleryModel: the frames that are shown, and the headers of their cases, as a list model. Rows at once, pixels later."""

from pathlib import PurePath
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from endodesk.app.browsing.case_summary import CaseSummary, Rows, case_under, header_of
from endodesk.app.browsing.frame_columns import NOTHING, LabelState
from endodesk.app.browsing.shown_frames import ShownFrames
from endodesk.app.frames.mark_words import mark_word
from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.language import tr
from endodesk.app.workspace import Workspace, shown_name
from endodesk.domain.images import printable
from endodesk.domain.reviews import MARKS
from endodesk.domain.shown_text import visible
from endodesk.ui.gallery.cards_view import ITEM_ROLE
from endodesk.ui.widgets.plain_text import tip_text

Index = QModelIndex | QPersistentModelIndex
LABEL_ROLE, CORRECTED_ROLE, REASON_ROLE, CARD_ROLE = (Qt.ItemDataRole.UserRole + n for n in (1, 2, 3, 4))
Role = Qt.ItemDataRole
_MANY = 50  # signals: more are told as one


class Card(NamedTuple):
    """All that is painted of a frame; empty words where there is nothing to say."""

    name: str
    label: str
    by_reader: bool
    disputed: bool
    """Its readers disagree, and nobody has decided: then there is no label."""
    answer: str
    confidence: float
    marks: tuple[str, ...]
    more: int
    """How many near-identical frames are hidden behind this one."""
    reason: str
    """Why the frame stands in the queue that is shown; empty outside one."""


class GalleryModel(QAbstractListModel):
    """The frames that are shown, with the headers of their cases. A thumbnail is asked for when it is first painted."""

    def __init__(self, workspace: Workspace, shown: ShownFrames, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._shown, self._thumbnails = workspace, shown, thumbnails
        self._take_items()
        self._shown.changed.connect(self._rearranged)
        self._shown.noted.connect(self._rows_changed)
        workspace.rows_changed.connect(self._rows_changed)
        workspace.thumbnail_arrived.connect(self._thumbnail_arrived)

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of frames and headers together; items have no rows of their own."""
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Frames can be selected, headers cannot."""
        if not index.isValid() or index.row() >= len(self.items):
            return Qt.ItemFlag.NoItemFlags
        enabled = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return enabled | Qt.ItemFlag.ItemIsSelectable if self.items[index.row()] >= 0 else enabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, thumbnail (QImage, or None while it is on its way), label, and the reason where there is no picture."""
        if not index.isValid() or index.row() >= len(self.items):
            return None
        item = int(self.items[index.row()])
        if role == ITEM_ROLE:
            return item
        return self._of_frame(item, role) if item >= 0 else self._of_header(case_under(item), role)

    def _of_header(self, case: int, role: int) -> Any:
        if role == CARD_ROLE:
            return self._shown.summary(case)
        if role == Role.ToolTipRole:
            return tip_text(header_text(self._shown.summary(case)))
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return header_text(self._shown.summary(case))
        return None

    def _of_frame(self, row: int, role: int) -> Any:
        columns, frames = self._shown.columns, self._workspace.frames
        if row >= len(frames):  # the folder was read again, and the rows shown are not yet arranged anew
            return None
        if role == CARD_ROLE:
            return self._card(row)
        if role == Role.DisplayRole:
            return visible(_file_name(frames.names[row]))
        if role == Role.DecorationRole:
            picture = self._picture(row)
            return picture if isinstance(picture, QImage) else None
        if role == REASON_ROLE:
            picture = self._picture(row)
            return picture if isinstance(picture, str) else ""
        if role == LABEL_ROLE:
            return _name(columns.classes.names, columns.label[row]) or None
        if role == CORRECTED_ROLE:
            return None if columns.label[row] == NOTHING else bool(columns.state[row] == LabelState.READER)
        if role == Role.ToolTipRole:
            return tip_text(self._told(row))
        if role == Role.AccessibleTextRole:
            return self._told(row).replace("\n", ", ")
        return None

    def _picture(self, row: int) -> QImage | str | None:
        frames = self._workspace.frames
        if frames.is_unreadable(row):
            return frames[row].unreadable
        return self._thumbnails.get(frames.path(row), frames.sha256s[row])  # by content where that is known: docs/decisions/app.md 8

    def _card(self, row: int) -> Card:
        columns = self._shown.columns
        names = columns.classes.names
        return Card(
            _file_name(columns.frames.names[row]),
            _name(names, columns.label[row]),
            bool(columns.state[row] == LabelState.READER),
            bool(columns.state[row] == LabelState.DISAGREEMENT),
            _name(names, columns.answer[row]),
            float(columns.confidence[row]),
            tuple(name for bit, name in enumerate(MARKS) if columns.marks[row] >> bit & 1),
            self._shown.arrangement.more.get(row, 0),
            self._shown.reason(row),
        )

    def _told(self, row: int) -> str:
        """All that a card shows, in words: for its tip and for screen readers."""
        card, entry = self._card(row), self._workspace.frames[row]
        none = tr("readers disagree") if card.disputed else tr("no label")
        given = (tr("{label} (by a reader)") if card.by_reader else tr("{label} (by its folder)")) if card.label else none
        lines = [
            printable(shown_name(self._workspace, row)),
            given.format(label=card.label),
            tr("answer: {label}, {confidence:.0%}").format(label=card.answer, confidence=card.confidence) if card.answer else "",
            ", ".join(mark_word(mark) for mark in card.marks),
            self._shown.columns.notes.get(row, ""),
            tr("{n} near-identical frames behind it").format(n=card.more) if card.more else "",
            card.reason,
            entry.unreadable,
        ]
        return "\n".join(line for line in lines if line)

    def _take_items(self) -> None:
        self.items: Rows = self._shown.items
        """For each row of this model the row of its frame, or a number below 0 for a header."""
        self._headers = np.flatnonzero(self.items < 0)

    def _rearranged(self) -> None:
        self.beginResetModel()
        self._take_items()
        self.endResetModel()

    def _rows_changed(self, first: int, last: int) -> None:
        """Rows next to each other are told together where they are shown next to each other."""
        places = np.sort(self._shown.arrangement.places(first, last))
        breaks = np.flatnonzero(np.diff(places) != 1)
        if len(breaks) > _MANY:
            breaks = breaks[:0]  # the view paints only what is on screen: one wide signal costs less than many
        for begin, end in zip(np.r_[places[:1], places[breaks + 1]], np.r_[places[breaks], places[-1:]], strict=True):
            self._tell(int(begin), int(end))
        self._tell_headers(first, last)

    def _tell_headers(self, first: int, last: int) -> None:
        """Tell the headers over these frames too, since each counts its labels."""
        if self._shown.has_headers:
            cases = np.unique(self._shown.columns.case[first : last + 1])
            headers = self._headers[np.isin(self.items[self._headers], header_of(cases))]
            if len(headers):
                self._tell(int(headers[0]), int(headers[-1]))

    def _tell(self, begin: int, end: int) -> None:
        if begin >= 0:
            self.dataChanged.emit(self.index(begin), self.index(end))

    def _thumbnail_arrived(self, row: int) -> None:
        place = self._shown.arrangement.place(row)
        self._tell(place, place)


def header_text(summary: CaseSummary) -> str:
    """The header of a case in words: its name, frames, labelled ones, classes found."""
    frames = tr("{shown:,} of {n:,} frames") if summary.shown != summary.frames else tr("{n:,} frames")
    frames = frames.format(shown=summary.shown, n=summary.frames) if summary.frames != 1 else tr("1 frame")
    found = ", ".join(f"{printable(name)} {n:,}" for name, n in summary.classes)
    parts = (printable(summary.name), frames, tr("{n:,} labelled").format(n=summary.labelled), found)
    return "  \N{MIDDLE DOT}  ".join(part for part in parts if part)


def _file_name(name: str) -> str:
    return PurePath(name).name


def _name(names: list[str], number: int) -> str:
    return names[number] if number != NOTHING else ""
