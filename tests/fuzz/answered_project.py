"""A project as readers leave it behind: labelled, answered, drawn on, undone and concluded; and that project, damaged from a seed."""

import random
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from endodesk.app.frames.frame_places import FramePlaces
from endodesk.app.frames.indexing import index_files
from endodesk.app.frames.scan import list_images
from endodesk.app.project.kept_bundles import keep_bundle
from endodesk.app.project.project import Project
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.data.override_store import Override
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import ClassSet
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.overrides import Part
from endodesk.domain.reviews import YES, AnnotationKind, BundleId, Correction, Prediction
from endodesk.system.task import TaskContext
from tests.frame_folders import put_classes

from .parsers import STARTER

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
READER, OTHER = "Dr. Müller", "Dr. Ito"
_GONE = 120
"""Frames that were labelled and whose files lie there no more: rows for bytes to fall into."""
_RECORD = ("project.sqlite", "project.sqlite-wal")


def make_project(folder: Path) -> Path:
    """A project in a folder of its own, its frames beside it; with a -wal, as a program that was killed leaves it."""
    put_classes(folder / "frames", each=4)
    made = folder / "made"
    project = Project.open(made)
    models, model = project.database.models, keep_bundle(project, STARTER)
    models.promote(BundleId(model.name), reader=READER, why="the first", at=NOON)
    _fill(project, folder / "frames")
    whole = folder / "whole"
    whole.mkdir()
    for name in _RECORD:  # while it is open: closing would work the -wal into the file
        shutil.copyfile(made / name, whole / name)
    shutil.copytree(made / "models", whole / "models")
    project.close()
    return whole


def damaged_copy(whole: Path, place: Path, seed: int) -> Path:
    """The project at `place`, one to five bytes of its record changed; of every third one in the -wal."""
    chance = random.Random(seed)
    place.mkdir(parents=True)
    (place / "models").symlink_to(whole / "models")
    for name in _RECORD[: 1 + (seed % 3 == 0)]:
        shutil.copyfile(whole / name, place / name)
    hit = place / _RECORD[seed % 3 == 0]
    data = bytearray(hit.read_bytes())
    used = [at for at, byte in enumerate(data) if byte]  # else most would fall into empty room
    for _ in range(chance.randint(1, 5)):
        data[chance.choice(used)] = chance.randrange(256)
    hit.write_bytes(data)
    return place


def _fill(project: Project, frames: Path) -> None:
    db = project.database
    db.settings.set("source", str(frames))
    project.classes = ClassSet.of(("esophagitis", "polyps", "ulcerative-colitis"))
    db.settings.set("grouping", {"near": 2, "case": "folder"})
    db.settings.set("reader", READER)
    listing = list_images(frames, TaskContext())
    found = []
    index_files(FramePlaces(frames), listing.names, db, TaskContext(), found.extend)
    here = [one.sha256 for one in found if one.sha256]
    images = [*here, *_gone(db)]
    bundle = db.models.active().bundle
    _label(db, images, bundle)
    _checkpoint(project)  # what follows lies in the -wal
    _answer(db, images, bundle)
    _say_more(db, images, frames)
    db.settings.set("last_frame", listing.names[-1])


def _gone(db: Database) -> list[Sha256]:
    chance = random.Random(1)
    records = [
        ImageRecord(Sha256(f"{chance.getrandbits(256):064x}"), Path(f"/gone/frame-{n}.jpg"), 720, 576, f"{chance.getrandbits(64):016x}")
        for n in range(_GONE)
    ]
    then = 1_700_000_000_000_000_000
    db.images.add([(record, FileStamp(1000 + n, then + n, n, then + n, 1)) for n, record in enumerate(records)])
    return [record.sha256 for record in records]


def _label(db: Database, images: Iterable[Sha256], bundle: ModelBundle) -> None:
    chance = random.Random(2)
    for n, image in enumerate(images):
        said = chance.choice(("esophagitis", "polyps", "ulcerative-colitis"))
        answer = bundle.classes.names[0] if n % 3 else None
        reader = OTHER if n % 7 == 0 else READER
        db.corrections.give([Correction(image, said, reader, NOON + timedelta(seconds=n), bundle.id if answer else None, answer)])


def _answer(db: Database, images: Iterable[Sha256], bundle: ModelBundle) -> None:
    chance, classes = random.Random(3), len(bundle.classes)
    told = []
    for image in images:
        parts = [chance.random() for _ in range(classes)]
        told.append(Prediction(image, bundle.id, tuple(part / sum(parts) for part in parts)))
    db.predictions.add(told)


def _say_more(db: Database, images: list[Sha256], frames: Path) -> None:
    later = NOON + timedelta(hours=1)
    for n, kind in enumerate((AnnotationKind.FLAGGED, AnnotationKind.EXCLUDED, AnnotationKind.NOT_SURE, AnnotationKind.POOR_QUALITY)):
        db.corrections.give([Correction(image, YES, READER, later, kind=kind) for image in images[n * 3 : n * 3 + 3]])
    db.corrections.give([Correction(images[0], "Look again: 息肉?", OTHER, later, kind=AnnotationKind.NOTE)])
    for n in range(6):
        step = db.corrections.give([Correction(images[n], "polyps", READER, later + timedelta(seconds=n), blind=True)])
        db.steps.undo(step, reader=READER, at=later)
        if n % 2:
            db.steps.redo(step, reader=READER, at=later)
    db.overrides.give([Override(Part.FIELD, ((0.1, 0.1), (0.9, 0.1), (0.9, 0.8)), READER, later, image=images[1])])
    db.overrides.give([Override(Part.BOX, (), READER, later, size=(1280, 1024))])
    db.merges.add(images[0], images[1], joined=True, reader=READER, at=later)
    for case in ("polyps", "esophagitis"):
        db.conclusions.add(Conclusion(case, "One polyp of 4 mm; see the note.", "polyps", OTHER, later))


def _checkpoint(project: Project) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(project.database.path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
