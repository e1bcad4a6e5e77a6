"""Folders of small synthetic frames, and files that are no frames, for the tests of the program and of its window."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import cv2
import numpy as np

from endodesk.domain.images import Sha256
from endodesk.imaging.synthetic.frames import render_frame

CLASSES = ("esophagitis", "polyps", "ulcerative-colitis")


@cache
def png(number: int, finding: str = "polyps", width: int = 96) -> bytes:
    """A frame as a PNG file's bytes; each number is another case."""
    image = render_frame(finding, case_seed=number, frame_seed=1, width=width).image
    return cv2.imencode(".png", image[..., ::-1])[1].tobytes()


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def put_classes(root: Path, *, each: int = 2) -> list[Path]:
    """Frames in class folders, in the order in which they are listed."""
    return [put(root / name / f"frame-{n}.png", png(100 * place + n, name)) for place, name in enumerate(CLASSES) for n in range(each)]


def put_bad(root: Path) -> dict[str, bytes]:
    """Files with the name of an image that cannot be shown."""
    tiny = cv2.imencode(".png", np.zeros((1, 1, 3), np.uint8))[1].tobytes()
    bad = {"empty.jpg": b"", "cut.png": png(1)[:-200], "letter.tif": b"Dear colleague", "tiny.bmp": tiny}
    for name, data in bad.items():
        put(root / name, data)
    return bad


def sha256_of(path: Path) -> Sha256:
    return Sha256(hashlib.sha256(path.read_bytes()).hexdigest())


def everything_in(folder: Path) -> dict[str, tuple[str, int]]:
    """Names, hashes and times of all files: what must not change."""
    return {str(p.relative_to(folder)): (sha256_of(p) if p.is_file() else "", p.lstat().st_mtime_ns) for p in sorted(folder.rglob("*"))}


@contextmanager
def nested_folders(levels: int) -> Iterator[Path]:
    """A folder with so many others in one another and a file 1.png in the last; not in pytest's own place, which it could not clean up.

    Made by descriptors, step by step: the whole path may be too long for the system.
    """
    root = Path(mkdtemp())
    here = os.open(root, os.O_RDONLY)
    try:
        for _ in range(levels):
            os.mkdir("d", dir_fd=here)
            here = _into(here, "d")
        os.close(os.open("1.png", os.O_CREAT | os.O_WRONLY, dir_fd=here))
        os.close(here)
        yield root
    finally:
        subprocess.run(["rm", "-rf", str(root)], check=True)  # Python's own would recurse


def _into(here: int, name: str) -> int:
    inner = os.open(name, os.O_RDONLY, dir_fd=here)
    os.close(here)
    return inner


# --- what becomes of folders ------------------------------------------------------------------------------------------


def renamed(folder: Path) -> Path:
    return folder.rename(folder.with_name("renamed 名前"))


def moved(folder: Path) -> Path:
    (folder.parent / "elsewhere" / "deep").mkdir(parents=True)
    return folder.rename(folder.parent / "elsewhere" / "deep" / folder.name)


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(folder, folder.parent / "drive E" / folder.name))


def on_another_letter(folder: Path) -> Path:
    """A copy without its times, inodes and first name, as on a stick whose letter has changed; the first is gone."""
    target = folder.parent / "media" / "stick"
    shutil.copytree(folder, target, copy_function=shutil.copyfile)
    shutil.rmtree(folder)
    return target
