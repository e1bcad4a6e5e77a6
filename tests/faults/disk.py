"""The disk fails at the nth write or flush of a project's files: is every label there that was acknowledged, and nothing half written?

`run` starts this file as a program under `io_shim.c` (LD_PRELOAD), which forks for each n, so that nothing is loaded twice.
"""

import ctypes
import errno
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.data.safety.recovery import open_record
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.reviews import Correction

SHIM = Path(__file__).with_name("io_shim.c")
ERRORS = (errno.EIO, errno.ENOSPC, errno.EINTR)
_FRAMES, _LABELS_AFTER, _MOST_LABELS = 30, 4, 400
_CLASSES = ("esophagitis", "polyps", "ulcerative-colitis")


def build_shim(folder: Path) -> Path | None:
    """The shim, compiled; None where there is no compiler, or no Linux."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        return None
    built = folder / "io_shim.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-w", "-o", str(built), str(SHIM), "-ldl"], check=True)
    return built


def run(shim: Path, folder: Path, numbers: range, seed: int) -> Iterator[dict[str, Any]]:
    """One verdict for each n, as `_one` makes it."""
    root = Path(__file__).parents[2]
    environment = {**os.environ, "LD_PRELOAD": str(shim), "FAULT_PATHS": "project.sqlite:labels.jsonl"}
    command = [sys.executable, "-m", "tests.faults.disk", str(folder), *map(str, (numbers.start, numbers.stop, numbers.step, seed))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=root, text=True) as child:
        assert child.stdout
        for line in child.stdout:
            yield json.loads(line)
    if child.returncode:
        raise RuntimeError(f"the program ended with {child.returncode}")


def _frame(number: int) -> Sha256:
    return Sha256(f"{number:064x}")


def _make(folder: Path) -> Path:
    """A project of some frames with some labels, closed."""
    file = folder / "template" / "project.sqlite"
    file.parent.mkdir(parents=True)
    database, _ = open_record(file, file.with_name("labels.jsonl"))
    with database:
        records = [ImageRecord(_frame(n), Path(f"/frames/{n}.png"), 64, 64, "") for n in range(_FRAMES)]
        database.images.add((record, FileStamp(100 + n, n, n, n, 1)) for n, record in enumerate(records))
        for n in range(5):
            _give(database, n, "polyps")
    return file.parent


def _give(database: Database, number: int, label: str) -> None:
    said = Correction(_frame(number), label, "Ann", datetime.now(UTC))
    database.corrections.give([said], settings={"last_frame": f"{number}.png"})


def _label(folder: Path, tell: Any, arm: Any, chance: random.Random, killed: bool) -> None:
    """In a child: the disk is armed, the project opened, labels given until some after the fault."""
    arm()
    shim = ctypes.CDLL(None)
    try:
        database, _ = open_record(folder / "project.sqlite", folder / "labels.jsonl")
    except EndoDeskError as error:
        tell(failed=str(error))
        return
    after = 0
    for _ in range(_MOST_LABELS):
        number, label = chance.randrange(_FRAMES), chance.choice(_CLASSES)
        tell(trying=[_frame(number), label])
        try:
            _give(database, number, label)
        except EndoDeskError as error:
            tell(failed=str(error))
        else:
            tell(given=[_frame(number), label])
        after += shim.fault_fired()
        if after > _LABELS_AFTER:
            break
    if not killed:
        database.close()
    tell(fired=bool(shim.fault_fired()))


def _in_child(work: Any) -> list[dict[str, Any]]:
    """What a forked process tells; it ends without closing anything."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 1
        try:
            work(lambda **told: os.write(writing, (json.dumps(told) + "\n").encode()))
            code = 0
        except BaseException as error:
            os.write(writing, (json.dumps({"crashed": repr(error)}) + "\n").encode())
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as lines:
        told = [json.loads(line) for line in lines]
    os.waitpid(child, 0)
    return told


def _found(folder: Path, tell: Any) -> None:
    """What stands once the project was opened with a disk that works, and what it had kept was taken in."""
    database, _ = open_record(folder / "project.sqlite", folder / "labels.jsonl")
    with database:
        for journal in database.kept_journals:
            database.take_in(journal)
        tell(labels={image: stored.correction.value for image, stored in database.corrections.current().items()})
    with closing(sqlite3.connect(folder / "project.sqlite")) as connection:
        tell(sound=connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


def _one(template: Path, folder: Path, n: int, chance: random.Random) -> dict[str, Any]:
    error, half, always, killed = chance.choice(ERRORS), chance.random() < 0.4, chance.random() < 0.3, chance.random() < 0.5
    if error == errno.EINTR:
        always = False  # a write that is interrupted for ever is tried again for ever
    shutil.copytree(template, folder)
    shim = ctypes.CDLL(None)
    told = _in_child(lambda tell: _label(folder, tell, lambda: shim.fault_arm(n, error, half, always), chance, killed))
    given = dict.fromkeys(map(_frame, range(5)), "polyps")
    refused: dict[str, set[str]] = {}
    for line in told:
        if "trying" in line:
            image, label = line["trying"]
            refused.setdefault(image, set()).add(label)
        elif "given" in line:
            image, label = line["given"]
            given[image] = label
            refused.pop(image, None)
    found = {name: value for line in _in_child(lambda tell: _found(folder, tell)) for name, value in line.items()}
    labels = found.get("labels", {})
    differ = [image for image in given.keys() | labels.keys() if given.get(image) != labels.get(image)]
    tried = [image for image in differ if labels.get(image) in refused.get(image, ())]
    shutil.rmtree(folder)
    return {
        "n": n, "error": errno.errorcode[error], "half": half, "always": always, "killed": killed,
        "fired": any(line.get("fired") for line in told) or any("failed" in line for line in told),
        "crashed": next((line["crashed"] for line in told if "crashed" in line), found.get("crashed", "")),
        "acknowledged": sum("given" in line for line in told), "refused": sum("failed" in line for line in told),
        "lost": sum(image in given for image in differ if image not in tried), "refused_there": len(tried),
        "unasked": sum(image not in given for image in differ if image not in tried), "sound": bool(found.get("sound")),
    }  # fmt: skip


def main() -> None:
    folder, start, stop, step, seed = Path(sys.argv[1]), *map(int, sys.argv[2:6])
    template = _make(folder)
    for n in range(start, stop, step):
        verdict = _one(template, folder / "tried", n, random.Random(seed * 1_000_003 + n))
        sys.stdout.write(json.dumps(verdict) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
