"""Frames taken from a film lie in the project, and are found again by their names and paths, by training and by the command line."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from frame_folders import nested_folders, png, put, put_classes
from sessions import settle

from endodesk.app.answers.predicting import open_for_prediction
from endodesk.app.frames.scan import list_images
from endodesk.app.frames.taken_frames import TakenFolder, with_taken
from endodesk.app.project.project import Project
from endodesk.app.retraining.retraining import labelled_files
from endodesk.app.session import Session
from endodesk.domain.errors import BadRequest
from endodesk.imaging.reading.read import read_image
from endodesk.system.task import TaskContext

FRAME = np.random.default_rng(0).integers(0, 256, (64, 80, 3), np.uint8)


@pytest.fixture
def images(tmp_path):
    put_classes(tmp_path / "frames", each=1)
    put(tmp_path / "frames" / "polyps" / "film.mp4", b"film")
    put(tmp_path / "frames" / "film.mp4", b"other film")
    return tmp_path / "frames"


def listed(images, taken):
    return with_taken(list_images(images, TaskContext()), taken, TaskContext())


def test_a_frame_is_written_once_exactly_and_by_its_number(images, tmp_path):
    folder = TakenFolder.of(tmp_path / "taken", images / "polyps" / "film.mp4", images)
    record = folder.keep(12, FRAME)
    assert record.path.name == "000012.png"
    assert np.array_equal(read_image(record.path), FRAME)
    assert folder.keep(12, 255 - FRAME).sha256 == record.sha256
    assert folder.numbers() == {12}
    assert json.loads((folder.folder / "source.json").read_text())["counted_from"] == 1
    folder.drop(12)
    assert folder.numbers() == set()


def test_names_paths_and_cases(images, tmp_path):
    for film in ("polyps/film.mp4", "film.mp4"):
        TakenFolder.of(tmp_path / "taken", images / film, images).keep(3, FRAME)
    found = listed(images, tmp_path / "taken")
    assert [Path(name).as_posix() for name in found.names] == [
        "esophagitis/frame-0.png", "film.mp4/000003.png", "polyps/frame-0.png", "polyps/film.mp4/000003.png",
        "ulcerative-colitis/frame-0.png",
    ]  # fmt: skip
    assert found.films == ("film.mp4", str(Path("polyps/film.mp4")))
    for name, path in zip(found.names, found.files, strict=True):
        assert path.is_file()
        assert found.places.name(str(path)) == name


def test_a_film_replaced_by_another_of_the_same_name_keeps_both_apart(images, tmp_path):
    film = images / "film.mp4"
    TakenFolder.of(tmp_path / "taken", film, images).keep(1, FRAME)
    film.write_bytes(b"a new film")
    TakenFolder.of(tmp_path / "taken", film, images).keep(1, 255 - FRAME)
    found = listed(images, tmp_path / "taken")
    assert len(set(found.names)) == len(found.names) == 5
    assert len({str(path) for path in found.files}) == 5


def test_the_film_may_be_moved_or_gone(images, tmp_path):
    TakenFolder.of(tmp_path / "taken", images / "film.mp4", images).keep(1, FRAME)
    (images / "film.mp4").unlink()
    assert str(Path("film.mp4/000001.png")) in listed(images, tmp_path / "taken").names
    with pytest.raises(BadRequest, match="cannot be read"):
        TakenFolder.of(tmp_path / "taken", images / "film.mp4", images)


@pytest.mark.parametrize(
    "said", ["", "[]", '{"format": 1, "name": "../../x"}', '{"format": 1, "name": "/etc"}', '{"format": 9, "name": "a"}']
)
def test_what_somebody_else_wrote_is_left_alone(images, tmp_path, said):
    folder = TakenFolder.of(tmp_path / "taken", images / "film.mp4", images)
    folder.keep(1, FRAME)
    (folder.folder / "source.json").write_text(said)
    assert listed(images, tmp_path / "taken").names == list_images(images, TaskContext()).names


def test_a_project_within_its_folder_of_frames_lists_each_frame_once(images):
    taken = images / "project" / "taken"
    TakenFolder.of(taken, images / "film.mp4", images).keep(1, FRAME)
    found = listed(images, taken)
    assert sum(name.endswith("000001.png") for name in found.names) == 1
    assert [found.places.name(str(path)) for path in found.files] == list(found.names)


@pytest.mark.slow
def test_training_takes_them_with_the_film_as_their_case(images, qtbot):
    project = Project.of_images(images)
    for number in (1, 2):
        TakenFolder.of(project.taken_folder, images / "polyps" / "film.mp4", images).keep(number, np.roll(FRAME, number, 0))
    session = Session(project)
    session.start()
    settle(qtbot, session)
    files = [file for file, _ in labelled_files(session.workspace.frames, session.workspace.reviews, session.workspace.classes)]
    assert {(file.label, file.case) for file in files if file.path.name.startswith("00000")} == {("polyps", "film.mp4")}
    session.close()


def test_a_folder_of_films_alone_does_not_become_a_class(tmp_path, qtbot):
    put(tmp_path / "frames" / "polyps" / "1.png", png(1))
    film = put(tmp_path / "frames" / "videos" / "film.mp4", b"film")
    project = Project.of_images(tmp_path / "frames")
    before = project.classes
    TakenFolder.of(project.taken_folder, film, tmp_path / "frames").keep(1, FRAME)
    session = Session(project)
    session.start()
    settle(qtbot, session)
    assert len(session.workspace.frames) == 2
    assert session.workspace.classes == project.classes == before
    session.close()


@pytest.mark.slow
def test_the_command_line_answers_them_by_their_names(images, tiny_bundle):
    project = Project.of_images(images)
    TakenFolder.of(project.taken_folder, images / "polyps" / "film.mp4", images).keep(7, read_image(images / "polyps" / "frame-0.png"))
    folder = project.folder
    project.close()
    for named in (folder, images):
        rows = {Path(row.file).as_posix(): row for row in open_for_prediction(named, tiny_bundle, TaskContext()).rows(workers=1)}
        assert rows["polyps/film.mp4/000007.png"].label == "polyps"
        assert rows["polyps/film.mp4/000007.png"].probabilities == rows["polyps/frame-0.png"].probabilities


@pytest.mark.skipif(os.name != "posix", reason="names of 255 bytes")
def test_frames_of_a_film_with_the_longest_name_are_kept_under_it(images, tmp_path):
    name = f"{'内' * 83}ab.mp4"
    (images / name).write_bytes(b"a film")
    TakenFolder.of(tmp_path / "taken", images / name, images).keep(1, FRAME)
    assert f"{name}/000001.png" in listed(images, tmp_path / "taken").names


@pytest.mark.slow
def test_folders_nested_beyond_pythons_recursion_hide_no_frame(images, tmp_path):
    with nested_folders(1500) as taken:
        TakenFolder.of(taken, images / "polyps" / "film.mp4", images).keep(3, FRAME)
        assert [name for name in listed(images, taken).names if name.endswith("000003.png")] == ["polyps/film.mp4/000003.png"]
