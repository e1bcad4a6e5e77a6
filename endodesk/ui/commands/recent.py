"""File > Recent folders: what was open lately, for whoever goes back and forth between folders."""

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMenu

from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.ui.widgets.plain_text import button_text, tip_text

_KEY = "recent"
_MOST = 10


class RecentFolders:
    """Kept with the window's place in the user's settings: each project with its folder of frames, the newest first."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def note(self, project: Project) -> None:
        """A project was opened."""
        here = str(project.folder), str(project.source or project.folder)
        self._keep([here, *(one for one in self.listed if one[0] != here[0])][:_MOST])

    @property
    def listed(self) -> list[tuple[str, str]]:
        """Projects and their folders of frames; none where the settings hold something else."""
        try:
            kept = json.loads(str(self._settings.value(_KEY, "[]")))
            return [(project, source) for project, source in kept if isinstance(project, str) and isinstance(source, str)]
        except (ValueError, TypeError, RecursionError):
            return []

    def fill(self, menu: QMenu, open_place: Callable[[Path], None]) -> None:
        """List them, and a way to forget them: their names may be those of patients."""
        menu.clear()
        menu.setToolTipsVisible(True)
        for project, source in self.listed:
            folder = Path(source)
            action = menu.addAction(button_text(f"{folder.name} ({folder.parent.name})"))
            action.setToolTip(tip_text(source))
            action.triggered.connect(lambda *_, place=project: open_place(Path(place)))
        if menu.isEmpty():
            menu.addAction(tr("No folder was opened yet")).setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction(tr("&Forget these")).triggered.connect(lambda *_: self._keep([]))

    def _keep(self, listed: list[tuple[str, str]]) -> None:
        self._settings.setValue(_KEY, json.dumps(listed))
