import os
from dataclasses import replace
from pathlib import Path

import pytest
from data_examples import a_correction, a_file, a_frame, sha

from endodesk.data.database import Database
from endodesk.data.image_store import BATCH, FileStamp, KnownFile
from endodesk.domain.images import Unreadable

STAMP = FileStamp(10, 20)
LATER = FileStamp(11, 30)


def test_a_frame_comes_back_as_it_was(db: Database) -> None:
    frame = a_frame(1, path=Path("/Fälle/内視鏡/1 ä.jpg"), phash="00ff00ff00ff00ff")
    db.images.add([(frame, STAMP)])
    assert db.images.get(sha(1)) == frame
    assert db.images.paths(sha(1)) == (frame.path,)
    assert db.images.known() == {frame.path: KnownFile(STAMP, frame)}


def test_what_is_not_known_is_none(db: Database) -> None:
    db.images.add([])
    db.images.add_unreadable([])
    assert db.images.get(sha(1)) is None
    assert db.images.paths(sha(1)) == ()
    assert db.images.known() == {}


@pytest.mark.skipif(os.name != "posix", reason="names as bytes")
def test_a_name_that_is_no_text_comes_back(db: Database) -> None:
    frame = a_frame(1, path=Path(os.fsdecode(b"/frames/\xff\xfe.jpg")))
    db.images.add([(frame, STAMP)])
    assert db.images.known() == {frame.path: KnownFile(STAMP, frame)}
    db.images.add([(frame, LATER)])
    assert db.images.known() == {frame.path: KnownFile(LATER, frame)}


def test_one_frame_in_two_places(db: Database) -> None:
    first, second = a_frame(1, path=Path("/a.jpg")), a_frame(1, path=Path("/b.jpg"))
    db.images.add([(second, STAMP), (first, STAMP)])
    assert db.images.paths(sha(1)) == (first.path, second.path)
    assert db.images.get(sha(1)) == first
    assert db.images.known()[second.path].found == second


def test_a_file_that_changed_moves_to_its_new_frame(db: Database) -> None:
    path = Path("/a.jpg")
    db.images.add([(a_frame(1, path=path), STAMP)])
    db.corrections.add(a_correction(1))
    db.images.add([(a_frame(2, path=path), LATER)])
    assert db.images.known() == {path: KnownFile(LATER, a_frame(2, path=path))}
    assert db.images.get(sha(1)) is None
    assert db.images.paths(sha(1)) == ()
    assert sha(1) in db.corrections.current()


def test_an_empty_hash_does_not_overwrite_a_known_one(db: Database) -> None:
    frame = a_frame(1, phash="1" * 16)
    db.images.add([(frame, STAMP)])
    db.images.add([(replace(frame, phash=""), LATER)])
    assert db.images.get(sha(1)) == frame
    db.images.add([(replace(frame, phash="2" * 16), LATER)])
    assert db.images.get(sha(1)) == replace(frame, phash="2" * 16)


def test_a_file_is_either_readable_or_not(db: Database) -> None:
    frame = a_frame(1)
    broken = Unreadable(frame.path, "1.jpg cannot be read: the file is empty.")
    db.images.add([(frame, STAMP)])
    db.images.add_unreadable([(broken, LATER)])
    assert db.images.known() == {frame.path: KnownFile(LATER, broken)}
    db.images.add_unreadable([(replace(broken, reason="1.jpg is truncated."), STAMP)])
    assert db.images.known() == {frame.path: KnownFile(STAMP, replace(broken, reason="1.jpg is truncated."))}
    db.images.add([(frame, LATER)])
    assert db.images.known() == {frame.path: KnownFile(LATER, frame)}


def test_large_numbers_of_a_file_fit(db: Database) -> None:
    stamp = FileStamp(2**40, 2**62)
    db.images.add([(a_frame(1), stamp)])
    assert db.images.known()[a_frame(1).path].stamp == stamp


def test_many_files_go_in_at_once(db: Database) -> None:
    db.images.add(a_file(number) for number in range(2 * BATCH + 1))
    known = db.images.known()
    assert len(known) == 2 * BATCH + 1
    assert known[Path(f"/frames/{2 * BATCH}.jpg")].found == a_frame(2 * BATCH)


def test_a_stamp_changes_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "1.jpg"
    file.write_bytes(b"abc")
    os.utime(file, ns=(7, 1_700_000_000_123_456_700))
    assert FileStamp.of(file) == FileStamp(3, file.stat().st_mtime_ns)
    before = FileStamp.of(file)
    file.write_bytes(b"abcd")
    assert FileStamp.of(file) != before
