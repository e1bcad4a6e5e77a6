"""What PyInstaller leaves too large on Linux, mended in the built folder. Needs binutils.

python packaging/slim_linux.py build/EDITION/EndoDesk

The worker becomes another name of the window's program (one file, told apart by its name), libraries lose the symbols that only
debuggers read, and system libraries stay behind that came along for others that did.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

STRIPPED = (
    "libpython3*.so*",
    "python3*/lib-dynload/*.so",
    "_openjpeg*.so",
    "_CharLS*.so",
    "stringzilla*.so",
    "simsimd*.so",
    "rle/*.so",
    "ai_edge_litert/*.so",
    "sqlalchemy/**/*.so",
    "av/**/*.so",
    "tensorflow/**/*.so*",
    "kiwisolver/*.so",
    "optree/*.so",
    "ml_dtypes/*.so",
    "wrapt/*.so",
    "yaml/*.so",
)
"""Not those that wheels' makers have patched (beside a folder NAME.libs): stripping breaks such ones, but for PyAV's (tried)."""
# Why: docs/decisions/packaging.md 7
_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")


def main(folder: Path) -> None:
    """Slim the folder in place."""
    inside = folder / "_internal"
    worker = folder / "endodesk-worker"
    worker.unlink(missing_ok=True)
    os.link(folder / "EndoDesk", worker)
    for pattern in STRIPPED:
        for path in sorted(inside.glob(pattern)):
            if is_library(path):
                subprocess.run(["strip", "--strip-unneeded", path], check=True)
    for path in unneeded(inside):
        path.unlink()


def is_library(path: Path) -> bool:
    """Whether it is a file of machine code, and no link."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def unneeded(inside: Path) -> list[Path]:
    """Of the libraries that lie at the top, where PyInstaller puts the system's, those that nothing else asks for."""
    top = {path.name: path for path in sorted(inside.glob("lib*.so*"))}
    reached = {name for name in top if name.startswith("libpython")}
    for path in _libraries_below(inside):
        reached |= needed_by(path)
    waiting = list(reached)
    while waiting:
        path = top.get(waiting.pop())
        fresh = needed_by(path) - reached if path else set()
        reached |= fresh
        waiting += fresh
    return [path for name, path in top.items() if name not in reached]


def needed_by(path: Path) -> set[str]:
    """Names of the libraries that one asks for."""
    told = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}).stdout
    return set(_NEEDED.findall(told))


def _libraries_below(inside: Path) -> Iterator[Path]:
    for path in sorted(inside.rglob("*.so*")):
        is_at_the_top = path.parent == inside and path.name.startswith("lib")
        if not is_at_the_top and is_library(path):
            yield path


if __name__ == "__main__":
    main(Path(sys.argv[1]))
