"""A .tar.gz of a built folder, which runs from any place: python packaging/make_tar.py reviewer|full.

The same files give the same archive.
"""

import gzip
import io
import sys
import tarfile
from pathlib import Path

from linux_files import ROOT, built, commit_time, readme

from endodesk import __version__


def main() -> None:
    """The archive stands in dist/."""
    edition = sys.argv[1]
    archive = ROOT / "dist" / f"endodesk-{edition}_{__version__}_linux-x86_64.tar.gz"
    archive.parent.mkdir(exist_ok=True)
    pack(built(edition), archive, f"endodesk-{edition}-{__version__}", readme(edition), commit_time())
    sys.stdout.write(f"{archive}: {archive.stat().st_size / 1e6:.0f} MB\n")


def pack(folder: Path, archive: Path, top: str, about: str, when: int) -> None:
    """All of `folder` and README.txt below one folder `top`: sorted, nobody's in particular, all of one time."""
    text = about.encode()
    with (
        archive.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=when) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in [folder, *sorted(folder.rglob("*"))]:
            entry = _nobodys(tar.gettarinfo(path, (Path(top) / path.relative_to(folder)).as_posix()), when)
            if entry.isreg():
                with path.open("rb") as stream:
                    tar.addfile(entry, stream)
            else:
                tar.addfile(entry)
        entry = _nobodys(tarfile.TarInfo(f"{top}/README.txt"), when)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))


def _nobodys(entry: tarfile.TarInfo, when: int) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = when
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry


if __name__ == "__main__":
    main()
