"""The window killed while it trains, in each phase: `python -m tests.faults.killed_training_window --n 50 --seed 0`.

A real window trains by its own dialog and is killed, alone or with the process that trains as by a power cut, at a random moment of a
phase; all phases in turn, to the one in which the new model is being used. After each: the chain holds, every model is whole, the active
model is the same to the byte (or, killed while it changes, the new one, whole), and the next window finds the training: its result is
offered, or it says that it was interrupted, and offers to go on where an epoch is there. Every fifth of these is. Ends with 1 if
anything is wrong.
"""

import argparse
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from endodesk.app.project.own_files import CACHE
from endodesk.app.project.stored_pictures import PREPARED
from endodesk.domain.errors import EndoDeskError
from training.plan.background import RUNNING, is_running
from training.plan.run_folder import BUNDLE

from .killed_training import make_project, process_at, run_state, state_of

PHASES = ("verifying", "starting", "preprocessing", "frozen", "fine-tuning", "exporting", "evaluating", "keeping", "promotion")
KILLED = ("window", "power")
_LATEST_S = {"starting": 3.0, "evaluating": 4.0, "fine-tuning": 4.0, "frozen": 4.0}
_ENDS_S = 30.0


class TrainingWindow:
    """The window in a process, and what it tells."""

    def __init__(self, frames: Path, log: Path) -> None:
        command = [sys.executable, "-m", "tests.faults.training_window_child", str(frames)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        self._log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment, text=True
            )
        self.answer()

    def ask(self, **command: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line.endswith("\n"):
            log = [words for words in self._log.read_text(errors="replace").splitlines() if "plugin" not in words]
            raise AssertionError(f"the window has ended: {self.process.wait()} {' '.join(log[-4:])}")
        told: dict[str, Any] = json.loads(line)
        return told

    def hear(self, phase: str) -> bool:
        """Wait for a phase of the training; False if it ended without."""
        while "state" not in (told := self.answer()):
            if told.get("phase") == phase:
                return True
        return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(_ENDS_S)


class KilledTrainings:
    """One project, in which training after training is killed."""

    def __init__(self, root: Path) -> None:
        self._root, self._frames = root, root / "frames"
        self._folder, self._config = make_project(root)
        self._active = state_of(self._folder)
        self._gone_on = 0

    def kill_one(self, phase: str, who: str, after_s: float) -> str:
        """What became of a training that was killed in this phase. AssertionError or EndoDeskError if anything is wrong."""
        if phase == "preprocessing":
            shutil.rmtree(self._folder / CACHE / PREPARED, ignore_errors=True)  # else there is nothing to do
        known = set(self._runs())
        window = TrainingWindow(self._frames, self._root / "window.log")
        try:
            window.ask(do="train", setup=str(self._config))
            heard = window.hear(phase)
            time.sleep(after_s)
        finally:
            run = next(iter(set(self._runs()) - known), None)
            child = process_at(run / RUNNING) if run else None
            window.kill()
            if child and who == "power":
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
        assert heard, f"it did not come to {phase}"
        assert run, "there is no run folder"
        begun = time.monotonic()
        while is_running(run):  # it ends by itself
            assert time.monotonic() - begun < _ENDS_S, "it goes on though its window was killed"
            time.sleep(0.05)
        used = self._see_active(run, phase)
        what = run_state(self._folder)[1]
        return f"{what}{used}{self._look(run, what, is_used=bool(used))}"

    def _runs(self) -> list[Path]:
        return list((self._folder / "runs").glob("[!.]*/"))

    def _see_active(self, run: Path, phase: str) -> str:
        now = state_of(self._folder)
        if now == self._active:
            return ""
        assert phase == "promotion", "another active model"
        made = json.loads((run / BUNDLE / "bundle.json").read_bytes())
        assert json.loads((self._folder / "models" / made["id"] / "bundle.json").read_bytes()) == made, "a model of no training"
        self._active = now
        return ", used"

    def _look(self, run: Path, what: str, *, is_used: bool) -> str:
        """What the next window says."""
        window = TrainingWindow(self._frames, self._root / "window.log")
        try:
            window.ask(do="found")
            found = window.answer()
            assert found["run"] == run.name, f"another run is found: {found}"
            if what == "has its model":
                assert found["is_known"], f"the model is not kept: {found}"
                assert is_used or found["offers_result"], f"the result is not offered: {found}"
                return ", offered" if found["offers_result"] else ""
            assert found["state"] == "failed", f"nothing is told: {found}"
            assert "interrupted" in found["reason"], f"it is not told that it was interrupted: {found}"
            assert found["offers_to_go_on"] == (what == "resumable"), f"what can be gone on with: {found}"
            if what != "resumable":
                return ", told"
            self._gone_on += 1
            if self._gone_on % 5 != 1:
                return ", told and offered"
            window.ask(do="go_on")
            while "state" not in (ended := window.answer()):
                pass
            assert ended["state"] == "finished", f"it could not be gone on with: {ended}"
        finally:
            window.close()
        assert run_state(self._folder) == (run, "has its model")
        return ", gone on with"


def main() -> int:
    """Try, print, and say whether all was well."""
    options = argparse.ArgumentParser()
    options.add_argument("--n", type=int, default=50)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--phases", nargs="+", default=list(PHASES), choices=PHASES)
    asked = options.parse_args()
    with TemporaryDirectory(prefix="killed-training-window-") as name:
        for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = str(Path(name) / "home" / kind.lower())
        return int(_kill(Path(name), asked.n, random.Random(asked.seed), asked.phases) > 0)


def _kill(root: Path, number: int, chance: random.Random, phases: list[str]) -> int:
    trainings, found, wrong = KilledTrainings(root), Counter[tuple[str, str]](), 0
    for n, (phase, who) in zip(range(number), itertools.cycle(itertools.product(phases, KILLED))):
        after_s = chance.uniform(0, _LATEST_S.get(phase, 0.5))
        try:
            what = trainings.kill_one(phase, who, after_s)
        except (AssertionError, EndoDeskError) as error:
            what, wrong = f"WRONG: {error}", wrong + 1
        found[phase, what] += 1
        sys.stdout.write(f"{n + 1}: {who} killed {after_s:.2f} s into {phase}: {what}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{number} killed, wrong: {wrong}\n")
    for (phase, what), times in sorted(found.items()):
        sys.stdout.write(f"  {phase}: {what} {times}\n")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
