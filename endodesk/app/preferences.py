"""Preferences: what the user chooses once for all projects. Declared in one table: form, defaults, checks and docs derive from it."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

from endodesk.app.language import LANGUAGES, marked
from endodesk.app.user_places import settings_file
from endodesk.system.memory_budget import MEMORY, USUAL_MB

Value = bool | int | str
LONGEST_TEXT = 80


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the form. What kind it is follows from its default and from whether there are choices."""

    key: str
    group: str
    title: str
    told: str
    default: Value
    choices: tuple[tuple[str, str], ...] = ()
    """Value and title of each, for a text that is one of several."""
    low: int = 0
    high: int = 100
    unit: str = ""

    def checked(self, value: object) -> Value:
        """The value as this setting takes it; the default for whatever it cannot take (files are hostile)."""
        if isinstance(self.default, bool):
            # an INI file keeps text alone
            return {"true": True, "false": False}.get(str(value).lower(), self.default)
        if isinstance(self.default, int):
            try:
                number = int(str(value))
            except ValueError:
                return self.default
            return number if self.low <= number <= self.high else self.default
        text = value if isinstance(value, str) else self.default
        if self.choices:
            return text if text in dict(self.choices) else self.default
        return text.strip()[:LONGEST_TEXT] if text.isprintable() else self.default


_LOOK, _READING, _MODEL, _COMPUTER = marked("Look"), marked("Reading"), marked("Model"), marked("This computer")
PROJECT_PLACE, ACCOUNT, BESIDE = "project_place", "account", "beside"
_SYSTEM = ("system", marked("As the system has it"))

SETTINGS = (
    Setting(
        "theme", _LOOK, marked("Theme"), marked("Dark is made for a reading room; pictures stand on black in both."),
        "system", (_SYSTEM, ("dark", marked("Dark")), ("light", marked("Light"))),
    ),
    Setting(
        "language", _LOOK, marked("Language"), marked("Of menus, panels and messages. Names of classes stay as they are."),
        "system", (_SYSTEM, *LANGUAGES.items()),
    ),
    Setting("text_percent", _LOOK, marked("Size of text"), marked("Beside the system's own."), 100, low=80, high=200, unit=" %"),
    Setting(
        "reader", _READING, marked("Reader's name"),
        marked("Stands beside each label in projects that have no name of their own; empty for the name on the computer."), "",
    ),
    Setting("go_on", _READING, marked("Go on to the next frame after a label"), marked("Else the frame stays until you go on."), True),
    Setting(
        "keep_pictures", _READING, marked("Keep thumbnails and features of frames on the disk"),
        marked("Without them nothing of a frame stays there but what you took from videos and reports of trainings; each start is slower."),
        True,
    ),
    Setting(
        PROJECT_PLACE, _READING, marked("Where new projects are kept"),
        marked("Beside the images a project can be moved and copied with them; there others may read it who may read the images' folder."),
        ACCOUNT, ((ACCOUNT, marked("In your account's data folder")), (BESIDE, marked("Beside the images"))),
    ),
    Setting("heat_map", _MODEL, marked("Show the heat map from the start"), marked("Key H turns it on and off at any time."), False),
    Setting(
        "heat_opacity", _MODEL, marked("Opacity of the heat map"), marked("How much it covers of the frame at the start."),
        55, low=10, high=100, unit=" %",
    ),
    Setting(
        "answer_all", _MODEL, marked("Let the model answer all frames in the background"),
        marked("Filters by answer and queues need it. Without it, a frame is answered when you open it."), True,
    ),
    Setting(
        "memory_mb", _COMPUTER, marked("Memory for huge pictures"),
        marked("What all that are decoded at once may fill; others wait. A picture that needs more by itself is not opened."),
        USUAL_MB, low=200, high=1_000_000, unit=" MB",
    ),
)  # fmt: skip
_BY_KEY = {setting.key: setting for setting in SETTINGS}


class Preferences(QObject):
    """Kept in the user's configuration folder; what cannot be written holds until the program ends."""

    changed = Signal(str)
    """Key of what is another value now."""

    def __init__(self, file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept = QSettings(str(file or settings_file()), QSettings.Format.IniFormat)
        self._values = {setting.key: setting.checked(self._kept.value(setting.key, setting.default)) for setting in SETTINGS}

    def text(self, key: str) -> str:
        """The value of a setting that is a text or a choice."""
        return str(self._values[key])

    def number(self, key: str) -> int:
        """The value of a setting that is a whole number."""
        return int(self._values[key])

    def is_on(self, key: str) -> bool:
        """Whether a setting that is a switch is on."""
        return bool(self._values[key])

    def value(self, key: str) -> Value:
        """The value of a setting of any kind: what a form shows."""
        return self._values[key]

    def set(self, key: str, value: Value) -> None:
        """Take and keep it; a value that the setting cannot take becomes its default."""
        taken = _BY_KEY[key].checked(value)
        if taken != self._values[key]:
            self._values[key] = taken
            self._kept.setValue(key, taken)
            self.changed.emit(key)

    def reset(self) -> None:
        """Set all to the defaults that they are declared with."""
        for setting in SETTINGS:
            self.set(setting.key, setting.default)


def use_memory(preferences: Preferences) -> None:
    """Let pictures fill as much memory as was chosen."""
    MEMORY.limit_bytes = preferences.number("memory_mb") * 1_000_000
