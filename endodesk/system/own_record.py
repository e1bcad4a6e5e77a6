"""What this program found out on this PC, by content. It lies in the user's own folder: no project or model can bring it along."""

import contextlib
import re
from pathlib import Path

import platformdirs

from endodesk.domain.errors import BadRequest
from endodesk.system.atomic import write_file
from endodesk.system.os_errors import reason_of
from endodesk.system.plain_files import open_plain, plain_bytes
from endodesk.system.private import private_folder, tighten

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_BYTES = 1024


def settings_folder() -> Path:
    """The user's folder of the program's settings; it may not be there yet."""
    return platformdirs.user_config_path("endodesk", appauthor=False)


def own_key(file: Path, size: int, what: str) -> bytes:
    """A secret of so many bytes in a file of the user's own, which is made the first time. BadRequest if it cannot be read, or is none."""
    import secrets

    try:
        if not file.exists():
            private_folder(file.parent)
            write_file(file, secrets.token_bytes(size))
        tighten(file)
        key = plain_bytes(file)
    except (OSError, ValueError) as error:
        raise BadRequest(f"The {what} {file} cannot be read or made: {reason_of(error)}.") from error
    if len(key) != size:
        raise BadRequest(f"{file} is no {what}. Move it away; a new one will be made then.")
    return key


def noted(kind: str, digest: str) -> str:
    """What was noted of a content (64 hexadecimal digits); empty if nothing was, or it cannot be read."""
    try:
        with open_plain(_place(kind, digest)) as stream:
            return stream.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def note(kind: str, digest: str, text: str) -> None:
    """Note a word or two of a content, for all starts to come. What cannot be written is found out again."""
    place = _place(kind, digest)
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_file(place, text.encode())


def forget(kind: str, digest: str) -> None:
    """Nothing is noted of this content any more."""
    with contextlib.suppress(OSError):
        _place(kind, digest).unlink(missing_ok=True)


def _place(kind: str, digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"{digest!r} is no digest")
    return settings_folder() / kind / digest
