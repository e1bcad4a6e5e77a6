"""Files and folders that appear whole or not at all, whatever goes wrong; and that nothing is written in any other way."""

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from frame_folders import everything_in, put
from hypothesis import given
from hypothesis import strategies as st

from endodesk.app.frames.scan import list_images
from endodesk.domain.errors import BadRequest
from endodesk.system import atomic
from endodesk.system.atomic import folder_asked_for, whole_file, whole_folder, write_file, write_files
from endodesk.system.task import TaskContext

ROOT = Path(__file__).parents[2]
OLD, NEW = b"old", b"new and longer"


def _file(place: Path) -> None:
    write_file(place / "frame.png", NEW)


def _files(place: Path) -> None:
    write_files(place, {"frame.png": NEW, "other.txt": NEW}, gone=["gone.txt"])


def _new_folder(place: Path) -> None:
    with whole_folder(place / "new folder") as beside:
        put(beside / "frame.png", NEW)
        put(beside / "deep" / "er" / "frame.png", NEW)


def _new_files(place: Path) -> None:
    write_files(place / "new folder", {"frame.png": NEW, "other.txt": NEW})


def _folder_over(place: Path) -> None:
    with whole_folder(place / "folder", over=True) as beside:
        put(beside / "frame.png", NEW)


WAYS = (_file, _files, _new_folder, _new_files, _folder_over)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("frame.png", "other.txt", "gone.txt", "folder/frame.png", "folder/kept/x.png"):
        put(tmp_path / "place" / name, OLD)
    return tmp_path / "place"


def _fails(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


# --- whole, or not at all ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", WAYS)
def test_what_goes_well_is_there_and_nothing_else_is(place: Path, write: Callable[[Path], None]) -> None:
    write(place)
    assert not list(place.rglob(".*"))
    written = [path for path in place.rglob("*") if path.is_file() and path.read_bytes() == NEW]
    assert len(written) == {_file: 1, _files: 2, _new_folder: 2, _new_files: 2, _folder_over: 1}[write]
    assert (place / "gone.txt").exists() == (write is not _files)
    assert (place / "folder" / "kept").exists() == (write is not _folder_over)


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize("lacking", ["fsync", "replace", "rename", "mkdir", "write_bytes"])
def test_a_full_disk_leaves_what_was_there(
    place: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None], lacking: str
) -> None:
    before = everything_in(place)
    needed = {"fsync": WAYS, "replace": (_file, _files), "rename": (_new_folder, _new_files, _folder_over)}
    needed |= {"mkdir": set(WAYS) - {_file}, "write_bytes": WAYS}
    if write not in needed[lacking]:
        return
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):  # noqa: PT012
        patch.setattr(os if lacking == "fsync" else Path, lacking, _fails)
        write(place)
    assert everything_in(place) == before


@pytest.mark.slow
@given(
    names=st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), unique=True, min_size=1),
    there=st.sets(st.sampled_from("abcde")),
    at=st.integers(0, 4),
)
def test_of_several_files_none_is_new_if_one_cannot_be_put_in_place(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], there: set[str], at: int
) -> None:
    """As on Windows, where another program may hold one of them."""
    place = tmp_path_factory.mktemp("several")
    for name in there:
        put(place / name, OLD)
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    held, replace = names[at % len(names)], Path.replace

    def refusing(self: Path, target: Path) -> Path:
        if target == place / held and self.read_bytes() == NEW:
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(PermissionError):  # noqa: PT012
        patch.setattr(Path, "replace", refusing)
        write_files(place, dict.fromkeys(names, NEW), gone=there)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), ValueError("ours"), KeyboardInterrupt()])
@pytest.mark.parametrize("written", [False, True])
def test_an_exception_within_leaves_what_was_there_and_goes_on(place: Path, error: BaseException, *, written: bool) -> None:
    before = everything_in(place)
    for whole in (whole_file(place / "frame.png"), whole_folder(place / "folder", over=True), whole_folder(place / "new")):
        with pytest.raises(type(error)), whole as beside:  # noqa: PT012
            if written:
                put(beside / "x" if beside.is_dir() else beside, NEW)
            raise error
    assert everything_in(place) == before


def test_nothing_was_written_to_the_name_that_was_given(place: Path) -> None:
    with pytest.raises(FileNotFoundError), whole_file(place / "frame.png"):
        pass
    assert (place / "frame.png").read_bytes() == OLD


KILLED = """
import os, sys
from pathlib import Path
sys.path[:0] = {path!r}
import test_atomic
setattr({owner}, {name!r}, lambda *_: os._exit(9))
getattr(test_atomic, {write!r})(Path({place!r}))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owner", "name", "write"),
    [
        *(("os", "fsync", write) for write in WAYS),
        *(("Path", "replace", write) for write in (_file, _files)),
        *(("Path", "rename", write) for write in (_new_folder, _new_files, _folder_over)),
        *(("test_atomic.atomic", "_flush_folders", write) for write in WAYS),
    ],
)
def test_a_process_that_is_killed_leaves_the_old_or_the_new(place: Path, owner: str, name: str, write: Callable[[Path], None]) -> None:
    """Between writing and renaming, and after it. What is left beside is hidden, and never listed as a frame."""
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    path = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]
    code = KILLED.format(path=path, owner=owner, name=name, write=write.__name__, place=str(place))
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    shown = {path: path.read_bytes() for path in place.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(place))}
    if name != "_flush_folders":
        assert shown == before
    assert set(list_images(place, TaskContext()).files) == {path for path in shown if path.suffix == ".png"}
    assert set(shown.values()) <= {OLD, NEW}


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


# --- where it goes ----------------------------------------------------------------------------------------------------


def test_a_new_folder_takes_the_place_of_an_empty_one_but_not_of_what_is_there(place: Path) -> None:
    (place / "empty").mkdir()
    for name in ("empty", "not/there/yet"):
        with whole_folder(place / name) as beside:
            put(beside / "x", NEW)
        assert (place / name / "x").read_bytes() == NEW
    before = everything_in(place)
    for name in ("folder", "frame.png"):
        with pytest.raises(OSError, match=r"."), whole_folder(place / name) as beside:
            put(beside / "x", NEW)
    assert everything_in(place) == before


def test_a_link_to_a_folder_stays_and_a_link_to_a_file_is_replaced(place: Path) -> None:
    (place / "link").symlink_to(place / "folder", target_is_directory=True)
    (place / "link.png").symlink_to(place / "frame.png")
    with whole_folder(place / "link", over=True) as beside:
        put(beside / "x", NEW)
    assert (place / "link").is_symlink()
    assert [path.name for path in (place / "folder").iterdir()] == ["x"]
    write_file(place / "link.png", NEW)
    write_files(place, {"link.png": NEW})
    assert (place / "frame.png").read_bytes() == OLD, "a frame that a link points to is never changed"
    assert not (place / "link.png").is_symlink()


def test_the_longest_name_and_one_that_is_no_text_can_be_written(tmp_path: Path) -> None:
    for name in ("x" * 251 + ".png", os.fsdecode(b"caf\xe9.png"), "ä" * 120):
        write_file(tmp_path / name, NEW)
        assert (tmp_path / name).read_bytes() == NEW


def test_what_may_only_be_read_can_be_part_of_a_folder(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "out") as beside:
        put(beside / "x", NEW).chmod(0o400)
    assert (tmp_path / "out" / "x").read_bytes() == NEW


def test_the_sentence_for_who_named_the_folder(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _fails)
    sentence = r"^The split cannot be written to .*new: no space left on device \(.*new\)\.$"
    with pytest.raises(BadRequest, match=sentence), folder_asked_for(place / "new", "The split") as beside:
        put(beside / "x", NEW)


# --- flushed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", WAYS)
def test_every_file_is_flushed_before_anything_is_renamed_and_its_folder_after(
    place: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None]
) -> None:
    done: list[str] = []
    flush, folders = atomic._flush, atomic._flush_folders
    replace, rename = Path.replace, Path.rename
    monkeypatch.setattr(atomic, "_flush", lambda path: (done.append("folder" if path.is_dir() else "file"), flush(path))[1])
    monkeypatch.setattr(atomic, "_flush_folders", lambda paths: (done.append("folders"), folders(paths))[1])
    monkeypatch.setattr(Path, "replace", lambda self, to: (done.append("rename"), replace(self, to))[1])
    monkeypatch.setattr(Path, "rename", lambda self, to: (done.append("rename"), rename(self, to))[1])
    write(place)
    first, last = done.index("rename"), len(done) - done[::-1].index("rename")
    assert "file" in done[:first]
    assert "file" not in done[first:]
    assert ("folder" in done[last:]) == (os.name != "nt")


def test_a_cache_may_do_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _fails)
    write_file(tmp_path / "a", NEW, durable=False)
    assert (tmp_path / "a").read_bytes() == NEW


def test_a_folder_that_the_system_cannot_flush_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network disks."""
    fsync = os.fsync

    def files_only(descriptor: int) -> None:
        if not Path(f"/proc/self/fd/{descriptor}").is_file():
            raise OSError(22, "Invalid argument")
        fsync(descriptor)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not tell what a descriptor is of")
    monkeypatch.setattr(os, "fsync", files_only)
    write_file(tmp_path / "a", NEW)
    assert (tmp_path / "a").read_bytes() == NEW


# --- the one way ------------------------------------------------------------------------------------------------------


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))


def _moves_files(call: ast.Call) -> bool:
    """`path.rename(target)`, `path.replace(target)` (a text's has two arguments, a date's has names), os.replace, shutil.move, fsync."""
    if not isinstance(call.func, ast.Attribute):
        return isinstance(call.func, ast.Name) and call.func.id in ("fsync", "move")
    owner, name = call.func.value, call.func.attr
    of_module = isinstance(owner, ast.Name) and owner.id in ("os", "shutil")
    if name in ("fsync", "fdatasync", "renames") or (of_module and name in ("replace", "rename", "move")):
        return True
    return name in ("rename", "replace") and len(call.args) == 1 and not call.keywords


@pytest.mark.slow
def test_nothing_else_moves_or_flushes_files() -> None:
    sources = [path for room in ("endodesk", "training") for path in (ROOT / room).rglob("*.py")]
    assert len(sources) > 200
    found = {path.relative_to(ROOT).as_posix() for path in sources if any(map(_moves_files, _calls(path)))}
    assert found == {"endodesk/system/atomic.py"}


@pytest.mark.parametrize(
    ("line", "moves"),
    [
        ("beside.rename(path)", True), ("a.b.replace(c)", True), ("os.replace(a, b)", True), ("os.rename(a, b)", True),
        ("shutil.move(a, b)", True), ("os.fsync(1)", True), ("text.replace('a', 'b')", False), ("now.replace(microsecond=0)", False),
        ("replace(row, part='x')", False), ("text.replace('a', 'b', 1)", False),
    ],
)  # fmt: skip
def test_what_counts_as_moving(tmp_path: Path, line: str, moves: bool) -> None:
    assert any(map(_moves_files, _calls(put(tmp_path / "x.py", line.encode())))) == moves
