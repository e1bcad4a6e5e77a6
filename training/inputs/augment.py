"""Augmentation of training frames with albumentations, seeded: the same seed, frame and view give the same pixels."""

import functools
import os
import random
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # it calls home at import otherwise

import albumentations as A  # noqa: N812  (its own documentation calls it so)
import cv2

from endodesk.domain.recipes import Recipe
from endodesk.imaging.pixels import RGB
from endodesk.imaging.preprocessing.pipeline import preprocess
from training.inputs.colour_transfer import ColourTransfer
from training.inputs.device_artefacts import draw_marks, fill_corner


def preprocessing_lambda(recipe: Recipe) -> A.Lambda:
    """The preprocessing as first step of an albumentations pipeline, as published (method.md, "Augmentation").

    The trainer itself preprocesses once and keeps the result (`training.inputs.examples`); the pixels are the same.
    """
    return A.Lambda(image=functools.partial(_apply, recipe), name=f"preprocess_{recipe.name}", p=1.0)


def transforms(preset: str, colours: ColourTransfer | None = None) -> list[Any]:
    """The steps of a preset, for preprocessed 224x224 frames; KeyError for an unknown one (the configuration checks it).

    `colours` are what the presets that exchange colours take them from; without, they leave that step out.
    """
    return _PRESETS[preset](colours)


# Why: docs/decisions/training.md 5
class Augmenter:
    """Makes views of preprocessed frames. Safe from several threads: each gets a pipeline of its own."""

    def __init__(self, preset: str, seed: int, colours: ColourTransfer | None = None) -> None:
        self._preset, self._seed, self._colours = preset, seed, colours
        self._local = threading.local()

    def __call__(self, final: RGB, *, frame: str, view: int) -> RGB:
        """View number `view` of a frame (224 x 224 x 3 uint8 in and out); `frame` is its SHA-256."""
        if self._preset == "none":
            return final
        seed = int(np.random.SeedSequence([self._seed, int(frame[:16], 16), view]).generate_state(1)[0])
        # Not set_random_seed: it gives every step the same seed, so that all of them act or none does (half of the views).
        self._pipeline.set_random_state(np.random.default_rng(seed), random.Random(seed))  # noqa: S311
        return np.asarray(self._pipeline(image=final)["image"], np.uint8)

    @property
    def _pipeline(self) -> Any:
        if not hasattr(self._local, "pipeline"):
            self._local.pipeline = A.Compose(transforms(self._preset, self._colours))
        return self._local.pipeline


def _apply(recipe: Recipe, image: RGB, **_: Any) -> RGB:
    return preprocess(image, recipe)


def _none(_colours: ColourTransfer | None) -> list[Any]:
    return []


def _paper(_colours: ColourTransfer | None) -> list[Any]:
    """method.md, "Augmentation", in its order; vertical flips and hue-saturation-value shifts are the paper's (section III.2)."""
    return [
        A.RandomRotate90(p=0.5),
        A.HorizontalFlip(p=0.5),
        A.VerticalFlip(p=0.5),
        # ShiftScaleRotate as published is Affine now; what comes in at the edges is black, as around a frame.
        A.Affine(translate_percent=(-0.1, 0.1), scale=(0.9, 1.1), keep_ratio=True, rotate=(-15, 15), p=0.5),
        A.RandomBrightnessContrast(brightness_limit=0.2, contrast_limit=0.2, p=0.5),
        A.GaussianBlur(blur_limit=(3, 3), p=0.3),
        A.RandomGamma(gamma_limit=(90, 110), p=0.3),
        A.HueSaturationValue(p=0.3),
    ]


def _default(colours: ColourTransfer | None) -> list[Any]:
    """What differs from device to device differs at random, whatever the class: colours, framing, exposure, sharpness, filled corners."""
    return [*_views(), *_exchange(colours, p=0.7), _Drawn(fill_corner, p=0.4)]


def _source(colours: ColourTransfer | None) -> list[Any]:
    """The same and more: no frame keeps its colours, and many get a border, a box or writing that is not theirs."""
    return [*_views(), *_exchange(colours, p=1.0), _Drawn(fill_corner, p=0.5), _Drawn(draw_marks, p=0.9)]


def _views() -> list[Any]:
    """Steps that make a frame look as from another device and hand, without black edges to learn from."""
    return [
        A.RandomRotate90(p=0.75),
        A.HorizontalFlip(p=0.5),
        A.Affine(
            translate_percent=(-0.08, 0.08),
            scale=(0.9, 1.6),
            keep_ratio=True,
            rotate=(-30, 30),
            border_mode=cv2.BORDER_REFLECT_101,
            p=0.8,
        ),
        A.RandomBrightnessContrast(brightness_limit=0.25, contrast_limit=0.25, p=0.6),
        A.RandomGamma(gamma_limit=(75, 130), p=0.4),
        A.HueSaturationValue(hue_shift_limit=8, sat_shift_limit=30, val_shift_limit=15, p=0.6),
        A.OneOf(
            [
                A.GaussianBlur(blur_limit=(3, 7), p=1.0),
                A.ImageCompression(quality_range=(30, 90), p=1.0),
                A.Downscale(scale_range=(0.35, 0.8), p=1.0),
                A.Sharpen(alpha=(0.2, 0.5), p=1.0),
                A.GaussNoise(std_range=(0.01, 0.05), p=1.0),
            ],
            p=0.6,
        ),
    ]


def _exchange(colours: ColourTransfer | None, p: float) -> list[Any]:
    return [_Drawn(colours.exchanged, p=p)] if colours else []


class _Drawn(A.ImageOnlyTransform):  # type: ignore[misc]  # the library is untyped
    """A function of frame and random numbers as a step."""

    def __init__(self, draw: Callable[[RGB, np.random.Generator], RGB], p: float) -> None:
        super().__init__(p=p)
        self._draw = draw

    def apply(self, img: RGB, seed: int, **_: Any) -> RGB:
        return self._draw(img, np.random.default_rng(seed))

    def get_params(self) -> dict[str, int]:
        return {"seed": self.py_random.randrange(2**32)}  # of the pipeline's own random numbers: the view's seed decides


_PRESETS = {"none": _none, "paper": _paper, "default": _default, "source": _source}
