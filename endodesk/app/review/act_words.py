"""What a reader's step holds, in words for the eye."""

from collections import Counter
from collections.abc import Mapping

from endodesk.app.language import marked, tr
from endodesk.data.step_store import OUTLINE
from endodesk.domain.reviews import MARKS, AnnotationKind

_MARK = "mark"
_WORDS = {
    str(AnnotationKind.LABEL): (marked("1 label"), marked("{n:,} labels")),
    str(AnnotationKind.VERDICT): (marked("1 verdict"), marked("{n:,} verdicts")),
    _MARK: (marked("1 mark"), marked("{n:,} marks")),
    str(AnnotationKind.NOTE): (marked("1 note"), marked("{n:,} notes")),
    OUTLINE: (marked("1 outline"), marked("{n:,} outlines")),
}


def acts_told(acts: Mapping[str, int]) -> str:
    """Acts by kind, as `StepStore.acts` counts them: 804 labels, 1 note; the marks together. Kinds of newer programs are left out."""
    counts: Counter[str] = Counter()
    for kind, number in acts.items():
        counts[_MARK if kind in MARKS else kind] += number
    return ", ".join(tr(words[counts[kind] > 1]).format(n=counts[kind]) for kind, words in _WORDS.items() if counts[kind])
