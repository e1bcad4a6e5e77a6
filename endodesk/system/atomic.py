"""The one way to write a file, several files, or a folder: all of it, or nothing.

Everything is written beside its place under a hidden name, which no listing takes for a frame, flushed to the disk, and renamed; so
whoever looks finds the old or the new, also after a crash or a power cut. A failure leaves what lay there as it was, and nothing beside.
Only a killed process leaves its hidden name behind; `endodesk.system.leftovers` sweeps these.
"""

import contextlib
import errno
import itertools
import os
import re
import shutil
import uuid
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from endodesk.domain.errors import BadRequest
from endodesk.system.os_errors import reason_of
from endodesk.system.threads import in_threads
from endodesk.system.walk import files_below

NAME_KEPT = 40
"""Letters of a name that its hidden one begins with: it must fit where the name itself just fits."""
HIDDEN = re.compile(r"\.(?P<name>.{1,40})\.(?=[0-9]*[a-f])[0-9a-f]{8}(?P<old>\.old)?", re.DOTALL)
"""Exactly the names that are written to beside a place, and that what lay there has while it is exchanged; no name with a date."""
_FLUSHED_AT_ONCE = 4
"""The disk writes several at a time: 2,000 files of 20 kB took 0.3 s, one after the other 0.6 to 1.7."""
_ON_WINDOWS = os.name == "nt"


@contextmanager
def whole_file(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """A name beside `path` to write to; it takes its place if all goes well. OSError if it cannot.

    A link there is replaced, not followed: what it points to may be a frame, and these are never changed.
    `durable=False` is for caches alone: many small files, which are read as damaged or not at all after a power cut, and made again.
    """
    beside = _beside(path)
    try:
        yield beside
        if durable:
            _flush(beside)
        beside.replace(path)
        if durable:
            _flush_folders([path.parent])
    finally:
        beside.unlink(missing_ok=True)


def write_file(path: Path, data: bytes, *, durable: bool = True) -> None:
    """A file of these bytes; else as `whole_file`."""
    with whole_file(path, durable=durable) as beside:
        beside.write_bytes(data)


def write_files(out: Path, files: Mapping[str, bytes], *, gone: Iterable[str] = ()) -> None:
    """Files (name -> content) that belong together, into a folder that may hold others; then `gone` are removed from it.

    A new folder appears with them. OSError if one cannot be written: then all that lay there are what they were.
    """
    if not out.is_dir():
        with whole_folder(out) as beside:
            _fill(beside, files)
        return
    beside = _beside(out / "files")
    try:
        beside.mkdir()
        _fill(beside, files)
        for name in files:
            _flush(beside / name)
        _exchange(out, beside, list(files))
        for name in gone:
            (out / name).unlink(missing_ok=True)
        _flush_folders([out])
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def whole_folder(out: Path, *, over: bool = False) -> Iterator[Path]:
    """A folder beside `out` to fill; it takes its place if all goes well, and vanishes if not. OSError if it cannot.

    It takes the place of nothing or of an empty folder; `over` what lies there, which goes last. A link to a folder stays, and what
    it points to is replaced.
    """
    out = out.resolve()
    beside = _beside(out)
    try:
        beside.mkdir(parents=True)
        yield beside
        _flush_all(beside)
        _replace(out, beside) if over else _settle(out, beside)
        _flush_folders([out.parent])
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def folder_asked_for(out: Path, what: str, *, over: bool = False) -> Iterator[Path]:
    """As `whole_folder`, where the user named the place: what fails is a BadRequest, whose sentence calls the folder `what`."""
    try:
        with whole_folder(out, over=over) as beside:
            yield beside
    except OSError as error:
        raise BadRequest(f"{what} cannot be written to {out}: {reason_of(error)} ({error.filename or out}).") from error


def remove_folder(folder: Path) -> None:
    """A folder and all in it. OSError: it stays whole, or what is left of it has a hidden name, which the next start sweeps."""
    going = _beside(folder)
    folder.rename(going)
    _flush_folders([folder.parent])
    shutil.rmtree(going)


def set_aside(path: Path, what: str) -> Path:
    """Rename `a.b` to `a.what.b`, or to the first of `a.what-2.b` and so on that is free; the new name. OSError if it cannot be."""
    names = (f"{path.stem}.{what}{f'-{n}' if n > 1 else ''}{path.suffix}" for n in itertools.count(1))
    aside = next(path.with_name(name) for name in names if not os.path.lexists(path.with_name(name)))
    path.rename(aside)
    _flush_folders([path.parent])
    return aside


def check_only(out: Path, ours: str) -> None:
    """BadRequest if `out` is no folder, or holds anything whose name does not fit the pattern: only what is ours may be replaced."""
    if out.exists() and not out.is_dir():
        raise BadRequest(f"{out} is a file; name a folder.")
    if out.is_dir() and (foreign := sorted(path.name for path in out.iterdir() if not re.fullmatch(ours, path.name))):
        raise BadRequest(f"{out} holds other files, such as {foreign[0]}; they were left as they are. Name a new folder.")


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:NAME_KEPT]}.e{uuid.uuid4().hex[:7]}")


def put_back(old: Path, place: Path) -> None:
    """What lay at a place, which a killed process had only begun to exchange. OSError."""
    old.rename(place)
    _flush_folders([place.parent])


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _settle(out: Path, beside: Path) -> None:
    if out.is_dir():
        out.rmdir()  # Windows renames onto nothing at all
    beside.rename(out)


def _replace(out: Path, beside: Path) -> None:
    old = beside.with_name(f"{beside.name}.old")
    if out.exists():
        out.rename(old)
    try:
        beside.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    if old.is_dir():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.unlink(missing_ok=True)


def _exchange(out: Path, beside: Path, names: Sequence[str]) -> None:
    """Put files in their places; if one cannot go there (another program may hold it), those that did are taken back."""
    if blocked := [name for name in names if (out / name).is_dir()]:
        raise IsADirectoryError(errno.EISDIR, "Is a directory", str(out / blocked[0]))
    old = beside / "old"
    old.mkdir()
    for name in names:
        if os.path.lexists(out / name):
            shutil.copy2(out / name, old / name, follow_symlinks=False)
    try:
        for name in names:
            (beside / name).replace(out / name)
    except OSError:
        _take_back(out, beside, names)
        raise


def _take_back(out: Path, beside: Path, names: Sequence[str]) -> None:
    for name in names:
        if (beside / name).exists():
            return  # it never left, nor did those after it
        if os.path.lexists(beside / "old" / name):
            (beside / "old" / name).replace(out / name)
        else:
            (out / name).unlink()


def _flush_all(folder: Path) -> None:
    files = [Path(entry.path) for entry in files_below(folder) if entry.is_file(follow_symlinks=False)]
    deque(in_threads(_flush, files, workers=_FLUSHED_AT_ONCE), maxlen=0)
    _flush_folders({folder, *(folder / above for path in files for above in path.relative_to(folder).parents)})


def _flush(path: Path) -> None:
    """To the disk; Windows asks for the right to write, elsewhere a file that may only be read can be flushed too."""
    descriptor = os.open(path, os.O_RDWR if _ON_WINDOWS else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_folders(folders: Iterable[Path]) -> None:
    """What was renamed in them; as far as the system can do it, for the names are in their places already."""
    if _ON_WINDOWS:
        return
    for folder in folders:
        with contextlib.suppress(OSError):
            _flush(folder)
