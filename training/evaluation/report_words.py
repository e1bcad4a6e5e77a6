"""What a report says in words, and how it writes figures."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from training.evaluation.centre_figures import ENOUGH

STYLE = Path(__file__).with_name("report.css").read_text("utf-8")

SHORT = {
    "key": "In small print the 95 % interval: where the figure would lie if other groups of frames had been drawn from the same source.",
    "classes": "Each class against the rest. A dash is a figure that these frames cannot give.",
    "centres": "The same figures for each hospital, or device, that frames come from. In small print the 95 % interval, for other frames "
    f"from there. Mean and worst are over centres with {ENOUGH} such frames or more, where there are any. What another hospital may bring, "
    "the worst of them tells better than the mean.",
    "calibration": "Of answers given with a probability of 0.9, nine in ten should be right. ECE is how far off that is, on average.",
    "coverage": "If only the surest answers are given, more of them are right. The threshold was chosen on the validation part, not here.",
    "probe": "The model is asked again without the mucosa. What it still gets right above chance, it reads off the frame, "
    "and will not have in another hospital.",
    "windows": "From test frames with an outline, two windows of one size were cut: one with the finding, one without. Device, light and "
    "sharpness are the same in both, so only what the mucosa shows can tell them apart.",
    "mistakes": "Look for what they have in common, and for labels that are wrong.",
}
TITLES = {"precision": "precision", "recall": "recall", "f1": "F1", "specificity": "specificity", "npv": "NPV", "auroc": "AUROC"}
"""What each of SCORES is called."""
TITLES_BY_CENTRE = {"macro_f1": "macro F1 (classes it has)"}
"""What figures by centre are called, where their names are not it."""
TO_OPEN_TEST = (
    "To see one in EndoDesk: Model > Models, choose this model, Mistakes: all of them stand there as cards, and a double click opens "
    "the frame."
)
TO_OPEN = "To see one in EndoDesk: open the folder, and search for the name (Ctrl+F)."
TOO_GOOD = "If that model had learnt from some of these test frames, the figures are too good."
HOW = (
    "Files went through the same reading, preprocessing, LiteRT backbone and numpy head as in the program.",
    "95 % intervals are percentiles of {resamples} resamples of whole groups, drawn with replacement. With fewer than 10 groups, "
    "or where all resamples agree (no mistake), a share has Wilson's interval with each group counted as one frame; "
    "a macro figure with such a share in it follows from the classes' intervals (MOVER), and other figures have none.",
    "Macro figures are means over the classes that have frames; a class that is never answered counts as 0 in macro precision.",
    "AUROC: one class against the rest. MCC: Gorodkin's for several classes. Kappa: Cohen's, of label and answer. "
    "Brier score: summed over the classes, so that it lies between 0 and 2.",
    "Temperature: what makes the loss on the validation part least, with a pull towards 1 that only many frames overcome. "
    "Before scaling: the same model at temperature 1.",
    "Not sure: the lowest probability at which 98 % of the answers from there up were right on the validation part, at least 30 of them.",
    "Beside another model: frames whose class both know, answered by both with all their classes. Mended: only the new model is right; "
    "broken: only the other one is. Intervals of differences come from the same resamples for both models.",
    "The probe's balanced accuracy compares with chance, one divided by the number of classes. "
    "Outline and box go through the model's own recipe, so that one sees what it lets through.",
    "Figures from the source of the training frames can be too good for any other source: measure there too.",
)


def compared_told(summary: Mapping[str, Any]) -> str:
    """What a model was held against, and what came of it, as a sentence; from `ComparedModel.summary`."""
    who = {"active": "the model that was active", "starter": "the starter model"}.get(summary["who"], "another model")
    figures = [
        f"{name} {points(summary[key]['value'])}" + (f" ({between})" if (between := interval(summary[key]["interval"], points)) else "")
        for name, key in (("accuracy", "accuracy"), ("macro F1", "macro_f1"))
    ]
    left = f" {sum(summary['left_out'].values())} frames of other classes do not count." if summary["left_out"] else ""
    return (
        f"Beside {who} ({summary['name']}), on the {summary['n']} frames whose class both know: {summary['mended']} mended, "
        f"{summary['broken']} broken (McNemar's exact test: p = {summary['p']:.2g}). Difference: {', '.join(figures)}.{left}"
    )


def windows_told(found: Mapping[str, Any]) -> str:
    """What the windows with and without a finding say of a model, as a sentence; from `window_probe`."""
    recall, called = found["recall"], found["called_finding"]
    same = f"of the same {found['frames']} frames ({found['groups']} groups)"
    held = f"Of {recall['n']} windows with the finding {percent(recall['value'])} are answered as it."
    missed = f"Of {called['n']} windows without it, {same}, {percent(called['value'])} are answered as a finding all the same."
    return f"{held} {missed} The more alike these two shares, the more of the answer comes from the device and not from the mucosa."


def points(share: float | None) -> str:
    """A difference of shares in points of per cent, with its sign."""
    return "-" if share is None else f"{100 * share:+.1f} points"


def percent(share: float | None) -> str:
    """A share as per cent; a dash if it is not defined."""
    return "-" if share is None else f"{100 * share:.1f} %"


def number(value: float | None) -> str:
    """Three decimals; a dash if it is not defined."""
    return "-" if value is None else f"{value:.3f}"


def interval(pair: Sequence[float] | None, shown: Callable[[float | None], str]) -> str:
    """An interval as words, both ends written by `shown`; empty if there is none."""
    return f"{shown(pair[0]).removesuffix(' %').removesuffix(' points')} to {shown(pair[1])}" if pair else ""


def share_of_gain(value: float | None, full: float | None, chance: float) -> str:
    """How much of what whole frames give above chance is left; a dash if they give nothing."""
    if value is None or full is None or full <= chance:
        return "-"
    return f"{100 * max(0.0, value - chance) / (full - chance):.0f} %"
