"""What readers say of a frame beside its class, in words for the eye; the database and the filter keep the plain ones of `Said`."""

from endodesk.app.language import QT_TR_NOOP, tr
from endodesk.domain.reviews import Said

_WORDS = {
    Said.EXCLUDED: (QT_TR_NOOP("excluded"), QT_TR_NOOP("no longer excluded")),
    Said.POOR_QUALITY: (QT_TR_NOOP("poor quality"), QT_TR_NOOP("no longer poor quality")),
    Said.NOT_SURE: (QT_TR_NOOP("not sure"), QT_TR_NOOP("no longer not sure")),
    Said.FLAGGED: (QT_TR_NOOP("flagged"), QT_TR_NOOP("no longer flagged")),
}


def mark_word(mark: str) -> str:
    """Of one of MARKS, by its name as it is kept; a name that is none is shown as it stands."""
    return tr(_WORDS[Said(mark)][0]) if mark in _WORDS else mark


def unmark_word(mark: Said) -> str:
    """For a mark that was taken off."""
    return tr(_WORDS[mark][1])
