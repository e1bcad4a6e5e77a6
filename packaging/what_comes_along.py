"""What a built edition brings along, written beside it. With the Python of its environment:

python packaging/what_comes_along.py build/EDITION/EndoDesk

THIRD_PARTY.txt (every library's licence), sbom.cdx.json (CycloneDX 1.5), SHA256SUMS. The same build gives the same files: they hold
no dates and no random names.
"""

import hashlib
import json
import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

_BUILDS = {"altgraph", "packaging", "pip", "pyinstaller", "pyinstaller-hooks-contrib", "setuptools", "wheel"}
_BUILDS |= {"macholib", "pefile", "pywin32-ctypes"}  # on macOS and Windows
"""Of the environment, what only builds."""
_LICENCE = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$", re.IGNORECASE)
_OWN = "endodesk"
SUMS, SBOM, LICENCES = "SHA256SUMS", "sbom.cdx.json", "THIRD_PARTY.txt"


def main(folder: Path) -> None:
    """Write all three."""
    libraries = sorted(
        (found for found in distributions() if plain(found.metadata["Name"]) not in _BUILDS), key=lambda one: plain(one.metadata["Name"])
    )
    (folder / LICENCES).write_text("\n\n".join(licence_of(one) for one in libraries if plain(one.metadata["Name"]) != _OWN), "utf-8")
    (folder / SBOM).write_text(json.dumps(bill_of(libraries), indent=1, sort_keys=True) + "\n", "utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and path.name != SUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), "utf-8")


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


def licence_of(library: Distribution) -> str:
    """Name, version, terms, and the texts of all files that tell them."""
    head = f"{library.metadata['Name']} {library.version}: {terms_of(library)}"
    files = [Path(str(file.locate())) for file in sorted(library.files or [], key=str) if _LICENCE.search(str(file))]
    texts = [path.read_text("utf-8", errors="replace").strip() for path in files if path.is_file()]
    return "\n\n".join(["=" * 80, head, "=" * 80, *dict.fromkeys(texts)])


def bill_of(libraries: list[Distribution]) -> dict[str, object]:
    """CycloneDX 1.5, without serial number and time."""
    own = next(one for one in libraries if plain(one.metadata["Name"]) == _OWN)
    parts = [
        {
            "type": "library",
            "name": one.metadata["Name"],
            "version": one.version,
            "purl": f"pkg:pypi/{plain(one.metadata['Name'])}@{one.version}",
            "licenses": [{"license": {"name": terms_of(one)}}],
        }
        for one in libraries
        if one is not own
    ]
    program = {"type": "application", "name": "EndoDesk", "version": own.version}
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"component": program}, "components": parts}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
