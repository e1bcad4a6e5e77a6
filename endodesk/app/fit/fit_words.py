"""What `FolderFit` comes to, in plain words."""

from endodesk.app.fit.estimate import Span, is_normal
from endodesk.app.fit.fit_for import FolderFit
from endodesk.app.language import tr

_LOW = 0.8
"""A model that finds less of a class than this is not called fit for it."""
_MANY_FAR = 0.25


def verdict_told(fit: FolderFit) -> str:
    """The one sentence that is read first: the recall of the classes that show something."""
    told = [_finding_told(fit, place) for place, one in enumerate(fit.classes) if not is_normal(one.name)]
    found = [sentence for sentence in told if sentence]
    if not found:
        return tr("Among these {n:,} frames there are too few of any class to tell what the model finds.").format(n=fit.frames)
    if fit.measured:
        return tr("By your labels, of these {n:,} frames {model} finds:").format(n=fit.frames, model=fit.model.name) + " " + "; ".join(found) + "."
    return tr("Of these {n:,} frames {model} probably finds:").format(n=fit.frames, model=fit.model.name) + " " + "; ".join(found) + "."


def details_told(fit: FolderFit) -> list[str]:
    """Distance, what to do next, and what such an estimate cannot say."""
    found = []
    if fit.far is not None:
        far = tr("{share:.0%} of these frames lie farther from what it has learnt than 95 % of that from each other.").format(share=fit.far)
        unlike = tr("They look different from the frames that it was made from.") if fit.far > _MANY_FAR else tr("They look much like the frames that it was made from.")
        found += [far, unlike]
    if fit.rows and not fit.measured:
        left = tr("{done} of {n} chosen frames are labelled: after the last one these figures are measured.")
        found.append(left.format(done=fit.done, n=len(fit.rows)))
    if fit.unanswered:
        found.append(tr("Frames without an answer yet, which do not count: {n:,}.").format(n=fit.unanswered))
    if fit.learnt:
        found.append(tr("Frames that it has learnt from do not count: {n:,}.").format(n=fit.learnt))
    elif not fit.knows_learnt:
        found.append(tr("What it has learnt from is not known here in full: were it from these frames, it would do better on them than on others."))
    return found


def limits_told(fit: FolderFit) -> list[str]:
    """How far it is to be believed."""
    if fit.measured:
        return [
            tr("Measured by {n} labels, each counted for the frames that it was drawn for; 95 % intervals. Research use only.").format(n=len(fit.rows))
        ]
    return [
        tr("Estimated without labels, by how sure the model is and how right it was at five hospitals left out; 95 % intervals. Checked for polyps and normal mucosa alone: of other classes it is a guess."),
        tr("A folder that is quite unlike those hospitals may do worse than any interval says: label {n} frames to be sure. Research use only.").format(n=30),
    ]


def span_told(span: Span | None) -> str:
    """A figure with its interval; a dash where there is none."""
    return "-" if span is None else tr("{value:.2f} ({low:.2f} to {high:.2f})").format(value=span.value, low=span.low, high=span.high)


def spans_of(fit: FolderFit, place: int) -> tuple[Span | None, Span | None]:
    """Recall and specificity of a class: measured where they are, else estimated."""
    own = fit.measured[place] if fit.measured else fit.classes[place]
    return own.recall, own.specificity


def _finding_told(fit: FolderFit, place: int) -> str:
    recall, _ = spans_of(fit, place)
    if recall is None:
        return ""
    told = tr("{share} of {name}, where there are any")
    return told.format(share=span_told(recall), name=fit.classes[place].name)
