"""The published split as a script, written afresh from method.md: plain and one frame after the other, to hold the program's against."""

import random
import shutil
from collections import defaultdict
from pathlib import Path

import imagehash
from PIL import Image


def published_split(folder: Path, out: Path) -> int:
    """Hash, group by equal hash, shuffle with seed 42, fill 70/15/15 of each class, copy; how many groups."""
    groups = 0
    for class_folder in sorted(path for path in folder.iterdir() if path.is_dir()):
        by_hash = defaultdict(list)
        for file in sorted(path for path in class_folder.rglob("*") if path.is_file()):
            with Image.open(file) as picture:
                by_hash[str(imagehash.phash(picture.convert("RGB")))].append(file)
        groups += len(by_hash)
        _place(list(by_hash.values()), out, class_folder.name)
    return groups


def _place(groups: list[list[Path]], out: Path, label: str) -> None:
    random.Random(42).shuffle(groups)
    frames = sum(map(len, groups))
    room = {"train": round(0.7 * frames), "val": round(0.15 * frames), "test": frames}
    for part in room:
        (out / part / label).mkdir(parents=True)
    for group in groups:
        part = next(part for part, left in room.items() if left > 0)
        room[part] -= len(group)
        for file in group:
            shutil.copy(file, out / part / label / file.name)
