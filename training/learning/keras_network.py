"""KerasNetwork: a backbone -> global average pooling -> Dense 256 ReLU -> Dropout -> Dense N softmax (paper, section III.3)."""

from dataclasses import dataclass
from typing import Any

import keras
from numpy.typing import NDArray

from endodesk.domain.bundles import INPUT_PX
from endodesk.domain.errors import TrainingFailed
from endodesk.domain.member_networks import DEFAULT_BACKBONE
from resources import WEIGHTS
from training.learning.efficientnet_lite import efficientnet_lite0
from training.plan.backbones import BUNDLED, DOWNLOAD, RANDOM, BackboneSpec, backbone_named, resolved_scaling
from training.plan.config import HeadConfig

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's pixels in 0..1: red, green, blue (keras.applications.imagenet_utils, mode "torch")."""
_SCALES: dict[str, tuple[Any, Any]] = {
    "0..1": (1 / 255, 0.0),
    "-1..1": (1 / 127.5, -1.0),
    "127-128": (1 / 128, -127 / 128),
    "mean-std": ([1 / (255 * s) for s in _STD], [-m / s for m, s in zip(_MEAN, _STD, strict=True)]),
}


@dataclass(frozen=True, slots=True)
class KerasNetwork:
    """The model in the pieces that training and inference use; they share their layers."""

    spec: BackboneSpec
    backbone: Any
    """N x 224 x 224 x 3, 0..255 -> N x 7 x 7 x channels. The scaling is its first layer."""
    head: Any
    """N x channels -> N x C probabilities."""
    whole: Any
    """N x 224 x 224 x 3, 0..255 -> N x C probabilities."""
    first_weights: tuple[NDArray[Any], ...]
    """Of the backbone, before anything was learnt."""

    def lower(self, from_block: int) -> Any:
        """The backbone below a block (from 1): frames -> what that block takes in."""
        return keras.Model(self.backbone.input, self._cut(from_block))

    def upper(self, from_block: int) -> Any:
        """The backbone from a block on; 0 is all of it."""
        return keras.Model(self._cut(from_block), self.backbone.output) if from_block else self.backbone

    def restore_imagenet(self) -> None:
        """Give the backbone back the weights it had before fine-tuning."""
        self.backbone.set_weights(self.first_weights)

    def _cut(self, from_block: int) -> Any:
        """The one tensor between two blocks: output of the block before."""
        before = self.spec.blocks[from_block - 1]
        names = {layer.name for layer in self.backbone.layers}
        name = next(f"{before}{end}" for end in self.spec.ends if f"{before}{end}" in names)
        return self.backbone.get_layer(name).output


def build_network(
    scaling: str, head: HeadConfig, classes: int, *, backbone: str = DEFAULT_BACKBONE, weights: str = BUNDLED
) -> KerasNetwork:
    """With ImageNet weights below and fresh ones (from Keras' seed) in the head.

    `weights` is a file, or BUNDLED, DOWNLOAD or RANDOM. TrainingFailed with a sentence if they cannot be had.
    """
    spec = backbone_named(backbone)
    frames = keras.Input((INPUT_PX, INPUT_PX, 3), dtype="float32", name="frames")
    scale, offset = _SCALES[resolved_scaling(scaling, backbone)]
    # inside, so that no caller can scale wrongly: a bundle takes 0..255
    scaled = keras.layers.Rescaling(scale, offset=offset, name="scaling")(frames)
    bare = _application(spec, input_tensor=scaled, weights=None)  # None: for a name Keras would open a socket
    _load(bare, spec, weights)
    if spec.own_scaling == "always":
        _undo_own_scaling(bare)
    body = keras.Model(frames, bare.output, name=backbone)  # one input, not a list of one
    top = _build_head(head, spec.channels, classes)
    pooled = keras.layers.GlobalAveragePooling2D(name="pooling")(body(frames))
    return KerasNetwork(spec, body, top, keras.Model(frames, top(pooled), name="endodesk"), tuple(body.get_weights()))


def _application(spec: BackboneSpec, **where: Any) -> Any:
    if not spec.in_keras:
        return efficientnet_lite0(where["input_tensor"])
    without = {"include_preprocessing": False} if spec.own_scaling == "optional" else {}
    return getattr(keras.applications, spec.title)(include_top=False, **without, **where)


def _load(bare: Any, spec: BackboneSpec, weights: str) -> None:
    if weights == DOWNLOAD:
        bare.set_weights(_downloaded(spec))
    elif weights != RANDOM:
        path = weights or str(WEIGHTS / spec.weights_file)
        try:
            bare.load_weights(path)
        except Exception as error:  # the readers of HDF5 raise anything on files that are none
            told = f"The weights {path} are missing, damaged, or not those of a {spec.title} without its top"
            raise TrainingFailed(f"{told}; {'name another file' if weights else 'install EndoDesk again'}.") from error


# Why: docs/decisions/training.md 21
def _downloaded(spec: BackboneSpec) -> Any:
    """Keras' own ImageNet weights, from its cache or from the network: the only place where training opens a socket."""
    try:
        return _application(spec, input_shape=(INPUT_PX, INPUT_PX, 3), weights="imagenet").get_weights()
    except Exception as error:  # Keras raises bare ones
        told = f"The ImageNet weights of {spec.title} could not be fetched from Keras online ({error.__class__.__name__})"
        raise TrainingFailed(f"{told}: go online, or name a file with them.") from error


# Why: docs/decisions/training.md 20
def _undo_own_scaling(bare: Any) -> None:
    """Keras divides by 255 and normalises, and for downloaded weights alone once more: all of it is in our scaling instead."""
    layer = next(layer for layer in bare.layers if isinstance(layer, keras.layers.Normalization))
    mean, variance, count = layer.get_weights()
    # it divides by the root, which is 1 / 255: the division before is undone
    layer.set_weights([0 * mean, 0 * variance + 1 / 255**2, count])
    layer.finalize_state()  # it computes with copies of its weights, which are renewed here alone


def _build_head(config: HeadConfig, channels: int, classes: int) -> Any:
    return keras.Sequential(
        [
            keras.Input((channels,), name="pooled"),
            keras.layers.Dense(config.units, activation="relu", kernel_regularizer=keras.regularizers.L2(config.l2), name="dense"),
            keras.layers.Dropout(config.dropout, name="dropout"),
            keras.layers.Dense(classes, activation="softmax", name="probabilities"),
        ],
        name="head",
    )
