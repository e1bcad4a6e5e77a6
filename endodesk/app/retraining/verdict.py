"""What a comparison of two models comes to, as sentences."""

from typing import TYPE_CHECKING

from endodesk.app.language import tr
from endodesk.app.retraining.gate import Judgement, Objection

if TYPE_CHECKING:
    from training.evaluation.paired_comparison import Difference, PairedComparison


def verdict_told(comparison: "PairedComparison") -> str:
    """Better, worse, or neither, and on how many frames: the first thing to know."""
    between = comparison.macro_f1.interval
    counts = tr("{mended:,} mended, {broken:,} broken, of {n:,} frames.").format(
        mended=comparison.mended, broken=comparison.broken, n=comparison.n
    )
    if not comparison.mended and not comparison.broken:
        return tr("No difference: both have the same of the {n:,} frames right.").format(n=comparison.n)
    if between is None:
        return tr("Too few groups to tell. {counts}").format(counts=counts)
    if between[0] > 0:
        return tr("Better. {counts}").format(counts=counts)
    if between[1] < 0:
        return tr("Worse. {counts}").format(counts=counts)
    return tr("No proven difference. {counts}").format(counts=counts)


def details_told(comparison: "PairedComparison") -> list[str]:
    """How sure that is, and what did not count."""
    told = tr("Macro F1: {difference}; McNemar's exact test: p = {p:.2g}.")
    found = [told.format(difference=difference_told(comparison.macro_f1), p=comparison.p)]
    if comparison.macro_f1.interval is None:
        few = tr("There are frames of only {n} groups: too few to say how sure that is.")
        found.append(few.format(n=comparison.groups))
    if unseen := [name for name in comparison.classes if name not in comparison.recall]:
        found.append(tr("There are no test frames of {classes}: nothing is known of them.").format(classes=", ".join(unseen)))
    if comparison.not_shared:
        n = sum(comparison.left_out.values())
        told = tr("Compared over the classes that both know, {classes}; {n:,} frames of other classes do not count.")
        plain = tr("Compared over the classes that both know: {classes}.")
        found.append((told if n else plain).format(classes=", ".join(comparison.classes), n=n))
    return found


def hidden_told(hidden: "PairedComparison | None") -> list[str]:
    """What is left of it where nothing tells where a frame comes from; nothing where that was not asked."""
    if hidden is None:
        return []
    told = tr(
        "With the source hidden (rim and corners cut away, colours made even): accuracy {new:.1f} % against {old:.1f} %, {accuracy}; "
        "macro F1 {macro_f1}."
    )
    figures = {"new": 100 * hidden.new["accuracy"], "old": 100 * hidden.old["accuracy"]}
    return [told.format(accuracy=difference_told(hidden.accuracy), macro_f1=difference_told(hidden.macro_f1), **figures)]


def difference_told(difference: "Difference") -> str:
    """In points of per cent, with its 95 % interval: +3.5 points (1.5 to 5.6)."""
    told = tr("{points:+.1f} points").format(points=100 * difference.value)
    if difference.interval is None:
        return told
    low, high = (100 * end for end in difference.interval)
    return tr("{points} ({low:+.1f} to {high:+.1f})").format(points=told, low=low, high=high)


def objections_told(judgement: Judgement) -> list[str]:
    """A sentence on each thing that speaks against using the model."""
    return [_objection_told(judgement, what, name) for what, name in judgement.objections]


def _objection_told(judgement: Judgement, what: Objection, name: str) -> str:
    if what is Objection.CLASS_LOST:
        return tr("It does not know {name}, which the active model knows.").format(name=name)
    comparison = judgement.compared.comparison if judgement.compared else None
    if comparison is None or what is Objection.NOT_COMPARED:
        return tr("It was not compared with the active model on the same frames.")
    if what is Objection.FEW_GROUPS:
        return tr("The test frames come from only {n} groups: too few to know whether it is worse.").format(n=comparison.groups)
    if what is Objection.MACRO_F1:
        low = -100 * comparison.macro_f1.interval[0] if comparison.macro_f1.interval else 0.0
        told = tr("Its macro F1 may be lower by {low:.1f} points; the project's rule allows {most:.1f}.")
        return told.format(low=low, most=100 * judgement.rule.macro_f1)
    worse = sum(flip.label == name and not flip.mended for flip in comparison.flips)
    one = tr("Recall of {name} fell by {points:.1f} points: look at this frame.")
    many = tr("Recall of {name} fell by {points:.1f} points: look at these {n} frames.")
    return (one if worse == 1 else many).format(name=name, points=-100 * comparison.recall[name].value, n=worse)
