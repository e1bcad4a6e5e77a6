"""Networks from elsewhere are run in a child process before they answer here; those that are known need none."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from bundle_files import write_bundle
from odd_networks import huge, looked_up, odd_bundle, plain

import endodesk.inference.proof
from endodesk.domain.errors import BadBundle, Cancelled
from endodesk.inference.bundle import read_bundle
from endodesk.inference.ensemble import make_ensemble
from endodesk.inference.predictor import Predictor
from endodesk.inference.proof import TrialProcess, prove
from endodesk.inference.trial import ARGUMENT, asked
from endodesk.system.own_program import own_command
from endodesk.system.own_record import settings_folder
from endodesk.system.task import TaskContext

STARTER = Path(__file__).parents[2] / "resources" / "models" / "starter"
HARM = {**dict.fromkeys(range(8831260, 8831264), 255), **dict.fromkeys(range(8842864, 8842867), 0), 8842867: 128, 8843292: 94, 8852116: 115}
"""Bytes of the starter's backbone with which LiteRT ends its process (shared/cases/README.md)."""


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The child processes that are started; no network is proven at the beginning."""
    found: list[str] = []
    monkeypatch.setattr(endodesk.inference.proof, "_proven", set())
    monkeypatch.setattr(endodesk.inference.proof, "own_command", lambda *command: found.append(command[0]) or own_command(*command))
    return found


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at the next start of the program."""
    monkeypatch.setattr(endodesk.inference.proof, "_proven", set())


@pytest.mark.slow
def test_a_network_that_ends_its_process_is_refused_by_a_sentence(tmp_path: Path) -> None:
    network = bytearray((STARTER / "backbone.tflite").read_bytes())
    for place, value in HARM.items():
        network[place] = value
    with pytest.raises(BadBundle, match=r"^The model in harm ended the process that tried it: .* from its source again\.$"):
        Predictor(odd_bundle(tmp_path / "harm", bytes(network)))


@pytest.mark.slow
def test_a_network_that_does_what_ours_do_answers_and_is_not_tried_again(
    tmp_path: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = odd_bundle(tmp_path / "plain", plain())
    Predictor(folder)
    Predictor(folder)
    forget(monkeypatch)
    Predictor(folder)
    assert len(started) == 1
    [noted] = (settings_folder() / "proven-networks").iterdir()
    assert not noted.is_relative_to(folder)
    monkeypatch.setattr(endodesk.inference.proof, "__version__", "9.9")  # another program may bring another LiteRT
    forget(monkeypatch)
    Predictor(folder)
    assert len(started) == 2


@pytest.mark.slow
def test_what_is_proven_is_the_network_and_not_what_is_told_of_it(tmp_path: Path, started: list[str]) -> None:
    first = odd_bundle(tmp_path / "first", plain())
    other = replace(read_bundle(first), temperature=2.0, name="other")
    prove(first, read_bundle(first))
    prove(first, other)
    assert len(started) == 1
    with pytest.raises(BadBundle, match="does not fit its own class list"):  # another number of classes is another network
        prove(first, replace(other, classes=type(other.classes)(("a", "b"))))


@pytest.mark.slow
def test_the_starter_needs_no_child(starter: Path, started: list[str]) -> None:
    shutil.copytree(STARTER, starter)
    Predictor(STARTER)
    assert started == []


def test_a_network_that_looks_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match=r"does what no model of EndoDesk does \(GATHER\)"):
        Predictor(odd_bundle(tmp_path / "odd", looked_up()))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone limits the memory of a process")
def test_a_small_file_that_takes_all_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match=r"is not a network that can be run|more memory"):
        Predictor(odd_bundle(tmp_path / "odd", huge()))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("child", "sentence"),
    [
        ("import time; time.sleep(60)", r"gave no answer within 1 seconds"),
        ("import sys; sys.stdin.readline(); sys.exit(3)", "ended the process"),
        ("import sys; sys.stdin.readline(); print('half', end=''); sys.stdout.flush(); sys.exit(0)", "ended the process"),
    ],
)
def test_silence_and_death_of_the_child_are_refusals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, child: str, sentence: str) -> None:
    monkeypatch.setattr(endodesk.inference.proof, "own_command", lambda *_: [sys.executable, "-c", child])
    began = time.monotonic()
    with TrialProcess() as trial:
        assert sentence in trial.refusal(tmp_path, read_bundle(write_bundle(tmp_path / "x")).networks[0], 3, limit_s=1.0)
    assert time.monotonic() - began < 20


def test_whoever_closes_the_window_does_not_wait_for_a_trial(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(endodesk.inference.proof, "own_command", lambda *_: [sys.executable, "-c", "import time; time.sleep(60)"])
    folder, task = odd_bundle(tmp_path / "plain", plain()), TaskContext()
    task.cancel()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        Predictor(folder, task=task)
    assert time.monotonic() - began < 10


def test_a_program_that_cannot_start_a_child_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(endodesk.inference.proof, "own_command", lambda *_: [str(tmp_path / "gone")])
    with pytest.raises(BadBundle, match=r"no process can be started: .*\.$"):
        Predictor(odd_bundle(tmp_path / "plain", plain()))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes by name")
def test_a_child_that_hangs_ends_by_itself_also_when_its_program_is_gone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")  # who reads it waits for a writer for ever
    member = replace(read_bundle(odd_bundle(tmp_path / "plain", plain())).networks[0], head_file="../fifo")
    command = own_command("endodesk.inference.trial", ARGUMENT)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdin is not None
        child.stdin.write(asked(tmp_path / "plain", member, 3, 1.0))
        child.stdin.flush()
        assert child.wait(30) == 1


def test_an_ensemble_of_proven_members_needs_no_trial(tmp_path: Path, started: list[str]) -> None:
    folders = [odd_bundle(tmp_path / "a", plain()), odd_bundle(tmp_path / "b", plain())]
    bundle = replace(read_bundle(folders[1]), temperature=3.0)
    (folders[1] / "bundle.json").write_text(json.dumps(bundle.to_json()))
    make_ensemble(folders, tmp_path / "both")
    Predictor(tmp_path / "both")
    assert len(started) == 1  # both members are one network, at two temperatures
