"""`project.endodesk`: left in every project, never over another file; what it opens, and what it refuses."""

import os
from pathlib import Path

import pytest
from frame_folders import png, put

from endodesk.app.project.project import Project
from endodesk.app.project.project_file import JOURNAL_NAME, PROJECT_FILE, place_to_open
from endodesk.domain.errors import BadRequest


@pytest.fixture
def project(tmp_path):
    """The folder of a project, closed."""
    folder = tmp_path / "Studie 研究"
    put(folder / "frames" / "1.png", png(1))
    Project.open(folder).close()
    return folder


def test_a_project_made_or_opened_has_the_file_and_it_opens_the_folder(project):
    file = project / PROJECT_FILE
    first, second = file.read_text(encoding="utf-8").splitlines()
    assert first == "EndoDesk project"
    assert "Open this file with EndoDesk" in second
    assert place_to_open(file) == project
    assert sorted(path.name for path in project.iterdir()) == ["frames", JOURNAL_NAME, PROJECT_FILE, "project.sqlite"]
    file.unlink()
    Project.open(project).close()
    assert place_to_open(file.rename(project / "Studie A.EndoDesk")) == project


@pytest.mark.parametrize("kind", ["file", "folder", "link to nowhere"])
def test_what_has_that_name_already_is_left_alone(tmp_path, kind):
    file = tmp_path / PROJECT_FILE
    if kind == "file":
        file.write_bytes(b"mine")
    elif kind == "folder":
        file.mkdir()
    else:
        file.symlink_to(tmp_path / "gone" / "elsewhere")
    Project.open(tmp_path).close()
    assert (file.is_file() and file.read_bytes()) == (b"mine" if kind == "file" else False)
    assert (file.is_dir(), file.is_symlink()) == (kind == "folder", kind == "link to nowhere")


def test_a_failure_to_write_it_is_not_told(tmp_path, monkeypatch):
    def refused(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refused)
    Project.open(tmp_path).close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [JOURNAL_NAME, "project.sqlite"]


def test_the_project_of_no_folder_has_none(home):
    project = Project.nothing()
    project.close()
    assert not list(home.rglob("*.endodesk"))


def _hostile(project: Path, kind: str) -> Path:
    file = project / "bad.endodesk"
    if kind == "large":
        file.write_bytes(b"EndoDesk project\n" + b"x" * 100_000)
    elif kind == "link":
        file.symlink_to(project / PROJECT_FILE)
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "elsewhere":
        file = put(project.parent / "elsewhere" / "bad.endodesk", f"EndoDesk project\n{project}\n".encode())
    return file


@pytest.mark.skipif(os.name != "posix", reason="links and pipes")
@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("gone", "cannot be opened: no such file"),
        ("large", "is not the file of an EndoDesk project. Open the project's folder instead"),
        ("link", "is not the file of an EndoDesk project"),
        ("pipe", "is not the file of an EndoDesk project"),
        ("elsewhere", "There is no project in"),
    ],
)
def test_what_is_only_named_like_one_is_refused_with_a_sentence(project, kind, sentence):
    with pytest.raises(BadRequest, match=sentence):
        place_to_open(_hostile(project, kind))


def test_whatever_stands_in_it_only_its_place_matters(project):
    (project / PROJECT_FILE).write_bytes(b"\xff\x00/etc/passwd")
    assert place_to_open(project / PROJECT_FILE) == project


def test_folders_and_other_files_are_what_they_are(tmp_path):
    (tmp_path / "cases.endodesk").mkdir()
    for place in (tmp_path, tmp_path / "cases.endodesk", tmp_path / "x.png"):
        assert place_to_open(place) == place


@pytest.mark.parametrize("name", ["x" * 300 + ".endodesk", "a\0b.endodesk"])
def test_names_that_no_file_can_have_are_a_sentence(tmp_path, name):
    with pytest.raises(BadRequest, match="cannot be opened"):
        place_to_open(tmp_path / name)
