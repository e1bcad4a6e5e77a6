"""Where the program keeps what belongs to the user and not to a project."""

from pathlib import Path

import platformdirs

from endodesk.system.own_record import settings_folder


def settings_file() -> Path:
    """The INI file of the settings, the place of windows and the last project; its folder may not be there yet."""
    return settings_folder() / "window.ini"


def log_file() -> Path:
    """What went wrong, for whoever helps."""
    return platformdirs.user_log_path("endodesk", appauthor=False) / "endodesk.log"
