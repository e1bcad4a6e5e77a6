"""The pictures of docs/preprocessing.md, from generated frames: `python -m tests.benchmarks.step_pictures`."""

from pathlib import Path

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB
from endodesk.imaging.preprocessing.pipeline import RECIPES, apply_recipe
from endodesk.imaging.synthetic.frames import render_frame

FOLDER = Path(__file__).parents[2] / "docs" / "steps"
FRAMES = {
    "green": {"finding": "ulcerative-colitis", "case_seed": 22, "border": "octagon", "box_kind": "green"},
    "black": {"finding": "polyps", "case_seed": 30, "border": "tight", "box_kind": "black"},
}
_HIGH, _OUTLINE = 240, (0, 255, 255)


def main() -> None:
    """Write <recipe>-<frame>.jpg: the frame, then what every step found (outlined) and made."""
    FOLDER.mkdir(exist_ok=True)
    for frame, how in FRAMES.items():
        image = render_frame(frame_seed=3, width=720, **how).image  # type: ignore[arg-type]
        for name, recipe in RECIPES.items():
            panels = [_panel(image)]
            for step in apply_recipe(image, recipe):
                shown = step.image.copy()
                if step.mask is not None:
                    outlines, _ = cv2.findContours(step.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
                    cv2.drawContours(shown, outlines, -1, _OUTLINE, 3)
                panels.append(_panel(shown))
            jpeg = cv2.imencode(".jpg", np.hstack(panels)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
            (FOLDER / f"{name}-{frame}.jpg").write_bytes(jpeg.tobytes())


def _panel(image: RGB) -> RGB:
    width = round(image.shape[1] * _HIGH / image.shape[0])
    return np.pad(cv2.resize(image, (width, _HIGH), interpolation=cv2.INTER_AREA), ((0, 0), (0, 6), (0, 0)), constant_values=255)


if __name__ == "__main__":
    main()
