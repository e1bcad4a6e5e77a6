"""Keys and colours of classes by name, as the user chose them last in any project: a class has the same ones everywhere."""

import json
from collections.abc import Iterable

from PySide6.QtCore import QSettings

from endodesk.app.user_places import settings_file
from endodesk.domain.errors import BadRequest
from endodesk.domain.label_set import LabelClass, LabelSet

_KEY = "class_styles"
_MOST = 200
"""Classes that are remembered; those chosen longest ago are forgotten."""


# Why: docs/decisions/domain.md 7
def in_usual_style(label_set: LabelSet, own: Iterable[str] = ()) -> LabelSet:
    """With the keys and colours that these classes have elsewhere; those of `own`, which a project has chosen, are let be."""
    return label_set.styled({name: one for name, one in _kept().items() if name not in set(own)})


def remember_styles(label_set: LabelSet) -> None:
    """Keep what was chosen for these classes, for projects to come."""
    styles = _kept()
    for one in label_set.classes:
        styles.pop(one.name, None)  # to the end: chosen last
        styles[one.name] = one
    chosen = list(styles.values())[-_MOST:]
    _settings().setValue(_KEY, json.dumps([[one.name, one.key, one.colour] for one in chosen]))


def _settings() -> QSettings:
    return QSettings(str(settings_file()), QSettings.Format.IniFormat)


def _kept() -> dict[str, LabelClass]:
    """What cannot be read is nobody's choice."""
    try:
        listed = [LabelClass(name, key, colour) for name, key, colour in json.loads(str(_settings().value(_KEY, "[]")))]
        for one in listed:
            LabelSet((one,))  # raises for what no class can have
    except (ValueError, TypeError, RecursionError, BadRequest):
        return {}
    return {one.name: one for one in listed}
