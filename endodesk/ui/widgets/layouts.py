"""Layouts: filled in one go, and emptied."""

from typing import TypeVar

import shiboken6
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

Box = TypeVar("Box", bound=QBoxLayout)
Piece = QWidget | QLayout | None
SPACE = None
"""Among the pieces of a layout: empty room that takes what the others leave."""


def fill(
    layout: Box, *pieces: Piece | tuple[Piece, int], edge_px: int | tuple[int, int, int, int] | None = None, gap_px: int | None = None
) -> Box:
    """Put pieces into a row or column one after the other, each alone or with its stretch; the layout comes back.

    `edge_px` is free on all four sides (or on the left, above, on the right and below), and `gap_px` between two pieces;
    without them it is as much as Qt gives.
    """
    if edge_px is not None:
        layout.setContentsMargins(*(edge_px if isinstance(edge_px, tuple) else (edge_px,) * 4))
    if gap_px is not None:
        layout.setSpacing(gap_px)
    for piece in pieces:
        part, stretch = piece if isinstance(piece, tuple) else (piece, 0)
        if isinstance(part, QWidget):
            layout.addWidget(part, stretch)
        elif isinstance(part, QLayout):
            layout.addLayout(part, stretch)
        else:
            layout.addStretch(stretch)
    return layout


def empty_layout(layout: QLayout) -> None:
    """Take all widgets out of a layout and have Qt delete them; nothing of them is seen from now on."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()  # deleteLater waits for the event loop: it must not be seen until then
            widget.deleteLater()
        shiboken6.delete(item)  # else nobody does: 96 bytes for each, some 10 MB in an afternoon of labels
