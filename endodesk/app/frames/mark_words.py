"""What readers say of a frame beside its class, in words for the eye; database and filter keep the plain ones of `AnnotationKind`."""

from endodesk.app.language import marked, tr
from endodesk.domain.reviews import AnnotationKind

_WORDS = {
    AnnotationKind.EXCLUDED: (marked("excluded"), marked("no longer excluded")),
    AnnotationKind.POOR_QUALITY: (marked("poor quality"), marked("no longer poor quality")),
    AnnotationKind.NOT_SURE: (marked("not sure"), marked("no longer not sure")),
    AnnotationKind.FLAGGED: (marked("flagged"), marked("no longer flagged")),
}


def mark_word(mark: str) -> str:
    """The word for one of MARKS, given by its name as it is kept; a name that is none is shown as it stands."""
    return tr(_WORDS[AnnotationKind(mark)][0]) if mark in _WORDS else mark


def unmark_word(mark: AnnotationKind) -> str:
    """The words that tell that a mark was taken off a frame."""
    return tr(_WORDS[mark][1])
