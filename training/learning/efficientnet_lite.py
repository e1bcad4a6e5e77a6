"""EfficientNet-Lite0 without its top (Tan and Le, EfficientNet, ICML 2019; Lite: no squeeze-and-excitation, ReLU6), which Keras lacks."""

from typing import Any

import keras

_STEM, _TOP = 32, 1280
"""Channels of the first and the last convolution."""
# repeats, kernel, stride of the first, expansion, channels
_STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320))
_EPSILON, _MOMENTUM = 1e-3, 0.99
"""Of the BatchNorms: those of the network that was published."""


def efficientnet_lite0(input_tensor: Any) -> Any:
    """N x 224 x 224 x 3, less 127 and over 128 -> N x 7 x 7 x 1280, with random weights.

    Layers are named as those of Keras' EfficientNets.
    """
    x = _normed(_convolved(input_tensor, _STEM, 3, 2, "stem_conv"), "stem_bn", "stem_activation")
    for stage, (repeats, kernel, stride, expansion, channels) in enumerate(_STAGES, 1):
        for number in range(repeats):
            x = _block(x, f"block{stage}{'abcd'[number]}", kernel, 1 if number else stride, expansion, channels)
    x = _normed(_convolved(x, _TOP, 1, 1, "top_conv"), "top_bn", "top_activation")
    return keras.Model(keras.utils.get_source_inputs(input_tensor), x, name="efficientnetlite0")


def _block(x: Any, name: str, kernel: int, stride: int, expansion: int, channels: int) -> Any:
    """Inverted residual: expanded, filtered within each channel, projected; beside it the input where that has the same shape."""
    inputs, inner = x, x.shape[-1] * expansion
    if expansion > 1:
        x = _normed(_convolved(x, inner, 1, 1, f"{name}_expand_conv"), f"{name}_expand_bn", f"{name}_expand_activation")
    x = keras.layers.DepthwiseConv2D(kernel, stride, padding="same", use_bias=False, name=f"{name}_dwconv")(x)
    x = _normed(x, f"{name}_bn", f"{name}_activation")
    x = _normed(_convolved(x, channels, 1, 1, f"{name}_project_conv"), f"{name}_project_bn")
    return keras.layers.Add(name=f"{name}_add")([x, inputs]) if x.shape == inputs.shape else x


def _convolved(x: Any, channels: int, kernel: int, stride: int, name: str) -> Any:
    return keras.layers.Conv2D(channels, kernel, stride, padding="same", use_bias=False, name=name)(x)


def _normed(x: Any, name: str, activation: str = "") -> Any:
    x = keras.layers.BatchNormalization(epsilon=_EPSILON, momentum=_MOMENTUM, name=name)(x)
    return keras.layers.ReLU(6.0, name=activation)(x) if activation else x
