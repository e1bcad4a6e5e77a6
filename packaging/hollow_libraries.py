"""Libraries that are asked for but never called, replaced in a built Linux folder by hollow ones. Needs binutils.

python packaging/hollow_libraries.py build/EDITION/EndoDesk

PyAV's FFmpeg links encoders (x264 and x265 among them, GPL) and a TLS library, OpenCV an FFmpeg of its own. This program decodes films
by PyAV alone and opens no connection. The loader asks for each library by name and for what others want of it: a hollow one
has that and nothing else. Its functions give 0, which every caller takes for a failure. What only the replaced ones asked for goes too.
"""

# Why: docs/decisions/packaging.md 10
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from slim_linux import is_library, needed_by

ENCODERS = ("libx264-", "libx265-", "libSvtAv1Enc-", "libmp3lame-", "libvpx-", "libwebp-", "libwebpmux-", "libopus-", "libopencore-")
DEVICES = ("libvpl-", "libasound-", "libxcb-", "libgnutls-")
FFMPEG = ("libavcodec-", "libavformat-", "libavutil-", "libswscale-", "libvpx-")
HOLLOW = {"av.libs": (*ENCODERS, *DEVICES), "opencv_python_headless.libs": FFMPEG}
"""By folder, how the names of the replaced begin."""
_MARK = b"EndoDesk: hollow"
_FUNCTION = "\t.type {name}, @function\n{name}:\n\txorl %eax, %eax\n\tret\n\t.size {name}, .-{name}\n"
_DATA = "\t.type {name}, @object\n\t.size {name}, {size}\n{name}:\n\t.zero {size}\n"
_END = f'\t.section .rodata\n\t.asciz "{_MARK.decode()}"\n\t.section .note.GNU-stack,"",@progbits\n'
_SYMBOL = re.compile(r"^ *\d+: +[0-9a-f]+ +(\S+) +(\S+) +\S+ +\S+ +(\S+) +(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name that one library gives to others."""

    name: str
    version: str
    """Empty for most libraries."""
    is_function: bool
    size: int


def main(folder: Path) -> list[str]:
    """Replace and remove in place; the names of the hollow ones."""
    if platform.machine() != "x86_64":
        return []
    inside = folder / "_internal"
    replaced = [path for parent, names in HOLLOW.items() for path in sorted((inside / parent).glob("*.so*")) if path.name.startswith(names)]
    others = [path for path in inside.rglob("*.so*") if is_library(path) and path not in replaced]
    wanted = {name: version for path in others for name, defined, version, *_ in _symbols(path) if not defined}
    for path in replaced:
        _hollow_out(path, wanted)
    _remove_unneeded(inside)
    return [path.name for path in replaced]


def is_hollow(path: Path) -> bool:
    """Whether a library is one of those made here."""
    return path.stat().st_size < 1 << 17 and _MARK in path.read_bytes()


def _symbols(path: Path) -> Iterator[tuple[str, bool, str, str, str]]:
    """Name, whether it is defined there, version, kind, size."""
    told = subprocess.run(["readelf", "--dyn-syms", "-W", path], capture_output=True, text=True, check=True).stdout
    for size, kind, place, name in _SYMBOL.findall(told):
        plain, _, version = name.partition("@")
        yield plain, place != "UND", version.lstrip("@"), kind, size


def given_by(path: Path, wanted: Mapping[str, str]) -> list[Symbol]:
    """What a library defines of what others want, by names and versions; one name may have several."""
    found = {
        name: Symbol(name, version, kind in ("FUNC", "GNU_IFUNC", "IFUNC"), int(size, 0))
        for name, defined, version, kind, size in _symbols(path)
        if defined and wanted.get(name) in (version, "")
    }
    return [found[name] for name in sorted(found)]


def _hollow_out(path: Path, wanted: Mapping[str, str]) -> None:
    symbols, soname = given_by(path, wanted), _soname(path)
    with tempfile.TemporaryDirectory() as made:
        source, compiled, versions = Path(made, "a.s"), Path(made, "a.o"), Path(made, "a.map")
        source.write_text(_assembly(symbols))
        versions.write_text(_version_script(symbols))
        subprocess.run(["as", source, "-o", compiled], check=True)
        flags = ["-z", "noexecstack", "--hash-style=gnu", "-s", "-soname", soname, "--version-script", versions]
        subprocess.run(["ld", "-shared", *flags, compiled, "-o", path], check=True)


def _assembly(symbols: Sequence[Symbol]) -> str:
    functions = [f"\t.globl {one.name}\n{_FUNCTION.format(name=one.name)}" for one in symbols if one.is_function]
    data = [f"\t.globl {one.name}\n{_DATA.format(name=one.name, size=max(8, one.size))}" for one in symbols if not one.is_function]
    return "\t.text\n" + "".join(functions) + "\t.data\n" + "".join(data) + _END


def _version_script(symbols: Sequence[Symbol]) -> str:
    """The loader refuses a library that lacks a version that others name."""
    versions = sorted({one.version for one in symbols if one.version})
    if not versions:
        return "{ global: *; };\n"
    names = {version: "; ".join(one.name for one in symbols if one.version == version) for version in versions}
    return "".join(f"{version} {{ global: {names[version]}; }};\n" for version in versions)


def _soname(path: Path) -> str:
    told = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\(SONAME\).*\[(.+)\]", told)
    return found.group(1) if found else path.name


def _remove_unneeded(inside: Path) -> None:
    """Of the libraries beside the hollow ones, those that nothing asks for any more; links to them too."""
    while True:
        needed = {name for path in inside.rglob("*.so*") if is_library(path) for name in needed_by(path)}
        unneeded = [path for parent in HOLLOW for path in (inside / parent).glob("lib*.so*") if path.name not in needed]
        unneeded += [path for path in (inside / "imagecodecs.libs").glob("lib*.so*") if path.name not in needed]
        for path in unneeded:
            path.unlink()
        if not unneeded:
            break
    for link in inside.glob("lib*"):
        if link.is_symlink() and not link.exists():
            link.unlink()


if __name__ == "__main__":
    sys.stdout.write(f"Hollow: {', '.join(main(Path(sys.argv[1])))}\n")
