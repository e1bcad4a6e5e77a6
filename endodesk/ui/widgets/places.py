"""Places of the computer, as the window meets them: dropped on it, and named in its title."""

import os
from pathlib import Path

from PySide6.QtGui import QDropEvent

from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.project.project_file import is_project_file_name
from endodesk.domain.shown_text import isolated
from endodesk.ui.widgets.plain_text import title_text


def dropped_places(event: QDropEvent) -> list[Path]:
    """Folders and projects' files of this computer among what is dragged; a web link is none."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if os.path.isdir(path) or is_project_file_name(path.name)]  # noqa: PTH112  (never raises)


def title_of(project: Project, percent: int | None = None) -> str:
    """What the window is called on a project; while a training of it is so far, that comes first: the task bar shows it."""
    source, name = project.source, project.folder.name
    if source and source.is_absolute():
        name = source.name
    if project.synthetic:
        name = tr("{name}: synthetic demonstration frames").format(name=project.folder.name)
    title = f"{isolated(name)} - EndoDesk" if source else "EndoDesk"
    return title_text(title if percent is None else tr("{n} % - {title}").format(n=percent, title=title))
