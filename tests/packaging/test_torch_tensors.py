"""The reader of torch's old files: tensors come out, and a pickle that wants anything else is refused, not run."""

import struct
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))
from torch_tensors import read_tensors

START = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", b"\x80\x02M\xe9\x03.", b"\x80\x02}X\x0d\x00\x00\x00little_endian\x88s."
VALUES = np.arange(6, dtype="<f4")


def word(text: str) -> bytes:
    return b"X" + struct.pack("<I", len(text)) + text.encode()


def state(
    *, shape: tuple[int, int] = (2, 3), strides: tuple[int, int] = (3, 1), function: str = "ctorch._utils\n_rebuild_tensor_v2\n"
) -> bytes:
    storage = b"(" + word("storage") + b"ctorch\nFloatStorage\n" + word("7") + word("cpu") + b"K\x06NtQ"
    pairs = [b"(" + b"".join(b"K" + bytes([n]) for n in pair) + b"t" for pair in (shape, strides)]
    hooks = b"\x89ccollections\nOrderedDict\n)R"
    return b"\x80\x02}" + word("w") + function.encode() + b"(" + storage + b"K\x00" + pairs[0] + pairs[1] + hooks + b"tRs."


def whole(body: bytes, *, start: tuple[bytes, ...] = START, stored: bytes = VALUES.tobytes()) -> bytes:
    return b"".join(start) + body + b"\x80\x02](" + word("7") + b"e." + struct.pack("<q", 6) + stored


def test_tensors_come_out_as_they_lay():
    (name, values), *others = read_tensors(whole(state())).items()
    assert (name, others) == ("w", [])
    assert values.tolist() == VALUES.reshape(2, 3).tolist()
    turned = read_tensors(whole(state(shape=(3, 2), strides=(1, 3))))["w"]
    assert turned.tolist() == VALUES.reshape(2, 3).T.tolist()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (whole(state(function="cos\nsystem\n")), "asks for os system"),
        (whole(state(function="ccollections\nOrderedDict\n")), "calls collections OrderedDict"),
        (whole(b"\x80\x02(ios\nsystem\n."), "wants to do INST"),
        (whole(state(shape=(3, 3))), "outside what is stored"),
        (whole(state(), start=(b"\x80\x02K\x01.", *START[1:])), "no file of torch"),
        (whole(state(), stored=VALUES.tobytes() + b"x"), "more in it"),
        (whole(state(), stored=VALUES.tobytes()[:-1]), "buffer is smaller"),
    ],
)
def test_anything_else_is_refused(data, says):
    with pytest.raises(ValueError, match=says):
        read_tensors(data)
