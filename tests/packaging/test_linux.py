"""What a Linux desktop is told of the program; nothing is built for it."""

import configparser
import ctypes
import gzip
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import typer

from endodesk import __version__
from endodesk.cli.main import app

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "packaging"
LINUX = FOLDER / "linux"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


@pytest.fixture(autouse=True)
def _found(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))


@pytest.fixture
def built(tmp_path):
    """A folder as build.sh leaves it: one program under two names, a library, a link."""
    folder = tmp_path / "EndoDesk"
    (folder / "_internal").mkdir(parents=True)
    (folder / "EndoDesk").write_text("program")
    (folder / "EndoDesk").chmod(0o700)
    (folder / "endodesk-worker").hardlink_to(folder / "EndoDesk")
    (folder / "_internal" / "ä library.so").write_text("code")
    (folder / "_internal" / "library.so.1").symlink_to("ä library.so")
    return folder


def desktop():
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(LINUX / "endodesk.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def file_type():
    (found,) = ET.parse(LINUX / "endodesk.xml").getroot().findall(f"{MIME}mime-type")  # noqa: S314
    return found


def test_the_menu_entry_has_what_desktops_ask_for():
    entry = desktop()
    assert entry["Type"] == "Application"
    assert entry["Exec"] == "endodesk %f"
    for key in ("MimeType", "Categories", "Keywords"):
        assert entry[key].endswith(";"), key
    assert not [key for key in entry if not re.fullmatch(r"[A-Za-z]+(\[es\])?", key)]


def test_the_menu_entry_opens_the_type_that_is_declared():
    assert desktop()["MimeType"] == file_type().get("type") + ";"


def test_project_files_are_known_by_name_and_by_first_line():
    assert file_type().find(f"{MIME}glob").get("pattern") == "*.endodesk"
    match = file_type().find(f"{MIME}magic/{MIME}match")
    assert (match.get("type"), match.get("offset"), match.get("value")) == ("string", "0", "EndoDesk project")


def test_the_manual_has_every_command_and_no_other():
    commands = typer.main.get_command(app).commands
    page = (LINUX / "endodesk.1").read_text("utf-8")
    told = page[page.index(".SH COMMANDS") : page.index(".SH OPTIONS")]
    assert set(re.findall(r"\.TP\n\.B (\S+)", told)) == set(commands)


def test_a_package_is_laid_out_for_everyone_to_read(built, tmp_path):
    import make_deb

    tree = tmp_path / "tree"
    make_deb.lay_out(tree, built, "reviewer", 1_700_000_000)
    assert (tree / "usr" / "bin" / "endodesk").readlink() == Path("/opt/endodesk/EndoDesk")
    program, worker = tree / "opt" / "endodesk" / "EndoDesk", tree / "opt" / "endodesk" / "endodesk-worker"
    assert program.samefile(worker)
    assert program.stat().st_mode & 0o777 == 0o755
    page = tree / "usr" / "share" / "man" / "man1" / "endodesk.1.gz"
    assert f"EndoDesk {__version__}" in gzip.decompress(page.read_bytes()).decode()
    assert {path.lstat().st_mtime for path in tree.rglob("*")} == {1_700_000_000}
    assert not [path for path in tree.rglob("*") if path.lstat().st_mode & 0o022 and not path.is_symlink()]


@pytest.mark.parametrize("edition", ["reviewer", "full"])
def test_the_fields_of_a_package(edition):
    import make_deb

    fields = dict(line.split(": ", 1) for line in make_deb.control(edition, 7).splitlines() if not line.startswith(" "))
    assert fields["Package"] == f"endodesk-{edition}"
    assert fields["Version"] == __version__
    assert fields["Installed-Size"] == "7"
    assert fields["Conflicts"] == {"reviewer": "endodesk-full", "full": "endodesk-reviewer"}[edition]
    libraries = (FOLDER / "system_libraries.sh").read_text("utf-8")
    for package in re.findall(r"^ *need \S+ (\S+)", libraries, re.MULTILINE):
        assert package in re.split(r"[ ,|]+", fields["Depends"]), package


def test_what_runs_after_installing_is_a_shell_script_that_never_fails_for_want_of_a_desktop(tmp_path):
    script = LINUX / "refresh.sh"
    for word in ("configure", "remove", "purge", "abort-upgrade"):
        ended = subprocess.run(["/bin/sh", script, word], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stderr) == (0, ""), word


def test_an_archive_of_the_same_files_is_the_same(built, tmp_path):
    import make_tar

    first, second = tmp_path / "first.tar.gz", tmp_path / "second.tar.gz"
    make_tar.pack(built, first, "endodesk-1", "Read me.\n", 1_700_000_000)
    for path in built.rglob("*"):
        path.touch()
    make_tar.pack(built, second, "endodesk-1", "Read me.\n", 1_700_000_000)
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as tar:
        entries = {entry.name: entry for entry in tar}
    assert {name.split("/")[0] for name in entries} == {"endodesk-1"}
    assert entries["endodesk-1/endodesk-worker"].islnk()
    assert entries["endodesk-1/_internal/library.so.1"].issym()
    assert {(entry.uid, entry.uname, entry.mtime) for entry in entries.values()} == {(0, "root", 1_700_000_000)}
    assert entries["endodesk-1/EndoDesk"].mode == 0o755


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/Qt/translations/qtbase_es.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("libgtk-3.so.0", False),
        ("sklearn/datasets/data/iris.csv", False),
        ("sklearn/datasets/_svmlight_format_fast.cpython-311-x86_64-linux-gnu.so", True),
        ("matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf", True),
        ("tensorflow/compiler/mlir/stablehlo/stablehlo_extension.so", False),
        ("tensorflow/libtensorflow_cc.so.2", True),
        ("imagecodecs/_jpeg8.abi3.so", True),
        ("imagecodecs/_avif.abi3.so", False),
        ("cv2/opencv_videoio_ffmpeg500_64.dll", False),
        ("training/configs/paper.toml", True),
        ("training/report.css", True),
        ("numpy/tests/data.csv", False),
    ],
)
def test_what_comes_along(name, stays):
    import left_out

    assert left_out.is_used(name) is stays


@pytest.mark.skipif(sys.platform != "linux", reason="reads ELF files")
def test_libraries_that_only_left_out_ones_asked_for_stay_behind(tmp_path, monkeypatch):
    import slim_linux

    asks = {"cv2/cv2.so": {"liba.so.1", "libc.so.6"}, "liba.so.1": {"libb.so.1"}, "libb.so.1": set(), "libgtk.so.1": {"libb.so.1"}}
    for name in asks:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"\x7fELF")
    (tmp_path / "libpython3.11.so.1.0").write_bytes(b"\x7fELF")
    monkeypatch.setattr(slim_linux, "needed_by", lambda path: asks.get(path.relative_to(tmp_path).as_posix(), set()))
    assert [path.name for path in slim_linux.unneeded(tmp_path)] == ["libgtk.so.1"]


@pytest.mark.skipif(not (shutil.which("ld") and platform.machine() == "x86_64"), reason="needs binutils for this processor")
def test_a_hollow_library_has_what_others_ask_for_and_nothing_else(tmp_path):
    """A program that needs it still loads, and gets 0."""
    import hollow_libraries

    inside = tmp_path / "EndoDesk" / "_internal"
    (inside / "av.libs").mkdir(parents=True)
    (tmp_path / "a.s").write_text(
        ".globl asked\n.globl unasked\n.type asked,@function\n.type unasked,@function\nasked: mov $7,%eax\nret\nunasked: ret\n"
    )
    (tmp_path / "b.s").write_text(".globl told\n.type told,@function\ntold: sub $8,%rsp\ncall asked@PLT\nadd $8,%rsp\nret\n")
    for name in "ab":
        subprocess.run(["as", tmp_path / f"{name}.s", "-o", tmp_path / f"{name}.o"], check=True)
    full, user = inside / "av.libs" / "libx264-1.so.1", inside / "av.libs" / "libuser.so"
    subprocess.run(["ld", "-shared", "-soname", full.name, tmp_path / "a.o", "-o", full], check=True)
    subprocess.run(["ld", "-shared", tmp_path / "b.o", full, "-rpath", "$ORIGIN", "-o", user], check=True)
    shutil.copy(user, inside / "user.so")
    assert hollow_libraries.main(tmp_path / "EndoDesk") == [full.name]
    assert hollow_libraries.is_hollow(full)
    assert not hollow_libraries.is_hollow(inside / "user.so")
    library = ctypes.CDLL(str(full))
    assert library.asked() == 0
    with pytest.raises(AttributeError):
        _ = library.unasked
