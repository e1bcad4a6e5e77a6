"""FeatureFile: pooled features of frames, kept beside the answers. A cache: it can be deleted, and is made again."""

import hashlib
import io
import threading
import zlib
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.images import Sha256
from endodesk.imaging.pixels import Floats
from endodesk.system.plain_files import open_plain

FEATURES = "features"
"""The folder of such files in a project's cache."""
_NAME_BYTES, _CHECK_BYTES = 32, 4
_ENTRY_BYTES = _NAME_BYTES + _CHECK_BYTES
_MOST_ROWS = 5_000_000


# Why: docs/decisions/inference.md 7
class FeatureFile:
    """K float16 numbers a frame, by its SHA-256, for one backbone and recipe: models that differ in their head alone share it.

    Of an ensemble: those of its first network.

    Two files that only grow: `.names` (SHA-256 and CRC-32 of the numbers) and `.features`. The numbers are written first, so a
    name without its numbers is never read; what a crash or a full disk left unfinished is cut off. Any thread may use it.
    """

    def __init__(self, folder: Path, bundle: ModelBundle, channels: int) -> None:
        first = bundle.networks[0]
        key = hashlib.sha256(f"{bundle.files[first.backbone_file]} {first.recipe.fingerprint}".encode()).hexdigest()[:16]
        self._names, self._numbers = folder / f"{key}.names", folder / f"{key}.features"
        self._channels, self._row_bytes = channels, 2 * channels
        self._lock = threading.Lock()
        self._place: dict[bytes, tuple[int, int]] = {}  # SHA-256 -> row, CRC-32
        self._rows = 0
        self._open()

    def _open(self) -> None:
        """What both files hold whole and undamaged; 100,000 frames take 0.2 s. OSError if the folder cannot be written to."""
        self._names.parent.mkdir(parents=True, exist_ok=True)
        for path in (self._names, self._numbers):
            path.touch()
        self._rows = min(self._names.stat().st_size // _ENTRY_BYTES, self._numbers.stat().st_size // self._row_bytes)
        if self._rows > _MOST_ROWS:  # nobody's frames, but a file from elsewhere that would fill the memory: it begins anew
            self._rows = 0
        with open_plain(self._names) as names, open_plain(self._numbers) as stream:
            entries = names.read(self._rows * _ENTRY_BYTES)
            for row in range(self._rows):
                name = entries[row * _ENTRY_BYTES : row * _ENTRY_BYTES + _NAME_BYTES]
                check = int.from_bytes(entries[row * _ENTRY_BYTES + _NAME_BYTES : (row + 1) * _ENTRY_BYTES], "little")
                if zlib.crc32(stream.read(self._row_bytes)) == check:  # now: a damaged row that counted as there would never be made again
                    self._place[name] = row, check

    def __contains__(self, image: Sha256) -> bool:
        return bytes.fromhex(image) in self._place  # no lock: a look-up in a dict is one step for other threads

    def __len__(self) -> int:
        return len(self._place)

    def add(self, features: Mapping[Sha256, Floats]) -> None:
        """Append K numbers of each frame. OSError if they cannot be written; then none is known."""
        if not features:
            return
        # half the disk for a difference below 0.002
        rows = np.stack([np.asarray(values, np.float16) for values in features.values()])
        names = [bytes.fromhex(image) for image in features]
        checks = [zlib.crc32(row.tobytes()) for row in rows]
        with self._lock:  # else two threads would be given the same rows
            if not (self._names.exists() and self._numbers.exists()):  # cleared meanwhile
                self._place = {}
                self._open()
            # before the names: a name without its numbers is never read
            _write_at(self._numbers, self._rows * self._row_bytes, rows.tobytes())
            entries = b"".join(name + check.to_bytes(_CHECK_BYTES, "little") for name, check in zip(names, checks, strict=True))
            _write_at(self._names, self._rows * _ENTRY_BYTES, entries)
            self._place |= {name: (self._rows + n, check) for n, (name, check) in enumerate(zip(names, checks, strict=True))}
            self._rows += len(names)

    def forget(self, images: Iterable[Sha256]) -> None:
        """Numbers of these are not known any more, here and in the file: they were another picture's."""
        names = {bytes.fromhex(image) for image in images}
        with self._lock:
            self._place = {name: place for name, place in self._place.items() if name not in names}
            if self._names.exists():
                _blot_out(self._names, names)

    def get(self, images: Sequence[Sha256]) -> NDArray[np.float16]:
        """N x K in the order of the images; NaN for a frame that is not there or is damaged (it is forgotten then, to be made again)."""
        found = np.full((len(images), self._channels), np.nan, np.float16)
        with self._lock, self._opened() as stream:
            wanted = [(kept, n) for n, image in enumerate(images) if (kept := self._place.get(bytes.fromhex(image)))]
            for (row, check), n in sorted(wanted):  # as they lie on the disk
                stream.seek(row * self._row_bytes)
                data = stream.read(self._row_bytes)
                if zlib.crc32(data) == check and len(data) == self._row_bytes:
                    found[n] = np.frombuffer(data, np.float16)
                else:
                    self._place.pop(bytes.fromhex(images[n]), None)
        return found

    def _opened(self) -> BinaryIO:
        try:
            return open_plain(self._numbers)
        except FileNotFoundError:  # cleared meanwhile: all are damaged
            return io.BytesIO()


class FeatureMemory:
    """As a FeatureFile, where nothing of frames may be kept on the disk: gone with the program. 2.6 kB a frame."""

    def __init__(self, channels: int) -> None:
        self._channels, self._lock = channels, threading.Lock()
        self._kept: dict[Sha256, NDArray[np.float16]] = {}

    def __contains__(self, image: Sha256) -> bool:
        return image in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, features: Mapping[Sha256, Floats]) -> None:
        """Keep K numbers of each frame."""
        with self._lock:
            self._kept |= {image: np.asarray(values, np.float16) for image, values in features.items()}

    def forget(self, images: Iterable[Sha256]) -> None:
        """Numbers of these are not known any more."""
        with self._lock:
            for image in images:
                self._kept.pop(image, None)

    def get(self, images: Sequence[Sha256]) -> NDArray[np.float16]:
        """N x K in the order of the images; NaN for a frame that is not there."""
        found = np.full((len(images), self._channels), np.nan, np.float16)
        with self._lock:
            for n, image in enumerate(images):
                if image in self._kept:
                    found[n] = self._kept[image]
        return found


def forget_features(folder: Path, images: Iterable[Sha256]) -> None:
    """As `FeatureFile.forget`, in all files of a folder. OSError if one cannot be written."""
    names = {bytes.fromhex(image) for image in images}
    for path in sorted(folder.glob("*.names")):
        _blot_out(path, names)


def _blot_out(path: Path, names: Set[bytes]) -> None:
    """Zeros where these names stand; a row that no name leads to is let be."""
    with path.open("r+b") as stream:
        entries = stream.read()
        for start in range(0, len(entries) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            if entries[start : start + _NAME_BYTES] in names:
                stream.seek(start)
                stream.write(bytes(_ENTRY_BYTES))


def _write_at(path: Path, offset: int, data: bytes) -> None:
    """Write data at an offset and let the file end there before: whatever lay behind was never finished."""
    with path.open("r+b") as stream:
        stream.truncate(offset)
        stream.seek(offset)
        stream.write(data)
