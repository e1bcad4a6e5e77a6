"""What tests of the session wait for, and a model for them to wait on."""

from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.inference.predictor import Predictor


def settle(qtbot, session):
    """All files read, and the chosen frame shown (or refused)."""
    qtbot.waitUntil(lambda: not session.listing and session.jobs.idle, timeout=15_000)


def choose(qtbot, session, row):
    session.choose(row)
    qtbot.waitUntil(lambda: session.open_frame is not None)


def activate(images, bundle):
    """Keep a bundle in the project of a folder, and make it its active model; its id."""
    project = Project.of_images(images)
    folder = keep_bundle(project, bundle)
    predictor = Predictor(folder)
    project.database.models.promote(predictor.bundle.id, reader="test", why="a test", at=predictor.bundle.created)
    project.close()
    return predictor.bundle.id
