"""Grouping: what decides which frames stand on one side of a split. Kept with the project, used by every run started in the window."""

from dataclasses import asdict, dataclass
from typing import Any

from endodesk.app.project.project import Project
from endodesk.data.setting_store import text_of
from endodesk.dataset.cases import check_case
from endodesk.dataset.split import DEFAULT_NEAR
from endodesk.domain.case_rules import CASE_FOLDER

_KEY = "grouping"
_MOST_NEAR = 64


@dataclass(frozen=True, slots=True)
class Grouping:
    """Frames go together that differ in at most `near` of 64 bits, that are of one case, or that a reader merged."""

    near: int = DEFAULT_NEAR
    case: str = CASE_FOLDER
    """What tells a case: one of `endodesk.domain.case_rules`, or a pattern found in the path (see `endodesk.dataset.cases.with_cases`)."""


def grouping_of(project: Project) -> Grouping:
    """What was chosen for the project, else the defaults."""
    return project.database.settings.read(_KEY, _grouping, Grouping())


def _grouping(kept: Any) -> Grouping:
    near, case = kept["near"], text_of(kept["case"])
    check_case(case)
    if type(near) is not int or not 0 <= near <= _MOST_NEAR:
        raise ValueError(f"no number of bits: {near!r:.80}")
    return Grouping(near, case)


def keep_grouping(project: Project, grouping: Grouping) -> None:
    """Keep it with the project, for the next check and the next run. EndoDeskError if it could not be written."""
    project.database.settings.set(_KEY, asdict(grouping))
