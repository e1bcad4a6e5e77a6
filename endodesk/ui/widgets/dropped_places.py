"""What is dragged onto the window and can be opened."""

import os
from pathlib import Path

from PySide6.QtGui import QDropEvent

from endodesk.app.project.project_file import is_project_file_name


def dropped_places(event: QDropEvent) -> list[Path]:
    """Folders and projects' files of this computer among what is dragged; a web link is none."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if os.path.isdir(path) or is_project_file_name(path.name)]  # noqa: PTH112  (never raises)
