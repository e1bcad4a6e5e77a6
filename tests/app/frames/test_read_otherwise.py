"""A project whose frames an earlier program showed wrongly: it says so, asks the model about them anew, and their labels stay."""

import contextlib
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import cv2
import numpy as np
import tifffile
from sessions import activate, settle

from endodesk.app.project.project import project_folder
from endodesk.data.image_store import FileStamp
from endodesk.domain.reviews import Correction, Prediction
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.reading.read import read_image
from endodesk.system.memory_budget import MEMORY


def nearly_black(path):
    """12 bits in 16, as EndoDesk 0.1 showed nearly black."""
    y, x = np.mgrid[:120, :160]
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, (16 * x + 12 * y).astype(np.uint16), extratags=[(281, "H", 1, 4095, True)])


def answered(qtbot, session):
    """All files read, and the model asked about each."""
    settle(qtbot, session)
    qtbot.waitUntil(lambda: session.answers.progress.answered == session.answers.progress.total > 0, timeout=15_000)
    settle(qtbot, session)


def as_an_earlier_program_left_it(images, name):
    """The project says of the frame what was said of its wrong picture, in a file that no program of today has looked at."""
    with contextlib.closing(sqlite3.connect(project_folder(images) / "project.sqlite")) as file, file:
        (image,) = file.execute("SELECT image FROM image_path WHERE path LIKE ?", (f"%{name}",)).fetchone()
        file.execute("UPDATE image SET reading = 1")
        file.execute("UPDATE image_path SET inode = 0, ctime_ns = 0, reading = 0")
    return image


def test_what_was_said_of_a_frame_that_is_refused_now_is_forgotten_and_told(images, open_session, qtbot, tiny_bundle, monkeypatch):
    """A JPEG that was cut and ended: its header is good, and an earlier program answered its grey half."""
    whole = cv2.imencode(".jpg", np.random.default_rng(1).integers(0, 256, (120, 160, 3), np.uint8))[1].tobytes()
    path, plain = images / "polyps" / "cut.jpg", images / "polyps" / "whole.jpg"
    for file, data in ((path, whole), (plain, whole + b"another")):
        file.write_bytes(data)
    bundle = activate(images, tiny_bundle)
    first = open_session(images)
    answered(qtbot, first)
    path.write_bytes(whole[: len(whole) // 2] + b"\xff\xd9")
    cut, database = sha256_bytes(path.read_bytes()), first.project.database
    (record,) = (
        replace(database.images.get(first.workspace.frames.sha256s[row]), sha256=cut) for row in [first.workspace.frames.row_of(path)]
    )
    database.images.add([(record, FileStamp.of(path, 1))])
    database.predictions.add([Prediction(cut, bundle, (1.0, 0.0, 0.0))])
    database.corrections.add(Correction(cut, "polyps", "me", datetime.now(UTC)))
    features = first.answers.features.file
    features.add({cut: np.ones(first.answers.features.get([cut]).shape[1], np.float32)})
    first.close()
    as_an_earlier_program_left_it(images, "cut.jpg")

    told = []
    session = open_session(images)
    session.workspace.warning.connect(told.append)
    answered(qtbot, session)
    row = session.workspace.frames.row_of(path)
    assert "ends too early" in session.workspace.frames[row].unreadable
    assert session.answers.said_of(row) is None
    assert session.project.database.predictions.get(cut, bundle) is None
    assert cut not in session.answers.features.file
    assert list(session.project.database.corrections.current()) == [cut]
    assert len(told) == 1
    assert "cut.jpg" in told[0]
    assert "whole.jpg" not in told[0]
    assert session.answers.said_of(session.workspace.frames.row_of(plain))


def test_what_needs_more_memory_than_is_allowed_now_loses_nothing(images, open_session, qtbot, tiny_bundle, monkeypatch):
    """To know whether an earlier program's frame is whole it is decoded; that it may not be says nothing of it."""
    path = images / "polyps" / "large.png"
    path.write_bytes(cv2.imencode(".png", np.full((2400, 2400, 3), 90, np.uint8))[1].tobytes())
    bundle = activate(images, tiny_bundle)
    first = open_session(images)
    answered(qtbot, first)
    large = first.workspace.frames.sha256s[first.workspace.frames.row_of(path)]
    first.close()
    as_an_earlier_program_left_it(images, "large.png")
    with monkeypatch.context() as little:
        little.setattr(MEMORY, "limit_bytes", 40_000_000)
        session = open_session(images)
        settle(qtbot, session)
        assert "allow more memory" in session.workspace.frames[session.workspace.frames.row_of(path)].unreadable
        session.close()
    session = open_session(images)
    answered(qtbot, session)
    assert session.workspace.frames.sha256s[session.workspace.frames.row_of(path)] == large
    assert session.project.database.predictions.get(large, bundle) is not None


def test_wrong_pictures_of_an_earlier_program_are_told_and_answered_anew_and_labels_stay(images, open_session, qtbot, tiny_bundle):
    nearly_black(images / "polyps" / "deep.tif")
    bundle = activate(images, tiny_bundle)
    first = open_session(images)
    answered(qtbot, first)
    right = {image: p.probabilities for image, p in first.project.database.predictions.of_bundle(bundle).items()}
    deep = first.workspace.frames.sha256s[first.workspace.frames.row_of(images / "polyps" / "deep.tif")]
    first.project.database.corrections.add(Correction(deep, "polyps", "me", datetime.now(UTC)))
    wrong = tuple(reversed(right[deep]))
    first.project.database.predictions.add([Prediction(deep, bundle, wrong)])
    first.close()
    assert as_an_earlier_program_left_it(images, "deep.tif") == deep

    told = []
    session = open_session(images)
    session.workspace.warning.connect(told.append)
    answered(qtbot, session)
    assert [sentence for sentence in told if "showed polyps" in sentence]
    assert "deep.tif" in told[0]
    assert session.project.database.predictions.get(deep, bundle).probabilities == right[deep] != wrong
    assert list(session.project.database.corrections.current()) == [deep]
    assert read_image(images / "polyps" / "deep.tif").max() > 200
    session.list_folder()
    settle(qtbot, session)
    assert len(told) == 1
