"""Where projects are kept: in the account's folder, beside the images or anywhere, and how they are found there again."""

import shutil

import pytest
from frame_folders import CLASSES, put

from endodesk.app.frames.scan import list_images
from endodesk.app.project.kept_places import (
    beside,
    free_place,
    kept_place,
    new_place,
    point_to,
    user_projects,
    wished_place,
)
from endodesk.app.project.own_projects import user_folder
from endodesk.app.project.project import Project, project_folder
from endodesk.system.task import TaskContext


def made(images, at=None):
    project = Project.of_images(images, at=at)
    project.database.settings.set("last_frame", "mine.png")
    project.close()
    return project.folder


def test_in_the_account_s_folder_under_its_name(images):
    assert kept_place(images) is None
    assert made(images) == kept_place(images) == project_folder(images)
    assert kept_place(images).parent == user_folder() / "projects"
    assert user_projects() == [kept_place(images)]


def test_beside_the_images_it_moves_and_is_copied_with_them(images, tmp_path):
    place = wished_place(images, "beside")
    assert made(images, place) == tmp_path / f"{images.name}-endodesk" == kept_place(images)
    assert (wished_place(images, "beside"), wished_place(images, "account")) == (None, None)
    there = tmp_path / "moved" / "both"
    there.mkdir(parents=True)
    shutil.copytree(place, there / place.name)
    images.rename(there / images.name)
    assert kept_place(there / images.name) == there / place.name
    project = Project.open(there / place.name)
    assert (project.source, project.database.settings.get("last_frame")) == (there / images.name, "mine.png")
    project.close()
    assert kept_place(images) is None or not images.exists()


def test_anywhere_it_is_found_by_a_note_in_the_account_s_folder(images, tmp_path):
    parent = tmp_path / "Ablage 内"
    parent.mkdir()
    place = free_place(images, parent)
    assert made(images, place) == kept_place(images) == place
    assert free_place(images, parent).name == f"{images.name}-endodesk-2"
    assert user_projects() == [place]
    shutil.rmtree(place)
    assert (kept_place(images), user_projects()) == (None, [])
    assert made(images) == kept_place(images)  # a note that leads nowhere is no project


def test_a_project_that_goes_on_with_another_folder_is_no_longer_the_one_of_its_first(images, tmp_path):
    kept = made(images)
    other = tmp_path / "other"
    put(other / "1.png", b"-")
    made(other, at=kept)
    assert (kept_place(other), kept_place(images)) == (kept, None)
    assert new_place(images) == kept.with_name(f"{kept.name}-2")
    assert made(images) == kept_place(images) == new_place(images).with_name(f"{kept.name}-2")
    assert kept_place(other) == kept


def test_a_damaged_database_or_a_journal_alone_is_the_folder_s_project_yet(images):
    kept = made(images)
    (kept / "labels.jsonl").touch()
    (kept / "project.sqlite").write_bytes(b"no database" * 100)
    assert kept_place(images) == kept
    (kept / "project.sqlite").unlink()
    assert kept_place(images) == kept


def test_by_a_link_the_project_is_the_same(images, tmp_path):
    kept = made(images)
    (tmp_path / "link").symlink_to(tmp_path)
    assert kept_place(tmp_path / "link" / images.name) == kept
    point_to(tmp_path / "link" / images.name, kept)
    assert len(list((user_folder() / "projects").iterdir())) == 1


@pytest.mark.parametrize("choice", ["beside", "account"])
def test_what_is_a_project_s_own_is_no_frame(images, tmp_path, choice):
    place = made(images, wished_place(images, choice))
    put(place / "cache" / "thumbnails-1" / "a.jpg", b"-")
    put(place / "runs" / "1" / "plot.png", b"-")
    put(beside(images) / "own.png", b"-")  # the user's, wherever it lies
    listing = list_images(tmp_path, TaskContext())
    assert {name.split("/")[-1] for name in listing.names} == {"own.png", *(f"frame-{n}.png" for n in (0, 1))}
    assert len(listing.names) == 2 * len(CLASSES) + 1
