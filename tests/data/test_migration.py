import contextlib
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from data_examples import NOON, a_correction, a_file, a_frame, sha
from sqlalchemy import create_engine

from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.data.migration import MIGRATIONS, known_revisions, uri_of
from endodesk.data.override_store import Override
from endodesk.data.schema import METADATA
from endodesk.domain.errors import BadProject
from endodesk.domain.overrides import FrameOverrides, Part

HEAD = known_revisions()[-1]


def test_the_migrated_schema_is_that_of_the_tables(project: Path) -> None:
    Database.open(project).close()
    engine = create_engine(f"sqlite:///{project}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)
    engine.dispose()
    assert differences == []


def test_constraints_carry_the_names_of_the_tables(project: Path) -> None:
    """A later migration speaks of them by name; Alembic does not compare names of keys."""
    Database.open(project).close()
    sql = "\n".join(text or "" for (text,) in _query(project, "SELECT sql FROM sqlite_master"))
    names = {str(constraint.name) for table in METADATA.tables.values() for constraint in table.constraints}
    assert {name for name in names if f"CONSTRAINT {name} " not in sql} == set()


def test_file_names_tell_the_revisions_that_alembic_knows() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert known_revisions() == [step.revision for step in reversed(list(script.walk_revisions()))]
    assert script.get_current_head() == HEAD


def test_creating_a_project_prints_nothing_and_leaves_logging_alone(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = (list(logging.root.handlers), logging.root.level, logging.getLogger("alembic").level)
    Database.open(project).close()
    assert (list(logging.root.handlers), logging.root.level, logging.getLogger("alembic").level) == before
    assert capfd.readouterr() == ("", "")


def test_a_newer_database_is_refused_and_left_alone(project: Path) -> None:
    Database.open(project).close()
    with contextlib.closing(sqlite3.connect(project)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = project.read_bytes()
    with pytest.raises(BadProject, match="newer EndoDesk"):
        Database.open(project)
    assert project.read_bytes() == before
    assert [file.name for file in project.parent.iterdir()] == ["project.sqlite"]


LEAVES_ITS_WAL = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("UPDATE alembic_version SET version_num = '9999'")
connection.commit()
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_newer_database_whose_program_died_is_left_alone_too(project: Path) -> None:
    Database.open(project).close()
    subprocess.run([sys.executable, "-c", LEAVES_ITS_WAL, str(project)], check=False, timeout=60)
    files = [project, project.with_name("project.sqlite-wal")]
    before = [file.read_bytes() for file in files]
    assert before[1]
    with pytest.raises(BadProject, match="newer EndoDesk"):
        Database.open(project)
    assert [file.read_bytes() for file in files] == before


def _with_one_more_step(folder: Path, body: str) -> Path:
    migrations = Path(shutil.copytree(MIGRATIONS, folder / "100% später"))
    step = f"from alembic import op\nrevision = '9000'\ndown_revision = {HEAD!r}\n\n\ndef upgrade():\n    {body}\n"
    (migrations / "versions" / "9000_later.py").write_text(step, encoding="utf-8")
    return migrations


def _query(path: Path, statement: str) -> list[tuple[str]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def test_an_older_project_is_copied_then_migrated(project: Path, tmp_path: Path) -> None:
    with Database.open(project) as db:
        db.images.add([a_file(1)])
        db.corrections.add(a_correction(1))
    with Database.open(project, migrations=_with_one_more_step(tmp_path, "op.execute('CREATE TABLE later (x)')")) as db:
        assert list(db.corrections.current()) == [sha(1)]
    assert _query(project, "SELECT version_num FROM alembic_version") == [("9000",)]
    copy = project.with_name(f"project.{HEAD}.backup.sqlite")
    assert _query(copy, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert _query(copy, "SELECT label FROM correction") == [("polyps",)]


def test_a_project_of_the_first_version_is_copied_and_takes_merges(project: Path, tmp_path: Path) -> None:
    first = Path(shutil.copytree(MIGRATIONS, tmp_path / "first"))
    for later in [step for step in (first / "versions").glob("[0-9]*.py") if not step.name.startswith("0001_")]:
        later.unlink()
    _an_old_one(project, first)
    with Database.open(project) as db:
        db.merges.add(sha(2), sha(1), joined=True, reader="me", at=NOON)
        assert (list(db.corrections.current()), list(db.merges.standing())) == ([sha(1)], [(sha(1), sha(2))])
    copy = project.with_name("project.0001.backup.sqlite")
    assert _query(copy, "SELECT version_num FROM alembic_version") == [("0001",)]


def _an_old_one(project: Path, migrations: Path) -> None:
    """As an older program left it: three labels of one frame, of which the second was taken back."""
    Database.open(project, migrations=migrations).close()
    _put_frames(project, 1, 2)
    with contextlib.closing(sqlite3.connect(project)) as old, old:
        at = NOON.isoformat(timespec="microseconds")
        for label in ("polyps", "esophagitis", "ulcerative-colitis"):
            old.execute("INSERT INTO correction (image, label, reader, at) VALUES (?, ?, 'Dr. Li', ?)", (sha(1), label, at))
        old.execute("INSERT INTO revocation (correction, reader, at) VALUES (2, 'Dr. Li', ?)", (at,))


def _put_frames(project: Path, *numbers: int) -> None:
    """As programs before 0006 did: a file was known by its size and time alone."""
    with contextlib.closing(sqlite3.connect(project)) as old, old:
        for frame in map(a_frame, numbers):
            old.execute("INSERT INTO image VALUES (?, ?, ?, '', ?)", (frame.sha256, frame.width, frame.height, NOON.isoformat()))
            old.execute("INSERT INTO image_path VALUES (?, ?, 1000, 7)", (str(frame.path), frame.sha256))


def test_a_project_of_the_fifth_version_knows_its_frames_but_reads_each_file_once_more(project: Path, tmp_path: Path) -> None:
    older = Path(shutil.copytree(MIGRATIONS, tmp_path / "older"))
    for later in [step for step in (older / "versions").glob("[0-9]*.py") if step.name[:4] > "0005"]:
        later.unlink()
    Database.open(project, migrations=older).close()
    _put_frames(project, 1)
    with Database.open(project) as db:
        known = db.images.known()[a_frame(1).path]
    assert known.found == a_frame(1)
    assert known.stamp == FileStamp(1000, 7)  # of no file: each has a number and a time of change


@pytest.mark.slow
@pytest.mark.parametrize("last", ["0001", "0002"])
def test_labels_of_an_older_program_stand_as_they_did_and_can_be_undone(project: Path, tmp_path: Path, last: str) -> None:
    older = Path(shutil.copytree(MIGRATIONS, tmp_path / "older"))
    for later in [step for step in (older / "versions").glob("[0-9]*.py") if step.name[:4] > last]:
        later.unlink()
    _an_old_one(project, older)
    with Database.open(project) as db:
        told = [
            (s.correction.value, s.revoked_at is not None, s.correction.blind, str(s.correction.kind))
            for s in db.corrections.history(sha(1))
        ]
        assert told == [
            ("polyps", False, False, "label"),
            ("esophagitis", True, False, "label"),
            ("ulcerative-colitis", False, False, "label"),
        ]
        stacks = db.steps.stacks("Dr. Li")
        assert (list(stacks.undo), list(stacks.redo), db.corrections.marks()) == ([1, 3], [], {})
        assert db.steps.undo(stacks.next_undo, reader="Dr. Li", at=NOON) == [sha(1)]
        assert db.corrections.current()[sha(1)].correction.value == "polyps"


def test_a_project_of_the_third_version_keeps_its_steps_and_takes_outlines(project: Path, tmp_path: Path) -> None:
    older = Path(shutil.copytree(MIGRATIONS, tmp_path / "older"))
    for later in [step for step in (older / "versions").glob("[0-9]*.py") if step.name[:4] > "0003"]:
        later.unlink()
    Database.open(project, migrations=older).close()
    _put_frames(project, 1)
    with Database.open(project, migrations=older) as db:
        given = db.corrections.give([a_correction(1)])
    with Database.open(project) as db:
        assert (list(db.corrections.current()), db.overrides.standing()) == ([sha(1)], [])
        drawn = db.overrides.give([Override(Part.FIELD, (), "Dr. Müller", NOON, image=sha(1))])
        assert list(db.steps.stacks("Dr. Müller").undo) == [given, drawn]
        assert db.overrides.holding().of(sha(1), 720, 576) == FrameOverrides(field=())
    copy = project.with_name("project.0003.backup.sqlite")
    assert _query(copy, "SELECT version_num FROM alembic_version") == [("0003",)]


def test_a_step_that_fails_changes_nothing(project: Path, tmp_path: Path) -> None:
    Database.open(project).close()
    schema = _query(project, "SELECT sql FROM sqlite_master")
    broken = _with_one_more_step(tmp_path, "op.execute('CREATE TABLE later (x)'); op.execute('DROP TABLE absent')")
    for copies in (1, 2):  # an earlier copy is never written over
        with pytest.raises(BadProject, match=r"left as it was; a copy is in project\.\d+\.backup"):
            Database.open(project, migrations=broken)
        assert len(list(project.parent.glob("*.backup*"))) == copies
    assert _query(project, "SELECT sql FROM sqlite_master") == schema
    Database.open(project).close()


def test_a_step_that_orphans_rows_is_taken_back(project: Path, tmp_path: Path) -> None:
    with Database.open(project) as db:
        db.images.add([a_file(1)])
    with pytest.raises(BadProject, match="do not fit together"):
        Database.open(project, migrations=_with_one_more_step(tmp_path, "op.execute('DELETE FROM image')"))
    assert _query(project, "SELECT count(*) FROM image") == [(1,)]


def test_a_current_project_is_not_copied(project: Path) -> None:
    Database.open(project).close()
    Database.open(project).close()
    assert [file.name for file in project.parent.iterdir()] == ["project.sqlite"]


def test_an_installation_without_migrations_says_so(project: Path, tmp_path: Path) -> None:
    with pytest.raises(BadProject, match="Install it again"):
        Database.open(project, migrations=tmp_path)
    assert not project.exists()


def _two_rows_each(db: Database) -> None:
    from data_examples import a_bundle

    bundle = a_bundle()
    db.images.add([a_file(1), a_file(2)])
    db.models.add(bundle, Path("/models/a"))
    for outline in ((), None):
        db.overrides.give([Override(Part.BOX, outline, "me", NOON, image=sha(1))])
    for joined in (True, False):
        db.merges.add(sha(1), sha(2), joined=joined, reader="me", at=NOON)
        db.corrections.revoke(db.corrections.add(a_correction(1)), reader="me", at=NOON)
        db.models.promote(bundle.id, reader="me", why="", at=NOON)


@pytest.mark.parametrize("table", ["step", "correction", "revocation", "promotion", "merge", "override"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET reader = 'someone else'",
        "DELETE FROM {}",
        "INSERT OR REPLACE INTO {} SELECT * FROM {} WHERE id = 1",
    ],
)
def test_acts_are_never_edited(db: Database, project: Path, table: str, statement: str) -> None:
    """Whatever program opens the file: foreign keys, which some leave off, are not what protects the rows."""
    _two_rows_each(db)
    before = _query(project, f"SELECT * FROM {table}")  # noqa: S608
    assert len(before) >= 2
    with contextlib.closing(sqlite3.connect(project)) as stranger, pytest.raises(sqlite3.IntegrityError, match="never edited"):
        stranger.execute(statement.format(table, table))
    assert _query(project, f"SELECT * FROM {table}") == before  # noqa: S608


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/a b/p?.sqlite"), "file:///a%20b/p%3F.sqlite"),
        (PureWindowsPath(r"C:\a\p.sqlite"), "file:///C:/a/p.sqlite"),
        (PureWindowsPath(r"\\server\share\p.sqlite"), "file:////server/share/p.sqlite"),  # SQLite takes no server
    ],
)
def test_a_path_is_written_as_sqlite_takes_it(path, uri):
    assert uri_of(path) == uri
