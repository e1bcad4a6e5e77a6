"""Every act is an event, and whatever is done to a row past the program is found and named."""

import contextlib
import json
import shutil
import sqlite3
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from data_examples import NOON, a_bundle, a_correction, a_file, sha

from endodesk.data.chain.rows import COVERED
from endodesk.data.chain.verifying import BrokenRow, ChainVerdict, Fault, verify_chain
from endodesk.data.chain.writing import ActNote
from endodesk.data.database import Database
from endodesk.data.override_store import Override
from endodesk.data.safety.recovery import open_record
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.label_set import LabelSet
from endodesk.domain.overrides import Part
from endodesk.domain.reviews import AnnotationKind, Correction
from endodesk.system.task import TaskContext


def opened(project: Path) -> Database:
    return open_record(project, project.with_name("labels.jsonl"))[0]


def do_everything(db: Database) -> None:
    """One act of each kind, and undo and redo."""
    bundle = a_bundle()
    db.images.add(a_file(number) for number in range(6))
    db.models.add(bundle, db.path.parent / "models" / "starter")
    db.models.promote(bundle.id, reader="Ann", why="a test", at=NOON)
    db.corrections.give([a_correction(1, bundle=bundle.id), a_correction(2)], settings={"last_frame": "2.png"})
    db.corrections.give([Correction(sha(1), "a note", "Ann", NOON, kind=AnnotationKind.NOTE)], note=ActNote(spent_ms=1500))
    db.corrections.add(Correction(sha(1), "yes", "Ann", NOON, kind=AnnotationKind.FLAGGED))
    db.overrides.give([Override(Part.BOX, ((0.1, 0.1), (0.2, 0.1), (0.2, 0.2)), "Ann", NOON, sha(3))])
    db.merges.add(sha(4), sha(5), joined=True, reader="Ann", at=NOON)
    db.conclusions.add(Conclusion("case-1", "Nothing found.", "", "Ann", NOON))
    step = db.corrections.give([a_correction(3, minutes=3)])
    db.steps.undo(step, reader="Dr. Müller", at=NOON + timedelta(minutes=4))
    db.steps.redo(step, reader="Dr. Müller", at=NOON + timedelta(minutes=5))
    row = db.corrections.add(a_correction(4))
    db.corrections.revoke(row, reader="Ann", at=NOON)
    db.corrections.give_again(row, reader="Ann", at=NOON)
    db.settings.set("classes", ["polyps", "ulcer"], reader="Ann")
    db.chain.tell(ActNote("export", "Ann", told={"file": "labels.csv", "rows": 5}))


KINDS = [
    "promotion", "label", "note", "mark", "override", "merge", "conclusion", "label", "undo", "redo", "label", "taken back", "given again",
    "classes", "export",
]  # fmt: skip


def verified(project: Path) -> ChainVerdict:
    with closing(sqlite3.connect(project)) as connection:
        return verify_chain(connection, TaskContext())


def kinds(project: Path) -> list[str]:
    with closing(sqlite3.connect(project)) as connection:
        return [kind for (kind,) in connection.execute("SELECT kind FROM event ORDER BY id")]


def tampered(project: Path, *statements: str) -> ChainVerdict:
    with closing(sqlite3.connect(project)) as connection, connection:
        for name in [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    return verified(project)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with opened(folder / "project.sqlite") as db:
        do_everything(db)
    return folder


@pytest.fixture
def whole(project: Path, made: Path) -> Path:
    """A record with an act of each kind, closed."""
    for name in ("project.sqlite", "labels.jsonl"):
        shutil.copy2(made / name, project.with_name(name))
    assert verified(project).broken is None
    return project


def test_every_act_is_an_event_with_reader_time_and_what_it_covers(whole: Path) -> None:
    assert kinds(whole) == KINDS
    with closing(sqlite3.connect(whole)) as connection:
        rows = connection.execute("SELECT kind, reader, spent_ms, told, covers FROM event ORDER BY id").fetchall()
        assert {table for (text,) in connection.execute("SELECT covers FROM event") for table in text.split()[::3]} == {*COVERED} - {
            "foreign_event"
        }
    assert {(kind, reader) for kind, reader, *_ in rows} >= {("classes", "Ann"), ("undo", "Dr. Müller"), ("export", "Ann")}
    assert rows[2][2] == 1500
    assert json.loads(rows[-1][3]) == {"file": "labels.csv", "rows": 5}
    assert [line.split()[:2] for line in rows[1][4].splitlines()] == [["step", "1"], ["correction", "1"], ["correction", "2"]]


def test_a_transaction_without_an_act_is_no_event(project: Path) -> None:
    with opened(project) as db:
        db.images.add([a_file(1)])
        db.settings.set("last_frame", "x")
    assert kinds(project) == []
    assert verified(project) == ChainVerdict(0, "")


def test_what_fails_leaves_no_event(whole: Path) -> None:
    with opened(whole) as db, pytest.raises(EndoDeskError):
        db.corrections.give([a_correction(99)])
    assert kinds(whole) == KINDS


@pytest.mark.parametrize(
    ("statement", "table", "number", "fault"),
    [
        ("UPDATE correction SET label = 'ulcer' WHERE id = 2", "correction", 2, Fault.CHANGED),
        ("UPDATE correction SET step = NULL WHERE id = 2", "correction", 2, Fault.CHANGED),
        ("UPDATE step SET reader = 'Eve' WHERE id = 3", "step", 3, Fault.CHANGED),
        ("DELETE FROM revocation WHERE id = 2", "revocation", 2, Fault.MISSING),
        ("DELETE FROM conclusion", "conclusion", 1, Fault.MISSING),
        ("INSERT INTO revocation (correction, revoked, reader, at) VALUES (1, 1, 'Eve', '2026')", "revocation", 5, Fault.INSERTED),
        ("UPDATE event SET at = '2020-01-01T00:00:00.000000+00:00' WHERE id = 4", "event", 4, Fault.CHANGED),
        ("UPDATE event SET spent_ms = NULL WHERE id = 3", "event", 3, Fault.CHANGED),
        ("UPDATE event SET digest = 'x' WHERE id = 4", "event", 4, Fault.CHANGED),
        ("UPDATE event SET covers = 'nothing' WHERE id = 4", "event", 4, Fault.CHANGED),
        ("DELETE FROM event WHERE id = 5", "event", 5, Fault.MISSING),
        ("UPDATE setting SET value = '[]' WHERE key = 'classes'", "setting", "classes", Fault.CHANGED),
    ],
)  # fmt: skip
def test_the_row_that_was_tampered_with_is_named(whole: Path, statement: str, table: str, number: int | str, fault: Fault) -> None:
    broken = tampered(whole, statement).broken
    assert broken is not None
    assert (broken.table, broken.id, broken.fault) == (table, number, fault)


@pytest.mark.parametrize(("table", "number", "other"), [("correction", 2, 4), ("step", 1, 2), ("event", 2, 4)])
def test_two_rows_that_were_swapped_are_both_named(whole: Path, table: str, number: int, other: int) -> None:
    moves = [f"UPDATE {table} SET id = {new} WHERE id = {old}" for old, new in ((number, 99), (other, number), (99, other))]  # noqa: S608
    broken = tampered(whole, *moves).broken
    assert broken is not None
    assert broken == BrokenRow(table, number, Fault.SWAPPED, other)


def test_a_row_from_another_program_is_never_taken_for_ours(whole: Path) -> None:
    """The next act covers its own rows alone."""
    columns = "image, label, reader, at, said, blind, step"
    assert tampered(whole, f"INSERT INTO correction ({columns}) SELECT {columns} FROM correction WHERE id = 1").broken  # noqa: S608
    with opened(whole) as db:
        db.corrections.add(a_correction(5))
    broken = verified(whole).broken
    assert broken is not None
    assert (broken.table, broken.id, broken.fault) == ("correction", 7, Fault.INSERTED)


def test_a_key_on_many_frames_is_a_step_of_some_events(project: Path) -> None:
    with opened(project) as db:
        db.images.add(a_file(number) for number in range(1201))
        step = db.corrections.give([a_correction(number) for number in range(1201)])
        assert db.steps.undo(step, reader="Dr. Müller", at=NOON)
        assert db.corrections.current() == {}
    assert kinds(project) == ["label"] * 3 + ["undo"] * 3
    assert verified(project).broken is None


@pytest.mark.parametrize("both", [False, True])
def test_a_record_that_is_made_anew_from_its_journal_verifies(whole: Path, both: bool) -> None:
    before = verified(whole)
    whole.unlink()
    if both:  # a line of the journal that was torn in the middle of writing
        journal = whole.with_name("labels.jsonl")
        journal.write_bytes(b'{"rows": {"st\n' + journal.read_bytes())
    opened(whole).close()
    after = verified(whole)
    assert after.broken is None
    assert kinds(whole) == [*KINDS, "taken in"]
    assert after.events == before.events + 1


def test_an_older_copy_goes_on_with_the_very_chain_that_it_lacked(whole: Path) -> None:
    older = shutil.copy(whole, whole.with_name("older"))
    with opened(whole) as db:
        db.corrections.add(a_correction(2, "ulcer", minutes=9))
    before = verified(whole)
    shutil.move(older, whole)
    with opened(whole) as db:
        [kept] = db.kept_journals
        db.take_in(kept)
    with closing(sqlite3.connect(whole)) as connection:
        assert connection.execute("SELECT digest FROM event WHERE id = ?", (before.events,)).fetchone() == (before.digest,)
    assert verified(whole).broken is None


def test_classes_that_come_with_a_journal_are_an_event_too(whole: Path) -> None:
    """Two copies parted, and the classes of the other one are taken over with its acts."""
    older = shutil.copy(whole, whole.with_name("older"))
    with opened(whole) as db:
        db.settings.set("classes", LabelSet.of(["one", "two"]).to_json(), reader="Ana")
        db.corrections.add(a_correction(2, "ulcer", minutes=9))
    with Database.open(Path(older)) as db:
        db.settings.set("classes", LabelSet.of(["three", "four"]).to_json(), reader="Ben")
        db.corrections.add(a_correction(2, "polyps", minutes=10))
    shutil.move(older, whole)
    with opened(whole) as db:
        [kept] = db.kept_journals
        db.take_in(kept, settings=True)
        assert tuple(LabelSet.from_json(db.settings.get("classes")).names) == ("one", "two")
    assert verified(whole).broken is None


def test_two_copies_that_went_on_apart_keep_both_chains(whole: Path) -> None:
    older = shutil.copy(whole, whole.with_name("older"))
    with opened(whole) as db:
        db.corrections.add(a_correction(1, "ulcer", minutes=9))
        db.corrections.add(a_correction(2, "ulcer", minutes=9))
    theirs = verified(whole)
    shutil.move(older, whole)
    with opened(whole) as db:
        db.corrections.add(a_correction(3, "ulcer", minutes=10))
        [kept] = db.kept_journals
        db.take_in(kept)
        assert {number: db.corrections.current()[sha(number)].correction.value for number in (1, 2, 3)} == dict.fromkeys((1, 2, 3), "ulcer")
    assert verified(whole).broken is None
    with closing(sqlite3.connect(whole)) as connection:
        kept_events = [digest for (digest,) in connection.execute("SELECT digest FROM foreign_event ORDER BY id")]
    assert len(kept_events) == 2
    assert kept_events[-1] == theirs.digest
    broken = tampered(whole, "UPDATE foreign_event SET line = replace(line, 'ulcer', 'normal') WHERE id = 1").broken
    assert broken is not None
    assert (broken.table, broken.id) == ("foreign_event", 1)


@pytest.mark.parametrize("version", [f"v{n}" for n in range(1, 7)])
def test_what_older_projects_hold_enters_marked_as_before_the_chain(project: Path, version: str) -> None:
    shutil.copy(Path(__file__).parents[1] / "projects" / version / "project.sqlite", project)
    with opened(project) as db:
        image = next(iter(db.corrections.current()))
        db.corrections.give([Correction(image, "polyps", "Ann", NOON)])
    assert kinds(project) == ["before the chain", "label"]
    with closing(sqlite3.connect(project)) as connection:
        rows = sum(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in COVERED)  # noqa: S608
        covered = sum(len(text.splitlines()) for (text,) in connection.execute("SELECT covers FROM event"))
    assert rows == covered
    assert verified(project).broken is None
    broken = tampered(project, "UPDATE promotion SET why = 'another' WHERE id = 1").broken
    assert broken is not None
    assert (broken.table, broken.id, broken.fault) == ("promotion", 1, Fault.CHANGED)


def test_a_chain_that_somebody_else_made_costs_no_label(whole: Path) -> None:
    """Events in a kept journal that lack columns, or cover nothing that is there: the acts are taken in, the events are not."""
    bad = [{"id": 1, "at": "2026-01-01T00:00:00+00:00"}, {"id": 99, "kind": "x", "at": "2026-01-01T00:00:00+00:00", "utc_offset_min": 0,
            "covers": 7, "reach": "[", "digest": "x"}, {"id": 2**70, "at": "2026-01-01T00:00:00+00:00"}]  # fmt: skip
    said = {"id": 5, "case": "c", "text": "t", "finding": "", "reader": "Ann", "at": "2026-01-01T00:00:00.000000+00:00"}
    text = json.dumps({"rows": {"event": bad, "foreign_event": bad, "conclusion": [said]}})[:-1]
    kept = whole.with_name("labels.kept.jsonl")
    kept.write_text(f'{text}, "crc": {zlib.crc32(text.encode())}}}\n', encoding="utf-8")
    with opened(whole) as db:
        assert db.take_in(kept) == 1
        assert [one.text for one in db.conclusions.history("c")] == ["t"]
    assert verified(whole).broken is None
    whole.unlink()
    kept.write_text(f'{text}, "crc": {zlib.crc32(text.encode())}}}\n', encoding="utf-8")
    whole.with_name("labels.jsonl").unlink()
    with opened(whole) as db:  # made anew from it alone: the labels are there, and verifying says what their chain is worth
        assert [one.text for one in db.conclusions.history("c")] == ["t"]
        assert db.chain.verify().broken == BrokenRow("event", 1, Fault.MISSING)


@pytest.mark.parametrize("value", ["NULL", "7", "'['", "'[1]'", "'[\"1\",0,0,0,0,0,0,0]'", "x'ff'", "'9' || zeroblob(3)"])
@pytest.mark.parametrize("column", ["reach", "covers", "digest", "told", "at", "kind"])
def test_a_damaged_event_is_named_and_nothing_ends_in_a_traceback(whole: Path, column: str, value: str) -> None:
    statement = f"UPDATE OR IGNORE event SET {column} = {value} WHERE id = (SELECT max(id) FROM event)"  # noqa: S608
    if column == "told" and value == "NULL":
        statement = "UPDATE event SET told = NULL WHERE told IS NOT NULL"
    broken = tampered(whole, statement).broken
    changed = value != "NULL" or column == "told"  # all others are never NULL
    assert (broken is not None and broken.table == "event") is changed
    with opened(whole) as db:
        for ask in (db.chain.verify, lambda: list(db.chain.lines()), lambda: db.chain.data_set(datetime.now(UTC))):
            with contextlib.suppress(EndoDeskError):
                ask()
        db.corrections.add(a_correction(5))
        assert db.corrections.current()[sha(5)].correction.value == "polyps"
