"""The starter model: it answers in a new project until the reader has trained or chosen a better one."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import resources
from endodesk.app.language import marked
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.data.model_store import StoredModel
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle
from endodesk.inference.bundle import DESCRIPTION, described, read_bundle

READER, WHY = "EndoDesk", marked("comes with EndoDesk")
WHY_OF_DEMO = marked("made with the demo")


def starter_folder() -> Path | None:
    """Its bundle; None if the program came without one."""
    return resources.STARTER_MODEL if (resources.STARTER_MODEL / DESCRIPTION).is_file() else None


def starter_bundle() -> ModelBundle | None:
    """What it says of itself; None if the program came without one, or it is damaged."""
    folder = starter_folder()
    with contextlib.suppress(BadBundle):
        return described(folder) if folder else None
    return None


def has_starter(project: Project) -> bool:
    """Whether a project is to have it: no model was ever made active in it, and the program came with one."""
    return not project.is_nothing and starter_folder() is not None and not project.database.models.any_promoted()


# Why: docs/decisions/app.md 12
def take_starter(project: Project) -> StoredModel:
    """Copy it into the project, which then needs no other file, and make it the active one. BadBundle or EndoDeskError with a sentence."""
    starter = read_bundle(keep_bundle(project, resources.STARTER_MODEL))
    models = project.database.models
    active = models.active()
    if active is None:  # else the reader has chosen one meanwhile
        models.promote(starter.id, reader=READER, why=WHY, at=datetime.now(UTC))
        active = next(stored for stored in models.all() if stored.bundle.id == starter.id)
    return active
