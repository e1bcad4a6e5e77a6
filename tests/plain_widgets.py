"""Which texts of widgets on screen Qt would take for HTML. Walks at run time: labels, boxes, tips, tables, lists, plots, documents."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QAction, QStandardItemModel
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGraphicsTextItem,
    QGraphicsView,
    QLabel,
    QMessageBox,
    QTextEdit,
    QToolButton,
    QWidget,
)  # fmt: skip

_ESCAPED = re.compile(r'<p style="white-space:pre-wrap">[^<>]*</p>')
"""The one form of HTML that a tip may have: every sign of the text is a letter in it."""
_MARKUP = re.compile("<(img|h1|b|i)[ >]")
"""In HTML that Qt writes of a document: a tag, as none of the program's own texts has it; a letter < is written otherwise."""
_TIPS = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.StatusTipRole, Qt.ItemDataRole.WhatsThisRole)
_CELLS = 5000


def rich_texts(top: QWidget) -> list[str]:
    """What is wrong, a line each; empty where all that a window holds is shown letter by letter."""
    return [f"{type(one).__name__}: {wrong}" for one in (top, *top.findChildren(QObject)) for wrong in _of(one)]


def _of(one: QObject) -> Iterator[str]:
    if isinstance(one, QLabel) and one.text() and one.textFormat() is not Qt.TextFormat.PlainText:
        yield f"label {one.text()!r} is not plain"
    if isinstance(one, QMessageBox) and one.textFormat() is not Qt.TextFormat.PlainText:
        yield f"box {one.text()!r} is not plain"
    if isinstance(one, QTextEdit) and (_MARKUP.search(one.toHtml()) or (one.acceptRichText() and not one.isReadOnly())):
        yield "document may hold rich text"
    if isinstance(one, QGraphicsView) and one.scene():
        drawn = [item.toHtml() for item in one.scene().items() if isinstance(item, QGraphicsTextItem)]
        yield from (f"drawn {html!r}" for html in drawn if _MARKUP.search(html))
    if isinstance(one, QAbstractItemView) and one.model():
        yield from _of_model(one.model())
    yield from (f"tip {tip!r}" for tip in _tips(one) if not is_safe_tip(tip))


def _tips(one: QObject) -> list[str]:
    if isinstance(one, QToolButton) and one.defaultAction():
        return [one.toolTip()]
    if isinstance(one, QWidget | QAction):
        return [one.toolTip(), one.statusTip(), one.whatsThis()]
    return []


def _of_model(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    above = parent or QModelIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(above)
    cells = ((row, column) for row in range(model.rowCount(above)) for column in range(columns))
    for number, (row, column) in enumerate(cells):
        if number >= _CELLS:
            return
        index = model.index(row, column, above)
        yield from (f"cell {tip!r}" for role in _TIPS if isinstance(tip := index.data(role), str) and not is_safe_tip(tip))
        if isinstance(model, QStandardItemModel) and model.hasChildren(index):
            yield from _of_model(model, index)


def is_safe_tip(tip: str) -> bool:
    """Whether Qt shows a tip letter by letter."""
    return not GuiQt.mightBeRichText(tip) or bool(_ESCAPED.fullmatch(tip))
