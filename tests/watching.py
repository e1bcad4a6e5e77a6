"""What tests of the window look at and wait for."""

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox


def settle(qtbot, window):
    """All files read, the frame shown or refused, thumbnails there."""
    qtbot.waitUntil(lambda: not window.session.folder_reader.listing and window.session.jobs.idle, timeout=15_000)


def choose(qtbot, window, row):
    window.session.navigation.choose(row)
    qtbot.waitUntil(lambda: window.session.workspace.open_frame is not None, timeout=10_000)


def select(window, rows):
    """Exactly these rows in the gallery."""
    chosen = window.gallery.view.selectionModel()
    chosen.clearSelection()
    for row in rows:
        index = window.gallery.model.index(window.session.shown.arrangement.place(row))
        chosen.select(index, QItemSelectionModel.SelectionFlag.Select)


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(window, key, modifier)


def words(widget):
    """Everything that is written on a widget and can be seen, in one text."""
    labels = [label for label in widget.findChildren(QLabel) if label.isVisible()]
    return "\n".join(label.text() for label in labels)


def warnings(window):
    return [box.text() for box in window.findChildren(QMessageBox) if box.isVisible()]


def answer_box(qtbot, button):
    """Press a button of the next box that asks; the question is in the list returned."""
    asked = []

    def press_it():
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, press_it)
            return
        asked.append(box.text())
        next(b for b in box.buttons() if b.text().replace("&", "") == button).click()

    from PySide6.QtCore import QTimer

    QTimer.singleShot(0, press_it)
    return asked


def picture(widget):
    """What is painted of a widget, as bytes."""
    image = widget.grab().toImage()
    return bytes(image.constBits())
