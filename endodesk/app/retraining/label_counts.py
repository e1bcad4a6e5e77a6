"""How many labels there are to learn from, and how many frames readers set aside: from the columns, without going through the frames."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endodesk.app.browsing.frame_columns import FrameColumns, LabelState, mark_bits
from endodesk.domain.label_set import LabelSet
from endodesk.domain.reviews import AnnotationKind


@dataclass(frozen=True, slots=True)
class LabelCount:
    """How many frames have a label, and how many of these a reader gave it."""

    label: str
    frames: int
    corrected: int


def count_labels(columns: FrameColumns, classes: Sequence[str]) -> list[LabelCount]:
    """Counts of the frames that a training would learn from (`retraining.labelled_files`), in the order of the classes."""
    kept = _kept(columns)
    by_reader = columns.state == LabelState.READER
    found = []
    for name in classes:
        of_class = kept & np.isin(columns.label, columns.classes.known([name]))
        found.append(LabelCount(name, int(of_class.sum()), int((of_class & by_reader).sum())))
    return found


def left_out(columns: FrameColumns) -> Counter[AnnotationKind]:
    """How many readable frames are set aside, by why; the same rule as `retraining.set_aside`."""
    readable = _readable(columns)
    counts = {why: int((rows & readable).sum()) for why, rows in _set_aside(columns).items()}
    return Counter({why: n for why, n in counts.items() if n})


def orphaned(columns: FrameColumns, label_set: LabelSet) -> dict[str, int]:
    """Words that readers gave and that mean no class any more, with the number of frames that a training lacks for each."""
    words = [word for word in columns.labelled if word not in label_set]
    return {count.label: count.frames for count in count_labels(columns, words) if count.frames}


def _kept(columns: FrameColumns) -> NDArray[np.bool_]:
    kept = _readable(columns)
    for rows in _set_aside(columns).values():
        kept &= ~rows
    return kept


def _readable(columns: FrameColumns) -> NDArray[np.bool_]:
    readable = np.ones(len(columns), np.bool_)
    readable[list(columns.frames.unreadable)] = False
    return readable


def _set_aside(columns: FrameColumns) -> dict[AnnotationKind, NDArray[np.bool_]]:
    """Each row under the first reason that holds."""

    def marked(kind: AnnotationKind) -> NDArray[np.bool_]:
        return np.asarray(columns.marks & mark_bits((kind,)) != 0, np.bool_)

    excluded, poor = marked(AnnotationKind.EXCLUDED), marked(AnnotationKind.POOR_QUALITY)
    unsure = marked(AnnotationKind.NOT_SURE) & (columns.state != LabelState.READER)  # a folder's name is no word against a doubt
    return {
        AnnotationKind.EXCLUDED: excluded,
        AnnotationKind.POOR_QUALITY: poor & ~excluded,
        AnnotationKind.NOT_SURE: unsure & ~excluded & ~poor,
    }
