"""Names and texts of anybody, fit to be shown: nothing in them hides, reorders or breaks what stands beside them.

What is shown is for eyes alone: files, tables and the clipboard get the name as it is.
"""

import unicodedata
from os import PathLike

FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE = "\u2068", "\u2069"
_INSTEAD = "\N{REPLACEMENT CHARACTER}"
_JOINERS = "\u200c\u200d"
_JOINED = frozenset({"Lo", "Mn", "Mc", "So"})
"""Categories of the letters and signs after which a joiner is part of the spelling: Persian, Indic scripts, families of emoji."""
_SPACES = frozenset("\u00a0\u202f\u3000")
"""Spaces that keyboards and systems put into names, as wide as they look (macOS writes U+202F into the names of screenshots)."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that are drawn as nothing, though Python calls them printable."""
_END_LETTERS = 150
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def visible(text: str, *, kept: str = "") -> str:
    """The text on one line, with U+FFFD for all that is not seen or turns what is: controls, U+202E, zero widths, broken bytes.

    `kept` are such signs that stay all the same.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one in kept or _is_seen(one, before) else _INSTEAD for before, one in zip(" " + text, text, strict=False))


def visible_lines(text: str) -> str:
    """`visible` of what may have several lines and isolates of its own, such as a sentence with names in it."""
    return visible(text, kept="\n" + FIRST_STRONG_ISOLATE + POP_DIRECTIONAL_ISOLATE)


def isolated(text: str) -> str:
    """The text between isolates where it is written from right to left: figures and words beside it keep their places.

    Without any such letter, or between isolates already, it comes back as it is.
    """
    if text.startswith(FIRST_STRONG_ISOLATE) and text.endswith(POP_DIRECTIONAL_ISOLATE):
        return text
    if not text.isascii() and any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_DIRECTIONAL_ISOLATE}"
    return text


def shortened(path: str | PathLike[str]) -> str:
    """A path for a sentence: of one of thousands of letters its beginning and its end."""
    text = str(path)
    return text if len(text) <= 2 * _END_LETTERS else f"{text[:_END_LETTERS]} ... {text[-_END_LETTERS:]}"


def _is_seen(one: str, before: str) -> bool:
    if one in _JOINERS:
        return unicodedata.category(before) in _JOINED
    return (one.isprintable() and one not in _BLANK) or one in _SPACES
