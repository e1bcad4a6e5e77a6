"""`endodesk backups` and `endodesk doctor`, by the real command line on real folders."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from frame_folders import CLASSES, png, put, sha256_of

from endodesk.app.project.kept_places import kept_place
from endodesk.app.project.project import Project
from endodesk.cli.main import run
from endodesk.domain.classes import ClassSet
from endodesk.domain.reviews import Correction

pytestmark = pytest.mark.slow  # some projects each

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def worked(images, tmp_path):
    """Two labels of Ann's, a backup, and one of Bob's since."""
    table = put(tmp_path / "labels.csv", b"file,label\npolyps/frame-0.png,esophagitis\npolyps/frame-1.png,esophagitis\n")
    assert run(["label", str(images), str(table), "--reader", "Ann"]) == 0
    project = Project.of_images(images)
    assert project.database.back_up(lambda: None)
    project.close()
    put(table, b"file,label\nulcerative-colitis/frame-0.png,polyps\n")
    assert run(["label", str(images), str(table), "--reader", "Bob"]) == 0
    return images


def labels_in(images):
    project = Project.of_images(images)
    try:
        return len(project.database.corrections.current())
    finally:
        project.close()


def tampered(images, sql):
    with closing(sqlite3.connect(kept_place(images) / "project.sqlite")) as file, file:
        file.execute("PRAGMA foreign_keys=OFF")
        file.execute(sql)


def doctor(capsys, place, *options):
    capsys.readouterr()
    code = run(["doctor", str(place), *options])
    return code, capsys.readouterr().out


def test_backups_are_listed_with_what_they_hold_and_one_is_restored(worked, capsys):
    capsys.readouterr()
    assert run(["backups", str(worked)]) == 0
    told = capsys.readouterr().out
    assert "  1  20" in told
    assert "2 labels (Ann 2); 0." in told
    assert run(["backups", str(worked), "--restore", "2"]) == 2
    assert labels_in(worked) == 3
    assert run(["backups", str(worked), "--restore", "1"]) == 0
    assert "project.replaced.sqlite" in capsys.readouterr().out
    assert labels_in(worked) == 2
    assert run(["backups", str(worked)]) == 0
    assert "3 labels (Ann 2, Bob 1)" in capsys.readouterr().out
    code, told = doctor(capsys, worked)
    assert (code, "labels.kept.jsonl holds 1 labels" in told) == (1, True)
    assert doctor(capsys, worked, "--mend")[0] == 0
    assert labels_in(worked) == 3


def test_a_lost_record_is_restored_by_hand_too(worked, capsys):
    (kept_place(worked) / "project.sqlite").unlink()
    assert run(["backups", str(worked), "--restore", "1"]) == 0
    (kept_place(worked) / "labels.jsonl").unlink()
    assert labels_in(worked) == 2


def test_no_project_is_a_user_s_mistake(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    for command in ("backups", "doctor"):
        assert run([command, str(tmp_path / "empty")]) == 2
        assert "There is no project" in capsys.readouterr().err


def test_a_sound_project_has_nothing_wrong(worked, capsys):
    assert doctor(capsys, worked) == (0, "Nothing is wrong.\n")


@pytest.mark.parametrize("journal", [True, False])
def test_a_damaged_record_is_named_and_made_anew(worked, capsys, journal):
    file = kept_place(worked) / "project.sqlite"
    content = bytearray(file.read_bytes())
    content[3 * 4096 : 9 * 4096] = b"\xff" * 6 * 4096
    file.write_bytes(content)
    if not journal:
        (file.parent / "labels.jsonl").unlink()
    code, told = doctor(capsys, worked)
    assert code == 1
    assert "is damaged" in told
    assert "--mend would make it anew from its newest backup" in told
    assert file.read_bytes() == content
    code, told = doctor(capsys, worked, "--mend")
    assert code == 0
    assert "made anew from the backup of" in told
    assert ("is lost" in told) == (not journal)
    assert labels_in(worked) == (3 if journal else 2)
    assert (file.parent / "project.damaged.sqlite").read_bytes() == content
    assert doctor(capsys, worked)[0] == 0


def test_a_record_that_is_gone_with_nothing_beside_it_is_no_project_and_a_damaged_one_is_told(worked, capsys):
    folder = kept_place(worked)
    shutil.rmtree(folder / "backups")
    (folder / "labels.jsonl").unlink()
    (folder / "project.sqlite").write_bytes(b"nothing " * 3000)
    code, told = doctor(capsys, folder, "--mend")
    assert (code, "neither a backup nor a journal" in told) == (1, True)


def test_an_index_that_does_not_fit_its_table_is_found_though_it_opens(worked, capsys):
    with closing(sqlite3.connect(kept_place(worked) / "project.sqlite")) as file, file:
        file.execute("PRAGMA writable_schema=ON")
        [page] = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_correction_image'").fetchone()
    database = kept_place(worked) / "project.sqlite"
    content = bytearray(database.read_bytes())
    start = (page - 1) * 4096
    content[start + 3 : start + 5] = b"\0\0"  # an index without an entry
    database.write_bytes(content)
    code, told = doctor(capsys, worked)
    assert (code, "is damaged" in told) == (1, True)
    assert doctor(capsys, worked, "--mend")[0] == 0
    assert labels_in(worked) == 3


def test_rows_that_lead_nowhere_are_dropped_where_they_are_made_again(worked, capsys):
    tampered(worked, "INSERT INTO prediction (image, bundle, probabilities, created) VALUES ('0', 'no', '[1]', '2026')")
    tampered(worked, "INSERT INTO merge (image_a, image_b, joined, reader, at) VALUES ('0', '1', 1, 'x', '2026-01-01T00:00:00+00:00')")
    code, told = doctor(capsys, worked)
    assert code == 1
    assert "1 answers of models or places" in told, "a row that names two that are not there is one row"
    assert "1 of merge" in told
    code, told = doctor(capsys, worked, "--mend")
    assert "Mended: " in told
    assert code == 1  # what a reader said is let be
    assert "answers" not in doctor(capsys, worked)[1]


def test_labels_of_a_class_that_is_gone_are_counted(worked, capsys):
    project = Project.of_images(worked)
    project.classes = ClassSet.of(["polyps", "ulcerative-colitis"])
    project.close()
    code, told = doctor(capsys, worked)
    assert (code, "lacks: esophagitis 2" in told) == (1, True)


def test_files_that_were_moved_within_the_folder_are_found_by_content_and_missing_ones_counted(worked, capsys):
    shutil.move(worked / "polyps" / "frame-0.png", worked / "ulcerative-colitis" / "again.png")
    (worked / "polyps" / "frame-1.png").unlink()
    code, told = doctor(capsys, worked)
    assert code == 1
    assert "2 files are no longer where they were; 1 of them were found again" in told
    assert "1 labelled frames are in no file" in told
    code, told = doctor(capsys, worked, "--mend")
    assert "Mended: 2 files" in told
    assert "no longer where they were" not in doctor(capsys, worked)[1]
    assert labels_in(worked) == 3


def test_pictures_of_frames_that_are_gone_are_counted_and_removed(worked, capsys):
    cache = kept_place(worked) / "cache" / "thumbnails-9"
    kept = put(cache / "ab" / f"{sha256_of(worked / CLASSES[0] / 'frame-0.png')}.jpg", b"1")
    gone = put(cache / "cd" / f"{'c' * 64}.jpg", b"1")
    code, told = doctor(capsys, worked)
    assert (code, "1 small pictures of frames" in told, gone.exists()) == (1, True, True)
    assert doctor(capsys, worked, "--mend")[0] == 0
    assert (kept.exists(), gone.exists()) == (True, False)


def test_a_folder_that_was_renamed_is_missed_and_found_where_it_is(worked, capsys):
    kept = kept_place(worked)
    place = worked.rename(worked.with_name("renamed"))
    code, told = doctor(capsys, kept, "--mend")
    assert (code, "is not there" in told) == (1, True)
    code, told = doctor(capsys, place)
    assert (code, f"--mend would look in {place} from now on, where 6 of 6 files are known" in told) == (1, True)
    assert kept_place(place) is None
    assert doctor(capsys, place, "--mend")[0] == 0
    assert kept_place(place) == kept
    assert doctor(capsys, kept) == (0, "Nothing is wrong.\n")


def test_a_label_on_a_frame_of_another_folder_is_kept(worked, tmp_path, capsys):
    project = Project.of_images(worked)
    other = put(tmp_path / "other.png", png(70))
    from endodesk.app.frames.indexing import index_again
    from endodesk.system.task import TaskContext

    index_again([(0, other)], project.database, TaskContext())
    project.database.corrections.add(Correction(sha256_of(other), "polyps", "Ann", NOON))
    project.close()
    other.unlink()
    code, told = doctor(capsys, worked, "--mend")
    assert (code, "1 labelled frames are in no file" in told, "no longer where" in told) == (1, True, False)
    assert labels_in(worked) == 4
