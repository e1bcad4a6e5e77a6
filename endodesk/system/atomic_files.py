"""Several files that belong together, in a folder that may hold others: all of them whole, or none."""

import errno
import os
import shutil
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_files(out: Path, files: Mapping[str, bytes], *, gone: Iterable[str] = ()) -> None:
    """Write files (name -> content) beside and put them in their places once all are on the disk; then remove `gone`.

    The folder is made if need be. OSError if one cannot be written: then those that lay there are untouched.
    """
    out.mkdir(parents=True, exist_ok=True)
    if blocked := [name for name in files if (out / name).is_dir()]:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out / blocked[0]))
    beside = out / f".report.{uuid.uuid4().hex[:8]}"
    try:
        beside.mkdir()
        for name, content in files.items():
            with (beside / name).open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        for name in files:
            (beside / name).replace(out / name)
        for name in gone:
            (out / name).unlink(missing_ok=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
