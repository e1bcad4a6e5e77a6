"""A bundle for other programs: one file a network, its preprocessing in words, frames to try it on, and whether it answers alike."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.domain.bundles import INPUT_PX, ModelBundle
from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.inference.bundle import PROOF, has_proof
from endodesk.inference.network import Network
from endodesk.inference.portable.whole_lite import with_head
from endodesk.inference.portable.whole_onnx import INPUT, OUTPUT, to_onnx
from endodesk.inference.predictor import Predictor
from endodesk.system.atomic import folder_asked_for
from endodesk.system.plain_files import copy_plain, plain_bytes
from endodesk.system.private import share_folder_as_usual

MODEL_FORMATS = ("onnx", "tflite", "keras")
TOLERANCE = 1e-4
_KERAS, _ABOUT, _CHECK, _CARD = "model.keras", "model.json", "check.npz", "MODEL_CARD.md"
_TRIED = 8
_Answers = Callable[[NDArray[np.float32]], NDArray[Any]]
KerasWriter = Callable[[Path, Path, NDArray[np.float32]], NDArray[Any]]
"""Takes a bundle, the file to write, and frames; what the file answers to them."""


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """What was written, and whether it answers as the bundle does."""

    files: tuple[str, ...]
    difference: float
    """The greatest of any probability on the frames tried."""


# Why: docs/decisions/inference.md 10
def export_model(bundle: Path, form: str, out: Path, *, keras: KerasWriter) -> ExportedModel:
    """A folder that appears whole, or not at all. `keras` writes Keras' own format: TensorFlow is no part of this package.

    BadRequest if there is no such format, something is in that place, or the bundle has nothing of it; BadBundle if the bundle is none,
    or what was made of it answers otherwise by more than TOLERANCE.
    """
    if form not in MODEL_FORMATS:
        raise BadRequest(f"There is no format {form!r}; choose one of: {', '.join(MODEL_FORMATS)}.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadRequest(f"{out} is there already; nothing is written over it. Name another place.")
    predictor = Predictor(bundle)
    tried = np.random.default_rng(0).integers(0, 256, (_TRIED, INPUT_PX, INPUT_PX, 3), np.uint8)
    with folder_asked_for(out, "The model") as beside:
        names, differences, wanted = [], [], {}
        for number, network in enumerate(predictor.networks, 1):
            name = f"model{f'-{number}' if len(predictor.networks) > 1 else ''}.{form}"
            wanted[Path(name).stem] = np.stack([network.view(frame).probabilities for frame in tried])
            run = _write(beside / name, form, bundle, network, keras)
            names.append(name)
            differences.append(float(np.abs(run(tried.astype(np.float32)) - wanted[Path(name).stem]).max()))
        if not all(one <= TOLERANCE for one in differences):  # so NaN is refused too
            raise BadBundle(f"The exported model answers otherwise, by {max(differences):.2g}; it was not kept. Please report this.")
        difference = max(differences)
        np.savez_compressed(beside / _CHECK, frames=tried, **wanted)  # type: ignore[arg-type]  # its stubs know no names
        (beside / _ABOUT).write_text(json.dumps(_about(predictor.bundle, names, difference), indent=1), "utf-8")
        if (bundle / _CARD).is_file():
            copy_plain(bundle / _CARD, beside / _CARD)
        if has_proof(bundle):
            copy_plain(bundle / PROOF, beside / PROOF)
    share_folder_as_usual(out)
    return ExportedModel(tuple(names), difference)


def _write(path: Path, form: str, bundle: Path, network: Network, keras: KerasWriter) -> _Answers:
    """Write one network; what runs the file."""
    if form == "keras":
        kept = bundle / _KERAS
        if not kept.is_file() or network.member.backbone_file != "backbone.tflite":
            raise BadRequest("This model keeps no Keras file: only one that was trained as a whole does. Take onnx or tflite.")
        return lambda frames: keras(bundle, path, frames)
    backbone = plain_bytes(bundle / network.member.backbone_file)
    if form == "tflite":
        path.write_bytes(with_head(backbone, network.head))
        return _lite(path)
    path.write_bytes(to_onnx(backbone, network.head, bundle.name))
    return _onnx(path)


def _lite(path: Path) -> _Answers:
    from endodesk.inference.backbone import run_lite

    return lambda frames: np.concatenate([run_lite(path, frame[None]) for frame in frames])


def _onnx(path: Path) -> _Answers:
    """By OpenCV, whose reader of such files is not ours, and is there anyway."""
    network = cv2.dnn.readNetFromONNX(str(path))

    def run(frame: NDArray[np.float32]) -> NDArray[Any]:
        network.setInput(frame, INPUT)
        return np.asarray(network.forward(OUTPUT))

    return lambda frames: np.concatenate([run(frame[None]) for frame in frames])


def _about(bundle: ModelBundle, names: list[str], difference: float) -> dict[str, Any]:
    return {
        "name": bundle.name,
        "id": bundle.id,
        "classes": list(bundle.classes),
        "files": names,
        "input": f"N x {INPUT_PX} x {INPUT_PX} x 3, RGB, float32, 0..255; scaling is the first layer",
        "output": "N x C probabilities in the order of the classes; of several files their mean is the answer",
        "preprocessing": [
            {"file": name, "recipe": member.recipe.name, "steps": [asdict(step) for step in member.recipe.steps]}
            for name, member in zip(names, bundle.networks, strict=True)
        ],
        "preprocessing_by": "endodesk preprocess FRAMES --recipe NAME --out DIR writes final.png, which is the input; "
        "the code of the steps is endodesk/imaging/preprocessing, their words docs/preprocessing.md",
        "check": {
            "file": _CHECK,
            "greatest_difference": difference,
            "tolerance": TOLERANCE,
            "told": "frames are inputs; the array called as each file has the probabilities that it must answer with",
        },
        "research_use_only": True,
    }
