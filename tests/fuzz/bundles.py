"""Model bundles made to do harm, with right hashes: `python -m tests.fuzz.bundles [--count 3000] [--seed 1]`.

A child process does with each what the program does (read, prove, load, answer for frames, keep in a project). It may refuse or answer;
it may not die, not be silent for a minute, and raise nothing but a sentence. Prints what came of them; the exit code is 1 if one did harm,
and those bundles are kept.
"""

import argparse
import collections
import contextlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import EndoDeskError
from endodesk.domain.member_networks import Member, members_of
from endodesk.domain.recipes import Recipe
from endodesk.imaging.hashing import sha256_file
from endodesk.inference import proof
from endodesk.inference.bundle import described
from resources import STARTER_MODEL

SILENCE_S = 60.0
LIMIT_S = 15.0
"""For one network, here: a hang is as well seen after this."""
COMMAND = (sys.executable, "-m", "tests.fuzz.bundles", "--program")
IN_TRIAL = {"ended the process": " (died in its trial)", "gave no answer": " (hung in its trial)"}
"""What the program was spared."""
KINDS = {"tflite": 6, "npz": 2, "json": 2}
"""How often each part of a bundle is the one that is changed."""
_BLOCK = 64 * 1024
"""The tables of the flatbuffer lie at its end, as the weights' lengths do."""
_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1, 2**31, 2**63, 10**400, 0.5, 1e308, -1e308, float("inf"), float("nan"), "", "x", "..", "/", "\x00", "\ud800",
    "A" * 100_000, [], [[]], {}, {"": None}, ["x"] * 2000, "2025-11-23T00:00:00+00:00", "0001-01-01T00:00:00+14:00", "bundle.json",
)  # fmt: skip


# --- making them ------------------------------------------------------------------------------------------------------


def mutants(place: Path, count: int, seed: int) -> Iterator[tuple[str, Path]]:
    """Kind and folder of each; a folder is written over by the next."""
    whole = {path.name: path.read_bytes() for path in STARTER_MODEL.iterdir()}
    told = json.loads(whole["bundle.json"])
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        [kind] = chance.choices(list(KINDS), list(KINDS.values()))
        folder = place / f"{number}-{kind}"
        folder.mkdir(parents=True)
        files = dict(whole)
        if kind == "tflite":
            files["backbone.tflite"] = changed_bytes(files["backbone.tflite"], chance)
        elif kind == "npz":
            files["head.npz"] = changed_head(files["head.npz"], chance)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        describe(folder, changed_json(told, chance) if kind == "json" else told)
        yield kind, folder


def changed_bytes(data: bytes, chance: random.Random) -> bytes:
    """Some bytes, words or blocks exchanged, most of them among the tables; or cut, or drawn out."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8, 30))):
        low = 0 if chance.random() < 0.2 else max(0, len(found) - _BLOCK)
        high = min(len(found), 1024) if low == 0 and chance.random() < 0.5 else len(found)
        at = chance.randrange(low, max(low + 1, high))
        match chance.randrange(6):
            case 0:
                found[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                found[at : at + 1] = bytes([found[at] ^ 1 << chance.randrange(8)])
            case 2:
                at -= at % 4
                word = chance.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE, 0x10000, chance.getrandbits(32)))
                found[at : at + 4] = word.to_bytes(4, "little")
            case 3:
                found[at : at + 4] = bytes([255, 255, 255, 255])
            case 4:
                length, source = chance.randrange(1, 64), chance.randrange(low, len(found))
                found[at : at + length] = found[source : source + length]
            case _:
                found[at : at + chance.randrange(1, 16)] = bytes(chance.randrange(1, 16))
    if chance.random() < 0.03:
        del found[chance.randrange(len(found)) :]
    return bytes(found)


def changed_head(data: bytes, chance: random.Random) -> bytes:
    """Bytes of the archive, or an array of another shape, kind, length or of numbers that run over, or a header that lies."""
    if chance.random() < 0.3:
        return changed_bytes(data, chance)
    with np.load(io.BytesIO(data)) as loaded:
        arrays = {name: np.array(loaded[name]) for name in loaded.files}
    name = chance.choice(list(arrays))
    array = arrays[name]
    odd = (np.nan, np.inf, -np.inf, 3e38, -3e38, 1e-45, 0.0)
    match chance.randrange(7):
        case 0:
            array.reshape(-1)[chance.randrange(array.size) :] = chance.choice(odd)
        case 1:
            arrays[name] = array[..., : chance.randrange(array.shape[-1])]
        case 2:
            arrays[name] = array.astype(chance.choice(("f2", "f8", "i4", "c8", "S3", "?")))
        case 3:
            arrays[name] = array.reshape(chance.choice(((-1,), (1, -1), (-1, 1, 1))))
        case 4:
            arrays = {other: np.full_like(values, chance.choice(odd)) for other, values in arrays.items()}
        case 5:
            del arrays[name]
        case _:
            return lying_head(arrays, name, chance)
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def lying_head(arrays: dict[str, np.ndarray[Any, Any]], name: str, chance: random.Random) -> bytes:
    """One array declares a shape that it does not have."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for other, values in arrays.items():
            body = io.BytesIO()
            np.save(body, values)
            data = body.getvalue()
            if other == name:
                shape = str(chance.choice((10**12, 2**33, 2**31, 2**62, -1, 0))).encode()
                first = str(values.shape[0]).encode()
                data = data.replace(first, shape, 1)[: len(data)]
            archive.writestr(f"{other}.npy", data)
    return stream.getvalue()


def changed_json(told: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """One to three values exchanged for odd ones; an ensemble now and then."""
    found = json.loads(json.dumps(told))
    if chance.random() < 0.2:
        member = Member.from_json(_member_of(found)).to_json()
        found |= {"format": 2, "members": [json.loads(json.dumps(member)) for _ in range(chance.choice((1, 2, 2, 3, 33)))]}
    for _ in range(chance.choice((1, 1, 2, 3))):
        places = list(_places(found))
        holder, key = chance.choice(places)
        if chance.random() < 0.15 and isinstance(holder, dict):
            holder.pop(key, None)
        elif key in ("steps", "members", "classes") and isinstance(holder[key], list) and chance.random() < 0.5:
            holder[key] = holder[key] * chance.choice((0, 2, 1000))
        else:
            holder[key] = deepcopy(chance.choice(_ODD))
    return found  # type: ignore[no-any-return]


def _member_of(told: dict[str, Any]) -> dict[str, Any]:
    same = {key: told[key] for key in ("recipe", "recipe_fingerprint", "temperature", "backbone", "scaling", "split_fingerprint")}
    return same | {"backbone_file": "backbone.tflite", "head_file": "head.npz", "bundle": "a" * 12}


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        if key != "metrics":
            yield from _places(inner)


def describe(folder: Path, told: dict[str, Any]) -> None:
    """bundle.json with the hashes, fingerprint and id that its content has, as far as it has any."""
    told = json.loads(json.dumps(told))
    with contextlib.suppress(Exception):
        told["files"] |= {name: sha256_file(folder / name) for name in told["files"] if (folder / name).is_file()}
    with contextlib.suppress(Exception):
        bundle = _as_read(told)
        told |= {"recipe_fingerprint": bundle.recipe.fingerprint, "id": bundle.id}
    (folder / "bundle.json").write_text(json.dumps(told), encoding="utf-8")


def _as_read(told: dict[str, Any]) -> ModelBundle:
    """What the program makes of those values that the id depends on."""
    recipe, classes = Recipe.from_json(told["recipe"]), ClassSet.of(str(name) for name in told["classes"])
    members = members_of(told["members"]) if told["format"] == 2 else ()
    told_so = {"files": told["files"], "temperature": float(told["temperature"])}
    return replace(described(STARTER_MODEL), recipe=recipe, classes=classes, members=members, **told_so)


# --- the program --------------------------------------------------------------------------------------------------


def program() -> None:
    """What the program does with each folder that stdin names: a line on stdout for each."""
    from endodesk.app.project.project import Project

    with tempfile.TemporaryDirectory() as place, proof.TrialProcess() as trial:
        proof.LIMIT_S = LIMIT_S
        proof.TrialProcess = lambda: contextlib.nullcontext(trial)  # type: ignore[misc, assignment]  # one child for many bundles
        project = Project.open(Path(place) / "project")
        for line in sys.stdin:
            try:
                said = _use(project, Path(json.loads(line)))
            except EndoDeskError as error:
                said = f"refused: {error}"
            except Exception as error:
                said = f"DEFECT: {type(error).__name__}: {error}"
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()


def _use(project: Any, folder: Path) -> str:
    from endodesk.app.project.kept_bundles import keep_bundle
    from endodesk.inference.predictor import Predictor

    predictor = Predictor(keep_bundle(project, folder), threads=2)
    frames = np.random.default_rng(5).integers(0, 256, (2, 240, 320, 3), np.uint8)
    for frame in frames:
        answer = predictor.answer_frame(frame)
        predictor.heat_map(answer, 0)
    assert abs(sum(answer.probabilities) - 1) < 0.01, answer.probabilities
    stored = next(stored for stored in project.database.models.all() if stored.bundle.id == predictor.bundle.id)
    assert stored.bundle == predictor.bundle
    return "answered"


class Program:
    """The program as a child, made anew after it died."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None

    def use(self, folder: Path) -> str:
        """What came of it; DIED or HUNG if the program did."""
        child = self._child = self._child or self._start()
        assert child.stdin is not None
        answers = child.stdout
        assert answers is not None
        child.stdin.write(json.dumps(str(folder)) + "\n")
        child.stdin.flush()
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.append(answers.readline()), daemon=True)
        reader.start()
        reader.join(SILENCE_S)
        if lines and lines[0]:
            return str(json.loads(lines[0]))
        hung = reader.is_alive()
        self.close()
        return "HUNG" if hung else f"DIED ({child.returncode})"

    def close(self) -> None:
        """End it."""
        child, self._child = self._child, None
        if child:
            child.kill()
            with contextlib.suppress(OSError), child:  # what it never read is flushed into nothing
                pass

    @staticmethod
    def _start() -> subprocess.Popen[str]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(COMMAND, cwd=Path(__file__).parents[2], text=True, **pipes)


def run(count: int, seed: int, place: Path) -> tuple[collections.Counter[str], list[str]]:
    """What came of how many, and each that did harm with its bundle's folder."""
    came: collections.Counter[str] = collections.Counter()
    harm: list[str] = []
    user = Program()
    try:
        for kind, folder in mutants(place, count, seed):
            said = user.use(folder)
            what = said.partition(" ")[0].rstrip(":")
            came[f"{kind} {what}{next((told for words, told in IN_TRIAL.items() if words in said), '')}"] += 1
            if what in ("answered", "refused"):
                shutil.rmtree(folder)
            else:
                harm.append(f"{folder}: {said}")
                print(harm[-1], flush=True)  # noqa: T201
    finally:
        user.close()
    return came, harm


def main() -> int:
    """The whole run from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", action="store_true", help="be the program that is tried")
    asked = parser.parse_args()
    if asked.program:
        program()
        return 0
    started, place = time.monotonic(), Path(tempfile.mkdtemp(prefix="endodesk-fuzz-"))
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(place / "home" / name.lower())  # nothing of this is remembered
    came, harm = run(asked.count, asked.seed, place)
    for what, times in sorted(came.items()):
        print(f"{times:6} {what}")  # noqa: T201
    kept = f"; they are kept in {place}" if harm else ""
    print(f"{len(harm)} of {asked.count} did harm; {time.monotonic() - started:.0f} s{kept}")  # noqa: T201
    if not harm:
        shutil.rmtree(place)
    return bool(harm)


if __name__ == "__main__":
    sys.exit(main())
