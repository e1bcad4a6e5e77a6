"""The program killed at random moments while its window labels and backups are being made: no label is lost, no copy is torn."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from endodesk.data.safety.backups import FOLDER, backups_of

from .record import FRAMES, Child, Run, labels_when_opened, make_frames


@dataclass
class KilledRun:
    """What came of one kill."""

    acknowledged: int
    lost: int
    """Labels that the window had shown as given, and that are not there."""
    unasked: int
    """Labels that are there and were neither given nor tried."""
    backups: int
    unsound: int
    """Backups that have their name and are not whole."""
    in_the_making: int
    """Copies that the kill left under a hidden name: the backup was running."""


def killed_runs(folder: Path, number: int, seed: int) -> Iterator[KilledRun]:
    """Kill the program so many times, each time while it labels and copies as fast as it can, and open the project again."""
    chance, home, images = random.Random(seed), folder / "home", make_frames(folder / "frames")
    there: dict[str, str] = {}
    for _ in range(number):
        child = Child(images, home)
        child.given = dict(there)
        child.ask(do="back_up_often")
        child.answer()
        rows = [chance.randrange(FRAMES) for _ in range(500)]
        child.ask(do="label", rows=rows, key=chance.randrange(3))
        child.hear(chance.randrange(1, 25))
        time.sleep(chance.uniform(0, 0.1))
        child.kill()
        copies = child.path.parent / FOLDER
        hidden = sum(path.name.startswith(".") for path in copies.iterdir()) if copies.is_dir() else 0
        found = labels_when_opened(images, home, Run("killed", killed=True))
        differ = [image for image in child.given.keys() | found.keys() if child.given.get(image) != found.get(image)]
        wrong = [image for image in differ if child.tried != (image, found.get(image))]
        sound = [backup.is_sound for backup in backups_of(child.path)]
        lost = sum(image in child.given for image in wrong)
        yield KilledRun(child.acknowledged, lost, len(wrong) - lost, len(sound), sound.count(False), hidden)
        there = found
