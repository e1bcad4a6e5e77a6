"""Tensors of a file of torch.save in its old form, without torch and without unpickling.

A pickle is a program, and this one is only looked at: pickletools takes it apart; of its operations those that a
dictionary of tensors needs are followed, of its names four are known.
"""

import pickletools
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
_DICT, _TENSOR = "collections OrderedDict", "torch._utils _rebuild_tensor_v2"
_TYPES = {"torch FloatStorage": "<f4", "torch LongStorage": "<i8"}
_VALUES = {"BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1"}
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_MARK = object()


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: str
    type: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read_tensors(data: bytes) -> dict[str, NDArray[Any]]:
    """The tensors of a state dictionary by name. ValueError if the file is another one, damaged, or asks for anything else."""
    stream = BytesIO(data)
    magic, protocol, system, state, storages = (_followed(pickletools.genops(stream)) for _ in range(5))
    if magic != MAGIC or protocol != PROTOCOL or not system["little_endian"]:
        raise ValueError("It is no file of torch.save in its old form.")
    kinds = {tensor.storage: tensor.type for tensor in state.values()}
    stored = {key: _stored(stream, kinds[key]) for key in storages}
    if stream.read(1):
        raise ValueError("There is more in it than its tensors.")
    return {name: _array(tensor, stored[tensor.storage]) for name, tensor in state.items()}


def _stored(stream: BytesIO, kind: str) -> NDArray[Any]:
    """The next storage: its length, then its numbers."""
    length = int.from_bytes(stream.read(8), "little", signed=True)
    return np.frombuffer(stream.read(length * np.dtype(kind).itemsize), kind, length)


def _array(tensor: _Tensor, stored: NDArray[Any]) -> NDArray[Any]:
    last = tensor.offset + sum((length - 1) * step for length, step in zip(tensor.shape, tensor.strides, strict=True))
    if min((tensor.offset, *tensor.shape, *tensor.strides)) < 0 or last >= len(stored):
        raise ValueError("A tensor lies outside what is stored.")
    strides = [step * stored.itemsize for step in tensor.strides]
    return np.ascontiguousarray(np.lib.stride_tricks.as_strided(stored[tensor.offset :], tensor.shape, strides))


def _followed(operations: Iterable[tuple[Any, Any, Any]]) -> Any:
    """What one pickle comes to."""
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    for operation, argument, _ in operations:
        name = operation.name
        if name in _VALUES:
            stack.append(argument)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name == "GLOBAL":
            if argument not in (_DICT, _TENSOR, *_TYPES):
                raise ValueError(f"It asks for {argument}.")
            stack.append(argument)
        elif name in ("BINGET", "LONG_BINGET"):
            stack.append(memo[argument])
        elif name in ("BINPUT", "LONG_BINPUT"):
            memo[argument] = stack[-1]
        elif name == "STOP":
            return stack.pop()
        elif name != "PROTO":
            _STEPS[name](stack) if name in _STEPS else _refuse(name)
    raise ValueError("It ends too soon.")


def _refuse(name: str) -> None:
    raise ValueError(f"It wants to do {name}.")


def _since_mark(stack: list[Any]) -> list[Any]:
    place = len(stack) - 1 - stack[::-1].index(_MARK)
    found = stack[place + 1 :]
    del stack[place:]
    return found


def _tuple(stack: list[Any], length: int) -> None:
    stack[len(stack) - length :] = [tuple(stack[len(stack) - length :])]


def _set_items(stack: list[Any], items: list[Any]) -> None:
    stack[-1].update(zip(items[::2], items[1::2], strict=True))


def _set_item(stack: list[Any]) -> None:
    value, key = stack.pop(), stack.pop()
    stack[-1][key] = value


def _reduce(stack: list[Any]) -> None:
    arguments, function = stack.pop(), stack.pop()
    if function == _DICT and not arguments:
        stack.append({})
    elif function == _TENSOR:
        (storage, kind), offset, shape, strides, *_ = arguments
        stack.append(_Tensor(storage, kind, offset, shape, strides))
    else:
        raise ValueError(f"It calls {function}.")


def _persistent(stack: list[Any]) -> None:
    word, kind, key, *_ = stack.pop()
    if word != "storage" or kind not in _TYPES:
        raise ValueError(f"It refers to {word} {kind}.")
    stack.append((key, _TYPES[kind]))


_STEPS: dict[str, Any] = {
    "MARK": lambda stack: stack.append(_MARK),
    "EMPTY_DICT": lambda stack: stack.append({}),
    "EMPTY_LIST": lambda stack: stack.append([]),
    "EMPTY_TUPLE": lambda stack: stack.append(()),
    "TUPLE": lambda stack: stack.append(tuple(_since_mark(stack))),
    "TUPLE1": lambda stack: _tuple(stack, 1),
    "TUPLE2": lambda stack: _tuple(stack, 2),
    "APPENDS": lambda stack: (items := _since_mark(stack), stack[-1].extend(items)),
    "SETITEMS": lambda stack: _set_items(stack, _since_mark(stack)),
    "SETITEM": _set_item,
    "BINPERSID": _persistent,
    "REDUCE": _reduce,
    "BUILD": lambda stack: stack.pop(),  # notes of the dictionary's version: not needed
}
"""What else may be done, each with the stack."""
