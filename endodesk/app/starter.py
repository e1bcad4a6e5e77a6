"""The starter model: it answers in a new project until the reader has trained or chosen a better one."""

from datetime import UTC, datetime

import resources
from endodesk.app.bundles import keep_bundle
from endodesk.app.project import Project
from endodesk.data.model_store import StoredModel
from endodesk.inference.bundle import DESCRIPTION

READER, WHY = "EndoDesk", "comes with EndoDesk"


def has_starter(project: Project) -> bool:
    """Whether a project is to have it: it knows no model yet, and the program came with one."""
    return not project.is_nothing and (resources.STARTER_MODEL / DESCRIPTION).is_file() and not project.database.models.all()


def take_starter(project: Project) -> StoredModel:
    """Copy it into the project, which then needs no other file, and make it the active one. BadBundle or EndoDeskError with a sentence."""
    keep_bundle(project, resources.STARTER_MODEL)
    models = project.database.models
    stored = models.all()[0]
    models.promote(stored.bundle.id, reader=READER, why=WHY, at=datetime.now(UTC))
    return stored
