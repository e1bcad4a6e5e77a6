"""What a built edition brings along, written beside it. With the Python of its environment:

python packaging/what_comes_along.py build/EDITION/EndoDesk

THIRD_PARTY.txt (every library's licence, those of Python and of the system's libraries among them), sbom.cdx.json (CycloneDX 1.5),
SHA256SUMS. The same build gives the same files: they hold no dates and no random names.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Sequence
from importlib.metadata import Distribution, distributions, packages_distributions
from pathlib import Path

from from_the_system import Part, debian_packages, python_itself
from inside_wheels import libraries_of_films
from left_out import NEVER, TRAINING

_BUILDS = {"altgraph", "packaging", "pip", "pyinstaller", "pyinstaller-hooks-contrib", "setuptools", "wheel"}
_BUILDS |= {"macholib", "pefile", "pywin32-ctypes"}  # on macOS and Windows
"""Of the environment, what only builds."""
_LICENCE = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$", re.IGNORECASE)
_OWN = "endodesk"
SUMS, SBOM, LICENCES = "SHA256SUMS", "sbom.cdx.json", "THIRD_PARTY.txt"


def main(folder: Path) -> None:
    """Write all three."""
    came = [found for found in distributions() if plain(found.metadata["Name"]) not in _BUILDS | stayed_behind()]
    own = next(one for one in came if plain(one.metadata["Name"]) == _OWN)
    parts = sorted((part_of(one) for one in came if one is not own), key=lambda part: plain(part.name))
    parts += [*libraries_of_films(folder), python_itself(), *debian_packages(folder)]
    (folder / LICENCES).write_text("\n\n".join(licence_of(part) for part in parts), "utf-8")
    (folder / SBOM).write_text(json.dumps(bill_of(own.version, parts), indent=1, sort_keys=True) + "\n", "utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and path.name != SUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), "utf-8")


def stayed_behind() -> set[str]:
    """Of the environment, what the program never loads: all its modules are left out."""
    modules: dict[str, set[str]] = {}
    for module, owners in packages_distributions().items():
        for owner in owners:
            modules.setdefault(plain(owner), set()).add(module)
    left_out = {*NEVER, *(TRAINING if os.environ.get("ENDODESK_EDITION") == "reviewer" else ())}
    return {name for name, those in modules.items() if those <= left_out}


def plain(name: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def terms_of(library: Distribution) -> str:
    """In a few words; what its metadata says."""
    told = library.metadata.get("License-Expression") or library.metadata.get("License") or ""
    if told and len(told) < 80 and "\n" not in told:
        return told
    classified = [
        line.rpartition("::")[2].strip() for line in library.metadata.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    return ", ".join(classified) or "see its licence below"


def part_of(library: Distribution) -> Part:
    """With the texts of all its files that tell its licence."""
    name, version = library.metadata["Name"], library.version
    files = [Path(str(file.locate())) for file in sorted(library.files or [], key=str) if _LICENCE.search(str(file))]
    texts = dict.fromkeys(path.read_text("utf-8", errors="replace").strip() for path in files if path.is_file())
    return Part(name, version, f"pkg:pypi/{plain(name)}@{version}", terms_of(library), tuple(texts))


def licence_of(part: Part) -> str:
    """Name, version, terms, and their texts."""
    return "\n\n".join(["=" * 80, f"{part.name} {part.version}: {part.terms}", "=" * 80, *part.texts])


def bill_of(version: str, parts: Sequence[Part]) -> dict[str, object]:
    """CycloneDX 1.5, without serial number and time."""
    listed = [
        {
            "type": "library",
            "name": part.name,
            "version": part.version,
            "purl": part.purl,
            "licenses": [{"license": {"name": part.terms}}],
        }
        for part in parts
    ]
    program = {"type": "application", "name": "EndoDesk", "version": version}
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"component": program}, "components": listed}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
