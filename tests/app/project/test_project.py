import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from frame_folders import everything_in, png, put, put_classes

from endodesk.app.project.project import Project, project_folder
from endodesk.domain.errors import BadProject
from endodesk.domain.presets import FIRST_CLASSES


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "Fälle 内視鏡"
    put_classes(folder, each=1)
    return folder


def test_the_project_of_plain_images_is_in_the_users_data_folder(images, home):
    before = everything_in(images)
    project = Project.of_images(images)
    assert project.folder.is_relative_to(home / "data" / "endodesk")
    assert images.name in project.folder.name
    assert project.source == images
    project.close()
    assert everything_in(images) == before


def test_two_folders_of_one_name_have_two_projects(tmp_path):
    assert project_folder(tmp_path / "a" / "frames") != project_folder(tmp_path / "b" / "frames")


def test_a_folder_is_known_again_by_another_way_to_it(images, tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(images)
    monkeypatch.chdir(images)
    assert project_folder(images) == project_folder(Path()) == project_folder(images / ".." / images.name)


def test_a_relative_source_moves_with_the_project(tmp_path):
    put(tmp_path / "demo" / "frames" / "1.png", png(1))
    project = Project.open(tmp_path / "demo")
    project.database.settings.set("source", "frames")
    project.close()
    (tmp_path / "demo").rename(tmp_path / "moved")
    project = Project.of_images(tmp_path / "moved")
    assert project.folder == tmp_path / "moved"
    assert project.source == tmp_path / "moved" / "frames"
    project.close()


def test_a_second_window_is_told_and_a_command_is_let_in(images):
    first = Project.of_images(images)
    with pytest.raises(BadProject, match=r"is open in another EndoDesk window\. Close that one first"):
        Project.of_images(images)
    Project.of_images(images, alone=False).close()
    first.close()
    Project.of_images(images).close()


DIES_WITH_THE_LOCK = """
import os, signal, sys
from pathlib import Path
from endodesk.app.project.project import Project
project = Project.of_images(Path(sys.argv[1]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_the_lock_of_a_program_that_died_is_taken_over(images):
    child = subprocess.run([sys.executable, "-c", DIES_WITH_THE_LOCK, str(images)], check=False)
    assert child.returncode == -signal.SIGKILL
    assert (project_folder(images) / "window.lock").exists()
    Project.of_images(images).close()


def test_a_place_that_cannot_be_a_folder_is_told(tmp_path):
    put(tmp_path / "file", b"")
    with pytest.raises(BadProject, match="cannot be made"):
        Project.open(tmp_path / "file" / "project")


def test_a_damaged_project_is_told_and_its_lock_let_go(images):
    put(project_folder(images) / "project.sqlite", b"this is no database" * 100)
    for _ in range(2):
        with pytest.raises(BadProject, match="damaged or is not an EndoDesk project"):
            Project.of_images(images)


def test_any_number_of_windows_may_have_no_folder():
    first, second = Project.nothing(), Project.nothing()
    assert first.source is None is second.source
    first.close()
    second.close()


@pytest.mark.parametrize(
    ("folders", "classes"),
    [
        (["polyps", "esophagitis"], ("esophagitis", "polyps")),
        (["normal", "adenoma", "polyps"], ("adenoma", "normal", "polyps")),
        (["case-01", "case-02", "case-03"], tuple(FIRST_CLASSES)),  # cases are no classes
        (["polyps", "normal", "Un-labelled", "unknown", "sin etiqueta"], ("normal", "polyps")),  # these say that there is no label yet
        (["polyps"], tuple(FIRST_CLASSES)),  # one is no choice
        (["polyps", "..odd"], tuple(FIRST_CLASSES)),  # not fit for a name: the reader will choose
        ([], tuple(FIRST_CLASSES)),
    ],
)
def test_class_folders_suggest_classes_and_case_folders_do_not(tmp_path, folders, classes):
    project = Project.open(tmp_path / "p")
    project.suggest_classes(folders)
    assert tuple(project.classes) == classes
    project.suggest_classes(["normal", "dyed-lifted-polyps"])  # only the first word counts
    assert tuple(project.classes) == (classes if classes != tuple(FIRST_CLASSES) else ("dyed-lifted-polyps", "normal"))
    project.close()
