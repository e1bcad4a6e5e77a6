"""What the counts of a case are in words: for its panel and its report."""

from collections.abc import Sequence

from endodesk.app.cases.case_review import CaseFigures
from endodesk.app.frames.mark_words import mark_word
from endodesk.app.language import tr
from endodesk.domain.images import printable


def counts_in_words(figures: CaseFigures) -> list[str]:
    """A line each; what there is nothing of is left out."""
    words = (
        tr("1 frame, {labelled} labelled by a reader") if figures.frames == 1 else tr("{frames} frames, {labelled} labelled by a reader")
    )
    lines = [words.format(frames=f"{figures.frames:,}", labelled=f"{figures.by_reader:,}")]
    if figures.labels:
        lines.append(tr("Labels: {classes}").format(classes=_listed(figures.labels)))
    if figures.answers:
        lines.append(tr("Answers of the model: {classes}").format(classes=_listed(figures.answers)))
    if figures.hidden:
        lines.append(tr("{n} answers are hidden until you have labelled their frames").format(n=f"{figures.hidden:,}"))
    marks = [(mark_word(mark), n) for mark, n in figures.marks]
    if figures.notes:
        marks.append((tr("with a note"), figures.notes))
    if marks:
        lines.append(tr("Marks: {marks}").format(marks=_listed(marks)))
    return lines


def _listed(counts: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{printable(name)} {n:,}" for name, n in counts)
