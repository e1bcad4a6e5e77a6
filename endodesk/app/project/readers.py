"""Who labels: the name given in this project, else the one given last in any, else the one on the computer.

The name in a project from elsewhere is that of somebody else.
"""

import getpass

from PySide6.QtCore import QSettings

from endodesk.app.project.project import Project
from endodesk.app.user_places import settings_file
from endodesk.data.setting_store import text_of


def reader_of(project: Project) -> str:
    """Name of the reader in a project; never empty, since no label is kept without one."""
    here = project.database.settings.read("reader", text_of, "") if project.is_own else ""
    return here or str(_user_settings().value("reader", "")) or _login_name()


def set_reader(project: Project, name: str) -> None:
    """Keep a name for this project, and for those that have none yet. EndoDeskError if it could not be saved."""
    project.database.settings.set("reader", name.strip())
    project.take_on()
    _user_settings().setValue("reader", name.strip())


def _user_settings() -> QSettings:
    return QSettings(str(settings_file()), QSettings.Format.IniFormat)


def _login_name() -> str:
    try:
        return getpass.getuser() or "reader"
    except (KeyError, OSError):  # a user without a name, as in containers
        return "reader"
