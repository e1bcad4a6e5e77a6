"""Starting this very program once more, as a child process for work that may die or hold on to memory."""

import os
import subprocess
import sys
from pathlib import Path

_WORKER = "endodesk-worker.exe" if os.name == "nt" else "endodesk-worker"


def own_command(module: str, *arguments: str) -> list[str]:
    """The command line that runs one of our modules; frozen, the worker beside the program (packaging/worker.py) tells by the arguments."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_name(_WORKER)), *arguments]
    return [sys.executable, "-P", "-m", module, *arguments]  # -P: nothing from the user's folder


def windows_flags(*names: str) -> int:
    """The named creation flags of `subprocess`, which has them on Windows alone; no console opens for the worker, a console program."""
    return sum(getattr(subprocess, name, 0) for name in ("CREATE_NO_WINDOW", *names))
