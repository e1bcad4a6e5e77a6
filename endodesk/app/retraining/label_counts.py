"""How many labels there are to learn from, and how many frames readers set aside: from the columns, without going through the frames."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endodesk.app.browsing.frame_columns import FrameColumns, LabelState, mark_bits
from endodesk.app.frames.frame_list import class_depth
from endodesk.app.language import tr
from endodesk.app.project.grouping import centre_words
from endodesk.app.project.project import Project
from endodesk.dataset.centres import centre_finder, one_sided
from endodesk.domain.centre_rules import CENTRE_FOLDERS, CENTRE_RULES, DEVICE, NO_CENTRE
from endodesk.domain.images import printable
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


def labels_by_centre(columns: FrameColumns, project: Project, label_set: LabelSet) -> set[tuple[str, str]]:
    """Which classes come from which centres, of the frames that a training would learn from, as pairs; none where no centre is named.

    By folders, a pattern and readers' words: what DICOM files say is told when a run is made, which opens them. BadRequest for a pattern
    that is none.
    """
    words, rule = centre_words(project), project.centre_rule
    if (rule == NO_CENTRE and not words) or rule == DEVICE:
        return set()
    frames, names = columns.frames, columns.classes.names
    rows = np.flatnonzero(_kept(columns) & np.isin(columns.label, columns.classes.known(label_set.names)))
    named = np.fromiter((frames.sha256s[row] in words for row in rows.tolist()) if words else (), np.bool_, len(rows) if words else 0)
    said = rows[named].tolist() if words else []
    found = {(names[columns.label[row]], words[sha256]) for row in said if (sha256 := frames.sha256s[row])}
    rest = rows[~named] if words else rows
    if rule in CENTRE_RULES:  # a folder, of which there are few, tells it, or nothing
        below = class_depth(frames.folders, label_set)
        by_folder = [folder.centre_below(below) for folder in frames.folders] if rule in CENTRE_FOLDERS else [""] * len(frames.folders)
        pairs = np.unique(columns.label[rest].astype(np.int64) * len(by_folder) + frames.folder_of[rest]).tolist()
        return found | {(names[pair // len(by_folder)], by_folder[pair % len(by_folder)]) for pair in pairs}
    find = centre_finder(rule)
    for row, label in zip(rest.tolist(), columns.label[rest].tolist(), strict=True):
        found.add((names[label], find(frames.places.path(frames.names[row]).replace(os.sep, "/"))))
    return found


def told_by_centre(seen: Iterable[tuple[str, str]]) -> list[str]:
    """The same as `endodesk.dataset.centres.told_one_sided`, in the language of the window."""
    only_there = tr("Every frame of {label} comes from {centres}: what the model learns of it may be that hospital.")
    one = tr("From {centres} there are frames of {label} only: the model may learn that this device means {label}.")
    many = tr("From {centres} there are frames of {label} only: the model may learn that these devices mean {label}.")
    told = []
    for pair in one_sided(seen):
        named = [printable(centre) or tr("the centre without a name") for centre in pair.centres]
        listed = tr("{a} and {b}").format(a=", ".join(named[:-1]), b=named[-1]) if len(named) > 1 else named[0]
        words = only_there if pair.only_there else one if len(named) == 1 else many
        told.append(words.format(label=pair.label, centres=listed))
    return told


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
