"""Names that only who has the key can lead back to: keyed hashes, the same for the same name each time."""

import hashlib
import hmac
from pathlib import Path

from endodesk.system.own_record import own_key

_KEY_BYTES = 32
_DIGITS = 16
"""Of a name, hexadecimal: two of a million frames are alike once in 40 million times."""


class Pseudonyms:
    """HMAC-SHA256 of what is named, each kind apart from the others."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def frame(self, sha256: str) -> str:
        """Of a frame, by its content."""
        return f"frame-{self._hash('frame', sha256)}"

    def case(self, name: str) -> str:
        """Of a case; none stays none."""
        return f"case-{self._hash('case', name)}" if name else ""

    def reader(self, name: str) -> str:
        """Of a reader; nobody stays nobody."""
        return f"reader-{self._hash('reader', name)}" if name else ""

    @property
    def fingerprint(self) -> str:
        """Tells two keys apart, and nothing of either."""
        return self._hash("key", "")

    def _hash(self, kind: str, name: str) -> str:
        told = f"{kind}\0{name}".encode("utf-8", "surrogateescape")
        return hmac.new(self._key, told, hashlib.sha256).hexdigest()[:_DIGITS]


def kept_pseudonyms(file: Path) -> Pseudonyms:
    """By the key in a file of the user's own, which is made the first time. BadRequest if it cannot be read, or is none."""
    return Pseudonyms(own_key(file, _KEY_BYTES, "key for pseudonyms"))
