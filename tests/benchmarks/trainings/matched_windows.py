"""Device or mucosa, where a head never learnt: `python -m tests.benchmarks.trainings.matched_windows DATA WORK --seeds 3`.

DATA and protocol as in `left_out_centres`; `centres/masks` has outlines of two hospitals. Each of these is left out: windows of its frames
with and without the polyp are asked about, by heads that learnt from whole frames alone, and with pairs of windows of the other one.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from endodesk.dataset.window_examples import windows_of
from endodesk.imaging.pixels import Floats
from endodesk.imaging.preprocessing.pipeline import recipe_named
from endodesk.system.task import TaskContext
from tests.benchmarks.trainings import left_out_centres as whole
from training.evaluation.window_probe import shares
from training.inputs.examples import preprocessed
from training.inputs.features import Stem
from training.inputs.windows import preprocessed_windows

OUTLINED = ("hanoi", "barcelona")
POLYPS, NORMAL = whole.CLASSES.index("polyps"), whole.CLASSES.index("normal")


def seen_windows(stem: Path, finals: np.ndarray, work: Path) -> Floats:
    """N x channels, made once."""
    kept = work / f"windows-{stem.stem}-{hashlib.sha256(finals.tobytes()).hexdigest()[:16]}.npy"
    if not kept.is_file():
        see = Stem(stem, pooled=True, workers=1)
        np.save(kept, np.stack([see(final) for final in finals]))
    return np.load(kept)


def figures(frames: whole.Frames, told: whole.Answers, own: whole.Frames, at: Floats, first: np.ndarray) -> dict[str, float]:
    """Those of whole frames, and of windows (the first pair of each frame): by hospital and together."""
    answers, found = at.argmax(axis=1), whole.figures(frames, told)
    kept = {name: found[name] for name in ("polyps mean", "polyps worst", "normal seen", "normal unseen", "macro F1 inside")}
    for name in (*OUTLINED, ""):
        chosen = first & ((own.centres == name) if name else np.ones(len(first), bool))
        recall = float((answers[chosen & (own.labels == POLYPS)] == POLYPS).mean())
        normal = float((answers[chosen & (own.labels == NORMAL)] == NORMAL).mean())
        word = name or "both"
        kept |= {f"{word} with": recall, f"{word} without": normal, f"{word} balanced": (recall + normal) / 2}
    return kept


def asked(frames: whole.Frames, seen: Floats, own: whole.Frames, at: Floats, use: np.ndarray, seed: int) -> tuple[whole.Answers, Floats]:
    """Answers to whole frames and to windows, each by a head that learnt from nothing of its hospital (inside: of its fold).

    `use` tells which windows are learnt from.
    """
    n = len(frames.rows)
    both = whole.Frames(
        [*frames.rows, *own.rows],
        np.concatenate([frames.labels, own.labels]),
        np.concatenate([frames.centres, own.centres]),
        np.concatenate([frames.dealt, np.full(len(own.rows), -1)]),
    )
    inputs = np.concatenate([seen, at])
    learnt = ~np.isin(both.centres, whole.MEASURED)
    learnt[n:] &= use
    elsewhere, inside = (np.zeros((len(inputs), len(whole.CLASSES)), np.float32) for _ in range(2))
    for left_out in (("hanoi",), ("barcelona",), (whole.CLIPS,), whole.POLYPGEN):
        here = np.isin(both.centres, left_out)
        elsewhere[here] = whole.answers(both, inputs, np.flatnonzero(learnt & ~here), "none", seed)[here]
    for fold in range(whole.FOLDS):
        here = both.dealt == fold
        inside[here] = whole.answers(both, inputs, np.flatnonzero(learnt & ~here), "none", seed)[here]
    return whole.Answers(elsewhere[:n], inside[:n]), elsewhere[n:]


def main() -> None:
    """Measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pairs", type=int, nargs="+", default=[1, 2, 4])
    given = parser.parse_args()
    console = Console(width=200)
    frames = whole.read(given.data)
    finals = preprocessed(frames.rows, recipe_named("clean"), given.work, TaskContext())
    outlined = [row for row in frames.rows if row.centre in OUTLINED]
    windows, problems = windows_of(outlined, given.data / "centres" / "masks", "normal", pairs=max(given.pairs), overrides={})
    rows, cuts = preprocessed_windows(windows, outlined, recipe_named("clean"), given.work, TaskContext())
    own = _frames(rows)
    rank = _ranks([window.sha256 for window in windows])
    console.print(f"{len(frames.rows)} frames, fingerprint {frames.fingerprint}; {len({w.sha256 for w in windows})} with windows")
    console.print({str(name): int(((own.centres == name) & (rank == 0)).sum()) for name in OUTLINED}, problems[:3])
    found: dict[tuple[str, int], dict[str, float]] = {}
    for backbone in reversed(whole.BACKBONES):
        seen, lite = whole.features(backbone, frames, finals, given.work)
        at = seen_windows(lite, cuts, given.work)
        for pairs in (0, *given.pairs):
            told = [asked(frames, seen, own, at, rank < pairs, seed) for seed in range(given.seeds)]
            each = [figures(frames, one, own, windows_told, rank == 0) for one, windows_told in told]
            found[backbone, pairs] = {key: float(np.mean([one[key] for one in each])) for key in each[0]}
            console.print(backbone, pairs, {key: round(value, 3) for key, value in found[backbone, pairs].items()})
            first = np.flatnonzero(rank == 0)
            answered = np.mean([one for _, one in told], axis=0)[first]
            console.print(
                "  interval, mean of seeds:", shares(_holds(own, first), answered.argmax(axis=1), POLYPS, NORMAL, _groups(own, first))
            )
    table = Table("backbone", "pairs", *next(iter(found.values())))
    for (backbone, pairs), values in found.items():
        table.add_row(backbone, str(pairs), *(f"{value:.3f}" for value in values.values()))
    console.print(table)


def _frames(rows: Sequence[object]) -> whole.Frames:
    labels = np.array([whole.CLASSES.index(row.label) for row in rows], np.intp)
    return whole.Frames(list(rows), labels, np.array([row.centre for row in rows]), np.full(len(rows), -1))


def _ranks(names: Sequence[str]) -> np.ndarray:
    """Of each window the number of its pair in its frame."""
    met: dict[str, int] = {}
    found = []
    for name in names:
        found.append(met.get(name, 0) // 2)
        met[name] = met.get(name, 0) + 1
    return np.array(found)


def _holds(own: whole.Frames, chosen: np.ndarray) -> np.ndarray:
    return np.asarray(own.labels[chosen] == POLYPS)


def _groups(own: whole.Frames, chosen: np.ndarray) -> list[str]:
    return [own.rows[place].group for place in chosen]


if __name__ == "__main__":
    main()
