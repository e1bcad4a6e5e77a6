"""A whole network as one ONNX file: the operations of the backbone one by one, then the head."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.domain.bundles import INPUT_PX
from endodesk.domain.errors import BadRequest
from endodesk.inference.head import Head
from endodesk.inference.portable.onnx_file import OnnxGraph, onnx_bytes

INPUT, OUTPUT = "frames", "probabilities"
_KINDS: dict[int, type[np.generic]] = {0: np.float32, 2: np.int32}
_SAME = 0
_OF_SHAPES = frozenset({"SHAPE", "STRIDED_SLICE", "PACK"})
"""They find out how many frames there are, for a RESHAPE that needs no translation."""
_ELEMENTWISE = {"ADD": "Add", "SUB": "Sub", "MUL": "Mul", "DIV": "Div"}


def to_onnx(backbone: bytes, head: Head, name: str) -> bytes:
    """N x 224 x 224 x 3 float32 in, N x C probabilities out. BadRequest for a backbone of operations that are not translated."""
    return _Translation(backbone).whole(head, name)


class _Translation:
    """From rows x columns x channels, as LiteRT has it, to channels first, as ONNX has it."""

    def __init__(self, backbone: bytes) -> None:
        from ai_edge_litert import schema_py_generated as schema

        self._model = schema.ModelT.InitFromPackedBuf(backbone, 0)
        self._graph = self._model.subgraphs[0]
        self._names = {number: name for name, number in vars(schema.BuiltinOperator).items() if isinstance(number, int)}
        self._onnx = OnnxGraph()
        self._made: dict[int, str] = {}
        self._translators: dict[str, Callable[[Any], str]] = {
            "CONV_2D": self._conv,
            "DEPTHWISE_CONV_2D": self._depthwise,
            "PAD": self._pad,
            "MEAN": self._mean,
            "RESHAPE": self._reshape,
            "LOGISTIC": lambda operation: self._onnx.node("Sigmoid", [self._first(operation)]),
            "HARD_SWISH": self._hard_swish,
        }

    def whole(self, head: Head, name: str) -> bytes:
        onnx = self._onnx
        self._made[int(self._graph.inputs[0])] = onnx.node("Transpose", [INPUT], perm=[0, 3, 1, 2])
        for operation in self._graph.operators:
            self._made[int(operation.outputs[0])] = self._translated(operation)
        features = self._made[int(self._graph.outputs[0])]
        pooled = onnx.node("ReduceMean", [features], axes=[2, 3], keepdims=0)
        hidden = onnx.node("Relu", [onnx.node("Gemm", [pooled, onnx.constant(head.dense_kernel), onnx.constant(head.dense_bias)])])
        scaled = (onnx.constant(values / np.float32(head.temperature)) for values in (head.logits_kernel, head.logits_bias))
        logits = onnx.node("Gemm", [hidden, *scaled])
        onnx.node("Softmax", [logits], OUTPUT, axis=-1)
        return onnx_bytes(onnx, name, (INPUT, (INPUT_PX, INPUT_PX, 3)), (OUTPUT, (head.classes,)))

    def _translated(self, operation: Any) -> str:
        code = self._model.operatorCodes[operation.opcodeIndex]
        name = self._names.get(max(code.builtinCode, code.deprecatedBuiltinCode), "an unknown one")
        if name in _OF_SHAPES:
            return ""
        if name in _ELEMENTWISE:
            made = self._onnx.node(_ELEMENTWISE[name], [self._operand(int(number)) for number in operation.inputs])
        elif name in self._translators:
            made = self._translators[name](operation)
        else:
            raise BadRequest(f"This backbone has operations ({name}) that are not translated to ONNX here; take tflite.")
        return self._activated(made, getattr(operation.builtinOptions, "fusedActivationFunction", 0))

    def _conv(self, operation: Any) -> str:
        weights = self._constant(operation.inputs[1]).transpose(0, 3, 1, 2)
        return self._convolved(operation, weights, 1)

    def _depthwise(self, operation: Any) -> str:
        weights = self._constant(operation.inputs[1]).transpose(3, 0, 1, 2)
        return self._convolved(operation, weights, len(weights) // operation.builtinOptions.depthMultiplier)

    def _convolved(self, operation: Any, weights: NDArray[Any], group: int) -> str:
        told, onnx = operation.builtinOptions, self._onnx
        inputs = [self._first(operation), onnx.constant(weights)]
        inputs += [onnx.constant(self._constant(operation.inputs[2]))] if len(operation.inputs) > 2 and operation.inputs[2] >= 0 else []
        strides, dilations = [told.strideH, told.strideW], [told.dilationHFactor, told.dilationWFactor]
        sides = self._graph.tensors[int(operation.inputs[0])].shape[1:3]
        pads = (
            [_pads(*one) for one in zip(sides, weights.shape[2:], strides, dilations, strict=True)]
            if told.padding == _SAME
            else [(0, 0)] * 2
        )
        (top, bottom), (left, right) = pads
        return onnx.node("Conv", inputs, pads=[top, left, bottom, right], strides=strides, dilations=dilations, group=group)

    def _pad(self, operation: Any) -> str:
        before, after = self._constant(operation.inputs[1])[[0, 3, 1, 2]].T
        pads = self._onnx.constant(np.concatenate([before, after]).astype(np.int64))
        return self._onnx.node("Pad", [self._first(operation), pads])

    def _mean(self, operation: Any) -> str:
        """Over rows and columns, which are kept: what follows is spread over them again."""
        if sorted(self._constant(operation.inputs[1])) != [1, 2]:
            raise BadRequest("This backbone has a mean that is not translated to ONNX here; take tflite.")
        return self._onnx.node("ReduceMean", [self._first(operation)], axes=[2, 3], keepdims=1)

    def _reshape(self, operation: Any) -> str:
        """Of a mean to one row and one column: it has them here."""
        given, told = (self._graph.tensors[int(number)].shape for number in (operation.inputs[0], operation.outputs[0]))
        if len(told) != 4 or list(told[1:3]) != [1, 1] or told[3] != given[-1]:
            raise BadRequest("This backbone has another form that is not translated to ONNX here; take tflite.")
        return self._first(operation)

    def _hard_swish(self, operation: Any) -> str:
        given = self._first(operation)
        return self._onnx.node("Mul", [given, self._onnx.node("HardSigmoid", [given], alpha=1 / 6, beta=0.5)])

    def _first(self, operation: Any) -> str:
        return self._operand(int(operation.inputs[0]))

    def _activated(self, made: str, kind: int) -> str:
        onnx = self._onnx
        if kind == 0:
            return made
        if kind == 1:
            return onnx.node("Relu", [made])
        if kind == 3:
            return onnx.node("Clip", [made, onnx.constant(np.array(0.0)), onnx.constant(np.array(6.0))])
        raise BadRequest("This backbone has an activation that is not translated to ONNX here; take tflite.")

    def _operand(self, number: int) -> str:
        """What an operation gave, or a constant that is spread over rows and columns."""
        if made := self._made.get(number):
            return made
        values = self._constant(number)
        if values.size > 1 and values.size != values.shape[-1]:
            raise BadRequest("This backbone has a constant that is not translated to ONNX here; take tflite.")
        return self._onnx.constant(values.reshape(1, -1, 1, 1) if values.size > 1 else values.reshape(()))

    def _constant(self, number: int) -> NDArray[Any]:
        tensor = self._graph.tensors[int(number)]
        data = self._model.buffers[tensor.buffer].data
        if tensor.type not in _KINDS or data is None:
            raise BadRequest("This backbone has weights that are not translated to ONNX here; take tflite.")
        return np.frombuffer(np.asarray(data, np.uint8).tobytes(), _KINDS[tensor.type]).reshape(tensor.shape)


def _pads(side: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """Zeros before and after, so that there is an answer for each step within the side; the odd one comes after."""
    needed = max(0, (-(-side // stride) - 1) * stride + (kernel - 1) * dilation + 1 - side)
    return int(needed // 2), int(needed - needed // 2)
