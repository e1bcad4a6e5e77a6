"""The convolutional part of a bundle, run by LiteRT: no TensorFlow in the window."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.bundles import INPUT_PX
from endodesk.domain.errors import BadBundle
from endodesk.imaging.pixels import Floats

_INPUT_SHAPE = (INPUT_PX, INPUT_PX, 3)
_MOST_CELLS_A_SIDE, _MOST_CHANNELS = 32, 8192  # ours give 7 x 7 x 960 to 1280; each frame's map is kept while it is open
_STDERR_FD = 2  # of the process: C++ writes there, whatever sys.stderr is
_STDERR = threading.Lock()


# Why: docs/decisions/inference.md 1
class Backbone:
    """A network without its top. One per thread: an interpreter runs one frame at a time (it frees the GIL meanwhile)."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        """`threads` is what one frame may use; BadBundle if the file is not a network of our form."""
        from ai_edge_litert.interpreter import Interpreter  # 50 ms, which a window without a model does not wait for

        try:
            with _no_chatter():
                self._interpreter = Interpreter(model_path=str(path), num_threads=threads)
                self._interpreter.allocate_tensors()
            given, told = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        except (ValueError, RuntimeError, OSError) as error:
            raise BadBundle(f"{path.name} is not a network that can be run; take the model from its source again.") from error
        if not _is_of_our_form(given, told):
            raise BadBundle(f"{path.name} does not take a 224 x 224 frame and give a feature map.")
        self._input, self._output = given[0]["index"], told[0]["index"]
        self.channels = int(told[0]["shape"][3])

    @property
    def operations(self) -> frozenset[str]:
        """What it is made of, by LiteRT's names: CONV_2D, ADD ..."""
        return frozenset(str(told["op_name"]) for told in self._interpreter._get_ops_details())

    def features(self, frames: NDArray[np.uint8]) -> Floats:
        """Last feature map: N x 224 x 224 x 3 uint8 RGB in, N x 7 x 7 x channels float32 out. BadBundle if it cannot be run."""
        maps = [self._run(frame) for frame in frames]
        return np.stack(maps) if maps else np.empty((0, 7, 7, self.channels), np.float32)

    def _run(self, frame: NDArray[np.uint8]) -> Floats:
        try:
            self._interpreter.set_tensor(self._input, frame[None].astype(np.float32))  # 0..255: the scaling is its own first layer
            self._interpreter.invoke()
            return np.array(self._interpreter.get_tensor(self._output)[0], np.float32)
        except (ValueError, RuntimeError) as error:  # what it was made of only shows when it runs
            raise BadBundle("The model's network cannot be run for a frame; take the model from its source again.") from error


def run_lite(path: Path, frames: NDArray[np.float32]) -> Floats:
    """What a LiteRT file of one input and one output, made here a moment ago, gives for it."""
    from ai_edge_litert.interpreter import Interpreter

    with _no_chatter():
        interpreter = Interpreter(model_path=str(path), num_threads=1)
        interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], frames)
    interpreter.invoke()
    return np.array(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]), np.float32)


def _is_of_our_form(given: list[dict[str, Any]], told: list[dict[str, Any]]) -> bool:
    """One frame in, one feature map out, both float32."""
    if len(given) != 1 or len(told) != 1 or given[0]["dtype"] != np.float32 or told[0]["dtype"] != np.float32:
        return False
    shape = tuple(told[0]["shape"])
    fits = len(shape) == 4 and shape[0] == 1 and max(shape[1:3]) <= _MOST_CELLS_A_SIDE and shape[3] <= _MOST_CHANNELS and min(shape) > 0
    return tuple(given[0]["shape"]) == (1, *_INPUT_SHAPE) and fits


@contextmanager
def _no_chatter() -> Iterator[None]:
    """LiteRT announces its delegate on the C-level stderr at each load; a command line is not the place.

    One thread at a time: two that swap the descriptor at once would leave it on the null device for good.
    """
    with _STDERR:
        try:
            kept = os.dup(_STDERR_FD)
        except OSError:  # a windowed program may have none
            yield
            return
        try:
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), _STDERR_FD)
            yield
        finally:
            os.dup2(kept, _STDERR_FD)
            os.close(kept)
