"""What is kept of frames: measured, cleared, swept; and never labels, models or the user's images."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from frame_folders import everything_in, png, put
from sessions import settle, use_bundle

import resources
from endodesk.app.project.project import Project
from endodesk.app.project.stored_pictures import KINDS, MADE_AGAIN, StoredSize, clear_stored, measure_stored, shown_size
from endodesk.app.session import Session
from endodesk.app.user_places import log_file
from endodesk.cli.main import run
from endodesk.domain.errors import Cancelled, EndoDeskError
from endodesk.domain.images import Sha256
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.thumbnail_store import ThumbnailStore
from endodesk.system.task import TaskContext

STARTER = Path(resources.__file__).parent / "models" / "starter"
FILES = {
    "thumbnails": ("cache/thumbnails-3/ab/x.jpg", "cache/thumbnails/cd/y.jpg"),
    "prepared": ("cache/preprocessed/0123/x.rgb", "runs/1/cache/0123/y.rgb"),
    "features": ("cache/features/1.names", "cache/features/1.features"),
    "reports": ("runs/1/report.html", "runs/1/mistakes.png"),
    "taken": ("taken/film/source.json", "taken/film/000001.png"),
    "backups": ("backups/2026-11-30T12-00-00-000000Z.sqlite",),
    "logs": ("runs/1/run.log",),
}
KEPT = (
    "models/a/bundle.json", "runs/1/metrics.json", "runs/1/manifest.csv", "runs/1/bundle/backbone.tflite", "runs/1/checkpoints/last.npz",
    "project.sqlite", "project.0003.backup.sqlite", "project.endodesk", "frames/polyps/1.png",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    for name in (*KEPT, *(name for names in FILES.values() for name in names)):
        put(tmp_path / "project" / name, b"12345")
    return tmp_path / "project"


def there(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_each_kind_is_measured_by_itself(folder):
    put(log_file(), b"123")
    sizes = measure_stored(folder, TaskContext())
    assert sizes == {**{key: StoredSize(len(names), 5 * len(names)) for key, names in FILES.items()}, "logs": StoredSize(2, 8)}
    assert shown_size(StoredSize(1234, 5_600_000)) == "1,234 files, 5.6 MB"
    assert shown_size(StoredSize(0, 0)) == "0 files, 0 B"


@pytest.mark.parametrize("key", FILES)
def test_what_is_asked_for_is_cleared_and_nothing_else(folder, key):
    before = there(folder)
    assert clear_stored(folder, {key}, TaskContext()).files == len(FILES[key])
    assert there(folder) == before - set(FILES[key])


def test_what_is_made_again_goes_and_the_rest_stays_unless_it_is_ticked(folder):
    assert {"thumbnails", "prepared", "features"} == MADE_AGAIN
    clear_stored(folder, [kind.key for kind in KINDS], TaskContext())
    assert there(folder) == set(KEPT)


def test_the_log_that_is_being_written_is_emptied(folder):
    put(log_file(), b"123")
    put(log_file().with_name("endodesk.log.1"), b"123")
    clear_stored(folder, {"logs"}, TaskContext())
    assert log_file().read_bytes() == b""
    assert not log_file().with_name("endodesk.log.1").exists()


def test_no_link_is_followed(folder, tmp_path):
    outside = put(tmp_path / "outside" / "1.jpg", b"x")
    (folder / "cache" / "thumbnails-9").symlink_to(outside.parent)
    (folder / "cache" / "features" / "2.features").symlink_to(outside)
    clear_stored(folder, MADE_AGAIN, TaskContext())
    assert outside.read_bytes() == b"x"
    assert not (folder / "cache" / "features" / "2.features").is_symlink()


def test_what_cannot_be_removed_is_told_and_the_rest_is_gone(folder, monkeypatch):
    unlink = Path.unlink

    def held(path, **how):
        if path.name == "x.jpg":
            raise PermissionError(13, "Permission denied")
        unlink(path, **how)

    monkeypatch.setattr(Path, "unlink", held)
    with pytest.raises(EndoDeskError, match=r"1 file could not be removed .x.jpg: permission denied.; the others are gone"):
        clear_stored(folder, {"thumbnails"}, TaskContext())
    assert not (folder / FILES["thumbnails"][1]).exists()


def test_clearing_can_be_cancelled(folder):
    task = TaskContext()
    task.cancel()
    with pytest.raises(Cancelled):
        clear_stored(folder, MADE_AGAIN, task)
    with pytest.raises(Cancelled):
        measure_stored(folder, task)


# --- in a session -----------------------------------------------------------------------------------------------------


def opened(images, qtbot, *, keeps=True):
    session = Session(Project.of_images(images))
    session.keep_pictures(keeps)
    session.start()
    settle(qtbot, session)
    return session


def fetch_thumbnails(session, qtbot):
    for row in range(len(session.workspace.frames)):
        session.thumbnails.get(session.workspace.frames.path(row))
    qtbot.waitUntil(lambda: session.thumbnails.idle)


def thumbnails_of(project):
    return {Sha256(path.stem) for path in (project.cache_folder).glob("thumbnails-*/*/*.jpg")}


def test_pictures_of_frames_that_are_gone_go_at_the_next_opening(images, qtbot):
    session = opened(images, qtbot)
    fetch_thumbnails(session, qtbot)
    contents = {sha256_bytes(path.read_bytes()) for path in images.rglob("*.png")}
    assert thumbnails_of(session.project) == contents
    for image in contents:
        put(session.project.cache_folder / "preprocessed" / "0123" / f"{image}.rgb", b"x")
    session.close()
    gone = sorted(images.rglob("*.png"))[0]
    left = contents - {sha256_bytes(gone.read_bytes())}
    gone.unlink()
    session = opened(images, qtbot)
    qtbot.waitUntil(lambda: session.jobs.idle and thumbnails_of(session.project) == left)
    assert {path.stem for path in session.project.cache_folder.rglob("*.rgb")} == left
    session.close()


def test_nothing_is_swept_where_a_folder_could_not_be_read(images, qtbot, monkeypatch):
    session = opened(images, qtbot)
    fetch_thumbnails(session, qtbot)
    before = thumbnails_of(session.project)
    session.close()
    listing = Session._listed
    monkeypatch.setattr(Session, "_listed", lambda self, frames, found: listing(self, frames, replace(found, closed=(images,))))
    sorted(images.rglob("*.png"))[0].unlink()
    session = opened(images, qtbot)
    qtbot.wait(50)
    settle(qtbot, session)
    assert thumbnails_of(session.project) == before
    session.close()


def answered(session, qtbot):
    qtbot.waitUntil(lambda: session.answers.progress.answered == len(session.workspace.frames), timeout=30_000)
    settle(qtbot, session)


@pytest.mark.slow
def test_without_keeping_pictures_nothing_of_a_frame_comes_to_the_disk_and_what_was_there_goes(images, qtbot, starter):
    shutil.copytree(STARTER, starter)
    before = everything_in(images)
    session = opened(images, qtbot)
    use_bundle(session, starter)
    answered(session, qtbot)
    fetch_thumbnails(session, qtbot)
    kept = measure_stored(session.project.folder, TaskContext())
    assert min(kept["thumbnails"].files, kept["features"].files) > 0
    session.keep_pictures(False)
    qtbot.waitUntil(lambda: len(session.answers.features or ()) == len(session.workspace.frames), timeout=30_000)  # in memory
    session.close()
    session = opened(images, qtbot, keeps=False)
    answered(session, qtbot)
    fetch_thumbnails(session, qtbot)
    kept = measure_stored(session.project.folder, TaskContext())
    assert {kept[key].files for key in MADE_AGAIN} == {0}
    session.close()
    assert everything_in(images) == before


@pytest.mark.slow
def test_features_cleared_under_a_working_model_are_made_again(images, qtbot, starter):
    shutil.copytree(STARTER, starter)
    session = opened(images, qtbot)
    use_bundle(session, starter)
    answered(session, qtbot)
    clear_stored(session.project.folder, MADE_AGAIN, TaskContext())
    extra = put(images / "polyps" / "new.png", png(500))
    session.list_folder()
    settle(qtbot, session)
    answered(session, qtbot)
    assert sha256_bytes(extra.read_bytes()) in session.answers.features
    session.close()
    session = opened(images, qtbot)
    answered(session, qtbot)
    qtbot.waitUntil(lambda: len(session.answers.features or ()) == len(session.workspace.frames), timeout=30_000)
    session.close()


# --- the command ------------------------------------------------------------------------------------------------------


def test_wipe_clears_and_says_what_stays(images, capsys):
    project = Project.of_images(images)
    ThumbnailStore(project.cache_folder).get(next(images.rglob("*.png")))
    put(project.taken_folder / "film" / "000001.png", png(1))
    before = everything_in(images)
    assert run(["wipe", str(images)]) == 2
    assert "is open in another EndoDesk window" in capsys.readouterr().err
    project.close()
    assert run(["wipe", str(images), "--list"]) == 0
    assert "Thumbnails: 1 file," in capsys.readouterr().out
    assert run(["wipe", str(images)]) == 0
    told = capsys.readouterr().out
    assert "Frames taken from videos: 1 file," in told
    assert "(kept; add --taken)" in told
    assert "Cleared: 1 file," in told
    assert thumbnails_of(project) == set()
    assert run(["wipe", str(project.folder / "project.endodesk"), "--taken"]) == 0
    assert there(project.taken_folder) == set()
    assert everything_in(images) == before
    with_labels = Project.of_images(images)
    with_labels.close()


def test_wipe_of_a_place_without_a_project_makes_none(images, capsys, home):
    assert run(["wipe", str(images)]) == 2
    assert "There is no project for" in capsys.readouterr().err
    assert not (home / "data").exists()


def test_wipe_works_on_a_project_that_cannot_be_opened(images):
    project = Project.of_images(images)
    ThumbnailStore(project.cache_folder).get(next(images.rglob("*.png")))
    project.close()
    (project.folder / "project.sqlite").write_bytes(b"damaged")
    assert run(["wipe", str(images)]) == 0
    assert thumbnails_of(project) == set()
