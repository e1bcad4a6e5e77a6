"""Checkpoints: what a training that was killed goes on from. One file of arrays an epoch, whole or not there at all; no pickle."""

import json
import shutil
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.dataset.overrides_file import OVERRIDES
from endodesk.domain.errors import BadRequest
from endodesk.imaging.hashing import sha256_bytes
from endodesk.system.atomic import whole_file
from endodesk.system.plain_files import open_plain, plain_bytes
from training.plan.epochs import EpochRow
from training.plan.run_folder import CHECKPOINTS, CONFIG, MANIFEST

LAST = "last.npz"
"""State after the last epoch that was finished; beside it best-PHASE.npz, the best weights of each phase so far."""
_STORY = "story"
Arrays = Mapping[str, NDArray[Any]]


class Checkpoints:
    """The checkpoints of one run. Variables are Keras' or TensorFlow's, always given in the same order."""

    def __init__(self, run: Path, *, resume: bool) -> None:
        """Where an interrupted run stands, or a new beginning (what is left of an older one goes).

        BadRequest with a sentence if the run cannot be gone on with: damaged, or configuration or frames were changed.
        """
        self._folder, self._made_of = run / CHECKPOINTS, _made_of(run)
        self._arrays: Arrays = {}
        self.rows: list[EpochRow] = []
        """Of all phases so far."""
        if not resume:
            shutil.rmtree(self._folder, ignore_errors=True)
        elif (self._folder / LAST).exists():
            self._open()

    def finished(self, phase: str) -> list[EpochRow]:
        """The epochs of a phase that is over, because a later one has begun; else none."""
        return self.of(phase) if self.rows and self.rows[-1].phase != phase else []

    def of(self, phase: str) -> list[EpochRow]:
        """The epochs of a phase that are finished, in their order."""
        return [row for row in self.rows if row.phase == phase]

    def restore(self, phase: str, state: Sequence[Any]) -> list[EpochRow]:
        """Bring variables back to where the phase was interrupted; its epochs so far (none: nothing was changed)."""
        if not self.rows or self.rows[-1].phase != phase:
            return []
        self._assign(self._folder / LAST, self._arrays, state)
        return self.of(phase)

    def save(self, rows: Sequence[EpochRow], state: Sequence[Any]) -> None:
        """After an epoch: all rows of its phase, and every variable. OSError if it cannot be written; the one before stays."""
        phase = rows[-1].phase
        self.rows = [*(row for row in self.rows if row.phase != phase), *rows]
        story = json.dumps({"made_of": self._made_of, "rows": [asdict(row) for row in self.rows]})
        # with the state of dropout's random numbers: a resumed run ends with the same figures to the last digit
        self._write(self._folder / LAST, {_STORY: np.frombuffer(story.encode(), np.uint8), **_named(state)})

    def keep_best(self, phase: str, weights: Sequence[Any]) -> None:
        """The weights as they are, in place of those of an earlier epoch."""
        self._write(self._best(phase), _named(weights))

    def load_best(self, phase: str, weights: Sequence[Any]) -> None:
        """Bring the weights back that were kept. BadRequest with a sentence if they are damaged."""
        self._assign(self._best(phase), _read(self._best(phase)), weights)

    def _best(self, phase: str) -> Path:
        return self._folder / f"best-{phase}.npz"

    def _open(self) -> None:
        arrays = dict(_read(self._folder / LAST))
        try:
            story = json.loads(arrays.pop(_STORY).tobytes())
            made_of, rows = story["made_of"], [EpochRow(**row) for row in story["rows"]]
        except (KeyError, TypeError, ValueError) as error:
            raise _damaged(self._folder / LAST) from error
        if made_of != self._made_of:
            raise BadRequest(
                f"{CONFIG}, {MANIFEST} or {OVERRIDES} was changed since the training was interrupted: it can only go on as it began. "
                "Put them back, or start a new training."
            )
        self.rows, self._arrays = rows, arrays

    def _assign(self, path: Path, arrays: Arrays, variables: Sequence[Any]) -> None:
        found = [arrays.get(_name(place)) for place in range(len(variables))]
        fits = [array is not None and array.shape == tuple(variable.shape) for array, variable in zip(found, variables, strict=True)]
        if len(arrays) != len(variables) or not all(fits):
            raise _damaged(path)
        for variable, array in zip(variables, found, strict=True):
            variable.assign(array)

    def _write(self, path: Path, arrays: Arrays) -> None:
        self._folder.mkdir(exist_ok=True)
        with whole_file(path) as beside, beside.open("wb") as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]  # numpy takes the names for its own options


def can_be_resumed(run: Path) -> bool:
    """Whether at least one epoch of an unfinished run is there to go on from."""
    return (run / CHECKPOINTS / LAST).is_file()


def _made_of(run: Path) -> str:
    drawn = run / OVERRIDES
    by_hand = b"\0" + plain_bytes(drawn) if drawn.exists() else b""  # a zero between: what moves from one file to the next is a change, too
    return sha256_bytes(plain_bytes(run / CONFIG) + b"\0" + plain_bytes(run / MANIFEST) + by_hand)


def _named(variables: Sequence[Any]) -> dict[str, NDArray[Any]]:
    return {_name(place): variable.numpy() for place, variable in enumerate(variables)}


def _name(place: int) -> str:
    return f"v{place:04d}"  # by place: Keras counts the names of layers on from one network to the next


def _read(path: Path) -> Arrays:
    """The arrays of a checkpoint, proven by the file's own checksums. BadRequest if it is damaged or missing."""
    try:
        with open_plain(path) as stream, np.load(stream, allow_pickle=False) as arrays:  # its own handle would be left open by a bad file
            return dict(arrays)
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> BadRequest:
    return BadRequest(f"The checkpoint {path} is damaged: this training cannot go on. Start a new one.")
