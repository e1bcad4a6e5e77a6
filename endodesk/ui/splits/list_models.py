"""What the lists of the split check show: pairs of frames, and frames of one group."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QImage

from endodesk.app.frames.thumbnail_loader import Thumbnails
from endodesk.app.language import marked, tr
from endodesk.app.retraining.splits import SplitCheck
from endodesk.dataset.leaks import Pair
from endodesk.dataset.manifest import ManifestRow
from endodesk.domain.images import printable
from endodesk.ui.widgets.plain_text import tip_text

Index = QModelIndex | QPersistentModelIndex
LEFT_ROLE, RIGHT_ROLE, NOTE_ROLE = (Qt.ItemDataRole.UserRole + n for n in (1, 2, 3))
_CARD = QSize(210, 250)
_PART_WORDS = {"train": marked("train"), "val": marked("validation"), "test": marked("test")}


class PairModel(QAbstractListModel):
    """Pairs in the order given. Thumbnails are asked for when they are first painted."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._check: SplitCheck | None = None
        self._pairs: Sequence[Pair] = ()

    def show_pairs(self, check: SplitCheck, pairs: Sequence[Pair]) -> None:
        """Put the pairs of another check in the place of those before."""
        self.beginResetModel()
        self._check, self._pairs = check, pairs
        self.endResetModel()

    def pair(self, row: int) -> Pair | None:
        """The pair of a row; None if there is no such row."""
        return self._pairs[row] if 0 <= row < len(self._pairs) else None

    def row_of(self, pair: Pair | None) -> int | None:
        """Where the same two frames are now; None if nowhere."""
        names = pair and (pair.left.sha256, pair.right.sha256)  # by content: each check brings other objects
        return next((row for row, other in enumerate(self._pairs) if (other.left.sha256, other.right.sha256) == names), None)

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of pairs; a pair has no rows of its own."""
        return 0 if parent is not None and parent.isValid() else len(self._pairs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """How far apart the two are, their labels and parts, a note, and their thumbnails (None while on their way)."""
        if not index.isValid() or self._check is None:
            return None
        pair = self._pairs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{distance(pair)}\n{both(pair.left.label, pair.right.label)}\n{parts_of(pair)}"
        if role == NOTE_ROLE:
            return note(self._check, pair)
        if role in (LEFT_ROLE, RIGHT_ROLE):
            picture = self._thumbnails.get((pair.left if role == LEFT_ROLE else pair.right).file)
            return picture if isinstance(picture, QImage) else None
        if role == Qt.ItemDataRole.ToolTipRole:
            # names of files may hold what cannot be shown, or break lines
            return tip_text(f"{printable(str(pair.left.file))}\n{printable(str(pair.right.file))}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            names = tr("{left} and {right}").format(left=pair.left.file.name, right=pair.right.file.name)
            return ", ".join((names, *str(self.data(index)).split("\n"), note(self._check, pair)))
        return None


def distance(pair: Pair) -> str:
    """How far apart two frames are: in bits of their hashes and, where it was measured, in what the model sees."""
    bits = tr("equal hashes") if pair.bits == 0 else tr("1 bit") if pair.bits == 1 else tr("{n} bits").format(n=pair.bits)
    return bits if pair.distance is None else tr("{bits}, distance {distance:.3f}").format(bits=bits, distance=pair.distance)


def both(left: str, right: str) -> str:
    """Two words with a stroke between them, or one where they are the same."""
    return printable(left) if left == right else f"{printable(left)} | {printable(right)}"


def parts_of(pair: Pair) -> str:
    """The parts of both frames as a reader calls them; one word where they are in the same part."""
    return both(part_word(pair.left.part), part_word(pair.right.part))


def part_word(part: str) -> str:
    """A part as a reader calls it; manifests and folders write "val"."""
    return tr(_PART_WORDS[part]) if part in _PART_WORDS else part


def note(check: SplitCheck, pair: Pair) -> str:
    """What holds the two together, or that nothing does."""
    if merge := check.merge_of(pair):
        return tr("joined by {reader}").format(reader=merge.reader)
    if pair.left.group != pair.right.group:
        return tr("apart")
    return tr("one group") if pair.bits <= check.grouping.near else tr("one group, by case or by other frames")


class FrameModel(QAbstractListModel):
    """The frames of one group, each with its label and who gave it."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._check: SplitCheck | None = None
        self._rows: Sequence[ManifestRow] = ()

    def show_rows(self, check: SplitCheck, rows: Sequence[ManifestRow]) -> None:
        """Put the frames of another group, or of another check, in the place of those before."""
        self.beginResetModel()
        self._check, self._rows = check, rows
        self.endResetModel()

    def frame(self, row: int) -> ManifestRow:
        """The frame of a row."""
        return self._rows[row]

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of frames; a frame has no rows of its own."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Label, who gave it, file name; the thumbnail, or None while it is on its way."""
        if not index.isValid() or self._check is None:
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            reader = self._check.readers.get(row.sha256)
            who = tr("by {reader}").format(reader=reader) if reader else tr("by its folder")
            return f"{printable(row.label)}\n{who}\n{printable(row.file.name)}"
        if role == Qt.ItemDataRole.DecorationRole:
            picture = self._thumbnails.get(row.file)
            return picture if isinstance(picture, QImage) else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(printable(str(row.file)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(str(self.data(index)).split("\n"))
        if role == Qt.ItemDataRole.SizeHintRole:
            return _CARD
        return None


class ConflictModel(QAbstractListModel):
    """Groups whose frames carry different labels."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: Sequence[tuple[ManifestRow, ...]] = ()

    def show_groups(self, groups: Sequence[tuple[ManifestRow, ...]]) -> None:
        """Put the groups of another check in the place of those before."""
        self.beginResetModel()
        self._groups = groups
        self.endResetModel()

    def group(self, row: int) -> tuple[ManifestRow, ...]:
        """The frames of a row; none if there is no such row."""
        return self._groups[row] if 0 <= row < len(self._groups) else ()

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of groups; their frames are shown by a model of their own."""
        return 0 if parent is not None and parent.isValid() else len(self._groups)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """How many frames the group has of each label, and in which part it stands."""
        if not index.isValid() or role != Qt.ItemDataRole.DisplayRole:
            return None
        rows = self._groups[index.row()]
        labels = [row.label for row in rows]
        counts = ", ".join(f"{labels.count(name)} {printable(name)}" for name in sorted(set(labels)))
        if len({row.sha256 for row in rows}) == 1:  # no split can mend these: the same pixels would have two labels
            same = tr("{n} files of equal content: {counts}\nleft out of every run until a reader labels one")
            return same.format(n=len(rows), counts=counts)
        return tr("{n} frames: {counts}\n{parts}").format(n=len(rows), counts=counts, parts=both_parts(rows))


def both_parts(rows: Sequence[ManifestRow]) -> str:
    """The part in which a group stands, as a reader calls it; all of them, should it be more than one."""
    return tr("in {parts}").format(parts=", ".join(sorted({part_word(row.part) for row in rows})))
