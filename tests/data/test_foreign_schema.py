"""A project from elsewhere may bring a schema of its own: it is refused by name, before anything of it acts."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest
from make_old_projects import COMMITS, PROJECTS

from endodesk.data.connections import connect
from endodesk.data.database import Database
from endodesk.domain.errors import BadProject, EndoDeskError

FOREIGN = {
    "a trigger": "CREATE TRIGGER swap AFTER INSERT ON correction BEGIN DELETE FROM setting; END",
    "a trigger named like ours": "CREATE TRIGGER setting_no_delete BEFORE DELETE ON setting BEGIN UPDATE setting SET value = 1; END",
    "a trigger that refuses all": "CREATE TRIGGER merge_no_replace2 BEFORE INSERT ON merge BEGIN SELECT RAISE(ABORT, 'never edited'); END",
    "a view": "CREATE VIEW more AS SELECT * FROM setting",
    "a virtual table": "CREATE VIRTUAL TABLE words USING fts5(text)",
    "a table": "CREATE TABLE other (id INTEGER)",
    "an index that computes": "CREATE INDEX ix_setting_value ON setting (length(value))",
    "an index of some rows": "CREATE INDEX ix_setting_value ON setting (value) WHERE value > 3",
}


@pytest.mark.slow
@pytest.mark.parametrize("what", FOREIGN)
def test_what_no_migration_made_is_refused_by_name_and_left_as_it_was(project: Path, what: str) -> None:
    Database.open(project).close()
    with contextlib.closing(sqlite3.connect(project)) as file, file:
        file.execute(FOREIGN[what])
    before, name = project.read_bytes(), FOREIGN[what].partition("(")[0].split()[2].replace("TABLE", "words")
    with pytest.raises(BadProject, match=rf"holds the \w+ '{name}\w*', which is not as EndoDesk makes it .*\.$"):
        Database.open(project)
    assert project.read_bytes() == before


@pytest.mark.parametrize("column", ["value TEXT CHECK (length(value) < 9)", "value TEXT DEFAULT (1 + 1)", "value AS ('x')"])
def test_a_table_of_ours_that_computes_is_refused(project: Path, column: str) -> None:
    Database.open(project).close()
    with contextlib.closing(sqlite3.connect(project)) as file, file:
        file.execute("DROP TABLE setting")
        file.execute(f"CREATE TABLE setting (key TEXT PRIMARY KEY, {column})")
    with pytest.raises(BadProject, match="holds the table 'setting', which"):
        Database.open(project)


@pytest.mark.parametrize("version", sorted(COMMITS))
def test_a_trigger_in_an_older_project_does_not_act_while_it_is_migrated(project: Path, version: str) -> None:
    shutil.copy(PROJECTS / version / "project.sqlite", project)
    with contextlib.closing(sqlite3.connect(project)) as file, file:
        file.execute("CREATE TRIGGER swap AFTER UPDATE ON correction BEGIN DELETE FROM setting; END")
    with pytest.raises(BadProject, match="the trigger 'swap'"):
        Database.open(project)
    assert list(project.parent.glob("*.backup*")) == []


def test_the_schema_can_call_nothing_with_an_effect(project: Path) -> None:
    Database.open(project).close()
    with contextlib.closing(connect(project, busy_ms=100)) as connection:
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)


@pytest.mark.slow
def test_a_value_that_would_fill_the_memory_is_told_and_not_read(project: Path) -> None:
    Database.open(project).close()
    with contextlib.closing(sqlite3.connect(project)) as file, file:
        file.execute("INSERT INTO setting VALUES ('reader', zeroblob(70000000))")
    with Database.open(project) as database, pytest.raises(EndoDeskError, match=r"^The project cannot be read: .*too big.*\.$"):
        database.settings.get("reader")
