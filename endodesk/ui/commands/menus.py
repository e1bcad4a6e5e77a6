"""The menus and the toolbar, from the table of entries."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QStatusBar, QToolBar

from endodesk.app.language import tr
from endodesk.ui.commands.entries import MENUS, TOOLBAR, Entry
from endodesk.ui.widgets.icons import icon
from endodesk.ui.widgets.plain_text import tip_text


def make_menus(window: QMainWindow, do: Callable[[str], None]) -> dict[str, QAction]:
    """Fill the window's menu bar and toolbar; the actions come back by the names of what they do."""
    actions: dict[str, QAction] = {}
    for title, entries in MENUS.items():
        menu = window.menuBar().addMenu(tr(title))
        for entry in entries:
            if entry.words:
                actions[entry.does] = _submenu(menu, entry, do) if entry.submenu else _action(window, entry, do)
                (menu if entry.listed else window).addAction(actions[entry.does])  # in no menu it still needs a widget, or its key is dead
            else:
                menu.addSeparator()
    toolbar = QToolBar(tr("Tools"), window)
    toolbar.setObjectName("tools")
    toolbar.setMovable(False)
    toolbar.setIconSize(QSize(22, 22))
    toolbar.addActions([actions[name] for name in TOOLBAR])
    window.addToolBar(toolbar)
    return actions


def strip_bars(window: QMainWindow) -> None:
    """Take menus, toolbar and status bar off the window, to be made anew in another language."""
    for action in window.actions():
        window.removeAction(action)  # those without a menu hang on the window, and would keep their keys beside the new ones
    window.menuBar().clear()
    for bar in window.findChildren(QToolBar):
        window.removeToolBar(bar)
        bar.deleteLater()  # the window only lets go of it
    window.setStatusBar(QStatusBar())


def _submenu(menu: QMenu, entry: Entry, do: Callable[[str], None]) -> QAction:
    own = menu.addMenu(tr(entry.words))
    own.setIcon(icon(entry.icon))
    own.aboutToShow.connect(lambda: do(entry.does))
    return own.menuAction()


def _action(window: QMainWindow, entry: Entry, do: Callable[[str], None]) -> QAction:
    action = QAction(tr(entry.words), window)
    if entry.icon:
        action.setIcon(icon(entry.icon))
    if entry.keys:
        action.setShortcut(QKeySequence(entry.keys))
        action.setAutoRepeat(not entry.once)
    action.setCheckable(entry.checkable)
    words = tr(entry.tip or entry.words).replace("&", "").removesuffix(" ...")
    action.setToolTip(tip_text(f"{words} ({entry.keys})" if entry.keys else words))
    action.triggered.connect(lambda: do(entry.does))  # by name, at each click: with another project other objects do it
    return action
