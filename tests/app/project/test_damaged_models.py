"""A project from elsewhere, or damaged: its model is found again, its texts are no formulas, its frames are found by their names."""

import csv
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from frame_folders import png, put, sha256_of

from endodesk.app.project.kept_bundles import active_bundle, keep_bundle
from endodesk.app.project.project import Project
from endodesk.cli.main import run
from endodesk.data.image_store import FileStamp
from endodesk.domain.errors import BadBundle
from endodesk.domain.images import ImageRecord
from endodesk.domain.reviews import BundleId, Correction
from resources import FOLDER

STARTER = FOLDER / "models" / "starter"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = ("=1+1.png", "-2.png", "@x.png", "+y.png")


@pytest.fixture
def damaged(images):
    """Its active model is cut in the record; whole in its folder. One label is no class, but a formula."""
    for n, name in enumerate(NAMES):
        put(images / name, png(500 + n))
    project = Project.of_images(images)
    folder = keep_bundle(project, STARTER)
    project.database.models.promote(BundleId(folder.name), reader="me", why="", at=NOW)
    image = sha256_of(images / "polyps" / "frame-0.png")
    project.database.images.add([(ImageRecord(image, images / "polyps" / "frame-0.png", 96, 77), FileStamp(0, 0))])
    project.database.corrections.give([Correction(image, "=cmd|'/c calc'!A1", "me", NOW)])
    project.close()
    with closing(sqlite3.connect(project.database.path)) as record, record:
        record.execute("UPDATE model SET bundle_json = substr(bundle_json, 1, 99)")
    return images, project


def test_the_active_model_is_found_again_in_its_folder_or_told(damaged):
    _, project = damaged
    project = Project.open(project.folder)
    try:
        assert project.active_model is None
        assert active_bundle(project).bundle.name.startswith("EndoDesk starter")
        assert project.active_model is not None  # its row is whole again
        with closing(sqlite3.connect(project.database.path)) as record, record:
            record.execute("UPDATE model SET bundle_json = ''")
        (project.models_folder / project.database.models.promotions()[0].bundle / "head.npz").write_bytes(b"damaged too")
        with pytest.raises(BadBundle, match="is damaged"):
            active_bundle(project)
    finally:
        project.close()


@pytest.mark.slow
def test_predictions_hold_no_formula_and_come_back_as_labels(damaged, tmp_path, capsys):
    images, project = damaged
    table = tmp_path / "predictions.csv"
    assert run(["predict", str(images), "--out", str(table)]) == 0
    assert "is damaged in places" in capsys.readouterr().err.replace("\n", " ")
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {row["file"] for row in rows} > {f"./{name}" for name in NAMES}
    assert [row["label"] for row in rows if row["label"].startswith("'")] == ["'=cmd|'/c calc'!A1"]
    for row in rows:
        row["label"] = "esophagitis" if row["file"].startswith("./") else ""
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert run(["label", str(images), str(table)]) == 0
    project = Project.open(project.folder)
    said = {image: stored.correction.value for image, stored in project.database.corrections.current().items()}
    project.close()
    assert [said[sha256_of(images / name)] for name in NAMES] == ["esophagitis"] * len(NAMES)
