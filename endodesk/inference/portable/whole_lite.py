"""A whole network as one LiteRT file: the backbone of a bundle with the head put on top."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from endodesk.inference.head import Head

_FLOAT32, _INT32 = 0, 2
_RELU = 1
OUTPUT = b"probabilities"


def with_head(backbone: bytes, head: Head) -> bytes:
    """N x 224 x 224 x 3 float32 in, N x C probabilities out. The temperature is worked into the last layer."""
    import flatbuffers  # these two come with LiteRT; a window without a model does not wait for them
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(backbone, 0)
    graph = _Graph(schema, model)
    features = int(model.subgraphs[0].outputs[0])
    hidden, channels = head.dense_bias.shape[0], head.dense_kernel.shape[0]
    axes = graph.constant(np.array([1, 2], np.int32), _INT32)
    pooled = graph.operation("MEAN", [features, axes], channels, "ReducerOptions", keepDims=False)
    dense = [pooled, graph.constant(head.dense_kernel.T, _FLOAT32), graph.constant(head.dense_bias, _FLOAT32)]
    active = graph.operation("FULLY_CONNECTED", dense, hidden, "FullyConnectedOptions", fusedActivationFunction=_RELU)
    scaled = (head.logits_kernel.T / head.temperature, head.logits_bias / head.temperature)
    last = [active, *(graph.constant(values, _FLOAT32) for values in scaled)]
    logits = graph.operation("FULLY_CONNECTED", last, head.classes, "FullyConnectedOptions", fusedActivationFunction=0)
    told = graph.operation("SOFTMAX", [logits], head.classes, "SoftmaxOptions", beta=1.0)
    model.subgraphs[0].outputs = [told]
    model.subgraphs[0].tensors[told].name = OUTPUT
    model.signatureDefs = None  # they name the feature map
    builder = flatbuffers.Builder(len(backbone) + (4 << 20))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


class _Graph:
    """The first subgraph of a model, to be added to."""

    def __init__(self, schema: Any, model: Any) -> None:
        self._schema, self._model, self._graph = schema, model, model.subgraphs[0]

    def constant(self, values: NDArray[Any], kind: int) -> int:
        """The number of a new tensor with these values."""
        buffer = self._schema.BufferT()
        plain = np.ascontiguousarray(values, np.float32 if kind == _FLOAT32 else np.int32)
        buffer.data = np.frombuffer(plain.tobytes(), np.uint8)
        self._model.buffers.append(buffer)
        return self._tensor(plain.shape, kind, len(self._model.buffers) - 1)

    def operation(self, name: str, inputs: list[int], columns: int, options: str, **values: Any) -> int:
        """The number of the N x columns tensor that a new operation gives."""
        code = self._schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = getattr(self._schema.BuiltinOperator, name)
        code.version = 1
        self._model.operatorCodes.append(code)
        told = getattr(self._schema, f"{options}T")()
        for key, value in values.items():
            setattr(told, key, value)
        added = self._schema.OperatorT()
        added.opcodeIndex = len(self._model.operatorCodes) - 1
        added.inputs, added.outputs = inputs, [self._tensor((1, columns), _FLOAT32, 0, batch=True)]
        added.builtinOptionsType, added.builtinOptions = getattr(self._schema.BuiltinOptions, options), told
        self._graph.operators.append(added)
        return int(added.outputs[0])

    def _tensor(self, shape: tuple[int, ...], kind: int, buffer: int, *, batch: bool = False) -> int:
        tensor = self._schema.TensorT()
        tensor.shape, tensor.type, tensor.buffer = list(shape), kind, buffer
        tensor.shapeSignature = [-1, *shape[1:]] if batch else None
        tensor.name = b"head_%d" % len(self._graph.tensors)
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1
