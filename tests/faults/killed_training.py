"""Trainings killed in each of their phases, and disks that are full: `python -m tests.faults.killed_training --n 50 --disk 40 --seed 0`.

Killed is the process that trains, the one that watches it (which keeps the model at the end), or both at once, as by a power cut, at a
random moment of a phase; all phases in turn. The disk takes no more from the nth write or flush of a run folder on. After each: the
project opens, its chain holds, the active model is the same to the byte, every model is whole, and the run can be gone on with, has its
model, or has none at all. Every tenth that can be gone on with is. Ends with 1 if anything is wrong.
"""

import argparse
import errno
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from endodesk.app.headless import opened, retrain
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import interrupted_run, last_run
from endodesk.dataset.manifest import scan_class_folder
from endodesk.domain.errors import BadBundle, EndoDeskError
from endodesk.domain.runs import RunEvent, RunEventKind
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.synthetic.frames import write_frames
from endodesk.inference.bundle import read_bundle
from endodesk.system.task import TaskContext
from training.plan.background import EVENTS, RUNNING, Tail, is_running
from training.plan.config import FineTuning, FrozenPhase, load_config
from training.plan.launch import launch
from training.plan.run_folder import BUNDLE, prepare_run

from .disk import build_shim

PHASES = ("verifying", "starting", "preprocessing", "frozen", "fine-tuning", "exporting", "evaluating", "keeping")
KILLED = ("child", "watcher", "power")
_LATEST_S = {"starting": 3.0, "evaluating": 4.0, "fine-tuning": 8.0, "frozen": 8.0}
_WAIT_S = 180.0
FULL = """
import ctypes, sys
ctypes.CDLL(None).fault_arm(int(sys.argv[1]), int(sys.argv[2]), 1, 1)
from training.__main__ import main
sys.exit(main(sys.argv[3:]))
"""


def make_project(root: Path) -> tuple[Path, Path]:
    """A project of generated frames with the starter as its active model, and a configuration of few epochs: their places."""
    frames, config = root / "frames", root / "tiny.toml"
    write_frames(root, cases_per_finding=8, frames_per_case=1, width=160, task=TaskContext())
    tiny = replace(
        load_config("default"), frozen=FrozenPhase(epochs=2, views=1), finetune=FineTuning(epochs=2, from_block=16, learning_rate=1e-4)
    )
    config.write_text(tiny.to_toml(), "utf-8")
    with opened(frames, TaskContext()) as work:
        return work.project.folder, config


def state_of(folder: Path) -> dict[str, str]:
    """The active model, file by file. EndoDeskError if the project cannot be opened; AssertionError if what it holds is not sound."""
    project = Project.open(folder)
    try:
        assert project.database.chain.verify().broken is None
        models = {stored.bundle.id: stored.folder for stored in project.database.models.all()}
        for model in models.values():
            read_bundle(model)
        active = project.active_model
        assert active is not None
        return {path.name: sha256_file(path) for path in sorted(active.folder.iterdir())}
    finally:
        project.close()


def run_state(folder: Path) -> tuple[Path, str]:
    """The last run, and what it can be told as. AssertionError if half a model lies there."""
    project = Project.open(folder)
    try:
        run = last_run(project)
        assert run is not None
        if (run / BUNDLE).exists():
            read_bundle(run / BUNDLE)
            return run, "has its model"
        return run, "resumable" if interrupted_run(project) == run else "nothing finished"
    finally:
        project.close()


def kill_one(folder: Path, frames: Path, config: Path, *, phase: str, who: str, after_s: float) -> str:
    """Begin a training, and kill in this phase; what the run is afterwards."""
    known = set((folder / "runs").glob("*/"))
    watcher = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.killed_training", "--train", str(frames), str(config)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    child, until = _wait_for(folder, known, phase, watcher), time.monotonic() + after_s
    while time.monotonic() < until and watcher.poll() is None:
        time.sleep(0.005)
    for process, wanted in ((child, who != "watcher"), (watcher.pid, who != "child")):
        if process and wanted:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
    watcher.wait(_WAIT_S)
    run, _ = run_state(folder) if set((folder / "runs").glob("*/")) - known else (None, "")
    begun = time.monotonic()
    while run and is_running(run):  # whose watcher is gone ends by itself
        assert time.monotonic() - begun < 30, "it goes on though its watcher was killed"
        time.sleep(0.1)
    return run_state(folder)[1] if run else "not begun"


def _wait_for(folder: Path, known: set[Path], phase: str, watcher: "subprocess.Popen[bytes]") -> int | None:
    """Until a new run is in this phase; the process that trains, if it could be found."""
    tail, begun = None, time.monotonic()
    while watcher.poll() is None and time.monotonic() - begun < _WAIT_S:
        runs = sorted(set((folder / "runs").glob("[!.]*/")) - known)
        tail = tail or (Tail(runs[0] / EVENTS) if runs and (runs[0] / EVENTS).exists() else None)
        for event in filter(None, map(RunEvent.from_line, tail.lines() if tail else ())):
            if (event.kind is RunEventKind.PHASE and event.phase == phase) or event.kind is RunEventKind.FINISHED:
                return process_at(runs[0] / RUNNING)
        time.sleep(0.005)
    return None


def process_at(held: Path) -> int | None:
    """The process that trains in the run folder of this lock."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = place.read_bytes().split(b"\0")
            if b"training" in words and os.fsencode(held.parent) in words:
                return int(place.parent.name)
    return None


def full_disk(shim: Path, root: Path, n: int, preset: str) -> str:
    """A run whose disk is full from its nth write on; how it ended."""
    run = root / "full" / "runs" / f"{preset}-{n}"
    run.parent.mkdir(parents=True, exist_ok=True)
    config = load_config(preset if preset == "quick" else str(root / "tiny.toml"))
    rows = scan_class_folder(root / "frames", None, TaskContext()).rows
    prepare_run(run, rows, replace(config, paths=replace(config.paths, cache=str(root / "cache"))))
    environment = {**os.environ, "LD_PRELOAD": str(shim), "FAULT_PATHS": str(run)}
    command = [sys.executable, "-c", FULL, str(n), str(errno.ENOSPC), str(run)]
    ended = subprocess.run(command, env=environment, capture_output=True, timeout=_WAIT_S, check=False)
    events = [event for line in ended.stdout.decode("utf-8", "replace").splitlines() if (event := RunEvent.from_line(line))]
    last = events[-1] if events else None
    if last and last.kind is RunEventKind.FINISHED:
        read_bundle(run / BUNDLE)
        return "finished before"
    assert not (run / BUNDLE).exists(), f"half a model after write {n}"
    assert last, f"no last word after write {n}: {ended.stderr[-300:]!r}"
    assert last.kind is RunEventKind.FAILED, f"{last.kind} after write {n}"
    return "told that the disk is full" if "disk is full" in last.message else f"told: {last.message[:60]}"


def main() -> int:
    """Try, print, and say whether all was well."""
    options = argparse.ArgumentParser()
    options.add_argument("--n", type=int, default=50)
    options.add_argument("--disk", type=int, default=40)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--train", nargs=2, type=Path)
    asked = options.parse_args()
    if asked.train:
        with opened(asked.train[0], TaskContext()) as work:
            retrain(work, str(asked.train[1]), use=False, task=TaskContext(), warn=str, on_event=str)
        return 0
    with TemporaryDirectory(prefix="killed-training-") as name:
        for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = str(Path(name) / "home" / kind.lower())
        wrong = _kill(Path(name), asked.n, random.Random(asked.seed))
        return int(wrong + _fill(Path(name), asked.disk, random.Random(asked.seed)) > 0)


def _kill(root: Path, number: int, chance: random.Random) -> int:
    folder, config = make_project(root)
    before, found, wrong, gone_on = state_of(folder), Counter[tuple[str, str]](), 0, 0
    for n, (phase, who) in zip(range(number), itertools.cycle(itertools.product(PHASES, KILLED))):
        after_s = chance.uniform(0, _LATEST_S.get(phase, 0.5))
        try:
            what = kill_one(folder, root / "frames", config, phase=phase, who=who, after_s=after_s)
            assert state_of(folder) == before, "another active model"
            if what == "resumable" and (gone_on := gone_on + 1) % 10 == 1:
                launch(run_state(folder)[0], on_event=str, task=TaskContext(), resume=True)
                what = "resumable, gone on with"
        except (AssertionError, EndoDeskError, BadBundle) as error:
            what, wrong = f"WRONG: {error}", wrong + 1
        found[phase, what] += 1
        sys.stdout.write(f"{n + 1}: {who} killed {after_s:.2f} s into {phase}: {what}\n")
        sys.stdout.flush()
    whole = Counter[str]()
    for (_, what), times in found.items():
        whole[what] += times
    sys.stdout.write(f"{number} killed, wrong: {wrong}; {dict(whole)}\n")
    for (phase, what), times in sorted(found.items()):
        sys.stdout.write(f"  {phase}: {what} {times}\n")
    return wrong


def _fill(root: Path, number: int, chance: random.Random) -> int:
    shim = build_shim(root) if number else None
    if shim is None:
        return 0
    found, wrong = Counter[str](), 0
    for n in range(number):
        preset = "tiny" if n % 4 == 3 else "quick"
        write = n + 1 if preset == "quick" else chance.randrange(1, 400)
        try:
            found[full_disk(shim, root, write, preset)] += 1
        except AssertionError as error:
            found[f"WRONG: {error}"] += 1
            wrong += 1
    sys.stdout.write(f"{number} full disks, wrong: {wrong}; {dict(found)}\n")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
