"""A .deb of a built folder: python packaging/make_deb.py reviewer|full. Needs dpkg-deb. The same files give the same package.

The program lies in /opt/endodesk and is found by /usr/bin; removing it leaves nothing, for users' data are in their homes.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from endodesk import __version__

ROOT = Path(__file__).parents[1]
NEEDED = (
    "libc6, libegl1, libgl1, libxkbcommon0, libdbus-1-3, libfontconfig1, libglib2.0-0 | libglib2.0-0t64, libxcb-cursor0, "
    "libxkbcommon-x11-0, libxcb-icccm4, libxcb-image0, libxcb-keysyms1, libxcb-render-util0, libxcb-shape0, fonts-dejavu-core"
)
"""As packaging/system_libraries.sh looks for them."""
OTHER = {"reviewer": "full", "full": "reviewer"}
ABOUT = {
    "reviewer": "Without training: retraining a model needs endodesk-full.",
    "full": "With training of models (TensorFlow).",
}
DESKTOP = """[Desktop Entry]
Type=Application
Name=EndoDesk
Comment=Review and correct a classifier of endoscopic frames. Research use only.
Comment[es]=Revisar y corregir un clasificador de imágenes endoscópicas. Solo para investigación.
Exec=endodesk
Icon=endodesk
Terminal=false
Categories=Science;MedicalSoftware;
StartupWMClass=endodesk
"""


def main() -> None:
    """Lay the files out and pack them; the package stands in dist/."""
    edition = sys.argv[1]
    built, tree = ROOT / "build" / edition / "EndoDesk", ROOT / "build" / f"deb-{edition}"
    shutil.rmtree(tree, ignore_errors=True)
    program = tree / "opt" / "endodesk"
    shutil.copytree(built, program, symlinks=True)
    _link(tree / "usr" / "bin" / "endodesk", "/opt/endodesk/EndoDesk")
    _link(tree / "usr" / "bin" / "endodesk-worker", "/opt/endodesk/endodesk-worker")
    _write(tree / "usr" / "share" / "applications" / "endodesk.desktop", DESKTOP)
    icon = (ROOT / "resources" / "icons" / "endodesk.svg").read_text("utf-8")
    _write(tree / "usr" / "share" / "icons" / "hicolor" / "scalable" / "apps" / "endodesk.svg", icon)
    _write(tree / "DEBIAN" / "control", _control(edition, program))
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    package = ROOT / "dist" / f"endodesk-{edition}_{__version__}_amd64.deb"
    package.parent.mkdir(exist_ok=True)
    # dpkg-deb takes SOURCE_DATE_EPOCH for newer files' times: all of these are newer than the commit.
    when = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", str(tree), str(package)]
    subprocess.run(command, env={**os.environ, "SOURCE_DATE_EPOCH": when}, check=True)
    sys.stdout.write(f"{package}: {package.stat().st_size / 1e6:.0f} MB\n")


def _control(edition: str, program: Path) -> str:
    size = sum(path.lstat().st_size for path in program.rglob("*") if path.is_file() and not path.is_symlink())
    return (
        f"Package: endodesk-{edition}\nVersion: {__version__}\nArchitecture: amd64\nSection: science\nPriority: optional\n"
        f"Maintainer: The EndoDesk project <endodesk@localhost>\nInstalled-Size: {size // 1024}\nDepends: {NEEDED}\n"
        f"Conflicts: endodesk-{OTHER[edition]}\nReplaces: endodesk-{OTHER[edition]}\n"
        f"Description: Review, correct and retrain a classifier of endoscopic frames\n Offline. Research use only. {ABOUT[edition]}\n"
    )


def _link(place: Path, target: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
