"""A glance into projects that are not open here: the stored ones of all versions, one that is being written to, and made-up files."""

import json
import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from data_examples import a_correction, a_file

from endodesk.data.database import Database
from endodesk.data.safety.glance import glance, work_in
from endodesk.domain.errors import BadProject

EXAMPLES = Path(__file__).parents[1] / "projects"


@pytest.mark.parametrize("version", ["v1", "v2", "v3", "v4", "v5"])
def test_it_sees_what_a_project_of_each_version_holds_and_changes_nothing(tmp_path, version):
    shutil.copy(EXAMPLES / version / "project.sqlite", tmp_path)
    file = tmp_path / "project.sqlite"
    was, before = json.loads((EXAMPLES / version / "as_it_was.json").read_text(encoding="utf-8")), file.read_bytes()
    with glance(file) as found:
        assert found.holding([*was["current"], "0" * 64]) == set(was["current"])
        assert found.work().labels == len(was["current"])
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["project.sqlite"]


def test_it_sees_what_was_written_a_moment_ago_while_the_project_is_open(db):
    db.images.add([a_file(1)])
    with glance(db.path) as found:
        assert found.work().labels == 0
    db.corrections.add(a_correction(1, "polyps"))
    assert work_in(db.path).labels == 1
    assert work_in(db.path).by_reader == ((a_correction(1, "polyps").reader, 1),)
    db.corrections.add(a_correction(1, "polyps"))  # it can be written to while it is looked at, and afterwards
    assert work_in(db.path).labels == 1


@pytest.mark.parametrize(
    "made_up",
    [
        "CREATE VIEW image AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x AS sha256 FROM n",
        "CREATE TABLE setting (key TEXT, value TEXT)",
        "CREATE TABLE other (x)",
    ],
)
def test_a_made_up_file_is_refused_within_seconds(tmp_path, made_up):
    file = tmp_path / "project.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute(made_up)
    began = time.monotonic()
    with pytest.raises(BadProject, match=r"cannot be read|not as EndoDesk makes it"), glance(file) as found:
        found.holding(["0" * 64])
    assert time.monotonic() - began < 5


def test_what_takes_too_long_is_given_up(db, monkeypatch):
    monkeypatch.setattr("endodesk.data.safety.glance._LONGEST_S", 0.0)
    monkeypatch.setattr("endodesk.data.safety.glance._STEPS_BETWEEN", 1)
    with pytest.raises(BadProject, match="cannot be read"):
        work_in(db.path)


def test_what_is_no_plain_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for place in ("pipe", ".", "missing"):
        with pytest.raises(BadProject), glance(tmp_path / place):
            pass


def test_it_leaves_nothing_beside_a_project_that_nobody_has_open(tmp_path):
    with Database.open(tmp_path / "project.sqlite") as database:
        database.settings.set("source", "/frames")
    before = sorted(tmp_path.iterdir())
    with glance(tmp_path / "project.sqlite") as found:
        assert found.source == "/frames"
    assert sorted(tmp_path.iterdir()) == before
