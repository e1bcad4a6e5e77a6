"""Proof: no network answers in this process before it was run by a child process, which may die of it."""

import contextlib
import hashlib
import json
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import resources
from endodesk import __version__
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle
from endodesk.domain.member_networks import Member
from endodesk.inference.bundle import described
from endodesk.inference.trial import ARGUMENT, asked
from endodesk.system.os_errors import reason_of
from endodesk.system.own_program import own_command, windows_flags
from endodesk.system.own_record import note, noted
from endodesk.system.task import TaskContext

LIMIT_S = 30.0
"""For one network, the start of the child included; our own take a second."""
_POLL_S = 0.05
_KIND = "proven-networks"
_MODULE = "endodesk.inference.trial"
_proven: set[str] = set()
"""What is known to be proven, so that the second load of a model asks no file."""


# Why: docs/decisions/inference.md 8
def prove(folder: Path, bundle: ModelBundle, task: TaskContext | None = None) -> None:
    """Let every network of a bundle that is not known yet be tried, and note what was proven.

    `bundle` was read from `folder` just now: its files are those it lists. BadBundle with a sentence if one fails; Cancelled.
    """
    due = {content: member for member in bundle.networks if not _is_proven(content := _content_of(bundle, member))}
    if not due:
        return
    with TrialProcess() as trial:
        for content, member in due.items():
            if refusal := trial.refusal(folder, member, len(bundle.classes), limit_s=LIMIT_S, task=task):
                raise BadBundle(refusal)
            _proven.add(content)
            note(_KIND, content, __version__)


class TrialProcess:
    """The child; it is started when it is first needed, and anew after it died. One thread at a time."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def refusal(self, folder: Path, member: Member, classes: int, *, limit_s: float, task: TaskContext | None = None) -> str:
        """Why a network must not be used, as a sentence; empty if it may. BadBundle if no child can be started; Cancelled."""
        child = self._child or self._start()
        answers: list[bytes] = []
        # in a thread, as Windows cannot read a pipe with a time limit
        asking = threading.Thread(target=_ask, args=(child, asked(folder, member, classes, limit_s), answers), name="trial", daemon=True)
        asking.start()
        deadline = time.monotonic() + limit_s
        while asking.is_alive() and time.monotonic() < deadline and not (task and task.cancelled):
            asking.join(_POLL_S)
        if answers and answers[0].endswith(b"\n"):
            return str(json.loads(answers[0]))
        died = not asking.is_alive()
        self._end()
        if task:
            task.raise_if_cancelled()
        what = "ended the process that tried it" if died else f"gave no answer within {limit_s:.0f} seconds"
        return f"The model in {folder.name} {what}: it is damaged, or made to do harm. Take the model from its source again."

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            self._child = subprocess.Popen(
                own_command(_MODULE, ARGUMENT),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=windows_flags(),
            )
        except OSError as error:
            raise BadBundle(f"The model cannot be tried, since no process can be started: {reason_of(error)}.") from error
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):  # a question that it never read is flushed into nothing
                if stream:
                    stream.close()


def _ask(child: subprocess.Popen[bytes], question: bytes, answers: list[bytes]) -> None:
    with contextlib.suppress(OSError, ValueError):  # it died, or was ended: no answer
        assert child.stdin is not None  # noqa: S101  (for mypy: we asked for pipes)
        assert child.stdout is not None  # noqa: S101
        child.stdin.write(question)
        child.stdin.flush()
        answers.append(child.stdout.readline())


def _content_of(bundle: ModelBundle, member: Member) -> str:
    """All that is run of a network: what else a bundle says is checked when it is read."""
    listing = f"{bundle.files[member.backbone_file]} {bundle.files[member.head_file]} {len(bundle.classes)}"
    return hashlib.sha256(listing.encode()).hexdigest()


def _is_proven(content: str) -> bool:
    if content not in _proven and (noted(_KIND, content) == __version__ or content in _shipped()):
        _proven.add(content)
    return content in _proven


def _shipped() -> set[str]:
    """The starter's: whoever could exchange that one could exchange the program."""
    try:
        starter = described(resources.STARTER_MODEL)
    except BadBundle:  # the program came without one
        return set()
    return {_content_of(starter, member) for member in starter.networks}
