"""A folder of results that appears whole or not at all."""

import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from endodesk.domain.errors import BadRequest


@contextmanager
def whole_folder(out: Path, what: str) -> Iterator[Path]:
    """A folder beside `out` that takes its place if all goes well, and vanishes if not; what lay there goes last.

    `what` is its name in the sentence of the BadRequest if the disk is full or does not let us write.
    """
    out = out.resolve()  # a link stays, and what it points to is replaced
    beside = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        yield beside
        _replace(out, beside)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise BadRequest(f"{what} cannot be written to {out}: {reason} ({error.filename or out}).") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def check_only(out: Path, ours: str) -> None:
    """BadRequest if `out` is no folder, or holds anything whose name does not fit the pattern: only what is ours may be replaced."""
    if out.exists() and not out.is_dir():
        raise BadRequest(f"{out} is a file; name a folder.")
    if out.is_dir() and (foreign := sorted(path.name for path in out.iterdir() if not re.fullmatch(ours, path.name))):
        raise BadRequest(f"{out} holds other files, such as {foreign[0]}; they were left as they are. Name a new folder.")


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
    shutil.rmtree(old, ignore_errors=True)
