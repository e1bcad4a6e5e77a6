"""What readers did is kept a second time, and comes back from there."""

import json
import shutil
import sqlite3
import zlib
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from data_examples import NOON, a_bundle, a_correction, a_file, sha

from endodesk.data.database import Database
from endodesk.data.override_store import Override
from endodesk.data.safety.recovery import open_record
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.errors import BadProject, EndoDeskError
from endodesk.domain.overrides import Part
from endodesk.domain.reviews import AnnotationKind, Correction

TABLES = ("step", "correction", "revocation", "override", "merge", "conclusion", "promotion", "setting", "model")


@pytest.fixture
def journal(project: Path) -> Path:
    return project.with_name("labels.jsonl")


def opened(project: Path) -> Database:
    return open_record(project, project.with_name("labels.jsonl"))[0]


def all_of(project: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(project)) as connection:
        rows = {table: connection.execute(f'SELECT * FROM "{table}"').fetchall() for table in TABLES}  # noqa: S608
    rows["setting"] = sorted(row for row in rows["setting"] if row[0] != "last_frame")  # nobody misses it
    return rows


def do_everything(db: Database) -> None:
    """One act of each kind, and undo and redo."""
    bundle = a_bundle()
    db.images.add(a_file(number) for number in range(6))
    db.models.add(bundle, db.path.parent / "models" / "starter")
    db.models.promote(bundle.id, reader="Ann", why="a test", at=NOON)
    db.corrections.give([a_correction(1, bundle=bundle.id), a_correction(2)], settings={"last_frame": "2.png"})
    db.corrections.add(Correction(sha(1), "a note", "Ann", NOON, kind=AnnotationKind.NOTE))
    db.overrides.give([Override(Part.BOX, ((0.1, 0.1), (0.2, 0.1), (0.2, 0.2)), "Ann", NOON, sha(3))])
    db.merges.add(sha(4), sha(5), joined=True, reader="Ann", at=NOON)
    db.conclusions.add(Conclusion("case-1", "Nothing found.", "", "Ann", NOON))
    step = db.corrections.give([a_correction(3, minutes=3)])
    db.steps.undo(step, reader="Dr. Müller", at=NOON + timedelta(minutes=4))
    db.steps.redo(step, reader="Dr. Müller", at=NOON + timedelta(minutes=5))
    db.settings.set("classes", ["polyps", "ulcer"])


@pytest.mark.parametrize("fault", ["deleted", "emptied", "truncated", "overwritten"])
def test_a_database_that_is_gone_or_damaged_is_made_anew_with_all_that_readers_did(project: Path, journal: Path, fault: str) -> None:
    with opened(project) as db:
        do_everything(db)
    before = all_of(project)
    if fault == "deleted":
        project.unlink()
    else:
        content = project.read_bytes()
        project.write_bytes({"emptied": b"", "truncated": content[: len(content) // 2], "overwritten": b"nothing " * 5000}[fault])
    db, told = open_record(project, journal)
    db.close()
    assert all_of(project) == before
    assert "10 labels, marks and other acts of readers are there again" in told
    kept = [file.name for file in project.parent.iterdir() if "damaged" in file.name]
    assert kept == (["project.damaged.sqlite"] if fault in ("truncated", "overwritten") else [])
    db, told = open_record(project, journal)
    db.close()
    assert told == ""


def test_a_mixture_of_two_states_is_made_anew_though_it_passes_the_quick_check(project: Path, journal: Path) -> None:
    with opened(project) as db:
        db.images.add(a_file(number) for number in range(40))
        db.corrections.give([a_correction(number) for number in range(20)])
    older = project.read_bytes()
    with opened(project) as db:
        db.corrections.give([a_correction(number, minutes=1) for number in range(20, 40)])
    with closing(sqlite3.connect(project)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_correction_image'")
    mixed = bytearray(project.read_bytes())
    mixed[(page - 1) * size : page * size] = older[(page - 1) * size : page * size]
    project.write_bytes(mixed)
    with closing(sqlite3.connect(project)) as connection:
        assert connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    db, told = open_record(project, journal)
    with db:
        assert "was damaged" in told
        assert db.corrections.current().keys() == {sha(number) for number in range(40)}


def test_a_damaged_database_without_a_journal_is_refused_and_left(project: Path, journal: Path) -> None:
    project.write_bytes(b"nothing " * 5000)
    with pytest.raises(BadProject, match="damaged"):
        open_record(project, journal)
    assert [file.name for file in project.parent.iterdir()] == ["project.sqlite"]


def test_an_older_copy_is_opened_as_it_is_and_what_it_lacks_is_offered(project: Path, journal: Path) -> None:
    with opened(project) as db:
        db.images.add(a_file(number) for number in range(9))
        db.corrections.add(a_correction(1))
    older = shutil.copy(project, project.with_name("older"))
    with opened(project) as db:
        db.corrections.add(a_correction(2, minutes=1))
        row = db.corrections.add(a_correction(3, minutes=2))
        db.corrections.revoke(row, reader="Ann", at=NOON)
        db.corrections.add(a_correction(1, "ulcer", minutes=3))
    before = all_of(project)
    shutil.move(older, project)
    db, told = open_record(project, journal)
    with db:
        assert told == ""
        assert db.corrections.current().keys() == {sha(1)}
        [kept] = db.kept_journals
        assert db.lacking(kept) == 4
        assert db.take_in(kept) == 4
        assert db.kept_journals == []
    assert all_of(project) == before
    with opened(project) as db:
        assert db.kept_journals == []


def test_the_journal_is_complete_after_each_act_and_lines_that_are_torn_cost_nothing(project: Path, journal: Path) -> None:
    with opened(project) as db:
        do_everything(db)
        written = journal.read_bytes()
    lines = [line for line in written.splitlines() if line]
    torn = b"\n".join(line for text in lines for line in (text, text[: len(text) // 2])) + b'\n{"reach": [[99,'
    before = all_of(project)
    project.unlink()
    journal.write_bytes(torn)
    opened(project).close()
    assert all_of(project) == before


def test_a_flipped_letter_is_not_believed(project: Path, journal: Path) -> None:
    with opened(project) as db:
        db.images.add([a_file(1)])
        db.corrections.add(a_correction(1, "polyps"))
    project.unlink()
    journal.write_bytes(journal.read_bytes().replace(b"polyps", b"polypt"))
    with opened(project) as db:
        assert db.corrections.current() == {}


@pytest.mark.slow
def test_a_project_from_before_the_journal_gets_one(project: Path, journal: Path) -> None:
    with Database.open(project) as db:
        db.images.add(a_file(number) for number in range(3000))
        db.corrections.give([a_correction(number) for number in range(2500)])
        do_everything(db)
    assert not journal.exists()
    opened(project).close()
    before = all_of(project)
    project.unlink()
    opened(project).close()
    assert all_of(project) == before


def test_a_journal_that_is_deleted_is_written_again(project: Path, journal: Path) -> None:
    with opened(project) as db:
        do_everything(db)
        journal.unlink()
        db.corrections.add(a_correction(5))
    before = all_of(project)
    project.unlink()
    opened(project).close()
    assert all_of(project) == before


def test_both_deleted_are_written_again_while_the_project_is_open(project: Path, journal: Path) -> None:
    db = opened(project)
    do_everything(db)
    project.unlink()
    journal.unlink()
    assert db.lost is not None
    db.close()
    with opened(project) as again:
        assert again.corrections.current().keys() == {sha(1), sha(2), sha(3)}


def test_both_deleted_are_written_again_in_closing_where_no_connection_was_free(project: Path, journal: Path) -> None:
    db = opened(project)
    do_everything(db)
    with db._connections.read():
        project.unlink()
        journal.unlink()
        assert db.lost is not None
        assert not journal.exists()
    db.close()
    with opened(project) as again:
        assert again.corrections.current().keys() == {sha(1), sha(2), sha(3)}


def test_a_journal_that_cannot_be_written_costs_no_label(project: Path, journal: Path) -> None:
    journal.mkdir()
    with opened(project) as db:
        db.images.add([a_file(1)])
        db.corrections.add(a_correction(1))
    journal.rmdir()
    opened(project).close()
    assert any('"polyps"' in line for line in journal.read_text("utf-8").splitlines())


def test_a_line_is_json(project: Path, journal: Path) -> None:
    with opened(project) as db:
        do_everything(db)
    for line in filter(None, journal.read_text("utf-8").splitlines()):
        json.loads(line)


def test_a_journal_that_somebody_else_made_writes_nothing_but_acts(project: Path, journal: Path) -> None:
    with opened(project) as db:
        db.images.add([a_file(1)])
        db.corrections.add(a_correction(1))
    kept = journal.with_name("labels.kept.jsonl")
    good = {"id": 1, "case": "c", "text": "t", "finding": "f", "reader": "r", "at": "2026-01-01T00:00:00.000000+00:00"}
    bad: list[object] = [
        {**good, "id": "1"}, {**good, "id": 2**70}, {**good, "at": "yesterday"}, {**good, "at": 5},
        {**good, "text": ["list"]}, {**good, "text": "\ud800"}, {"id": 3}, 7, None, "text",
    ]  # fmt: skip
    injected = {**good, "id": 9, 'x") SELECT 1; DROP TABLE correction; --': "x"}
    rows = {"conclusion": [*bad, injected], "sqlite_master": [good], "setting": [{"key": 5, "value": "x"}], "image": [{"sha256": 4}]}
    for told in ({"rows": rows}, {"rows": [1]}, {"rows": {"step": 5}}, [1], {"reach": "x"}, {"reach": [[1], 3]}, {"file": 3}):
        text = json.dumps(told)[:-1]
        with kept.open("a", encoding="utf-8") as stream:
            stream.write(f'{text}, "crc": {zlib.crc32(text.encode())}}}\n')
    with opened(project) as db:
        assert db.take_in(kept) == 1
        assert [said.text for said in db.conclusions.history("c")] == ["t"]
        assert db.corrections.current().keys() == {sha(1)}
    kept.write_bytes(b"\xff\0" * 100)
    with opened(project) as db:
        assert db.lacking(kept) == 0
        shutil.copy(kept, journal)
    opened(project).close()


def test_rows_that_do_not_fit_together_are_refused_whole(project: Path, journal: Path) -> None:
    with opened(project) as db:
        db.images.add([a_file(1)])
        db.corrections.add(a_correction(1))
        db.corrections.add(a_correction(1, "ulcer", minutes=1))
    text = journal.read_text("utf-8")
    kept = journal.with_name("labels.kept.jsonl")
    lines = [line for line in text.splitlines() if '"ulcer"' in line]
    body = lines[0].rpartition(', "crc": ')[0].replace(sha(1), sha(5), 1).replace("ulcer", "tumour")
    kept.write_text(f'{body}, "crc": {zlib.crc32(body.encode())}}}\n', "utf-8")
    with opened(project) as db:
        before = all_of(project)
        with pytest.raises(EndoDeskError):
            db.take_in(kept)
    assert all_of(project) == before
    assert kept.exists()


def test_a_session_adds_what_is_new_and_not_all_settings_and_models_once_more(project: Path, journal: Path) -> None:
    with opened(project) as db:
        do_everything(db)
        db.settings.set("source", "long " * 2000)
    sizes = [journal.stat().st_size]
    for number in range(4):
        with opened(project) as db:
            db.images.add([a_file(10 + number)])
            db.corrections.add(a_correction(10 + number, minutes=20 + number))
        sizes.append(journal.stat().st_size)
    assert all(later - before < 4000 for before, later in pairwise(sizes)), sizes
    with opened(project) as db:
        db.settings.set("source", "another")  # what is new is written all the same
        db.corrections.add(a_correction(3, minutes=40))
    there = all_of(project)
    project.unlink()
    with opened(project):
        pass
    assert all_of(project) == there
