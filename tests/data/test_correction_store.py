import contextlib
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from data_examples import NOON, a_bundle, a_correction, a_file, sha
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.data.acts.standing_words import StoredCorrection
from endodesk.data.database import Database
from endodesk.domain.errors import BadRequest, EndoDeskError
from endodesk.domain.reviews import YES, AnnotationKind, BundleId, Marks


def test_a_correction_comes_back_as_it_was(db: Database) -> None:
    bundle = a_bundle()
    db.models.add(bundle, Path("/models/a"))
    db.images.add([a_file(1), a_file(2)])
    seen, unseen = a_correction(1, bundle=bundle.id), a_correction(2)
    rows = [db.corrections.add(seen), db.corrections.add(unseen)]
    assert db.corrections.current() == {
        sha(1): StoredCorrection(rows[0], seen),
        sha(2): StoredCorrection(rows[1], unseen),
    }


def test_times_come_back_in_utc(db: Database) -> None:
    db.images.add([a_file(1)])
    tokyo = datetime(2025, 11, 23, 21, 0, tzinfo=timezone(timedelta(hours=9)))
    db.corrections.add(replace(a_correction(1), at=tokyo))
    at = db.corrections.current()[sha(1)].correction.at
    assert (at, at.utcoffset()) == (tokyo, timedelta(0))


def test_the_newest_is_the_one_added_last_whatever_the_clock_said(db: Database) -> None:
    db.images.add([a_file(1)])
    db.corrections.add(a_correction(1, "polyps", minutes=60))
    db.corrections.add(a_correction(1, "esophagitis", minutes=0))
    assert db.corrections.current()[sha(1)].correction.value == "esophagitis"


def test_revoking_uncovers_the_one_before_and_a_new_row_covers_it(db: Database) -> None:
    db.images.add([a_file(1)])
    first = db.corrections.add(a_correction(1, "polyps"))
    second = db.corrections.add(a_correction(1, "esophagitis"))
    db.corrections.revoke(second, reader="Dr. Li", at=NOON)
    assert db.corrections.current()[sha(1)].id == first
    third = db.corrections.add(a_correction(1, "esophagitis", minutes=1))
    assert db.corrections.current()[sha(1)].id == third
    assert [(s.id, s.revoked_at, s.revoked_by) for s in db.corrections.history(sha(1))] == [
        (first, None, None),
        (second, NOON, "Dr. Li"),
        (third, None, None),
    ]


def test_what_is_given_again_stands_in_its_old_place(db: Database) -> None:
    db.images.add([a_file(1)])
    first, second = db.corrections.add(a_correction(1, "polyps")), db.corrections.add(a_correction(1, "esophagitis"))
    db.corrections.revoke(first, reader="Dr. Li", at=NOON)
    db.corrections.give_again(first, reader="Dr. Li", at=NOON)
    assert db.corrections.current()[sha(1)].id == second
    assert [stored.revoked_at for stored in db.corrections.history(sha(1))] == [None, None]
    with pytest.raises(BadRequest, match="stands"):
        db.corrections.give_again(first, reader="Dr. Li", at=NOON)


def test_marks_and_notes_stand_beside_the_label(db: Database) -> None:
    db.images.add([a_file(1), a_file(2)])
    label = db.corrections.add(a_correction(1, "polyps"))
    for said, words in (
        (AnnotationKind.FLAGGED, YES),
        (AnnotationKind.NOTE, "bile"),
        (AnnotationKind.POOR_QUALITY, YES),
        (AnnotationKind.FLAGGED, ""),
    ):
        db.corrections.add(replace(a_correction(1), value=words, kind=said))
    assert db.corrections.current()[sha(1)].id == label
    assert db.corrections.marks() == {sha(1): Marks(poor_quality=True, note="bile")}
    assert set(db.corrections.words_on([sha(1), sha(2)]).every()) == set(db.corrections.words().every())
    assert not set(db.corrections.words_on([sha(2)]).every())
    assert db.corrections.labelled_by("Dr. Müller") == {sha(1)}


def test_a_reader_who_was_kept_from_the_answer_did_not_see_it(db: Database) -> None:
    bundle = a_bundle()
    db.models.add(bundle, Path("/models/a"))
    db.images.add([a_file(1)])
    db.corrections.add(replace(a_correction(1, bundle=bundle.id), blind=True))
    db.corrections.add(a_correction(1, bundle=bundle.id))
    assert [stored.correction.saw_answer for stored in db.corrections.history(sha(1))] == [False, True]
    assert [stored.correction.answer for stored in db.corrections.history(sha(1))] == ["esophagitis"] * 2


def test_several_frames_are_one_step_and_all_or_none(db: Database) -> None:
    db.images.add([a_file(1), a_file(2)])
    with pytest.raises(BadRequest, match="does not know the frame"):
        db.corrections.give([a_correction(1), a_correction(2), a_correction(3)])
    assert (db.corrections.current(), db.steps.stacks("Dr. Müller").next_undo) == ({}, None)
    step = db.corrections.give([a_correction(1), a_correction(2)])
    assert set(db.corrections.current()) == {sha(1), sha(2)}
    assert list(db.steps.stacks("Dr. Müller").undo) == [step]
    assert set(db.steps.undo(step, reader="Dr. Müller", at=NOON)) == {sha(1), sha(2)}
    assert db.corrections.current() == {}


def test_nothing_is_known_of_a_frame_without_corrections(db: Database) -> None:
    db.images.add([a_file(1)])
    assert db.corrections.current() == {}
    assert db.corrections.history(sha(1)) == []


def test_an_unknown_frame_or_model_is_told(db: Database) -> None:
    with pytest.raises(BadRequest, match="does not know the frame"):
        db.corrections.add(a_correction(1))
    db.images.add([a_file(1)])
    with pytest.raises(BadRequest, match="does not know the model 0123"):
        db.corrections.add(a_correction(1, bundle=BundleId("0123")))
    assert db.corrections.history(sha(1)) == []


def test_revoking_twice_or_nothing_or_by_nobody_is_told(db: Database) -> None:
    db.images.add([a_file(1)])
    row = db.corrections.add(a_correction(1))
    with pytest.raises(BadRequest, match="who"):
        db.corrections.revoke(row, reader="", at=NOON)
    with pytest.raises(ValueError, match="zone"):
        db.corrections.revoke(row, reader="me", at=NOON.replace(tzinfo=None))
    assert sha(1) in db.corrections.current()
    db.corrections.revoke(row, reader="me", at=NOON)
    with pytest.raises(BadRequest, match="before"):
        db.corrections.revoke(row, reader="me", at=NOON)
    with pytest.raises(BadRequest, match="no correction"):
        db.corrections.revoke(row + 1, reader="me", at=NOON)


DIES_AFTER_ADD = """
import os, signal, sys
from pathlib import Path
from data_examples import a_correction
from endodesk.data.database import Database
row = Database.open(Path(sys.argv[1])).corrections.add(a_correction(1))
os.write(1, str(row).encode())
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_correction_survives_a_program_killed_right_after(db: Database, project: Path) -> None:
    db.images.add([a_file(1)])
    db.close()
    path = os.pathsep.join([str(Path(__file__).parent), str(Path.cwd())])
    command = [sys.executable, "-c", DIES_AFTER_ADD, str(project)]
    child = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONPATH": path}, check=False)
    assert child.returncode == -9, child.stderr.decode()
    with Database.open(project) as again:
        assert again.corrections.current()[sha(1)] == StoredCorrection(int(child.stdout), a_correction(1))


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on file sizes")
def test_a_failed_write_is_told_and_leaves_nothing(db: Database, project: Path) -> None:
    """The system refuses to let the file grow, as on a full disk; afterwards all goes on."""
    import resource

    db.images.add([a_file(1)])
    written = project.with_name("project.sqlite-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, hard))
    try:
        with pytest.raises(EndoDeskError, match=r"Nothing was saved: the disk .*"):
            db.corrections.add(a_correction(1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert db.corrections.history(sha(1)) == []
    row = db.corrections.add(a_correction(1, "esophagitis"))
    assert db.corrections.history(sha(1)) == [StoredCorrection(row, a_correction(1, "esophagitis"))]


def test_a_full_disk_is_called_one(db: Database) -> None:
    db.images.add([a_file(1)])
    with db._connections.read() as connection:  # the pool gives the same connection to the next one who asks
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(EndoDeskError, match="Nothing was saved: the disk is full"):
        db.corrections.add(a_correction(1, "x" * 100_000))
    assert db.corrections.history(sha(1)) == []


def test_a_project_held_by_another_program_is_told(project: Path) -> None:
    import sqlite3

    with Database.open(project, busy_ms=10) as db:
        db.images.add([a_file(1)])
        with contextlib.closing(sqlite3.connect(project, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(EndoDeskError, match="another program is using the file"):
                db.corrections.add(a_correction(1))
        assert db.corrections.current() == {}


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 3), st.sampled_from(["polyps", "esophagitis", "naïve 内"])),
        st.tuples(st.just("revoke"), st.integers(0, 12), st.just("")),
    ),
    max_size=16,
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(acts=ACTS)
def test_current_and_history_are_what_a_plain_list_says(acts: list[tuple[str, int, str]]) -> None:
    told: list[tuple[int, int, str]] = []  # row, frame, label, in the order added
    revoked: set[int] = set()
    with tempfile.TemporaryDirectory() as folder, Database.open(Path(folder) / "project.sqlite") as db:
        db.images.add(a_file(number) for number in range(4))
        for kind, number, label in acts:
            if kind == "add":
                told.append((db.corrections.add(a_correction(number, label, minutes=len(told))), number, label))
            elif number < len(told) and told[number][0] not in revoked:
                db.corrections.revoke(told[number][0], reader="me", at=datetime.now(UTC))
                revoked.add(told[number][0])
            current = {image: (s.id, s.correction.value) for image, s in db.corrections.current().items()}
            assert current == {sha(frame): (row, label) for row, frame, label in told if row not in revoked}
        for frame in range(4):
            history = [(s.id, s.correction.value, s.revoked_at is not None) for s in db.corrections.history(sha(frame))]
            assert history == [(row, label, row in revoked) for row, of, label in told if of == frame]
        assert [row for row, _, _ in told] == sorted({row for row, _, _ in told})
