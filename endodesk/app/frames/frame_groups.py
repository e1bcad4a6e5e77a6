"""Which frames of the open folder belong together, as the project's grouping says: the same groups as a split would have."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from endodesk.app.frames.frame_list import FrameEntry, class_depth
from endodesk.app.project.grouping import grouping_of
from endodesk.app.project.project import Project
from endodesk.dataset.cases import with_cases
from endodesk.dataset.manifest import ManifestRow
from endodesk.dataset.split import group_names
from endodesk.domain.case_rules import NO_CASE
from endodesk.domain.images import Sha256


def group_frames(project: Project, entries: Sequence[FrameEntry], *, cases: bool = True) -> NDArray[np.int64]:
    """A number for each entry, equal within a group; -1 for a frame whose content is not known yet.

    Together are near-duplicates (as far as their perceptual hashes are known), frames that a reader merged and, with
    `cases`, those of one case. Reads the database: not for the GUI thread. BadRequest if the pattern for cases cannot be read.
    """
    grouping, hashes = grouping_of(project), project.database.images.hashes()
    known = [place for place, entry in enumerate(entries) if entry.sha256]
    below = class_depth((entry.folder for entry in entries), project.label_set)
    rows = with_cases(_rows([entries[place] for place in known], hashes, below), grouping.case if cases else NO_CASE)
    names = group_names(rows, grouping.near, project.database.merges.standing())
    numbers: dict[str, int] = {}
    found = np.full(len(entries), -1, np.int64)
    found[known] = [numbers.setdefault(name, len(numbers)) for name in names]
    return found


def _rows(entries: Sequence[FrameEntry], hashes: Mapping[Sha256, str], below: int) -> list[ManifestRow]:
    return [
        ManifestRow(entry.path, entry.sha256, hashes.get(entry.sha256, ""), "", entry.folder.case_below(below))
        for entry in entries
        if entry.sha256
    ]
