"""ONNX files, written by hand: their protobuf messages are few, and the library is 17 MB."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk import __version__

_IR_VERSION, _OPSET = 8, 13
_FLOAT, _INT64 = 1, 7
"""Kinds of tensors."""


@dataclass(slots=True)
class OnnxGraph:
    """Nodes and constants, added one after the other."""

    nodes: list[bytes] = field(default_factory=list)
    constants: list[bytes] = field(default_factory=list)
    _made: int = 0

    def constant(self, values: NDArray[Any]) -> str:
        """The name of a new constant: float32, or int64 where whole numbers are given."""
        name = self._name("c")
        whole = np.issubdtype(values.dtype, np.integer)
        plain = np.ascontiguousarray(values, np.int64 if whole else np.float32)
        dims = b"".join(_number(1, size) for size in plain.shape)
        self.constants.append(dims + _number(2, _INT64 if whole else _FLOAT) + _text(8, name) + _bytes(9, plain.tobytes()))
        return name

    def node(self, operation: str, inputs: Sequence[str], name: str = "", **attributes: int | float | str | Sequence[int]) -> str:
        """The name of what a new node gives."""
        name = name or self._name("t")
        named = b"".join(_text(1, one) for one in inputs) + _text(2, name) + _text(3, f"{operation}_{name}") + _text(4, operation)
        self.nodes.append(named + b"".join(_bytes(5, _attribute(key, value)) for key, value in attributes.items()))
        return name

    def _name(self, kind: str) -> str:
        self._made += 1
        return f"{kind}{self._made}"


def onnx_bytes(graph: OnnxGraph, name: str, inputs: tuple[str, Sequence[int]], outputs: tuple[str, Sequence[int]]) -> bytes:
    """The whole file; sizes of inputs and outputs are those of one row, of which there may be any number."""
    body = b"".join(_bytes(1, node) for node in graph.nodes) + _text(2, name)
    body += b"".join(_bytes(5, constant) for constant in graph.constants)
    body += _bytes(11, _value(*inputs)) + _bytes(12, _value(*outputs))
    head = _number(1, _IR_VERSION) + _text(2, "EndoDesk") + _text(3, __version__)
    return head + _bytes(7, body) + _bytes(8, _text(1, "") + _number(2, _OPSET))


def _value(name: str, sizes: Sequence[int]) -> bytes:
    dims = _bytes(1, _text(2, "N")) + b"".join(_bytes(1, _number(1, size)) for size in sizes)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, _FLOAT) + _bytes(2, dims)))


def _attribute(name: str, value: int | float | str | Sequence[int]) -> bytes:
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _number(20, 3)
    if isinstance(value, float):
        return _text(1, name) + _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, 1)
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, 2)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, 7)


def _number(tag: int, value: int) -> bytes:
    return _varint(tag << 3) + _varint(value & (1 << 64) - 1)  # below zero: as 64 bits


def _text(tag: int, value: str) -> bytes:
    return _bytes(tag, value.encode())


def _bytes(tag: int, value: bytes) -> bytes:
    return _varint(tag << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
