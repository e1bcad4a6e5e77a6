"""Whose keys are known: one's own, made once, and those that packs of others came with."""

import json
from enum import Enum, auto
from pathlib import Path

from endodesk.domain.errors import BadRequest
from endodesk.system.atomic import write_file
from endodesk.system.os_errors import reason_of
from endodesk.system.own_record import own_key, settings_folder
from endodesk.system.plain_files import plain_bytes
from endodesk.system.private import private_folder
from endodesk.system.signing import KEY_BYTES, SigningKey

_KEY_FILE, _KNOWN_FILE = "signing.key", "known-keys.json"


class Trust(Enum):
    """What is known of a key that a pack is signed with."""

    OWN = auto()
    KNOWN = auto()
    """The packs of that name have always been signed with it."""
    FIRST = auto()
    """No pack of that name has come before."""
    OTHER = auto()
    """The packs of that name before were signed with another."""


def signing_key() -> SigningKey:
    """The one of this user, made the first time. BadRequest if it cannot be read or made."""
    return SigningKey(own_key(settings_folder() / _KEY_FILE, KEY_BYTES, "key for signing"))


# Why: docs/decisions/data.md 26
def trust_of(name: str, key: str) -> Trust:
    """What is known of a key under a name. BadRequest if the list of known keys cannot be read."""
    known = known_key(name)
    if known is None and (settings_folder() / _KEY_FILE).exists() and key == signing_key().public:
        return Trust.OWN
    if known is None:
        return Trust.FIRST
    return Trust.KNOWN if known == key else Trust.OTHER


def known_key(name: str) -> str | None:
    """With which key the packs of that name are signed. BadRequest as `trust_of`."""
    return _known().get(name)


def remember(name: str, key: str) -> None:
    """From now on packs of that name are signed with this key. BadRequest if it cannot be kept."""
    known = _known()
    if known.get(name) == key:
        return
    try:
        private_folder(_known_file().parent)
        write_file(_known_file(), json.dumps({**known, name: key}, indent=1, sort_keys=True).encode())
    except OSError as error:
        raise BadRequest(f"The key cannot be remembered in {_known_file()}: {reason_of(error)}.") from error


def _known() -> dict[str, str]:
    try:
        told = json.loads(plain_bytes(_known_file()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise BadRequest(f"The list of known keys {_known_file()} cannot be read: {reason_of(error)}. Mend it, or move it away.") from error
    if not isinstance(told, dict) or not all(isinstance(key, str) for key in told.values()):
        raise BadRequest(f"{_known_file()} is no list of known keys. Mend it, or move it away.")
    return told


def _known_file() -> Path:
    return settings_folder() / _KNOWN_FILE
