"""What tests of the session wait for, and a model for them to wait on."""

import json
import shutil
from dataclasses import replace

from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.inference.bundle import read_bundle
from endodesk.inference.predictor import Predictor


def settle(qtbot, session):
    """All files read, and the chosen frame shown (or refused)."""
    qtbot.waitUntil(lambda: not session.folder_reader.listing and session.jobs.idle, timeout=15_000)


def choose(qtbot, session, row):
    session.navigation.choose(row)
    qtbot.waitUntil(lambda: session.workspace.open_frame is not None)


def activate(images, bundle):
    """Keep a bundle in the project of a folder, and make it its active model; its id."""
    project = Project.of_images(images)
    folder = keep_bundle(project, bundle)
    predictor = Predictor(folder)
    project.database.models.promote(predictor.bundle.id, reader="test", why="a test", at=predictor.bundle.created)
    project.close()
    return predictor.bundle.id


def use_bundle(session, bundle):
    """Keep a bundle in the project that is open, and make it the active model."""
    session.model.promote(keep_bundle(session.project, bundle), reader=session.workspace.reader, why="a test")


def described(bundle, folder, **more):
    """The same model with another description."""
    shutil.copytree(bundle, folder)
    other = replace(read_bundle(bundle), **more)
    (folder / "bundle.json").write_text(json.dumps(other.to_json()), encoding="utf-8")
    return folder
