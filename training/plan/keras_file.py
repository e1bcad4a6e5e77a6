"""A bundle as one Keras file: written and run by a child process, which alone loads TensorFlow."""

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.system.os_errors import reason_of
from endodesk.system.own_program import own_command, windows_flags
from endodesk.system.plain_files import plain_bytes
from training.plan.launch import why_not_trained

WRITE_KERAS = "--write-keras"
_MODULE = "training.learning.export"
_LIMIT_S = 600.0
"""TensorFlow takes 5 to 20 seconds to start, the network one."""


def write_keras(bundle: Path, path: Path, frames: NDArray[np.float32]) -> NDArray[Any]:
    """Write the file, and what it answers to N x 224 x 224 x 3 frames of 0..255: N x C probabilities.

    BadRequest where there is no TensorFlow, BadBundle with a sentence if it could not be written.
    """
    if missing := why_not_trained():
        raise BadRequest(f"Keras' format needs TensorFlow. {missing} Or take onnx or tflite.")
    with tempfile.TemporaryDirectory() as passing:
        asked, answered = Path(passing) / "frames.npy", Path(passing) / "answers.npy"
        np.save(asked, frames)
        command = own_command(_MODULE, WRITE_KERAS, str(bundle), str(path), str(asked), str(answered))
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", check=False, timeout=_LIMIT_S, creationflags=windows_flags()
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            why = reason_of(error) if isinstance(error, OSError) else f"it took more than {_LIMIT_S:.0f} seconds"
            raise BadBundle(f"The Keras file could not be written: {why}.") from error
        if done.returncode or not answered.is_file():
            told = done.stderr.strip().splitlines()
            raise BadBundle(told[-1] if told else "The Keras file could not be written: the process that writes it died.")
        found: NDArray[Any] = np.load(BytesIO(plain_bytes(answered)), allow_pickle=False)
        return found
