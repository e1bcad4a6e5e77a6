import os
from dataclasses import replace
from pathlib import Path

import pytest
from data_examples import a_bundle, a_correction, a_file, a_frame, sha

from endodesk.data.database import Database
from endodesk.data.image_store import BATCH, FileStamp, KnownFile
from endodesk.domain.images import Unreadable
from endodesk.domain.reviews import Prediction

STAMP = FileStamp(10, 20, 5, 20, 1)
LATER = FileStamp(11, 30, 5, 30, 1)


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
    stamp = FileStamp(2**40, 2**62, 2**63 - 1, 2**62, 2)
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
    looked = file.stat()
    before = FileStamp.of(file, 2)
    assert before == FileStamp(3, looked.st_mtime_ns, looked.st_ino, looked.st_ctime_ns, 2)
    assert FileStamp.of(file, 3) != before
    file.write_bytes(b"abcd")
    assert FileStamp.of(file, 2) != before


def test_files_that_took_each_others_names_have_other_stamps(tmp_path: Path) -> None:
    """Of one size and one time, as files out of a ZIP archive are: what was known of one is not true of the other."""
    first, second = tmp_path / "f1.bmp", tmp_path / "f2.bmp"
    for file in (first, second):
        file.write_bytes(b"abc")
        os.utime(file, ns=(7, 1_700_000_000_000_000_000))
    before = FileStamp.of(first, 2), FileStamp.of(second, 2)
    first.rename(tmp_path / "aside")
    second.rename(first)
    (tmp_path / "aside").rename(second)
    assert first.stat().st_mtime_ns == second.stat().st_mtime_ns
    assert FileStamp.of(first, 2) != before[0]
    assert FileStamp.of(second, 2) != before[1]


def test_frames_shown_otherwise_lose_answers_and_hashes_once_and_keep_labels(db: Database) -> None:
    bundle = a_bundle()
    db.models.add(bundle, Path("/models/starter"))
    for number in (1, 2):
        db.images.add([(a_frame(number, phash="1" * 16), STAMP)])
        db.predictions.add([Prediction(sha(number), bundle.id, (0.5, 0.25, 0.25))])
    db.corrections.add(a_correction(1))
    now = [replace(a_frame(1), reading=2), a_frame(2), replace(a_frame(3), reading=2)]
    stale = db.images.shown_otherwise(now)
    assert stale == now[:1]
    db.images.renew(stale)
    assert (db.predictions.get(sha(1), bundle.id), db.images.hashes()) == (None, {sha(2): "1" * 16})
    assert db.predictions.get(sha(2), bundle.id)
    assert sha(1) in db.corrections.current()
    assert db.images.shown_otherwise(now) == []
