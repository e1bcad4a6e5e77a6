"""What `FolderFit` comes to, in plain words."""

from endodesk.app.fit.choice import FRAMES
from endodesk.app.fit.estimate import Span, is_checked, is_normal
from endodesk.app.fit.fit_for import FolderFit
from endodesk.app.language import tr

_MANY_FAR = 0.25
"""Of what was learnt itself, 0.05 lies so far."""


def verdict_told(fit: FolderFit) -> str:
    """The one sentence that is read first: of a class other than normal, one that was checked before others, what is called so most."""
    findings = [(place, one) for place, one in enumerate(fit.classes) if not is_normal(one.name) and spans_of(fit, place)[0]]
    found = [(is_checked(one.name), one.called, place) for place, one in findings]
    if not found:
        return tr("Among these {n:,} frames there are too few of any class to tell what the model finds.").format(n=fit.frames)
    place = max(found)[2]
    probably = tr("Among these {n:,} frames {model} probably finds {share} of the {name}.")
    by_labels = tr("Among these {n:,} frames {model} finds {share} of the {name}, by their labels.")
    share, name = span_told(spans_of(fit, place)[0]), fit.classes[place].name
    return (by_labels if fit.measured else probably).format(n=fit.frames, model=fit.model.name, share=share, name=name)


def details_told(fit: FolderFit) -> list[str]:
    """How far the frames lie, and which of them do not count."""
    found = []
    if fit.far is not None:
        unlike, alike = tr("It was made from frames that look different:"), tr("It was made from frames that look much the same:")
        far = tr("{share:.0f} % of these lie farther away than 95 % of what it learnt.").format(share=100 * fit.far)
        found.append(f"{unlike if fit.far > _MANY_FAR else alike} {far}")
    if fit.outdated:
        found.append(
            tr("Frames were chosen to be labelled, but among {n:,} others: choose again to measure these.").format(n=fit.chosen_among)
        )
    if fit.unanswered:
        found.append(tr("Frames without an answer yet, which do not count: {n:,}.").format(n=fit.unanswered))
    if fit.learnt:
        found.append(tr("Frames that it has learnt from do not count: {n:,}.").format(n=fit.learnt))
    elif not fit.knows_learnt:
        found.append(tr("What it has learnt from is not known here in full: were it these frames, the figures would be too good."))
    return found


def labels_told(fit: FolderFit, done: int) -> str:
    """What to do next, where so many of the chosen frames are labelled; empty where nothing is left to do."""
    if fit.measured or fit.outdated:
        return ""
    if not fit.rows:
        return tr("Label {n} chosen frames to be sure: after the last one these figures are measured.").format(n=FRAMES)
    told = tr("{done} of {n} chosen frames are labelled: after the last one these figures are measured.")
    before = tr("Label them before you look at the answer; View > Blind first hides it.")
    return f"{told.format(done=done, n=len(fit.rows))} {before}"


def limits_told(fit: FolderFit) -> list[str]:
    """How far it is to be believed."""
    if fit.measured:
        told = tr("Measured by {n} labels of readers or folders, each for the frames it stands for; 95 % intervals. Research use only.")
        return [told.format(n=len(fit.rows))]
    return [
        tr("Estimated without labels: from how sure the model is, and how right such models were at hospitals that they did not know."),
        tr("That was checked with polyps and normal mucosa alone; for other classes it is a guess. 95 % intervals. Research use only."),
    ]


def span_told(span: Span | None) -> str:
    """A figure with its interval; a dash where there is none."""
    return "-" if span is None else tr("{value:.2f} ({low:.2f} to {high:.2f})").format(value=span.value, low=span.low, high=span.high)


def spans_of(fit: FolderFit, place: int) -> tuple[Span | None, Span | None]:
    """Recall and specificity of a class: measured where they are, else estimated."""
    own = fit.measured[place] if fit.measured else fit.classes[place]
    return own.recall, own.specificity
