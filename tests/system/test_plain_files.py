"""The one door to read a file by: what is no plain file is never opened, and nobody keeps us waiting."""

import ast
import os
import socket
import threading
from pathlib import Path

import pytest
from frame_folders import png

from endodesk.app.frames.taken_frames import TakenFolder
from endodesk.domain.errors import BadBundle, BadRequest, EndoDeskError, UnreadableImage
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.reading.films import is_dicom_file, open_film
from endodesk.imaging.reading.read import read_bytes
from endodesk.inference.bundle import read_bundle
from endodesk.system import plain_files
from endodesk.system.plain_files import append_to_plain, open_plain, plain_bytes
from endodesk.system.text_files import read_text_file

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
FOUND = "it is a pipe, a socket or a device, not a file"
OWN = {
    "system/plain_files.py": "the door itself",
    "system/cpu.py": "/proc/cpuinfo",
    "system/held_file.py": "reads nothing: it holds its own empty file",
    "system/atomic.py": "opens what it has written, to flush it",
    "inference/trial.py": "its own stdin, and /proc/self/statm",
    "evaluation/report_words.py": "the program's own style sheet",
    "widgets/icons.py": "the program's own pictures",
    "plan/checkpoint.py": "numpy reads from a file that the door has opened",
}
"""Files of the sources that open a file to read past the door, and which."""


def special(folder: Path, kind: str) -> Path:
    place = folder / "special.mp4"
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "socket":
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(os.path.relpath(place))
        listening.close()
    elif kind == "device":
        place.symlink_to("/dev/zero")
    else:
        os.mkfifo(folder / "pipe")
        place.symlink_to(folder / "pipe")
    return place


KINDS = ["pipe", "socket", "device", "link to a pipe"]


@posix
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_plain_file_is_never_opened(tmp_path, kind, monkeypatch):
    place = special(tmp_path, kind)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(OSError, match="not a file"):
        open_plain(place)


@posix
@pytest.mark.parametrize("kind", KINDS)
def test_every_reader_says_so_in_a_sentence(tmp_path, kind):
    place = special(tmp_path, kind)
    for read, error in (
        (read_bytes, UnreadableImage),
        (open_film, UnreadableImage),
        (lambda path: read_text_file(path, 1000), BadRequest),
        (lambda path: TakenFolder.of(tmp_path / "taken", path, tmp_path), BadRequest),
    ):
        with pytest.raises(error, match=FOUND):
            read(place)
    with pytest.raises(OSError, match=FOUND):
        sha256_file(place)
    assert is_dicom_file(place) is False


@posix
def test_a_bundle_of_pipes_is_no_model(tmp_path):
    os.mkfifo(tmp_path / "bundle.json")
    with pytest.raises(BadBundle):
        read_bundle(tmp_path)


@posix
def test_a_file_exchanged_for_a_pipe_between_look_and_opening_does_not_wait(tmp_path, monkeypatch):
    place, looked_at = tmp_path / "a.png", plain_files._refuse_special
    place.write_bytes(png(1))

    def exchanged(path, found):
        looked_at(path, found)
        if place.is_file():
            place.unlink()
            os.mkfifo(place)

    monkeypatch.setattr(plain_files, "_refuse_special", exchanged)
    with pytest.raises(OSError, match=FOUND):
        open_plain(place)


@posix
def test_a_film_exchanged_for_a_pipe_after_the_look_at_its_kind_does_not_wait(tmp_path, monkeypatch):
    from endodesk.imaging.reading import video_stream

    place = tmp_path / "a.mp4"

    def kind_of(path):
        os.mkfifo(place)
        return "mov"

    monkeypatch.setattr(video_stream, "kind_of", kind_of)
    ended = threading.Event()

    def opened():
        with pytest.raises(EndoDeskError):
            video_stream.VideoStream(place)
        ended.set()

    threading.Thread(target=opened, daemon=True).start()
    assert ended.wait(10)


@posix
def test_a_log_or_journal_that_is_a_pipe_is_not_written_to(tmp_path):
    os.mkfifo(tmp_path / "run.log")
    with pytest.raises(OSError):  # noqa: PT011  # without a reader the system says so, with one the door
        append_to_plain(tmp_path / "run.log")
    reader = os.open(tmp_path / "run.log", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(OSError, match=FOUND):
        append_to_plain(tmp_path / "run.log")
    os.close(reader)
    for word in (b"a", b"b"):
        descriptor = append_to_plain(tmp_path / "other")
        os.write(descriptor, word)
        os.close(descriptor)
    assert (tmp_path / "other").read_bytes() == b"ab"


def test_a_plain_file_and_a_link_to_one_are_read(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert plain_bytes(tmp_path / "a") == plain_bytes(str(tmp_path / "b")) == b"abc"
    with pytest.raises(IsADirectoryError):
        open_plain(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_plain(tmp_path / "c")
    with pytest.raises(ValueError, match="null"):
        open_plain("a\0b")


def reads_past_the_door(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if called in ("read_bytes", "read_text") and isinstance(node.func, ast.Attribute) and not node.keywords:
            return True
        if called == "open" and modes and modes[0] in ("r", "rb", "rt"):
            return True
        whole = ast.unparse(node.func)
        if whole in ("os.open", "np.load", "open", "Image.open", "io.open", "cv2.imread") and "BytesIO" not in ast.unparse(node):
            return True
    return False


@pytest.mark.slow
def test_nobody_else_opens_a_file_to_read():
    sources = [path for room in ("endodesk", "training") for path in sorted((ROOT / room).rglob("*.py"))]
    found = {f"{path.parent.name}/{path.name}" for path in sources if reads_past_the_door(path)}
    assert found == set(OWN)
