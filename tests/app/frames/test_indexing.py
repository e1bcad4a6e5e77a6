import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from frame_folders import png, put, put_bad, sha256_of

import resources
from endodesk.app.frames import indexing
from endodesk.app.frames.frame_places import FramePlaces
from endodesk.app.frames.indexing import index_files
from endodesk.data.database import Database
from endodesk.domain.errors import Cancelled
from endodesk.domain.reviews import Correction, Prediction
from endodesk.imaging.reading.header import READING, Header
from endodesk.inference.bundle import read_bundle
from endodesk.inference.feature_file import FEATURES, FeatureFile
from endodesk.system.task import TaskContext

STARTER = Path(resources.__file__).parent / "models" / "starter"


@pytest.fixture
def db(tmp_path):
    with Database.open(tmp_path / "project.sqlite") as database:
        yield database


def look(db, *paths):
    """What is told of the files, in the order in which it is told: content or reason."""
    pieces = []
    index_files(FramePlaces(Path("/")), [str(path)[1:] for path in paths], db, TaskContext(), pieces.append)
    return {paths[found.row]: (found.sha256, found.reason) for piece in pieces for found in piece}


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


def test_a_file_that_did_not_change_is_not_read_again(db, tmp_path, monkeypatch):
    path = put(tmp_path / "1.png", png(1))
    sha256 = look(db, path)[path][0]
    monkeypatch.setattr(indexing, "read_bytes", lambda path: pytest.fail(f"{path} was read again"))
    assert look(db, path)[path] == (sha256, "")


def of_one_size_and_time(folder, *names):
    """Other pictures, as files out of a ZIP archive are: of one size, and of one time to two seconds."""
    paths = []
    for number, name in enumerate(names):
        pixels = np.full((32, 40, 3), 40 + 60 * number, np.uint8)
        paths.append(put(folder / name, cv2.imencode(".bmp", pixels)[1].tobytes()))
        os.utime(paths[-1], (1_700_000_000, 1_700_000_000))
    return paths


def test_files_of_one_size_and_time_that_change_names_are_known_by_what_they_hold(db, tmp_path):
    first, second = of_one_size_and_time(tmp_path, "1.bmp", "2.bmp")
    before = look(db, first, second)
    first.rename(tmp_path / "aside")
    second.rename(first)
    (tmp_path / "aside").rename(second)
    after = look(db, first, second)
    assert after[first] == before[second] != before[first] == after[second]


def test_a_file_in_the_place_of_another_of_the_same_size_and_time_is_read(db, tmp_path):
    (path,) = of_one_size_and_time(tmp_path, "1.bmp")
    before = look(db, path)[path]
    other = of_one_size_and_time(tmp_path / "later", "0.bmp", "1.bmp")[1]
    path.write_bytes(other.read_bytes())
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert look(db, path)[path] == (sha256_of(other), "") != before


def test_a_program_that_reads_otherwise_looks_at_every_file_again(db, tmp_path, monkeypatch):
    path = put(tmp_path / "1.png", png(1)[:60])
    assert "too early" in look(db, path)[path][1]
    monkeypatch.setattr(indexing, "READING", READING + 1)
    monkeypatch.setattr(indexing, "read_header", lambda data, name: Header("PNG", "RGB", False, 96, 72, 1))
    assert look(db, path)[path] == (sha256_of(path), "")


def test_of_frames_that_were_shown_otherwise_nothing_stands_but_labels(db, tmp_path, monkeypatch):
    changed, same = put(tmp_path / "1.png", png(1)), put(tmp_path / "2.png", png(2))
    images = [look(db, path)[path][0] for path in (changed, same)]
    bundle = read_bundle(STARTER)
    db.models.add(bundle, STARTER)
    db.predictions.add([Prediction(image, bundle.id, (1.0, *(0.0,) * (len(bundle.classes) - 1))) for image in images])
    db.corrections.add(Correction(images[0], "polyps", "me", datetime.now(UTC)))
    FeatureFile(tmp_path / FEATURES, bundle, 4).add({image: np.ones(4, np.float32) for image in images})
    monkeypatch.setattr(indexing, "READING", READING + 1)
    real = indexing.read_header
    monkeypatch.setattr(indexing, "read_header", lambda data, name: replace(real(data, name), reading=9 if name == "1.png" else 1))
    told = []
    places, names = FramePlaces(tmp_path), ["1.png", "2.png"]
    for _ in range(2):  # told once
        index_files(places, names, db, TaskContext(), told.extend, tmp_path / FEATURES)
    assert [bool(found.read_otherwise) for found in told] == [True, False, False, False]
    kept = FeatureFile(tmp_path / FEATURES, bundle, 4)
    assert [image in kept for image in images] == [False, True]
    assert [db.predictions.get(image, bundle.id) is not None for image in images] == [False, True]
    assert list(db.corrections.current()) == images[:1]


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
