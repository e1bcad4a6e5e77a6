"""What is done to any layout."""

from PySide6.QtWidgets import QLayout


def empty_layout(layout: QLayout) -> None:
    """Take all widgets out of a layout and have Qt delete them; nothing of them is seen from now on."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()  # deleteLater waits for the event loop: it must not be seen until then
            widget.deleteLater()
