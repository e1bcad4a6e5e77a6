"""Backbones: the networks that can stand under a head, each declared once; most are those of `keras.applications`.

No library of training: configurations are checked in the window, too.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from endodesk.domain.errors import BadRequest

AS_TRAINED = "as trained"
"""For a scaling: the range that the backbone's own ImageNet weights were trained on."""
SCALINGS = ("0..1", "-1..1", "mean-std", "127-128")
"""What 0..255 becomes before the first convolution; `mean-std`: less ImageNet's mean colour, over its spread;
`127-128`: less 127, over 128."""

BUNDLED, DOWNLOAD, RANDOM = "", "imagenet-download", "random"
"""Where weights come from, unless it is a file: the program itself, Keras online, or nowhere."""


# Why: docs/decisions/training.md 19
@dataclass(frozen=True, slots=True)
class BackboneSpec:
    """A network without its top: 224 x 224 x 3 -> 7 x 7 x channels."""

    title: str
    """For the model card; it is the constructor's name in `keras.applications`, too, if it is one of these."""
    channels: int
    blocks: tuple[str, ...]
    """Prefixes of the layers of each block, from the input up. Blocks are trained from one of them on."""
    ends: tuple[str, ...]
    """What the last layer of a block is called behind its prefix; the first of these that the block has."""
    scaling: str
    """The input that its ImageNet weights want."""
    own_scaling: Literal["none", "optional", "always"]
    """Whether Keras puts a scaling of its own in, which `include_preprocessing=False` leaves out if it is optional."""
    weights_file: str = ""
    """In resources/weights: its ImageNet weights, if they come with the program."""
    in_keras: bool = True
    """Whether `keras.applications` has it, and Keras online its weights; else it is built in `training.learning`."""

    @property
    def last_block(self) -> int:
        """The highest block that training may start from."""
        return len(self.blocks) - 1


def _numbered(first: str, pattern: str, count: int) -> tuple[str, ...]:
    return (first, *(pattern.format(number) for number in range(1, count)))


def _lettered(*repeats: int) -> tuple[str, ...]:
    # as Keras calls EfficientNet's: block2a, block2b
    return tuple(f"block{stage}{'abcdefgh'[n]}" for stage, count in enumerate(repeats, 1) for n in range(count))


BACKBONES = {
    "mobilenetv2": BackboneSpec(
        "MobileNetV2",
        1280,
        _numbered("expanded_conv", "block_{}", 17),
        ("_add", "_project_BN"),
        "-1..1",
        "none",
        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
    ),
    "efficientnetlite0": BackboneSpec(
        "EfficientNetLite0",
        1280,
        _lettered(1, 2, 2, 3, 3, 4, 1),
        ("_add", "_project_bn"),
        "127-128",
        "none",
        "efficientnet_lite0_imagenet_no_top.weights.h5",
        in_keras=False,
    ),
    "mobilenetv3large": BackboneSpec(
        "MobileNetV3Large", 960, _numbered("expanded_conv", "expanded_conv_{}", 15), ("_add", "_project_bn"), "-1..1", "optional"
    ),
    "efficientnetv2b0": BackboneSpec(
        "EfficientNetV2B0", 1280, _lettered(1, 2, 2, 3, 5, 8), ("_add", "_project_activation", "_project_bn"), "mean-std", "optional"
    ),
    "efficientnetb0": BackboneSpec(
        "EfficientNetB0",
        1280,
        _lettered(1, 2, 2, 3, 3, 4, 1),
        ("_add", "_project_bn"),
        "mean-std",
        "always",
    ),
}


def backbone_named(name: str) -> BackboneSpec:
    """A backbone by its name in a configuration; BadRequest naming those there are."""
    if name not in BACKBONES:
        raise BadRequest(f"backbone must be one of {', '.join(BACKBONES)}, not {name!r}.")
    return BACKBONES[name]


def check_weights(backbone: str, weights: str) -> None:
    """BadRequest if a backbone's weights are not said and do not come with the program, or if Keras has none where they are asked for."""
    spec = backbone_named(backbone)
    if weights == BUNDLED and not spec.weights_file:
        bundled = " and ".join(name for name, other in BACKBONES.items() if other.weights_file)
        raise BadRequest(
            f"weights must name a file with the ImageNet weights of {backbone}, or be {DOWNLOAD!r} to fetch them from Keras online: "
            f"only those of {bundled} come with the program."
        )
    if weights == DOWNLOAD and not spec.in_keras:
        raise BadRequest(f"Keras online has no weights of {backbone}: leave weights out, for they come with the program.")


def found_weights(weights: str) -> str:
    """The same, a file by its whole path; BadRequest if there is no such file."""
    if weights in (BUNDLED, DOWNLOAD, RANDOM):
        return weights
    if not Path(weights).is_file():
        raise BadRequest(f"There is no file {weights} with weights: name a file, or {DOWNLOAD!r} to fetch them from Keras online.")
    return str(Path(weights).absolute())


def resolved_scaling(scaling: str, backbone: str) -> str:
    """One of SCALINGS: what was asked for, or what the weights want."""
    return backbone_named(backbone).scaling if scaling == AS_TRAINED else scaling


def weights_told(weights: str) -> str:
    """For the model card: where a backbone's weights came from."""
    known = {BUNDLED: "ImageNet weights", DOWNLOAD: "ImageNet weights from Keras online", RANDOM: "random weights to begin with"}
    return known.get(weights, f"weights of {Path(weights).name}")
