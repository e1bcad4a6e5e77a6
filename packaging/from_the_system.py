"""What came along that is no package of the environment: Python itself and, on Debian, the system's libraries. For what_comes_along.py."""

import platform
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_COPYRIGHTS = Path("/usr/share/doc")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that somebody else made."""

    name: str
    version: str
    purl: str
    """Its name in the form that CycloneDX asks for."""
    terms: str
    texts: tuple[str, ...]


def python_itself() -> Part:
    """The interpreter and its standard library."""
    version = platform.python_version()
    licence = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    texts = (licence.read_text("utf-8", errors="replace").strip(),) if licence.is_file() else ()
    return Part("Python", version, f"pkg:generic/python@{version}", "PSF-2.0", texts)


def debian_packages(folder: Path) -> list[Part]:
    """Whose libraries lie at the top of the built folder; nothing on a system without dpkg."""
    if shutil.which("dpkg-query") is None:
        return []
    libraries = [path.name for path in (folder / "_internal").glob("lib*.so*") if not path.is_symlink()]
    names = {name for library in libraries if not library.startswith("libpython") and (name := _package_of(library))}
    return [_part(name) for name in sorted(names)]


def _package_of(library: str) -> str:
    """Empty if none has such a file."""
    lines = _asked("dpkg-query", "--search", f"*/{library}").splitlines()
    return lines[0].split(":")[0] if lines else ""


def _part(name: str) -> Part:
    version = _asked("dpkg-query", "--show", "--showformat", "${Version}\n", name).splitlines()[0]
    told = _COPYRIGHTS / name / "copyright"
    texts = (told.read_text("utf-8", errors="replace").strip(),) if told.is_file() else ()
    return Part(name, version, f"pkg:deb/debian/{name}@{quote(version, safe='')}", "see its licence in THIRD_PARTY.txt", texts)


def _asked(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8").stdout
