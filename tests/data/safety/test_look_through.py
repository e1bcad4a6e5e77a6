"""A file that is as it was closed is looked through after its opening, not before; damage is found all the same."""

import os
from pathlib import Path

import pytest
from data_examples import a_correction, a_file

from endodesk.data import migration
from endodesk.data.database import Database
from endodesk.data.safety.recovery import open_record
from endodesk.domain.errors import EndoDeskError, RecordLost

_MOST = 300


def opened(project: Path) -> tuple[Database, str]:
    return open_record(project, project.with_name("labels.jsonl"))


@pytest.fixture
def worked(project: Path) -> Path:
    """A project of some pages, with a backup, closed by us."""
    db, _ = opened(project)
    with db:
        db.images.add([a_file(number) for number in range(_MOST)])
        db.corrections.give([a_correction(number) for number in range(_MOST)])
        assert db.back_up(lambda: None)
        db.corrections.give([a_correction(number, "ulcer", minutes=1) for number in range(_MOST)])
    return project


def rot(project: Path) -> None:
    """Pages that the disk no longer has as they were written; the file looks the same from outside."""
    before = project.stat()
    with project.open("r+b") as file:
        file.seek(before.st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096 * 2)
    os.utime(project, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_what_the_disk_lost_is_found_after_the_opening_and_mended_at_the_next(worked: Path) -> None:
    rot(worked)
    db, told = opened(worked)
    with db:
        assert (told, db.lost) == ("", None)
        db.look_through()
        assert "is damaged" in str(db.lost)
        with pytest.raises(RecordLost, match="Open the project again"):
            db.corrections.add(a_correction(1, minutes=9))
    db, told = opened(worked)
    with db:
        assert "was damaged" in told
        assert "made anew from the backup" in told
        assert {one.correction.value for one in db.corrections.current().values()} == {"ulcer"}
        assert len(db.corrections.current()) == _MOST


def test_what_cannot_be_read_is_mended_at_the_next_opening_too(worked: Path) -> None:
    rot(worked)
    db, _ = opened(worked)
    with db, pytest.raises(EndoDeskError, match="damaged"):
        [read() for read in (db.corrections.current, db.images.known, db.corrections.marks, db.acts.recorded)]
    with opened(worked)[0] as db:
        assert len(db.corrections.current()) == _MOST


def test_only_a_file_as_we_closed_it_opens_without_a_look(worked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[object] = []
    whole = migration.page_fault
    monkeypatch.setattr(migration, "page_fault", lambda file: looks.append(file) or whole(file))
    with opened(worked)[0] as db:
        db.look_through()
        assert (looks, db.lost) == ([], None)
    with Database.open(worked):  # as a command beside a window does
        assert len(looks) == 1
    worked.with_name("labels.jsonl").unlink()
    with opened(worked)[0]:
        assert len(looks) == 2
