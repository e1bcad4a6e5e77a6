import os
from pathlib import Path

import pytest
from frame_folders import png, put, put_bad, sha256_of

from endodesk.app.frames.frame_places import FramePlaces
from endodesk.app.frames.indexing import index_files
from endodesk.data.database import Database
from endodesk.domain.errors import Cancelled
from endodesk.system.task import TaskContext


@pytest.fixture
def db(tmp_path):
    with Database.open(tmp_path / "project.sqlite") as database:
        yield database


def look(db, *paths):
    """What is told of the files, in the order in which it is told: content or reason."""
    pieces = []
    index_files(FramePlaces(Path("/")), [str(path)[1:] for path in paths], db, TaskContext(), pieces.append)
    return {paths[row]: (sha256, reason) for piece in pieces for row, sha256, reason in piece}


def test_files_are_named_by_content_and_remembered(db, tmp_path):
    first, second = put(tmp_path / "f" / "größe.png", png(1)), put(tmp_path / "f" / "内視鏡.PNG", png(2))
    assert look(db, first, second) == {path: (sha256_of(path), "") for path in (first, second)}
    record = db.images.get(sha256_of(first))
    assert record is not None
    assert (record.path, record.width) == (first, 96)


def test_files_that_cannot_be_read_have_a_reason_and_harm_nobody(db, tmp_path):
    good = put(tmp_path / "z.png", png(1))
    bad = [tmp_path / name for name in put_bad(tmp_path)]
    told = look(db, *bad, good)
    assert told[good][0] == sha256_of(good)
    for path in bad:
        sha256, reason = told[path]
        assert sha256 is None
        assert path.name in reason
        assert reason.endswith(".")


def test_a_file_that_did_not_change_is_not_read_again(db, tmp_path):
    path = put(tmp_path / "1.png", png(1))
    sha256 = look(db, path)[path][0]
    stat = path.stat()
    path.write_bytes(b"?" * stat.st_size)  # not even an image; only who reads it would know
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert look(db, path)[path] == (sha256, "")


def test_a_file_that_changed_is_read_again(db, tmp_path):
    path = put(tmp_path / "1.png", png(1))
    before = look(db, path)[path][0]
    put(path, png(2))
    after = look(db, path)[path][0]
    assert before != after == sha256_of(path)
    put(path, b"")
    assert "empty" in look(db, path)[path][1]
    put(path, png(1))
    assert look(db, path)[path][0] == before


def test_a_file_that_was_away_is_looked_at_again_when_it_is_back(db, tmp_path):
    """A lost network drive or a missing permission changes no time stamp: such a reason must not be remembered."""
    path = tmp_path / "1.png"
    assert "1.png cannot be read" in look(db, path)[path][1]
    put(path, png(1))
    assert look(db, path)[path][0] == sha256_of(path)


def test_known_files_are_told_before_any_other_is_read(db, tmp_path):
    known = [put(tmp_path / f"known-{n}.png", png(n)) for n in range(3)]
    look(db, *known)
    new = put(tmp_path / "a-new.png", png(7))
    pieces = []
    index_files(FramePlaces(tmp_path), [path.name for path in (new, *known)], db, TaskContext(), pieces.append)
    assert [found.row for found in pieces[0]] == [1, 2, 3]
    assert [found.row for found in pieces[1]] == [0]


def test_a_cancelled_look_keeps_what_it_has_stored(db, tmp_path):
    paths = [put(tmp_path / f"{n:03}.png", png(n % 5)) for n in range(200)]
    task = TaskContext()

    def tell(piece):
        if piece:
            task.cancel()

    with pytest.raises(Cancelled):
        index_files(FramePlaces(tmp_path), [path.name for path in paths], db, task, tell)
    assert 0 < len(db.images.known()) < len(paths)
    assert len(look(db, *paths)) == len(paths)
