"""The keys of the classes: one shortcut a class, made anew when the classes change, beside keys that stay."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from endodesk.domain.label_set import LabelSet


@dataclass(frozen=True, slots=True)
class FixedKey:
    """What a key does whatever the classes are; it gives way to a class that has the same key."""

    does: Callable[[], None]
    repeats: bool = False
    """Whether it goes on while it is held down: going through frames does, taking one does not."""


class ClassKeys:
    """The keys of one window or dialog. `label` is called with the name of a class when its key is pressed."""

    def __init__(self, window: QWidget, label: Callable[[str], None], fixed: Mapping[str, FixedKey] | None = None) -> None:
        self._window, self._label, self._fixed = window, label, fixed or {}
        self._shortcuts: list[QShortcut] = []

    def list_for(self, label_set: LabelSet) -> None:
        """Make the keys of these classes in the place of those before."""
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)  # until it is gone two shortcuts would share the key, and neither would act
            shortcut.deleteLater()
        names = {one.key.upper(): one.name for one in label_set.classes if one.key}
        # the reader chose the key of a class: it goes before one of ours
        self._shortcuts = [self._shortcut(key, fixed) for key, fixed in self._fixed.items() if key.upper() not in names]
        self._shortcuts += [self._shortcut(key, self._key_of(name)) for key, name in names.items()]

    def _key_of(self, name: str) -> FixedKey:
        return FixedKey(lambda: self._label(name))  # never repeats: a key held down must not label the whole folder

    def _shortcut(self, key: str, fixed: FixedKey) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self._window, autoRepeat=fixed.repeats)
        shortcut.activated.connect(fixed.does)
        return shortcut
