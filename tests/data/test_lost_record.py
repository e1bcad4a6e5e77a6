"""The project's file is exchanged, deleted or overwritten by another program while it is open."""

import os
import random
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from data_examples import NOON, a_correction, a_file, sha

from endodesk.data.connections import Connections
from endodesk.data.database import Database
from endodesk.data.safety.recovery import open_record
from endodesk.domain.errors import EndoDeskError, RecordLost
from endodesk.domain.images import Sha256

pytestmark = pytest.mark.slow  # dozens of windows: seconds, not milliseconds


def exchange(file: Path, older: Path) -> None:
    copy = file.with_name("copy")
    shutil.copy(older, copy)
    copy.replace(file)


def overwrite(file: Path, older: Path) -> None:
    with file.open("r+b") as stream:  # as `cp` does: the same file, other contents
        stream.truncate(0)
        stream.write(older.read_bytes())


def move_folder(file: Path, _: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


FAULTS: dict[str, Callable[[Path, Path], None]] = {
    "exchanged": exchange,
    "overwritten": overwrite,
    "deleted": lambda file, _: file.unlink(),
    "truncated to nothing": lambda file, _: os.truncate(file, 0),
    "truncated": lambda file, _: os.truncate(file, file.stat().st_size // 2),
    "folder moved": move_folder,
    "wal deleted": lambda file, _: file.with_name(f"{file.name}-wal").unlink(),
    "shm deleted": lambda file, _: file.with_name(f"{file.name}-shm").unlink(),
}


def opened(project: Path) -> Database:
    return Database.open(project, journal=project.with_name("labels.jsonl"))


@pytest.fixture
def older(project: Path) -> Path:
    """A copy of the project from before its labels, most of which were given in an earlier session."""
    with opened(project) as db:
        db.images.add(a_file(number) for number in range(1000))
    copy = Path(shutil.copy(project, project.with_name("older")))
    with opened(project) as db:
        db.corrections.give([a_correction(number) for number in range(200, 900)])
    return copy


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_acknowledged_once_the_file_is_another_one(project: Path, older: Path, fault: str) -> None:
    db = opened(project)
    db.corrections.add(a_correction(1))
    FAULTS[fault](project, older)
    for _ in range(2):
        with pytest.raises(RecordLost, match="nothing more is stored"):
            db.corrections.add(a_correction(2))
    db.close()


@pytest.mark.parametrize("fault", ["exchanged", "overwritten", "deleted", "truncated to nothing", "truncated"])
def test_between_a_commit_and_its_copy_nothing_acknowledged_is_lost(
    project: Path, older: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, looks, look = opened(project), list[None](), Connections._require_there
    with db._connections.read(), db._connections.read():
        pass  # of two connections one writes, and the other, which remembers few pages, reads for the journal

    def fail_after_the_second_look(connections: Connections) -> None:
        look(connections)
        looks.append(None)
        if len(looks) == 2:  # the first is before the transaction, this one after it
            FAULTS[fault](project, older)

    monkeypatch.setattr(Connections, "_require_there", fail_after_the_second_look)
    acknowledged = True
    try:
        db.corrections.add(a_correction(1))
    except EndoDeskError:
        acknowledged = False
    with pytest.raises(EndoDeskError):
        db.corrections.add(a_correction(2))
    db.close()
    db, _ = open_record(project, project.with_name("labels.jsonl"))
    for kept in db.kept_journals:
        db.take_in(kept)
    assert len(looks) > 2
    assert not acknowledged or sha(1) in db.corrections.current()
    db.close()


def test_to_find_out_that_a_file_was_emptied_nobody_waits_for_its_lock(project: Path, older: Path) -> None:
    db = Database.open(project, journal=project.with_name("labels.jsonl"), busy_ms=600_000)
    with db._connections.read():  # what is read holds a lock, for which whoever would make the file anew waits
        os.truncate(project, 0)
        asked = threading.Thread(target=lambda: db.lost, daemon=True)
        asked.start()
        asked.join(timeout=20)
        assert not asked.is_alive()
    assert isinstance(db.lost, RecordLost)
    db.close()


def test_the_main_thread_does_not_wait_without_end_behind_another_write(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endodesk.data.connections._LONGEST_TURN_S", 0.05)
    with opened(project) as db:
        db.images.add([a_file(1)])
        begun, done = threading.Event(), threading.Event()

        def write_slowly() -> None:
            with db._connections.write():
                begun.set()
                done.wait(20)

        slow = threading.Thread(target=write_slowly)
        slow.start()
        begun.wait(20)
        with pytest.raises(EndoDeskError, match="takes long"):
            db.corrections.add(a_correction(1))
        done.set()
        slow.join()
        db.corrections.add(a_correction(1))


@pytest.mark.parametrize("fault", ["exchanged", "overwritten"])
def test_the_file_that_was_put_there_stays_as_it_is(project: Path, older: Path, fault: str) -> None:
    before = older.read_bytes()
    db = opened(project)
    for number in range(50):
        db.corrections.add(a_correction(number))
    FAULTS[fault](project, older)
    with pytest.raises(RecordLost):
        db.corrections.add(a_correction(51))
    db.close()
    assert project.read_bytes() == before
    with opened(project) as found:
        assert found.corrections.current() == {}
        assert len(found.images.known()) == 1000
        found.corrections.add(a_correction(1))
    with closing(sqlite3.connect(project)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_no_new_connection_is_made_to_a_file_that_is_not_ours(project: Path, older: Path) -> None:
    """SQLite would take our -wal file for that of the one found, and mix the two."""
    db = opened(project)
    with db._connections.read():  # the one connection that is there is busy
        exchange(project, older)
        with pytest.raises(RecordLost, match="exchanged"):
            db.images.known()
    db.close()


def test_a_file_of_another_time_but_whole_is_ours(project: Path, older: Path) -> None:
    """Shares tell times late, and a command of an older EndoDesk works the -wal file in by itself."""
    with opened(project) as db:
        db.corrections.add(a_correction(1))
        with closing(sqlite3.connect(project)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.utime(project)
        db.corrections.add(a_correction(2))
    with opened(project) as db:
        assert {sha(1), sha(2)} < db.corrections.current().keys()


def test_the_wal_file_is_worked_in_and_nothing_is_taken_for_a_change(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endodesk.data.connections._COMMITS_IN_WAL", 5)
    monkeypatch.setattr(Connections, "_is_whole", lambda _: pytest.fail("our own work was taken for somebody else's"))
    with opened(project) as db:
        small, wal = project.stat().st_size, project.with_name(f"{project.name}-wal")
        for number in range(60):
            db.images.add(a_file(number * 20 + more) for more in range(20))
        assert project.stat().st_size > small
        assert wal.stat().st_size < 1_000_000


def test_who_only_looks_learns_of_it_too(project: Path, older: Path) -> None:
    db = opened(project)
    assert db.lost is None
    exchange(project, older)
    assert isinstance(db.lost, RecordLost)
    with pytest.raises(EndoDeskError):
        db.settings.set("reader", "me")
    db.close()


@pytest.mark.slow
def test_whatever_older_copy_is_written_over_it_no_label_is_lost(project: Path) -> None:
    """An older file under a newer -wal is a mixture that may pass for a database."""
    journal, chance, standing, number = project.with_name("labels.jsonl"), random.Random(4), dict[Sha256, str](), 0
    with opened(project) as db:
        db.images.add(a_file(n) for n in range(400))
    copies = [project.read_bytes()]
    for _ in range(40):
        db, _ = open_record(project, journal)
        for kept in db.kept_journals:
            db.take_in(kept)
        assert {image: stored.correction.value for image, stored in db.corrections.current().items()} == standing
        for place in range(chance.randrange(1, 60)):
            number += 1
            correction = replace(
                a_correction(chance.randrange(400), chance.choice(["polyps", "ulcer"])), at=NOON + timedelta(seconds=number)
            )
            if place == 5:
                project.write_bytes(chance.choice(copies))  # written to in its place, as `cp` does
            try:
                db.corrections.add(correction)
            except EndoDeskError:
                break
            standing[correction.image] = correction.value
        db.close()
        if chance.random() < 0.5:
            copies.append(project.read_bytes())
