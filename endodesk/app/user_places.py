"""Where the program keeps what belongs to the user and not to a project."""

from pathlib import Path

import platformdirs


def settings_file() -> Path:
    """The INI file of the settings, the place of windows and the last project; its folder may not be there yet."""
    return platformdirs.user_config_path("endodesk", appauthor=False) / "window.ini"


def log_file() -> Path:
    """What went wrong, for whoever helps."""
    return platformdirs.user_log_path("endodesk", appauthor=False) / "endodesk.log"
