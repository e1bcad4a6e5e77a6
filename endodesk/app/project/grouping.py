"""Grouping: what decides which frames stand on one side of a split. Kept with the project, used by every run started in the window."""

from dataclasses import asdict, dataclass

from endodesk.app.project.project import Project
from endodesk.dataset.split import DEFAULT_NEAR
from endodesk.domain.case_rules import CASE_FOLDER

_KEY = "grouping"


@dataclass(frozen=True, slots=True)
class Grouping:
    """Frames go together that differ in at most `near` of 64 bits, that are of one case, or that a reader merged."""

    near: int = DEFAULT_NEAR
    case: str = CASE_FOLDER
    """What tells a case: one of `endodesk.domain.case_rules`, or a pattern found in the path (see `endodesk.dataset.cases.with_cases`)."""


def grouping_of(project: Project) -> Grouping:
    """What was chosen for the project, else the defaults."""
    return Grouping(**project.database.settings.get(_KEY, {}))


def keep_grouping(project: Project, grouping: Grouping) -> None:
    """Keep it with the project, for the next check and the next run. EndoDeskError if it could not be written."""
    project.database.settings.set(_KEY, asdict(grouping))
