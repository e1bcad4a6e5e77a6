"""CaseSummary: what the header of a case says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endodesk.app.browsing.frame_columns import NOTHING, FrameColumns, LabelState
from endodesk.app.browsing.frame_filter import WITHOUT_CASE
from endodesk.app.language import tr

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One case, or the frames without one."""

    name: str
    frames: int
    shown: int
    """How many of its frames pass the filter."""
    labelled: int
    """How many of its frames a reader gave a class; a class folder does not count."""
    classes: tuple[tuple[str, int], ...]
    """Classes found, by a reader or a folder, the most frequent first."""
    folded: bool


def summarised(columns: FrameColumns, case: int, passing: NDArray[np.bool_], *, folded: bool) -> CaseSummary:
    """The summary of a case, given by its number; `passing` tells for each row whether it passes the filter."""
    mine = np.flatnonzero(columns.case == case)
    labels = columns.label[mine]
    counts = np.bincount(labels[labels != NOTHING], minlength=1)
    found = sorted(((columns.classes.names[i], int(n)) for i, n in enumerate(counts) if n), key=lambda pair: -pair[1])
    name = tr(WITHOUT_CASE).capitalize() if case == NOTHING else columns.case_names[case]
    labelled = int((columns.state[mine] >= LabelState.READER).sum())
    return CaseSummary(name, len(mine), int(passing[mine].sum()), labelled, tuple(found), folded)


def header_of(case: Rows) -> Rows:
    """The item that stands for a case's header: below 0, as rows never are."""
    return (-2 - case).astype(np.int32)  # from -1 down: frames without a case (NOTHING) have a header too


def case_under(item: int) -> int:
    """The case of a header's item; NOTHING for frames without one."""
    return -2 - item
