"""Fields for a number: comma and point are the same in each language, and what is typed is never made another number in silence."""

import unicodedata
from typing import Any

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

_SEPARATORS = ".,\u066b"
_MINUS = "-\u2212"


# Why: docs/decisions/ui.md 13
def typed_number(text: str) -> float | None:
    """The number that was typed, in any digits, with a point or a comma before its decimals; None if it is not one beyond doubt.

    Spaces around it, of whatever kind, do not count. Groups of thousands ("1.234,5", "1 234") are not read: nobody knows which is which.
    """
    text = "".join("." if one in _SEPARATORS else "-" if one in _MINUS else _digit(one) for one in text.strip())
    whole, _, decimals = text.removeprefix("-").partition(".")
    return float(text) if (whole + decimals).isdigit() and (whole + decimals).isascii() else None


def _digit(one: str) -> str:
    value = unicodedata.decimal(one, None)
    return one if value is None else str(value)


class DecimalBox(QDoubleSpinBox):
    """A number with decimals. It shows the separator that was typed last, at first the one of the user's system."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._separator = "," if QLocale().decimalPoint() == "," else "."
        self._stood = self.value()
        self.editingFinished.connect(lambda: self.setValue(self.value()))
        self.lineEdit().textChanged.connect(lambda _: _show_doubt(self))

    @property
    def refused(self) -> str:
        """What is typed, if it is no number that the field takes; empty else."""
        return "" if self.hasAcceptableInput() else _bare(self, self.text())

    def validate(self, text: str, at: int) -> Any:
        """Takes comma and point; what is out of range or unclear stays typed, and is not taken."""
        bare = _bare(self, text)
        number = typed_number(bare)
        if number is None or not self.minimum() <= round(number, self.decimals()) <= self.maximum():
            return _state_of(bare), text, at
        self._separator = next((one for one in bare if one in ".,"), self._separator)
        return QValidator.State.Acceptable, text, at

    def fixup(self, _text: str) -> str:
        """Brings back the number that stood there before it was typed over; Qt would take separators out, or keep a half."""
        return self.textFromValue(self._stood)

    def setValue(self, value: float) -> None:
        """Show a number, which stands until another one was typed whole."""
        super().setValue(value)
        self._stood = self.value()
        _show_doubt(self)

    def stepBy(self, steps: int) -> None:
        """Go up or down by so many steps, as arrows and wheel do."""
        super().stepBy(steps)
        self._stood = self.value()

    def valueFromText(self, text: str) -> float:
        """The number that was typed, as exact as the field is; where it is none, the one before."""
        number = typed_number(_bare(self, text))
        return self.value() if number is None else round(number, self.decimals())

    def textFromValue(self, value: float) -> str:
        """The number with all decimals of the field, and without groups."""
        return f"{value:.{self.decimals()}f}".replace(".", self._separator)


class WholeBox(QSpinBox):
    """A whole number; a point or a comma in it is refused where it can be seen, never dropped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stood = self.value()
        self.editingFinished.connect(lambda: self.setValue(self.value()))
        self.lineEdit().textChanged.connect(lambda _: _show_doubt(self))

    def validate(self, text: str, at: int) -> Any:
        """Takes digits alone; anything else that looks like a number stays typed, and is not taken."""
        bare = _bare(self, text)
        number = _whole(bare)
        if number is None or not self.minimum() <= number <= self.maximum():
            return _state_of(bare), text, at
        return QValidator.State.Acceptable, text, at

    def fixup(self, _text: str) -> str:
        """Brings back the number that stood there before it was typed over; Qt would take separators out, or keep a half."""
        return self.textFromValue(self._stood)

    def setValue(self, value: int) -> None:
        """Show a number, which stands until another one was typed whole."""
        super().setValue(value)
        self._stood = self.value()
        _show_doubt(self)

    def stepBy(self, steps: int) -> None:
        """Go up or down by so many steps, as arrows and wheel do."""
        super().stepBy(steps)
        self._stood = self.value()

    def valueFromText(self, text: str) -> int:
        """The number that was typed; where it is none, the one before."""
        number = _whole(_bare(self, text))
        return self.value() if number is None else number

    def textFromValue(self, value: int) -> str:
        """The number in plain digits, without groups."""
        return str(value)


def _bare(box: DecimalBox | WholeBox, text: str) -> str:
    """What is typed, without the words around it; a unit may have been pasted along."""
    text = text.removeprefix(box.prefix()).removesuffix(box.suffix()).strip()
    return text.removesuffix(box.suffix().strip()).strip()


def _whole(text: str) -> int | None:
    number = typed_number(text)
    return None if number is None or any(one in _SEPARATORS for one in text) else int(number)


def _state_of(text: str) -> QValidator.State:
    """Of what is no number that the field takes: whether it may stay while it is typed."""
    like_one = all(one.isspace() or one in _SEPARATORS + _MINUS + "'\u2019" or one.isdecimal() for one in text)
    return QValidator.State.Intermediate if like_one else QValidator.State.Invalid


def _show_doubt(box: DecimalBox | WholeBox) -> None:
    """Have the style sheet write what is not taken in the colour of a warning."""
    doubtful = not box.hasAcceptableInput()
    if bool(box.property("doubtful")) != doubtful:
        box.setProperty("doubtful", doubtful)
        box.style().unpolish(box)
        box.style().polish(box)
