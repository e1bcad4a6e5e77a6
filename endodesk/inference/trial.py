"""A network's first run, in a child process made for it: it may crash, hang or fill the memory, and ends nothing else with it.

`python -m endodesk.inference.trial` takes a line of JSON for each network on stdin, as `asked` writes it, and answers each by a line:
empty if the network does what one of our form does, else a sentence.
"""

import faulthandler
import gc
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from endodesk.domain.bundles import INPUT_PX
from endodesk.domain.errors import BadBundle
from endodesk.domain.member_networks import Member
from endodesk.domain.recipes import Recipe
from endodesk.imaging.pixels import RGB
from endodesk.inference.network import Network

ARGUMENT = "--try-networks"
"""By this the frozen worker knows what it is started for."""
# Why: docs/decisions/inference.md 9
OPERATIONS = frozenset({
    "ADD", "SUB", "MUL", "DIV", "MEAN", "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "AVERAGE_POOL_2D", "MAX_POOL_2D", "PAD",
    "CONCATENATION", "RELU", "RELU6", "LEAKY_RELU", "PRELU", "ELU", "GELU", "TANH", "LOGISTIC", "HARD_SWISH", "MINIMUM", "MAXIMUM",
    "SHAPE", "STRIDED_SLICE", "PACK", "RESHAPE", "QUANTIZE", "DEQUANTIZE", "DELEGATE",
})  # fmt: skip
"""What a convolutional network is made of. None of these branches, repeats or looks up by what it is given."""
_ROOM_BYTES = 1 << 29  # ours take 60 to 90 MB, LiteRT's own code included; each thread that asks a model takes it once more
_ROOM_A_BYTE = 3  # LiteRT lays weights out anew, beside those of the file
_THREADS = 2  # as the window loads it: work is shared out by other code than one thread runs
_SUM_TOLERANCE = 1e-3
_PAGES_FILE = Path("/proc/self/statm")


def main() -> None:
    """Answer until stdin ends."""
    _die_quietly()
    with open(0, "rb", closefd=False) as questions, open(1, "wb", closefd=False) as answers, Path(os.devnull).open("w") as nowhere:
        for line in questions:
            question = json.loads(line)
            faulthandler.dump_traceback_later(question["limit_s"], exit=True, file=nowhere)  # also where the program that asked is gone
            _answer(answers, _refusal(question))
            faulthandler.cancel_dump_traceback_later()
            gc.collect()  # what was tried is gone before the next one comes


def asked(folder: Path, member: Member, classes: int, limit_s: float) -> bytes:
    """The question about a network as a line for the child. It ends by itself after `limit_s` without an answer."""
    told = {"backbone": member.backbone_file, "head": member.head_file, "temperature": member.temperature}
    return json.dumps({"folder": str(folder.absolute()), "classes": classes, "limit_s": limit_s, **told}).encode() + b"\n"


def try_network(folder: Path, member: Member, classes: int) -> None:
    """Load it and let it answer for a few frames; BadBundle with a sentence if that is not what a network of our form says."""
    network = Network(folder, member, classes=classes, threads=_THREADS)
    if strange := network.operations - OPERATIONS:
        raise BadBundle(f"The model in {folder.name} does what no model of EndoDesk does ({', '.join(sorted(strange))[:200]}).")
    for frame in _frames():
        view = network.view(frame)
        says = view.probabilities
        if says.shape != (classes,) or (says < 0).any() or abs(float(says.sum()) - 1) > _SUM_TOLERANCE:
            raise BadBundle(f"The model in {folder.name} gives no probabilities.")
        if not np.isfinite(network.heat_map(view, int(says.argmax()))).all():
            raise BadBundle(f"The model in {folder.name} gives no heat map.")


def _frames() -> Iterator[RGB]:
    """Black, white, a slope of light, and one that nobody could foresee."""
    shape = (INPUT_PX, INPUT_PX, 3)
    yield np.zeros(shape, np.uint8)
    yield np.full(shape, 255, np.uint8)
    across = np.broadcast_to(np.linspace(0, 255, INPUT_PX, dtype=np.uint8), shape[:2])
    yield np.stack([across, across.T, 255 - across], axis=2)
    yield np.random.default_rng().integers(0, 256, shape, np.uint8)


def _refusal(question: dict[str, object]) -> str:
    folder, backbone = Path(str(question["folder"])), str(question["backbone"])
    member = Member(Recipe("trial", ()), float(str(question["temperature"])), backbone_file=backbone, head_file=str(question["head"]))
    try:
        _limit_memory(_ROOM_BYTES + _ROOM_A_BYTE * (folder / backbone).stat().st_size)
        try_network(folder, member, int(str(question["classes"])))
    except BadBundle as error:
        return str(error)
    except MemoryError:
        return f"The model in {folder.name} asks for more memory than a model of its size needs."
    except Exception as error:  # whatever a hostile file brings about: it is not a model then
        return f"The model in {folder.name} cannot be run ({type(error).__name__})."
    return ""


def _answer(stream: BinaryIO, refusal: str) -> None:
    stream.write(json.dumps(refusal).encode() + b"\n")
    stream.flush()


def _limit_memory(more_bytes: int) -> None:
    """What may be taken beyond what is taken now. Linux alone keeps such a limit; elsewhere the limit on time is the only one."""
    if sys.platform != "linux":
        return
    import resource

    now = int(_PAGES_FILE.read_text().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = now + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _die_quietly() -> None:
    """No picture of the memory on the disk, and no box on the screen."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002)  # SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


if __name__ == "__main__":
    main()
