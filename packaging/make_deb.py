"""A .deb of a built folder: python packaging/make_deb.py reviewer|full. Needs dpkg-deb. The same files give the same package.

The program lies in /opt/endodesk and is found by /usr/bin; removing it leaves nothing, for users' data are in their homes.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from linux_files import HERE, NEEDED, ROOT, add_to_desktop, built, commit_time, copy_program, settle

from endodesk import __version__

OTHER = {"reviewer": "full", "full": "reviewer"}
# Why: docs/decisions/packaging.md 9
PACKED = {"reviewer": "-z6", "full": "-z1"}
"""How hard xz tries: the Full edition takes two minutes so, and seven otherwise, for a package that is a twentieth smaller."""
ABOUT = {
    "reviewer": "Makes quick updates of models; other trainings need endodesk-full.",
    "full": "With training of models (TensorFlow).",
}


def main() -> None:
    """Lay the files out and pack them; the package stands in dist/."""
    edition = sys.argv[1]
    tree = ROOT / "build" / f"deb-{edition}"
    shutil.rmtree(tree, ignore_errors=True)
    when = commit_time()
    lay_out(tree, built(edition), edition, when)
    package = ROOT / "dist" / f"endodesk-{edition}_{__version__}_amd64.deb"
    package.parent.mkdir(exist_ok=True)
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", PACKED[edition], "--build", str(tree), str(package)]
    subprocess.run(command, env={**os.environ, "SOURCE_DATE_EPOCH": str(when)}, check=True)
    shutil.rmtree(tree)
    sys.stdout.write(f"{package}: {package.stat().st_size / 1e6:.0f} MB\n")


def lay_out(tree: Path, folder: Path, edition: str, when: int) -> None:
    """Everything of the package below `tree`."""
    program = tree / "opt" / "endodesk"
    copy_program(folder, program)
    _link(tree / "usr" / "bin" / "endodesk", "/opt/endodesk/EndoDesk")
    _link(tree / "usr" / "bin" / "endodesk-worker", "/opt/endodesk/endodesk-worker")
    add_to_desktop(tree / "usr", f"endodesk-{edition}")
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN" / "control").write_text(control(edition, installed_kb(program)), encoding="utf-8")
    for name in ("postinst", "postrm"):
        shutil.copyfile(HERE / "refresh.sh", tree / "DEBIAN" / name)
        (tree / "DEBIAN" / name).chmod(0o755)
    settle(tree, when)


def installed_kb(program: Path) -> int:
    """Kilobytes of the files, one that has two names counted once."""
    files = [path.stat() for path in program.rglob("*") if path.is_file() and not path.is_symlink()]
    return sum(size for _, size in {(file.st_ino, file.st_size) for file in files}) // 1024


def control(edition: str, size_kb: int) -> str:
    """The fields that dpkg reads."""
    return (
        f"Package: endodesk-{edition}\nVersion: {__version__}\nArchitecture: amd64\nSection: science\nPriority: optional\n"
        f"Maintainer: The EndoDesk project <endodesk@localhost>\nInstalled-Size: {size_kb}\nDepends: {NEEDED}\n"
        f"Conflicts: endodesk-{OTHER[edition]}\nReplaces: endodesk-{OTHER[edition]}\n"
        f"Description: Review, correct and retrain a classifier of endoscopic frames\n Offline. Research use only. {ABOUT[edition]}\n"
    )


def _link(place: Path, target: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


if __name__ == "__main__":
    main()
