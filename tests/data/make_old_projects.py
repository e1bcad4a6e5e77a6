"""Makes the stored examples: `python tests/data/make_old_projects.py`, in a clone with the whole history.

Each is written by the program of its time: the last commit whose newest migration was that one, taken from Git into a folder of its own.
The same file tells what a database holds, `told`, in words that all versions know: that program's own reading of it is stored beside.
"""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECTS, REPOSITORY = HERE / "projects", HERE.parents[1]
FRAMES = PROJECTS / "frames"
AS_IT_WAS = "as_it_was.json"
COMMITS = {
    "v1": "f49a554c1e8d",
    "v2": "4f33aa382743",
    "v3": "edc43fec2cd8",
    "v4": "62a9f9391b99",
    "v5": "ef31c67",
    "v6": "a9fd251",
    "v7": "6afebcfa4d0f",
    "v8": "832f6d167178",
}
NOON = datetime(2025, 11, 23, 12, tzinfo=UTC)
FIRST, SECOND = "Dr. First", "Dr. Second"


def make_all() -> None:
    """Those that are not there yet: one child process a version, with that version's packages before all others."""
    for version, commit in COMMITS.items():
        if (PROJECTS / version).is_dir():  # stored examples are never edited
            continue
        with tempfile.TemporaryDirectory() as folder:
            source = subprocess.run(["git", "archive", commit], cwd=REPOSITORY, check=True, capture_output=True).stdout
            subprocess.run(["tar", "-x", "-C", folder], input=source, check=True)
            made = PROJECTS / version
            made.mkdir(parents=True, exist_ok=True)
            for name in ("project.sqlite", AS_IT_WAS):
                (made / name).unlink(missing_ok=True)
            subprocess.run(
                [sys.executable, str(Path(__file__).resolve()), str(made)], cwd=folder, check=True, env={**os.environ, "PYTHONPATH": folder}
            )


def make_one(folder: Path) -> None:
    """By whatever EndoDesk can be imported here."""
    from endodesk.data.database import Database
    from endodesk.domain.reviews import Correction, Prediction

    with Database.open(folder / "project.sqlite") as db:
        first, second, third = _add_frames(db)
        older, newer = (_bundle(name) for name in ("older", "newer"))
        for bundle in (older, newer):
            db.models.add(bundle, folder / "models" / bundle.name)
            db.models.promote(bundle.id, reader=FIRST, why=f"the {bundle.name} one", at=NOON)
        db.predictions.add([Prediction(first, newer.id, (0.125, 0.75, 0.125)), Prediction(second, older.id, (0.5, 0.25, 0.25))])
        for key, value in {"source": "frames", "synthetic": True, "reader": FIRST, "classes": list(newer.classes)}.items():
            db.settings.set(key, value)
        db.corrections.add(Correction(first, "polyps", FIRST, NOON, newer.id, "polyps"))
        db.corrections.add(Correction(second, "polyps", FIRST, NOON + timedelta(minutes=1)))
        db.corrections.add(Correction(second, "esophagitis", SECOND, NOON + timedelta(minutes=2)))
        mistaken = db.corrections.add(Correction(third, "polyps", FIRST, NOON + timedelta(minutes=3)))
        db.corrections.revoke(mistaken, reader=FIRST, at=NOON + timedelta(minutes=4))
        if hasattr(db, "merges"):
            for left, right, joined in ((first, second, True), (first, third, True), (first, third, False)):
                db.merges.add(left, right, joined=joined, reader=SECOND, at=NOON)
        if hasattr(db, "steps"):
            _add_marks_and_undo(db, first, third)
        if hasattr(db, "overrides"):
            _add_outlines(db, first)
        if hasattr(db, "conclusions"):
            room = "endodesk.domain.conclusions" if find_spec("endodesk.domain.conclusions") else "endodesk.domain.cases"
            conclusion = import_module(room).Conclusion
            for text in ("One polyp.", "Two polyps."):
                db.conclusions.add(conclusion("polyps/case-1", text, "polyps", SECOND, NOON))
        was = told(db)
    (folder / AS_IT_WAS).write_text(json.dumps(was, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    _shrink(folder / "project.sqlite")


def frames() -> list[Path]:
    """The three that all examples are about."""
    return sorted(FRAMES.rglob("*.png"))


def told(db: Any) -> dict[str, Any]:
    """What a database holds, as plain values; of what a version does not know there is no key."""
    images = [_sha256(frame) for frame in frames()]
    said: dict[str, Any] = {
        "current": {image: _value(stored.correction) for image, stored in db.corrections.current().items()},
        "history": [[_corrected(stored) for stored in db.corrections.history(image) if not _is_verdict(stored)] for image in images],
        "models": [[model.bundle.name, model.bundle.id, model.folder.name] for model in db.models.all()],
        "active": db.models.active().bundle.id,
        "promotions": [[p.bundle, p.reader, p.why, p.at.isoformat()] for p in db.models.promotions()],
        "predictions": {
            m.bundle.id: {p.image: p.probabilities for p in db.predictions.of_bundle(m.bundle.id).values()} for m in db.models.all()
        },
        "settings": {key: db.settings.get(key) for key in ("source", "synthetic", "reader", "classes", "blind")},
        "paths": [sorted(map(str, db.images.paths(image))) for image in images],
    }
    if hasattr(db, "merges"):
        said["merges"] = [[*pair, merge.reader] for pair, merge in db.merges.standing().items()]
    if hasattr(db, "steps"):
        said["marks"] = {image: _marked(marks) for image, marks in db.corrections.marks().items()}
        stacks = {reader: db.steps.stacks(reader) for reader in (FIRST, SECOND)}
        said["undo"] = {reader: [list(stack.undo), list(stack.redo)] for reader, stack in stacks.items()}
    if hasattr(db, "overrides"):
        said["outlines"] = [[str(o.part), o.outline, o.reader, o.image, o.size] for o in db.overrides.standing()]
    if hasattr(db, "conclusions"):
        said["conclusions"] = [[c.text, c.finding, c.reader] for c in db.conclusions.history("polyps/case-1")]
    plain: dict[str, Any] = json.loads(json.dumps(said))
    return plain


def _add_frames(db: Any) -> list[Any]:
    from endodesk.data.image_store import FileStamp
    from endodesk.domain.images import ImageRecord, Sha256

    images = [Sha256(_sha256(frame)) for frame in frames()]
    for image, frame in zip(images, frames(), strict=True):
        place = Path("/frames") / frame.relative_to(FRAMES)
        db.images.add([(ImageRecord(image, place, 96, 77, ""), FileStamp(frame.stat().st_size, 1_700_000_000_000_000_000))])
    return images


def _add_marks_and_undo(db: Any, first: Any, third: Any) -> None:
    from endodesk.domain import reviews
    from endodesk.domain.reviews import YES, Correction

    old = hasattr(reviews, "Said")  # what programs before 0006 called the kind of an annotation
    kinds: Any = reviews.Said if old else reviews.AnnotationKind
    later = NOON + timedelta(hours=1)

    def marked(image: Any, value: str, kind: Any) -> Any:
        return Correction(image, value, SECOND, later, **{"said" if old else "kind": kind})

    db.corrections.give([marked(first, YES, kinds.FLAGGED), marked(third, YES, kinds.EXCLUDED)])
    db.corrections.give([marked(first, "Look again: 息肉?", kinds.NOTE)])
    undone = db.corrections.give([Correction(third, "ulcerative-colitis", SECOND, later, blind=True)])
    db.steps.undo(undone, reader=SECOND, at=later)
    again = db.corrections.give([Correction(third, "esophagitis", FIRST, later, blind=True)])
    db.steps.undo(again, reader=FIRST, at=later)
    db.steps.redo(again, reader=FIRST, at=later)


def _add_outlines(db: Any, first: Any) -> None:
    from endodesk.data.override_store import Override
    from endodesk.domain.overrides import Part

    drawn = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.8))
    db.overrides.give([Override(Part.FIELD, drawn, SECOND, NOON, image=first)])
    db.overrides.give([Override(Part.BOX, (), SECOND, NOON, size=(1280, 1024))])


def _bundle(name: str) -> Any:
    from endodesk.domain.bundles import ModelBundle
    from endodesk.domain.classes import PAPER_CLASSES
    from endodesk.domain.recipes import Recipe, RecipeStep

    digest = f"{sum(name.encode()):064x}"
    recipe = Recipe("published", (RecipeStep("scopeguide", 1, (("close_px", 15),)),))
    return ModelBundle(name, PAPER_CLASSES, recipe, NOON, {"backbone.tflite": digest, "head.npz": digest}, synthetic=True, metrics={"n": 0})


def _corrected(stored: Any) -> list[Any]:
    c = stored.correction
    taken_back = stored.revoked_at.isoformat() if stored.revoked_at else None
    return [stored.id, _value(c), c.reader, c.at.isoformat(), c.bundle, c.answer, taken_back, stored.revoked_by]


def _is_verdict(stored: Any) -> bool:
    """What held before readers had labels of their own became one."""
    return bool(getattr(stored.correction, "kind", "") == "verdict")


def _value(correction: Any) -> str:
    """It was named `label` by the programs that wrote the examples."""
    return str(correction.value if hasattr(correction, "value") else correction.label)


def _marked(marks: Any) -> list[Any]:
    return [marks.excluded, marks.poor_quality, marks.not_sure, marks.flagged, marks.note]


def _sha256(frame: Path) -> str:
    return hashlib.sha256(frame.read_bytes()).hexdigest()


def _shrink(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("VACUUM")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        make_one(Path(sys.argv[1]))
    else:
        make_all()
