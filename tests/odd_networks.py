"""Small LiteRT networks of our form, made by hand, that do what none of ours does. Each has a head of three classes that fits it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as tfl

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import PAPER_CLASSES
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.preprocessing.pipeline import CLEAN

INPUT = (1, 224, 224, 3)
OPERATIONS = tfl.BuiltinOperator


class Net:
    """One graph; tensors and operations are added, the last tensor is the output."""

    def __init__(self) -> None:
        self.model, self.graph = tfl.ModelT(), tfl.SubGraphT()
        self.model.version, self.model.subgraphs, self.model.operatorCodes = 3, [self.graph], []
        self.model.buffers = [tfl.BufferT()]
        self.graph.tensors, self.graph.operators = [], []
        self.frame = self.tensor(INPUT)

    def tensor(self, shape: Sequence[int], values: np.ndarray | None = None, kind: int = tfl.TensorType.FLOAT32) -> int:
        tensor = tfl.TensorT()
        tensor.shape, tensor.type, tensor.buffer, tensor.name = list(shape), kind, 0, b"t"
        if values is not None:
            buffer = tfl.BufferT()
            buffer.data = np.frombuffer(values.tobytes(), np.uint8)
            self.model.buffers.append(buffer)
            tensor.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def do(self, code: int, inputs: Sequence[int], output: int, options: Any = None, kind: int = 0) -> int:
        named = tfl.OperatorCodeT()
        named.builtinCode, named.deprecatedBuiltinCode, named.version = code, min(code, 127), 1
        self.model.operatorCodes.append(named)
        operation = tfl.OperatorT()
        operation.opcodeIndex, operation.inputs, operation.outputs = len(self.model.operatorCodes) - 1, list(inputs), [output]
        operation.builtinOptions, operation.builtinOptionsType = options, kind
        self.graph.operators.append(operation)
        return output

    def pool(self, source: int, side: int, channels: int = 3) -> int:
        """Cells of `side` pixels: the mean of each."""
        options = tfl.Pool2DOptionsT()
        options.filterHeight = options.filterWidth = options.strideH = options.strideW = side
        options.padding = tfl.Padding.VALID
        cells = self.graph.tensors[source].shape[1] // side
        kind = tfl.BuiltinOptions.Pool2DOptions
        return self.do(OPERATIONS.AVERAGE_POOL_2D, [source], self.tensor((1, cells, cells, channels)), options, kind)

    def to_bytes(self, output: int) -> bytes:
        self.graph.inputs, self.graph.outputs = [self.frame], [output]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def plain() -> bytes:
    """Nothing odd: means of 32 x 32 pixels."""
    net = Net()
    return net.to_bytes(net.pool(net.frame, 32))


def huge(side: int = 8_000) -> bytes:
    """The frame in the corner of a picture of 768 MB."""
    net = Net()
    around = np.array([[0, 0], [0, side - 224], [0, side - 224], [0, 0]], np.int32)
    wide = net.do(OPERATIONS.PAD, [net.frame, net.tensor((4, 2), around, tfl.TensorType.INT32)], net.tensor((1, side, side, 3)))
    return net.to_bytes(net.pool(wide, side // 8))


def looked_up() -> bytes:
    """Rows of the means, in an order that the file names."""
    net = Net()
    order = net.tensor((7,), np.arange(7, dtype=np.int32)[::-1].copy(), tfl.TensorType.INT32)
    options = tfl.GatherOptionsT()
    options.axis = 1
    kind = tfl.BuiltinOptions.GatherOptions
    return net.to_bytes(net.do(OPERATIONS.GATHER, [net.pool(net.frame, 32), order], net.tensor((1, 7, 7, 3)), options, kind))


def odd_bundle(folder: Path, network: bytes) -> Path:
    """A bundle of the network and a head that fits it, whole and with right hashes."""
    folder.mkdir(parents=True)
    (folder / "backbone.tflite").write_bytes(network)
    chance = np.random.default_rng(0)
    shapes = {"dense_kernel": (3, 5), "dense_bias": (5,), "logits_kernel": (5, 3), "logits_bias": (3,)}
    np.savez(folder / "head.npz", **{name: chance.normal(0, 0.1, shape).astype(np.float32) for name, shape in shapes.items()})
    files = {name: sha256_file(folder / name) for name in ("backbone.tflite", "head.npz")}
    bundle = ModelBundle("odd", PAPER_CLASSES, CLEAN, datetime(2025, 11, 23, tzinfo=UTC), files)
    (folder / "bundle.json").write_text(json.dumps(bundle.to_json()), encoding="utf-8")
    return folder
