"""Golden pictures of small synthetic frames after each step: a change of pixels is seen, looked at, and taken on purpose.

`pytest tests/imaging/preprocessing/test_golden_steps.py --update-golden` writes them anew; then raise the step's version too.
"""

from pathlib import Path

import cv2
import numpy as np
import pytest

from endodesk.imaging.pixels import RGB
from endodesk.imaging.preprocessing.pipeline import RECIPES, StepResult, apply_recipe
from endodesk.imaging.synthetic.frames import render_frame

GOLDEN = Path(__file__).parents[2] / "golden"
FRAMES = {
    "octagon-green": {"finding": "ulcerative-colitis", "case_seed": 5, "border": "octagon", "box_kind": "green"},
    "tight-black": {"finding": "polyps", "case_seed": 8, "border": "tight", "box_kind": "black"},
    "round-none": {"finding": "esophagitis", "case_seed": 2, "border": "round", "box_kind": ""},
}


def sheet(steps: list[StepResult]) -> RGB:
    """All steps side by side, small: the masked darkened under the picture, of the final picture every fourth pixel."""
    panels = []
    for step in steps:
        image = step.image[2::4, 2::4] if step is steps[-1] else step.image
        below = np.zeros_like(image) if step.mask is None else np.where(step.mask[..., None], 255, 0).repeat(3, axis=2).astype(np.uint8)
        panels.append(np.concatenate([image, below]))
    height = max(len(panel) for panel in panels)
    return np.concatenate([np.pad(panel, ((0, height - len(panel)), (0, 2), (0, 0))) for panel in panels], axis=1)


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("name", FRAMES)
def test_steps_look_as_they_did(name: str, recipe: str, update_golden: bool) -> None:
    frame = render_frame(frame_seed=1, width=72, **FRAMES[name])  # type: ignore[arg-type]
    now = sheet(apply_recipe(frame.image, RECIPES[recipe]))
    path = GOLDEN / f"{recipe}-{name}.png"
    if update_golden:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(cv2.imencode(".png", now[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])[1].tobytes())
        pytest.skip(f"{path.name} was written anew")
    then = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    assert now.shape == then.shape
    differs = np.abs(now.astype(int) - then).max(axis=2) > 2  # another processor may round otherwise
    assert differs.mean() < 0.002, f"look at {path.name}; if the change is meant, run with --update-golden"


def test_golden_pictures_stay_small() -> None:
    assert sum(path.stat().st_size for path in GOLDEN.glob("*.png")) < 200_000
