"""Shortcut probe: what a model answers when it does not see the mucosa. Whatever it gets right then, it reads off the frame.

Outline and box go through the model's own recipe, so that one sees what the recipe lets through.
"""

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides, Overrides
from endodesk.domain.recipes import Recipe
from endodesk.imaging.pixels import RGB, Mask
from endodesk.imaging.preprocessing.pipeline import CLEAN, apply_recipe, preprocess
from endodesk.imaging.reading.named_frame import read_named
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from training.evaluation.metrics import measure
from training.evaluation.predictions import Predictions
from training.evaluation.scores import Numbers

# Why: docs/decisions/evaluation.md 9
FLAT = (150, 95, 80)
"""One colour for all that is hidden: lit, and like mucosa, so that recipes find the field as they do in a frame."""
BLUR_PX = 16  # as where recipes are compared (docs/preprocessing.md, "What it gives away")
RIM_PX = 16
"""How much of the model's 224 x 224 stays sharp around a blurred centre: half a cell of its last feature map."""

WHOLE = "whole"
"""What the frames as they are give, read with the same code."""
MOST_SHOWN = 4
PROBES: dict[str, str] = {
    "outline": "Outline alone: all inside the lit field is one flat colour; border, text beside it and frame shape are left.",
    "box": "ScopeGuide box alone: all but the box is one flat colour, the border too.",
    "rim": f"Rim alone: of what the model sees, all but the outermost {RIM_PX} pixels is blurred away.",
    "blurred": "Nothing sharp: all that the model sees is grey, smooth, and of one brightness and contrast.",
}
"""What is shown, in the order in which it is told."""


def outline_only(image: RGB, field: Mask, box: Mask) -> RGB:
    """H x W x 3 with the field flat; a box is flat where it lies in the field, black where it reaches out of it."""
    shown = image.copy()
    shown[box] = 0
    shown[field] = FLAT
    return shown


def box_only(image: RGB, box: Mask) -> RGB:
    """H x W x 3, flat but for the box."""
    shown = np.full_like(image, FLAT)
    shown[box] = image[box]
    return shown


def rim_only(final: RGB) -> RGB:
    """224 x 224 x 3 with its centre blurred away, without an edge between the two."""
    inside = np.zeros(final.shape[:2], np.float32)
    inside[RIM_PX:-RIM_PX, RIM_PX:-RIM_PX] = 1
    share = cv2.GaussianBlur(inside, (0, 0), RIM_PX / 4)[..., None]
    return np.asarray(share * cv2.GaussianBlur(final, (0, 0), BLUR_PX) + (1 - share) * final, np.uint8)


def blurred_away(final: RGB) -> RGB:
    """Outline, box and the play of light are left: grey, smooth, every frame of one brightness and contrast. 224 x 224 x 3."""
    grey = cv2.cvtColor(cv2.GaussianBlur(final, (0, 0), BLUR_PX), cv2.COLOR_RGB2GRAY).astype(np.float32)
    even = 128 + 40 * (grey - grey.mean()) / max(float(grey.std()), 1)  # 1: the frame may be of one grey
    return np.repeat(np.clip(even, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def probe(predictor: Predictor, answers: Predictions, task: TaskContext) -> dict[str, Any]:
    """Balanced accuracy of each of PROBES beside that of the frames as they are, and chance; for metrics.json.

    The frames are read again; what cannot be read any more does not count. Empty if they are of one class: to always
    name it would be right. Cancelled by the task.
    """
    if len(set(answers.truth.tolist())) < 2:
        return {}
    said: list[Numbers | None] = []
    for done, answer in enumerate(in_threads(lambda frame: _answers(predictor, frame.path, answers.overrides), answers.frames), 1):
        task.report(done, len(answers.frames), "shortcut probe")
        said.append(answer)
    read = [place for place, answer in enumerate(said) if answer is not None]
    truth, groups = answers.truth[read], [answers.frames[place].group for place in read]
    own = answers.places or tuple(range(len(answers.classes)))
    table = np.array([said[place] for place in read], np.float64).reshape(len(read), 1 + len(PROBES), len(own))
    table = table @ np.eye(len(answers.classes))[list(own)]
    told: dict[str, Any] = {"n": len(read), "chance": 1 / max(1, len(set(truth.tolist())))}
    for place, name in enumerate((WHOLE, *PROBES)):
        metrics = measure(truth, table[:, place], answers.classes, groups)
        told[name] = {"balanced_accuracy": metrics["balanced_accuracy"], "interval": metrics["intervals"]["balanced_accuracy"]}
    return told


def probe_png(answers: Predictions, recipe: Recipe) -> bytes | None:
    """The first frame of each class as the model sees it, and as each of PROBES shows it, as a PNG; None if none can be read."""
    rows = []
    for index in np.unique(answers.truth)[:MOST_SHOWN]:
        path = answers.frames[int(np.flatnonzero(answers.truth == index)[0])].path
        try:
            _, image, given, _ = read_named(path, answers.overrides)
            rows.append(np.hstack(probed(image, recipe, given)))
        except UnreadableImage:
            continue
    if not rows:
        return None
    stream = io.BytesIO()
    Image.fromarray(np.vstack(rows)).save(stream, format="PNG")
    return stream.getvalue()


def probed(image: RGB, recipe: Recipe, given: FrameOverrides = NOTHING_GIVEN) -> list[RGB]:
    """The model's input for the frame as it is, and for each of PROBES."""
    # whatever the model's recipe: this one tells a box from bile
    steps = {step.name: step.mask for step in apply_recipe(image, CLEAN, given)}
    nothing = np.zeros(image.shape[:2], bool)
    field, box = (nothing if (mask := steps[name]) is None else mask for name in ("lit-field", "box"))
    final = preprocess(image, recipe, given)
    hidden = [preprocess(shown, recipe, given) for shown in (outline_only(image, field, box), box_only(image, box))]
    return [final, *hidden, rim_only(final), blurred_away(final)]


def _answers(predictor: Predictor, path: Path, overrides: Overrides) -> Numbers | None:
    """Probabilities, one row for the frame and one for each of PROBES."""
    try:
        _, image, given, _ = read_named(path, overrides)
        finals = probed(image, predictor.bundle.recipe, given)
    except UnreadableImage:
        return None
    return np.asarray(predictor.predict_final(np.stack(finals)), np.float64)
