"""What a reader's step holds, in words for the eye."""

from collections import Counter
from collections.abc import Iterator, Mapping

from endodesk.app.language import marked, tr
from endodesk.data.acts.centre_steps import CentreChange
from endodesk.data.acts.class_steps import ClassChange
from endodesk.data.step_store import OUTLINE
from endodesk.domain.images import printable
from endodesk.domain.reviews import MARKS, AnnotationKind

_MARK = "mark"
_SHOWN = 2
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


def centres_told(change: CentreChange | None) -> str:
    """Which centre a step says that frames come from: centre of 12 frames."""
    if change is None:
        return ""
    n = len(change.after)
    return (tr("centre of 1 frame") if n == 1 else tr("centre of {n:,} frames")).format(n=n)


def classes_told(change: ClassChange | None) -> str:
    """What a choice did to the classes: class polyp renamed to polyps. Of many changes the first two, and how many more."""
    if change is None:
        return ""
    changes = list(_changes(change)) or [tr("keys, colours, order or other names of classes changed")]
    more = [tr("{n} more").format(n=len(changes) - _SHOWN)] if len(changes) > _SHOWN else []
    return ", ".join([*changes[:_SHOWN], *more])


def _changes(change: ClassChange) -> Iterator[str]:
    before, after = change.before, change.after
    renamed = set()
    for old in before.names:
        new = after.class_of(old)
        if new not in after:
            yield tr("class {name} removed").format(name=printable(old))
        elif new != old and new in before.names:
            yield tr("class {name} moved to {other}").format(name=printable(old), other=printable(new))
        elif new != old:
            renamed.add(new)
            yield tr("class {name} renamed to {other}").format(name=printable(old), other=printable(new))
    for new in after.names:
        if new not in before.names and new not in renamed:
            yield tr("class {name} added").format(name=printable(new))
