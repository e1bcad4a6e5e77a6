"""A child process with limits on time and memory, asked line by line in JSON: what kills or stops it costs one question."""

import contextlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question came to."""

    told: dict[str, Any] | None
    """The child's answer; None if it died or fell silent, and is gone."""
    failed: str
    """How it did so."""
    wall_s: float
    peak_mb: float
    """The most that the child ever held."""
    said: str
    """What reached stderr."""


class LimitedChild:
    """Runs `python SCRIPT MB` where there is none yet; the script's `main` calls `answer_lines`."""

    def __init__(self, script: str, *, limit_s: float, limit_mb: int, environment: Mapping[str, str] | None = None) -> None:
        self._script, self._limit_s, self._limit_mb, self._environment = script, limit_s, limit_mb, environment or {}
        self._child: subprocess.Popen[bytes] | None = None
        self._stderr: Any = None

    def ask(self, question: Any) -> Reply:
        """Anything that JSON has a form for."""
        child = self._started()
        assert child.stdin
        assert child.stdout
        place, started = self._stderr.seek(0, os.SEEK_END), time.monotonic()
        with contextlib.suppress(OSError):
            child.stdin.write(json.dumps(question).encode() + b"\n")
            child.stdin.flush()
        ready, _, _ = select.select([child.stdout], [], [], self._limit_s)
        line = child.stdout.readline() if ready else b""
        wall_s = time.monotonic() - started
        failed = "" if line else _why_no_line(child, f"hangs: more than {self._limit_s:g} s" if not ready else "")
        self._stderr.seek(place)
        said = self._stderr.read().decode(errors="replace").strip()
        if not line:
            self.close()
            return Reply(None, failed, wall_s, 0.0, said)
        told = json.loads(line)
        return Reply(told, "", wall_s, told.pop("peak_mb"), said)

    def child_id(self) -> int:
        """Of the process, which is started if there is none."""
        return self._started().pid

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.kill()
            self._child.communicate()
            self._stderr.close()
        self._child = None

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is None:
            self._stderr = TemporaryFile()  # noqa: SIM115 (closed with the child)
            command = [sys.executable, "-P", "-m", self._script, str(self._limit_mb)]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._stderr}
            # The product is that of PYTHONPATH, if it is set: another tree can be judged by this one.
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(_paths())} | self._environment
            self._child = subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)
            assert self._child.stdout
            assert self._child.stdout.readline() == b"ready\n"
        return self._child


def answer_lines(answer: Callable[[Any], dict[str, Any]]) -> None:
    """The child: each line's answer as a line, within the megabytes that the command line names."""
    limit = int(sys.argv[1]) << 20
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints is taken for an answer
    answers.write(b"ready\n")
    answers.flush()
    for line in sys.stdin:
        told = answer(json.loads(line))
        told["peak_mb"] = _peak_mb()
        answers.write(json.dumps(told).encode() + b"\n")
        answers.flush()


def _peak_mb() -> float:
    """The most that this process held since it began its own program: `ru_maxrss` counts what it was forked from (Linux, at exec)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _why_no_line(child: "subprocess.Popen[bytes]", hangs: str) -> str:
    if hangs:
        return hangs
    code = child.wait()
    return f"crash: {signal.Signals(-code).name if code < 0 else code}"


def _paths() -> list[str]:
    told = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    return [*told, str(ROOT)]
