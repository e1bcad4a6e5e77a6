"""What the Linux packages are made of: a folder's hard links and times, and what a desktop is told of the program."""

import gzip
import os
import shutil
import subprocess
from pathlib import Path

from endodesk import __version__

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "linux"
ICON = ROOT / "resources" / "icons" / "endodesk.svg"
NEEDED = (
    "libc6, libegl1, libgl1, libxkbcommon0, libdbus-1-3, libfontconfig1, libglib2.0-0 | libglib2.0-0t64, libxcb-cursor0, "
    "libxkbcommon-x11-0, libxcb-icccm4, libxcb-image0, libxcb-keysyms1, libxcb-render-util0, libxcb-shape0, fonts-dejavu-core"
)
"""As packaging/system_libraries.sh looks for them."""


def built(edition: str) -> Path:
    """The folder that packaging/build.sh made. Ends the program with a sentence if it is not there."""
    folder = ROOT / "build" / edition / "EndoDesk"
    if not folder.is_dir():
        raise SystemExit(f"There is no {folder}: run packaging/build.sh {edition} first.")
    return folder


def commit_time() -> int:
    """Seconds since 1970: the only date in a package, so that two builds of one commit are equal."""
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True)
    return int(os.environ.get("SOURCE_DATE_EPOCH") or told.stdout)


def copy_program(source: Path, target: Path) -> None:
    """The folder as it is; files that are one under two names stay one."""
    known: dict[int, Path] = {}

    def copy(there: str, here: str) -> None:
        told = Path(there).lstat()
        if told.st_nlink > 1 and told.st_ino in known:
            os.link(known[told.st_ino], here)
            return
        shutil.copy2(there, here)
        known[told.st_ino] = Path(here)

    shutil.copytree(source, target, symlinks=True, copy_function=copy)


def add_to_desktop(usr: Path, package: str) -> None:
    """Menu entry, file type, icons, manual and copyright below `usr`."""
    _write(usr / "share" / "applications" / "endodesk.desktop", _text("endodesk.desktop"))
    _write(usr / "share" / "mime" / "packages" / "endodesk.xml", _text("endodesk.xml"))
    icons = usr / "share" / "icons" / "hicolor" / "scalable"
    _write(icons / "apps" / "endodesk.svg", ICON.read_text("utf-8"))
    _write(icons / "mimetypes" / "application-x-endodesk-project.svg", ICON.read_text("utf-8"))
    for name in ("endodesk.1", "endodesk-worker.1"):
        page = usr / "share" / "man" / "man1" / f"{name}.gz"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(gzip.compress(_text(name).encode(), mtime=0))
    _write(usr / "share" / "doc" / package / "copyright", _text("copyright"))


def readme(edition: str) -> str:
    """For whoever unpacks the archive."""
    packages = " ".join(one.split("|")[0].strip() for one in NEEDED.split(",")[1:])
    return _text("README.txt").replace("@EDITION@", edition.capitalize()).replace("@NEEDED@", packages)


def settle(tree: Path, when: int) -> None:
    """Whoever built it, with whatever umask and whenever: everyone may read, only the owner may write, all files are of one time."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)


def _text(name: str) -> str:
    return (HERE / name).read_text("utf-8").replace("@VERSION@", __version__)


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
