"""Frames: what is known of an image file without its pixels."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NewType

from endodesk.domain.shown_text import isolated, visible

Sha256 = NewType("Sha256", str)
"""Lower-case hexadecimal SHA-256 of a file's bytes: the name of a frame wherever it lies."""

_LARGEST_PX = 1_000_000
_is_hash = re.compile(r"[0-9a-f]{64}").fullmatch


def sha256_of(text: str) -> Sha256:
    """A name read from a file; ValueError if it is none: names become those of files."""
    if not _is_hash(text):
        raise ValueError(f"not the name of a frame: {text[:80]!r}")
    return Sha256(text)


def are_hashes(texts: Iterable[str]) -> bool:
    """Whether each may be the name of a frame."""
    return all(map(_is_hash, texts))


def proven_size(width: int, height: int) -> tuple[int, int]:
    """Pixels read from a file; ValueError if no frame can have so many."""
    if not (1 <= width <= _LARGEST_PX and 1 <= height <= _LARGEST_PX):
        raise ValueError(f"not the size of a frame: {width} x {height}")
    return width, height


NO_STRUCTURE = "0"
"""Kept in place of the perceptual hash of a frame without structure, which has none (older programs read a number)."""

_READ = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".dcm", ".dicom"}
_NAMED = {".heic", ".heif", ".hif", ".avif", ".gif", ".jxl", ".jp2", ".j2k", ".j2c", ".jpx", ".jpf", ".jxr", ".psd"}
_NAMED |= {".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".raf", ".rw2", ".pef", ".srw"}
IMAGE_SUFFIXES = frozenset(_READ | _NAMED)
"""Of files that are listed as frames. Those of kinds that are not read are listed too: the reader hears why they cannot be shown."""

DICOM_SUFFIXES = frozenset({".dcm", ".dicom"})
"""Of these, some are films: only their content tells."""
VIDEO_SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".avi", ".mkv", ".wmv", ".mpg", ".mpeg"})
"""Films: no frames themselves, but frames are taken from them."""


def is_image_name(path: Path) -> bool:
    """Whether the file's name says that it is an image of a kind we read. Hidden files are not ours."""
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".")  # macOS lays ._NAME.jpg beside NAME.jpg on foreign disks


def printable(name: str) -> str:
    """A file name fit for a sentence: on one line, printable also where its bytes were no text, and in its own place if it is Hebrew."""
    return isolated(visible(name))


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """One readable frame: its name by content, where it lies, its size in pixels and its perceptual hash."""

    sha256: Sha256
    path: Path
    width: int
    height: int
    phash: str = ""
    """imagehash.phash (8x8) as 16 hexadecimal digits, or NO_STRUCTURE; empty while it is not known."""
    reading: int = 1
    """Since which version of the reading room such a file is shown as it is; see `endodesk.imaging.reading.header`."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that was listed but cannot be shown, with the reason as a sentence."""

    path: Path
    reason: str
