"""Projects of every older version, as its own program wrote them, open in this one with all that was in them."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from make_old_projects import AS_IT_WAS, COMMITS, FIRST, NOON, PROJECTS, SECOND, frames, told

from endodesk.data.database import Database
from endodesk.data.migration import MIGRATIONS, known_revisions
from endodesk.domain.errors import BadProject
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import Correction

HEAD = known_revisions()[-1]


@pytest.fixture(params=sorted(COMMITS))
def old(request: pytest.FixtureRequest, project: Path) -> Path:
    """A copy of an example's database."""
    shutil.copy(PROJECTS / request.param / "project.sqlite", project)
    return project


def _as_it_was(old: Path) -> dict[str, object]:
    revision = int(_revision(old))
    return dict(json.loads((PROJECTS / f"v{revision}" / AS_IT_WAS).read_text(encoding="utf-8")))


def _revision(path: Path) -> str:
    with contextlib.closing(sqlite3.connect(path)) as file:
        return str(file.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _backups(project: Path) -> list[str]:
    return sorted(file.name for file in project.parent.iterdir() if "backup" in file.name)


def test_there_is_an_example_of_every_version() -> None:
    assert [_revision(PROJECTS / version / "project.sqlite") for version in sorted(COMMITS)] == known_revisions()
    assert all((PROJECTS / version / "project.sqlite").stat().st_size < 200_000 for version in COMMITS)


def test_all_that_its_own_program_read_is_there_and_more_can_be_said(old: Path) -> None:
    was, revision = _as_it_was(old), _revision(old)
    before = old.read_bytes()
    with Database.open(old) as db:
        now = told(db)
        assert {key: now[key] for key in was} == was
        again = db.steps.stacks(FIRST).undo
        third = Sha256(hashlib.sha256(frames()[2].read_bytes()).hexdigest())
        step = db.corrections.give([Correction(third, "polyps", SECOND, NOON)])
        own = db.corrections.words_on([third])[third].of(SECOND)
        assert own is not None
        assert own.correction.value == "polyps"
        assert db.steps.stacks(SECOND).next_undo == step
        assert again  # what was done then can be undone now
    if revision == HEAD:
        assert _backups(old) == []
    else:
        assert _backups(old) == [f"project.{revision}.backup.sqlite"]
        copy = old.with_name(f"project.{revision}.backup.sqlite")
        assert _rows(copy) == _rows_of(before, old.parent)


def _rows(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as file:
        return list(file.iterdump())


def _rows_of(data: bytes, folder: Path) -> list[str]:
    (folder / "before").write_bytes(data)
    return _rows(folder / "before")


def test_opening_twice_migrates_once(old: Path) -> None:
    for _ in range(2):
        Database.open(old).close()
    assert len(_backups(old)) == (_revision_before(old) != HEAD)


def _revision_before(old: Path) -> str:
    return _backups(old)[0].split(".")[1] if _backups(old) else HEAD


DIES_WHILE_MIGRATING = """
import sys
from pathlib import Path
from endodesk.data.database import Database
Database.open(Path(sys.argv[1]), migrations=Path(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.parametrize("version", ["v1", "v3"])
def test_a_migration_that_was_killed_leaves_a_project_that_opens(project: Path, tmp_path: Path, version: str) -> None:
    shutil.copy(PROJECTS / version / "project.sqlite", project)
    migrations = Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))
    body = "op.execute('CREATE TABLE later (x)')\n    op.execute('UPDATE setting SET value = 1')\n    os.kill(os.getpid(), 9)"
    step = f"import os\nfrom alembic import op\nrevision = '9000'\ndown_revision = {HEAD!r}\n\n\ndef upgrade():\n    {body}\n"
    (migrations / "versions" / "9000_killed.py").write_text(step, encoding="utf-8")
    was = _as_it_was(project)
    child = subprocess.run([sys.executable, "-c", DIES_WHILE_MIGRATING, str(project), str(migrations)], check=False, timeout=60)
    assert child.returncode == -signal.SIGKILL
    assert len(_backups(project)) == 1
    with Database.open(project) as db:
        now = told(db)
    assert {key: now[key] for key in was} == was
    assert _revision(project) == HEAD


def test_a_copy_that_was_killed_is_never_taken_for_a_backup(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy has its name only once it is whole: here it ends in the middle."""
    shutil.copy(PROJECTS / "v1" / "project.sqlite", project)

    def ends(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", ends)
    with pytest.raises(BadProject, match=r"cannot be opened: the disk is full\. Free some space"):
        Database.open(project)
    assert [file.name for file in project.parent.iterdir()] == ["project.sqlite"]
    assert _revision(project) == "0001"
