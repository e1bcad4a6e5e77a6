"""Backups: whole while somebody writes, few, and what a damaged project opens from."""

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from data_examples import a_correction, a_file
from hypothesis import given
from hypothesis import strategies as st

from endodesk.data.database import Database
from endodesk.data.safety.backups import MOST, back_up, backups_of, restorable, surplus
from endodesk.data.safety.recovery import open_record, restore
from endodesk.domain.errors import BadProject, Cancelled, EndoDeskError

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def opened(project: Path) -> tuple[Database, str]:
    return open_record(project, project.with_name("labels.jsonl"))


def labels(db: Database) -> int:
    return len(db.corrections.current())


@pytest.fixture
def worked(project: Path) -> Path:
    """A project with two labels in its backup, and one more since."""
    db, _ = opened(project)
    db.images.add(a_file(number) for number in range(6))
    db.settings.set("classes", ["a", "b"])
    db.corrections.give([a_correction(1), a_correction(2)])
    assert db.back_up(lambda: None)
    db.settings.set("classes", ["a", "b", "c"])
    db.corrections.add(a_correction(3, minutes=1))
    db.close()
    return project


def test_a_copy_made_while_labels_are_given_is_whole_and_of_one_moment(db: Database) -> None:
    db.images.add(a_file(number) for number in range(6))
    db.corrections.add(a_correction(0))
    stop = threading.Event()

    def label() -> None:
        while not stop.is_set():
            db.corrections.give([a_correction(1), a_correction(2)])

    writer = threading.Thread(target=label)
    writer.start()
    try:
        while len(backups_of(db.path)) < 8:
            db.back_up(lambda: None)  # none where nothing was given meanwhile
    finally:
        stop.set()
        writer.join()
    found = backups_of(db.path)
    assert len(found) == 8
    for backup in found:
        assert backup.is_sound
        with closing(sqlite3.connect(backup.path)) as file:
            assert file.execute("SELECT count(*) FROM correction").fetchone()[0] % 2 == 1
    assert {path.stat().st_mode & 0o777 for path in [found[0].path, found[0].path.parent]} == {0o600, 0o700}
    assert len(list(found[0].path.parent.iterdir())) == 8


def test_where_nothing_was_done_there_is_none_and_no_second_one(db: Database) -> None:
    db.images.add([a_file(1)])
    assert db.back_up(lambda: None) is None
    db.corrections.add(a_correction(1))
    assert db.back_up(lambda: None)
    db.settings.set("last_frame", "x.png")
    assert db.back_up(lambda: None) is None
    db.corrections.add(a_correction(1, minutes=1))
    assert db.back_up(lambda: None)
    assert [backup.work.labels for backup in backups_of(db.path) if backup.work] == [1, 1]


def test_one_that_is_stopped_leaves_nothing(db: Database) -> None:
    db.images.add([a_file(1)])
    db.corrections.add(a_correction(1))

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        db.back_up(stop)
    assert list((db.path.parent / "backups").iterdir()) == []


def test_a_damaged_file_is_not_copied_and_pushes_no_backup_out(worked: Path) -> None:
    before = backups_of(worked)
    content = bytearray(worked.read_bytes())
    content[-4096 * 3 : -4096] = b"\xff" * (4096 * 2)
    worked.write_bytes(content)
    with pytest.raises(EndoDeskError, match="No backup was made"):
        back_up(worked, NOW)
    assert backups_of(worked) == before


@given(st.lists(st.integers(1, 5_000_000), min_size=1, max_size=60))
def test_few_are_kept_the_newest_and_the_oldest_among_them(gaps: list[int]) -> None:
    kept: list[datetime] = []
    now = NOW
    for gap in gaps:
        now += timedelta(seconds=gap)
        gone = surplus(kept, now)
        kept = [time for time in [*kept, now] if time not in gone]
        assert len(kept) <= MOST
        assert kept[-1] == now
    assert kept[0] == NOW + timedelta(seconds=gaps[0])


def test_after_a_year_of_work_ages_grow_by_steps() -> None:
    kept: list[datetime] = []
    for hour in range(0, 24 * 365, 6):
        now = NOW + timedelta(hours=hour)
        gone = surplus(kept, now)
        kept = [time for time in [*kept, now] if time not in gone]
    ages = sorted((kept[-1] - time) / timedelta(days=1) for time in kept)
    assert sum(age <= 1 for age in ages) >= 2
    assert sum(1 < age <= 10 for age in ages) >= 1
    assert sum(30 < age <= 365 for age in ages) >= 2


@pytest.mark.parametrize("fault", ["deleted", "emptied", "truncated", "overwritten"])
@pytest.mark.parametrize("journal", ["there", "gone", "emptied"])
def test_a_project_that_is_gone_or_damaged_opens_from_its_newest_backup_and_its_journal(worked: Path, fault: str, journal: str) -> None:
    content = worked.read_bytes()
    if fault == "deleted":
        worked.unlink()
    else:
        worked.write_bytes({"emptied": b"", "truncated": content[: len(content) // 2], "overwritten": b"nothing " * 5000}[fault])
    beside = worked.with_name("labels.jsonl")
    if journal == "gone":
        beside.unlink()
    elif journal == "emptied":
        beside.write_bytes(b"")
    db, told = opened(worked)
    with db:
        assert "made anew from the backup of 20" in told
        assert labels(db) == (3 if journal == "there" else 2)
        assert len(list(db.images.stamps())) == 6  # the journal alone has no files
        assert db.settings.get("classes") == (["a", "b", "c"] if journal == "there" else ["a", "b"])
        assert ("1 labels, marks and other acts" in told) == (journal == "there")
        assert ("is lost" in told) == (journal != "there")
    db, told = opened(worked)
    with db:
        assert told == ""


def test_the_newest_that_is_sound_is_taken(worked: Path) -> None:
    db, _ = opened(worked)
    with db:
        assert db.back_up(lambda: None)
    newest, older = backups_of(worked)
    newest.path.write_bytes(newest.path.read_bytes()[:9000])
    worked.unlink()
    worked.with_name("labels.jsonl").unlink()
    db, told = opened(worked)
    with db:
        assert labels(db) == 2
        assert f"{older.at.astimezone():%Y-%m-%d %H:%M}" in told


def test_a_backup_is_restored_beside_the_present_one_and_what_it_lacks_is_offered(worked: Path) -> None:
    [backup] = backups_of(worked)
    kept = restore(worked, backup)
    assert kept is not None
    assert kept.name == "project.replaced.sqlite"
    db, told = opened(worked)
    with db:
        assert told == ""
        assert labels(db) == 2
        [journal] = db.kept_journals
        assert db.lacking(journal) == 1
        assert db.take_in(journal) == 1
        assert labels(db) == 3
    with closing(sqlite3.connect(kept)) as file:
        assert file.execute("SELECT count(*) FROM correction").fetchone() == (3,)
    assert {one.path.name for one in restorable(worked)} == {backup.path.name, kept.name}
    restore(worked, next(one for one in restorable(worked) if one.path == kept))
    db, _ = opened(worked)
    with db:
        assert labels(db) == 3


def test_what_a_killed_program_left_in_wal_is_kept_too(worked: Path, tmp_path: Path) -> None:
    db, _ = opened(worked)
    db.corrections.add(a_correction(4, minutes=2))
    copy = tmp_path / "killed"
    shutil.copytree(worked.parent, copy)  # as it is while it is open
    db.close()
    kept = restore(copy / worked.name, backups_of(copy / worked.name)[0])
    assert kept is not None
    with closing(sqlite3.connect(kept)) as file:
        assert file.execute("SELECT count(*) FROM correction").fetchone() == (4,)


def test_a_damaged_backup_is_refused_and_nothing_changes(worked: Path) -> None:
    [backup] = backups_of(worked)
    backup.path.write_bytes(b"nothing " * 900)
    before = worked.read_bytes()
    with pytest.raises(BadProject, match="is damaged"):
        restore(worked, backup)
    assert worked.read_bytes() == before
    assert backup.work is None
