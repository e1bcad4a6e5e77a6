"""`endodesk verify`: by the real command line, on a real project."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from frame_folders import png, put

from endodesk.app.project.project import Project
from endodesk.cli.main import run
from endodesk.data.image_store import FileStamp
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.reviews import Correction


def frame(number: int) -> Sha256:
    return Sha256(f"{number:064x}")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project's folder, which holds three labels."""
    put(tmp_path / "frames" / "polyps" / "1.png", png(1, "polyps"))
    made = Project.of_images(tmp_path / "frames")
    made.database.images.add((ImageRecord(frame(n), Path(f"/f/{n}.png"), 8, 8, ""), FileStamp(n, n)) for n in range(3))
    for n in range(3):
        made.database.corrections.give([Correction(frame(n), "polyps", "Ann", datetime.now(UTC))])
    made.close()
    return made.folder


def tamper(project: Path, *statements: str) -> None:
    with closing(sqlite3.connect(project / "project.sqlite")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_a_record_that_holds_says_how_many_events_and_the_digest(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(project)]) == 0
    told = capsys.readouterr().out
    assert run(["verify", str(tmp_path / "frames")]) == 0  # the folder of frames names it too
    assert capsys.readouterr().out == told
    with closing(sqlite3.connect(project / "project.sqlite")) as connection:
        [(count, digest)] = connection.execute("SELECT id, digest FROM event ORDER BY id DESC LIMIT 1")
    assert told == f"All holds. Events: {count}. The last digest: {digest}\n"


def test_the_first_broken_row_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(project, "UPDATE correction SET label = 'normal' WHERE id = 2")
    assert run(["verify", str(project)]) == 1
    assert capsys.readouterr().out == "Broken: correction 2 was changed.\n"


def test_an_end_that_was_cut_off_is_known_from_the_journal_or_an_anchor(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anchor = tmp_path / "anchor.json"
    assert run(["verify", str(project), "--anchor", str(anchor)]) == 0
    assert "The anchor is kept in" in capsys.readouterr().out
    count = json.loads(anchor.read_text())["count"]
    assert run(["verify", str(project), "--anchor", str(anchor)]) == 0
    assert "They go on from the anchor of" in capsys.readouterr().out
    tamper(project, *(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})" for table in ("correction", "step", "event")))  # noqa: S608
    assert run(["verify", str(project)]) == 1
    assert capsys.readouterr().out == f"Broken: event {count} is missing.\n"
    for journal in project.glob("labels*.jsonl"):
        journal.unlink()
    assert run(["verify", str(project)]) == 0  # whoever can do all that leaves nothing to be found here
    assert run(["verify", str(project), "--anchor", str(anchor)]) == 1
    assert f"event {count} is missing, which the anchor of" in capsys.readouterr().out
    anchor.write_text(json.dumps({"count": 1, "digest": "0" * 64, "date": "2026-11-30"}))
    assert run(["verify", str(project), "--anchor", str(anchor)]) == 1
    assert "event 1 is another one than on 2026-11-30" in capsys.readouterr().out


def test_a_place_without_a_project_and_a_file_that_is_no_anchor_are_refused(project: Path, tmp_path: Path) -> None:
    assert run(["verify", str(tmp_path / "frames" / "polyps")]) == 2
    (tmp_path / "anchor.json").write_text("{}")
    assert run(["verify", str(project), "--anchor", str(tmp_path / "anchor.json")]) == 2
