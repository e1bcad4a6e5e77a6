"""How far estimates without labels are right at hospitals left out: `python -m tests.benchmarks.trainings.fit_for DATA WORK`.

DATA is laid out as for `left_out_centres`, with `centres/masks`. For each hospital: models that know nothing of it answer folders of
its frames with other shares of polyps (normal mucosa of Hanoi and Barcelona are windows beside the polyp); lines are drawn through
what other hospitals' folders came to, by models that know nothing of it either, and judged on it. MAE is the mean over hospitals, of
the starter, of heads on three backbones that learnt from Kvasir alone, and of heads that learnt from all hospitals but the one.

Then 30 frames are labelled, chosen as the program does and by chance alone, `--draws` times. Prints the constants of
`endodesk/app/fit/estimate.py`.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from endodesk.app.fit.choice import FRAMES, choose
from endodesk.app.fit.estimate import Span, log_odds, share_of
from endodesk.app.fit.measured import measured
from endodesk.imaging.preprocessing.pipeline import recipe_named
from endodesk.system.task import TaskContext
from tests.benchmarks.trainings.fit_folders import (
    HOSPITALS,
    NORMAL,
    ONLY_JUDGED,
    POLYPS,
    Folder,
    Model,
    Pictures,
    folders,
    models,
    seen_by,
    windows,
)
from tests.benchmarks.trainings.left_out_centres import read
from training.evaluation.intervals import wilson_interval
from training.inputs.examples import preprocessed

CLUES = {
    "recall": ((), ("said recall",), ("mean confidence",), ("views agree",), ("farther than 95 %",), ("said recall", "mean confidence"),
               ("said recall", "views agree"), ("said recall", "farther than 95 %"),
               ("said recall", "mean confidence", "views agree", "farther than 95 %")),
    "specificity": ((), ("said specificity",), ("mean confidence",), ("views agree",), ("farther than 95 %",),
                    ("said specificity", "mean confidence"), ("said specificity", "views agree"),
                    ("said specificity", "farther than 95 %"), ("said specificity", "said recall")),
}  # fmt: skip
"""What is tried; no clue at all is the mean of the other hospitals."""
_RIDGE = 0.01
_WITHIN = 1.96
"""Standard deviations; Student's t for so few hospitals (2.8 and more) made intervals twice as wide, which held the truth always."""
MIXED = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Line:
    """Log odds of a figure by clues."""

    weights: np.ndarray
    clues: Sequence[str]

    def odds(self, folder: Folder) -> float:
        return float(self.weights @ [1, *(log_odds(folder.clues[clue]) for clue in self.clues)])


def line_through(taught: Sequence[Folder], clues: Sequence[str], figure: str) -> Line:
    """Each hospital counts alike, however many models and folders it has."""
    counts = Counter(folder.hospital for folder in taught)
    weights = np.array([1 / counts[folder.hospital] for folder in taught])
    weights /= weights.sum()
    inputs = np.array([[log_odds(folder.clues[clue]) for clue in clues] for folder in taught]).reshape(len(taught), len(clues))
    middle, truth = weights @ inputs, np.array([log_odds(getattr(folder, figure)) for folder in taught])
    centred, level = inputs - middle, weights @ truth
    pull = _RIDGE * np.diag(np.maximum((weights[:, None] * centred**2).sum(axis=0), 1e-9))
    slopes = np.linalg.solve(centred.T @ (weights[:, None] * centred) + pull, centred.T @ (weights * (truth - level))) if clues else []
    return Line(np.array([level - np.dot(slopes, middle), *slopes]), clues)


def teaching(all_of: Sequence[Folder], left_out: str) -> list[Folder]:
    """Folders of other hospitals, by models that know nothing of the one that is left out."""
    kept = (folder for folder in all_of if folder.hospital not in (left_out, *ONLY_JUDGED))
    return [folder for folder in kept if left_out not in folder.model.knows]


def half_interval(all_of: Sequence[Folder], clues: Sequence[str], figure: str) -> float:
    """Half the 95 % interval around a line: how far each hospital's folders lie from the line through the others."""
    apart = []
    for hospital in sorted({folder.hospital for folder in all_of} - set(ONLY_JUDGED)):
        taught = teaching(all_of, hospital)
        own = [folder for folder in all_of if folder.hospital == hospital]
        if taught:
            line = line_through(taught, clues, figure)
            apart.append(np.mean([(line.odds(folder) - log_odds(getattr(folder, figure))) ** 2 for folder in own]))
    n = len(apart)
    return float(_WITHIN * np.sqrt(np.mean(apart) * (1 + 1 / n)))


@dataclass(frozen=True)
class Judged:
    """A folder of a hospital left out, and what was estimated of it."""

    folder: Folder
    span: Span
    truth: float

    @property
    def error(self) -> float:
        return abs(self.span.value - self.truth)

    @property
    def covered(self) -> bool:
        return self.span.low <= self.truth <= self.span.high


def judge(all_of: Sequence[Folder], clues: Sequence[str], figure: str, *, spans: bool = True) -> list[Judged]:
    """All folders that are judged, each by lines that its hospital had no part in."""
    found = []
    for hospital in HOSPITALS:
        taught = teaching(all_of, hospital)
        own = [folder for folder in all_of if folder.hospital == hospital and folder.model.judged]
        if not own or not taught:
            continue
        line = line_through(taught, clues, figure)
        half = half_interval(taught, clues, figure) if spans else 0.0
        for folder in own:
            odds = line.odds(folder)
            found.append(Judged(folder, Span(*(share_of(odds + way * half) for way in (0, -1, 1))), getattr(folder, figure)))
    return found


def over_hospitals(judged: Sequence[Judged], of: Callable[[Judged], float]) -> tuple[float, dict[str, float]]:
    """The mean over hospitals, and of each."""
    by: dict[str, list[float]] = {}
    for one in judged:
        by.setdefault(one.folder.hospital, []).append(of(one))
    each = {name: float(np.mean(values)) for name, values in by.items()}
    return float(np.mean(list(each.values()))), each


def compare(all_of: Sequence[Folder], console: Console) -> None:
    """A table of all clues, for each figure."""
    for figure, name, pooled in (
        ("recall", "polyps", False),
        ("recall", "normal", False),
        ("specificity", "polyps", True),
        ("specificity", "normal", True),
    ):
        usable = [folder for folder in all_of if not np.isnan(getattr(folder, figure)) and (pooled or folder.name == name)]
        table = Table("clues", "MAE", "mixed folders", "starter alone", *HOSPITALS, title=f"{figure} of {name}")
        for clues in CLUES[figure]:
            judged = [one for one in judge(usable, clues, figure, spans=False) if one.folder.name == name]
            mean, each = over_hospitals(judged, lambda one: one.error)
            mixed, _ = over_hospitals([one for one in judged if one.folder.share in MIXED], lambda one: one.error)
            starter, _ = over_hospitals([one for one in judged if one.folder.model.name == "starter"], lambda one: one.error)
            cells = (f"{each[hospital]:.3f}" if hospital in each else "" for hospital in HOSPITALS)
            table.add_row(", ".join(clues) or "mean of other hospitals", *(f"{value:.3f}" for value in (mean, mixed, starter)), *cells)
        console.print(table)
        own = CLUES[figure][1]
        judged = [one for one in judge(usable, own, figure) if one.folder.name == name]
        covered, each = over_hospitals(judged, lambda one: one.covered)
        width, _ = over_hospitals(judged, lambda one: one.span.high - one.span.low)
        console.print(f"by {own[0]}: intervals of 95 % hold the truth {covered:.2f} of the time {_rounded(each)}, width {width:.2f}")
        kept = [folder for folder in usable if folder.hospital not in ONLY_JUDGED]
        line = line_through(kept, own, figure)
        told = ", ".join(f"{value:.2f}" for value in (*line.weights, half_interval(kept, own, figure)))
        console.print(f"Line({told})  of {len(kept)} folders of {len({folder.hospital for folder in kept})} hospitals\n")


def _rounded(each: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in each.items()}


# --- 30 labels ------------------------------------------------------------------------------------------------------------


def label_some(pictures: Pictures, model: Model, console: Console, draws: int) -> None:
    """What 30 labels measure of a model's answers, by choice and by chance alone."""
    frames, n = pictures.frames, len(pictures.windows)
    centres, labels = np.concatenate([frames.centres, pictures.window_centres]), np.concatenate([frames.labels, [NORMAL] * n])
    names = [row.case or row.group for row in frames.rows] + [f"window {number}" for number in range(n)]
    groups = np.unique(names, return_inverse=True)[1].astype(np.int64)
    table = Table(
        "hospital", "frames", "groups", "figure", "truth", "MAE, chosen", "covered", "width", "MAE, by chance", "covered", "width"
    )
    for hospital, own in HOSPITALS.items():
        here = np.flatnonzero(np.isin(centres, own) & np.isin(labels, (POLYPS, NORMAL)))
        if hospital in model.knows or len({*labels[here].tolist()}) < 2:
            continue
        for figure, (right, runs) in _labelled(model.said[here], labels[here], groups[here], draws).items():
            counts = (str(len(here)), str(len({*groups[here].tolist()})))
            table.add_row(hospital, *counts, figure, f"{right:.3f}", *(f"{value:.3f}" for value in np.mean(runs, axis=0)))
    console.print(table)


def _labelled(said: np.ndarray, truth: np.ndarray, groups: np.ndarray, draws: int) -> dict[str, tuple[float, list[tuple[float, ...]]]]:
    """By figure of polyps: what is right, and of each draw the error, whether the interval holds it and its width, chosen and by chance."""
    called, rng = said.argmax(axis=1), np.random.default_rng(7)
    of = {"recall": (truth == POLYPS, called == POLYPS), "specificity": (truth != POLYPS, called != POLYPS)}
    found: dict[str, tuple[float, list[tuple[float, ...]]]] = {name: (float(hit[own].mean()), []) for name, (own, hit) in of.items()}
    for seed in range(draws):
        choice = choose(said, groups, TaskContext(), seed=seed)
        strata = np.stack([said[called == place].mean(axis=0) for place in choice.called])
        got = measured(choice, [int(truth[frame.place]) for frame in choice.frames], strata, POLYPS)
        by_chance = rng.choice(len(said), FRAMES, replace=False)
        for name, (own, hit) in of.items():
            span, some, right = getattr(got, name), by_chance[own[by_chance]], found[name][0]
            if span is not None and len(some):
                plain = Span(float(hit[some].mean()), *wilson_interval(float(hit[some].sum()), len(some)))
                found[name][1].append((*_judged(span, right), *_judged(plain, right)))
    return found


def _judged(span: Span, right: float) -> tuple[float, ...]:
    return abs(span.value - right), float(span.low <= right <= span.high), span.high - span.low


def main() -> None:
    """Measure, print tables and constants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--draws", type=int, default=100)
    asked = parser.parse_args()
    console = Console(width=230)
    asked.work.mkdir(parents=True, exist_ok=True)
    frames = read(asked.data)
    finals = preprocessed(frames.rows, recipe_named("clean"), asked.work, TaskContext())
    pictures = Pictures(frames, finals, *windows(frames, asked.data / "centres" / "masks"))
    console.print(f"{len(frames.rows)} frames, fingerprint {frames.fingerprint}; {len(pictures.windows)} windows")
    seen = seen_by(pictures, asked.work)
    answering = list(models(frames, seen))
    found = [folder for model in answering for folder in folders(pictures, model, seen[model.backbone])]
    console.print(f"{len(answering)} models, {len(found)} folders and classes")
    compare(found, console)
    label_some(pictures, answering[0], console, asked.draws)


if __name__ == "__main__":
    main()
