"""The Help menu: keys, tour, log, and what this program is."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from endodesk.app.language import marked, tr
from endodesk.app.user_places import log_file
from endodesk.app.workspace import Workspace
from endodesk.domain.label_set import LabelSet
from endodesk.ui.commands.actions import Actions
from endodesk.ui.commands.entries import MENUS
from endodesk.ui.dialogs.keys_sheet import KeyGroup, KeysSheet
from endodesk.ui.dialogs.questions import show_about

_MOUSE = (
    (marked("Wheel"), marked("Zoom to the pointer")),
    (marked("Drag"), marked("Move the frame")),
    (marked("Ctrl+click"), marked("Select several frames: a key then labels them all")),
)


class HelpCommands:
    """Opens pages that only tell: nothing in the project changes."""

    def __init__(self, window: QWidget, workspace: Workspace) -> None:
        self._window, self._workspace = window, workspace

    def actions(self) -> Actions:
        """Each by the name of its entry; all but the log open a dialog over the window."""
        return {
            "show_keys": lambda: KeysSheet(key_groups(self._workspace.label_set), self._window).open(),
            "show_tour": self._show_tour,
            "show_log": self._show_log,
            "show_about": lambda: show_about(self._window, self._workspace.project),
        }

    def _show_tour(self) -> None:
        from endodesk.ui.dialogs.tour import Tour

        Tour(self._window).open()

    def _show_log(self) -> None:
        """Open the log in the program that the system has for such files."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file())))


def key_groups(label_set: LabelSet) -> list[KeyGroup]:
    """The keys of the classes, of each menu and of the mouse, as a user reads them."""
    groups = [KeyGroup(tr("Classes"), [(one.key, one.name) for one in label_set.classes if one.key])]
    for menu, entries in MENUS.items():
        lines = [(entry.keys, _plain(tr(entry.words))) for entry in entries if entry.keys]
        groups.append(KeyGroup(_plain(tr(menu)), lines))
    groups.append(KeyGroup(tr("Mouse"), [(tr(key), tr(words)) for key, words in _MOUSE]))
    return [group for group in groups if group.lines]  # the classes of a project may all be without a key


def _plain(words: str) -> str:
    """A menu's words without the marks of its keys and of a dialog to come."""
    return words.replace("&", "").removesuffix(" ...")
