"""Commands on a folder whose frames another project knows: that one is taken, and said; `--new` begins anew."""

import shutil
from datetime import UTC, datetime

import pytest
from frame_folders import put, sha256_of

from endodesk.app.project.kept_places import user_projects
from endodesk.app.project.project import Project, project_folder
from endodesk.cli.main import run
from endodesk.data.override_store import Override
from endodesk.domain.overrides import Part


@pytest.fixture
def table(tmp_path):
    return put(tmp_path / "labels.csv", b"file,label\npolyps/frame-0.png,esophagitis\npolyps/frame-1.png,esophagitis\n")


@pytest.fixture
def worked(images, table):
    assert run(["label", str(images), str(table), "--reader", "A"]) == 0
    return images


def labels_in(project):
    opened = Project.open(project)
    try:
        return len(opened.database.corrections.current()), opened.source
    finally:
        opened.close()


def test_a_renamed_folder_goes_on_with_its_work_and_says_so(worked, table, capsys):
    kept = project_folder(worked)
    place = worked.rename(worked.with_name("renamed"))
    put(table, b"file,label\nulcerative-colitis/frame-0.png,polyps\n")
    capsys.readouterr()
    assert run(["label", str(place), str(table)]) == 0
    told = capsys.readouterr()
    assert "These 6 frames are known from Fälle 内視鏡 (2 labels)." in told.err
    assert "--new" in told.err
    assert (labels_in(kept), user_projects()) == ((3, place), [kept])
    assert project_folder(place) == kept
    assert run(["label", str(place), str(table)]) == 0
    assert "known from" not in capsys.readouterr().err


def test_begun_anew_it_has_a_project_of_its_own(worked, table, capsys):
    kept = project_folder(worked)
    place = worked.rename(worked.with_name("renamed"))
    put(table, b"file,label\npolyps/frame-0.png,ulcerative-colitis\n")
    capsys.readouterr()
    assert run(["label", str(place), str(table), "--new"]) == 0
    assert "known from" not in capsys.readouterr().err
    assert (labels_in(kept), labels_in(project_folder(place))) == ((2, worked), (1, place))


def test_preprocess_takes_what_was_drawn_there_unless_it_begins_anew(worked, tmp_path):
    project = Project.of_images(worked)
    drawn = Override(Part.BOX, ((0.1, 0.1), (0.3, 0.1), (0.3, 0.3)), "A", datetime.now(UTC), sha256_of(worked / "polyps" / "frame-0.png"))
    project.database.overrides.give([drawn])
    project.close()
    place = worked.rename(worked.with_name("renamed"))
    told = []
    for more in ([], ["--new"]):
        assert run(["preprocess", str(place), "--recipe", "clean", "--out", str(tmp_path / f"out{more}"), *more]) == 0
        told.append("".join(file.read_text("utf-8") for file in (tmp_path / f"out{more}").rglob("steps.json")))
    assert ["by_hand" in text for text in told] == [True, False]


def test_of_a_copy_the_work_counts_and_the_folder_stays_the_first_one(worked, table, tmp_path):
    kept, place = project_folder(worked), tmp_path / "stick" / "copy"
    shutil.copytree(worked, place, copy_function=shutil.copyfile)
    put(table, b"file,label\nulcerative-colitis/frame-0.png,polyps\n")
    assert run(["label", str(place), str(table)]) == 0
    assert labels_in(kept) == (3, worked)


def test_what_is_kept_of_a_renamed_folder_is_listed_and_cleared(worked, capsys):
    kept = project_folder(worked)
    put(kept / "cache" / "features" / "some.npy", b"1234")
    place = worked.rename(worked.with_name("renamed"))
    assert run(["wipe", str(place)]) == 0
    told = capsys.readouterr()
    assert "known from" in told.err
    assert str(kept) in told.out
    assert not (kept / "cache" / "features" / "some.npy").exists()
