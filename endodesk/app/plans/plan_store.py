"""The read plan of a project: a setting, and an event in the chain each time it is another one."""

from typing import Any

from endodesk.app.project.project import Project
from endodesk.data.setting_store import READ_PLAN
from endodesk.domain.read_plan import ReadPlan


def plan_of(project: Project) -> ReadPlan | None:
    """The plan that holds now; None where there is none, or it is damaged, which is then told."""
    return project.database.settings.read(READ_PLAN, _read, None)


def keep_plan(project: Project, plan: ReadPlan | None, *, reader: str) -> None:
    """From now on this plan holds, or none, as `reader` has chosen; what was read stays. EndoDeskError if it could not be kept."""
    if plan != plan_of(project):
        project.database.settings.set(READ_PLAN, plan.to_json() if plan else None, reader=reader)


def _read(told: Any) -> ReadPlan | None:
    return None if told is None else ReadPlan.from_json(told)
