"""Network: MobileNetV2 -> global average pooling -> Dense 256 ReLU -> Dropout -> Dense N softmax (paper, section III.3)."""

from dataclasses import dataclass
from typing import Any

import keras

from endodesk.domain.bundles import INPUT_PX
from endodesk.domain.errors import TrainingFailed
from resources import IMAGENET_WEIGHTS
from training.config import HeadConfig

CHANNELS = 1280
_SCALES = {"0..1": (1 / 255, 0.0), "-1..1": (1 / 127.5, -1.0)}


@dataclass(frozen=True, slots=True)
class Network:
    """The model in the pieces that training and inference use; they share their layers."""

    backbone: Any
    """N x 224 x 224 x 3, 0..255 -> N x 7 x 7 x 1280. The scaling is its first layer."""
    head: Any
    """N x 1280 -> N x C probabilities."""
    whole: Any
    """N x 224 x 224 x 3, 0..255 -> N x C probabilities."""

    def lower(self, from_block: int) -> Any:
        """The backbone below a block (1..16): frames -> what that block takes in."""
        return keras.Model(self.backbone.input, self._cut(from_block))

    def upper(self, from_block: int) -> Any:
        """The backbone from a block on; 0 is all of it."""
        return keras.Model(self._cut(from_block), self.backbone.output) if from_block else self.backbone

    def restore_imagenet(self) -> None:
        """Give the backbone back the weights it had before fine-tuning."""
        self.backbone.load_weights(str(IMAGENET_WEIGHTS))

    def _cut(self, from_block: int) -> Any:
        """Output of the block before: its sum, or where it has none its last normalisation."""
        before = "expanded_conv" if from_block == 1 else f"block_{from_block - 1}"
        names = {layer.name for layer in self.backbone.layers}
        name = f"{before}_add" if f"{before}_add" in names else f"{before}_project_BN"
        return self.backbone.get_layer(name).output


def build_network(scaling: str, head: HeadConfig, classes: int) -> Network:
    """With ImageNet weights below and fresh ones (from Keras' seed) in the head. TrainingFailed if the weights are not there."""
    frames = keras.Input((INPUT_PX, INPUT_PX, 3), dtype="float32", name="frames")
    scale, offset = _SCALES[scaling]
    scaled = keras.layers.Rescaling(scale, offset=offset, name="scaling")(frames)
    try:
        mobilenet = keras.applications.MobileNetV2(input_tensor=scaled, include_top=False, weights=str(IMAGENET_WEIGHTS))
    except (OSError, ValueError) as error:
        raise TrainingFailed(f"The ImageNet weights {IMAGENET_WEIGHTS} are missing or damaged; install EndoDesk again.") from error
    backbone = keras.Model(frames, mobilenet.output, name="mobilenetv2")  # one input, not a list of one
    top = _build_head(head, classes)
    pooled = keras.layers.GlobalAveragePooling2D(name="pooling")(backbone(frames))
    return Network(backbone, top, keras.Model(frames, top(pooled), name="endodesk"))


def _build_head(config: HeadConfig, classes: int) -> Any:
    return keras.Sequential(
        [
            keras.Input((CHANNELS,), name="pooled"),
            keras.layers.Dense(config.units, activation="relu", kernel_regularizer=keras.regularizers.L2(config.l2), name="dense"),
            keras.layers.Dropout(config.dropout, name="dropout"),
            keras.layers.Dense(classes, activation="softmax", name="probabilities"),
        ],
        name="head",
    )
