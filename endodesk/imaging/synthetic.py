"""Synthetic endoscopic frames with their ground truth: for tests, for trying the program out, for the starter model. Nobody's pictures.

A case has a tissue (tube, skin, lesions), a palette and a device; a frame of it is one pose of the camera. Finding and device are drawn
from separate streams, so a model cannot learn the finding from border, box or text. All random numbers come from the seeds alone.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.domain.errors import BadRequest
from endodesk.domain.ticket import Ticket
from endodesk.imaging.pixels import RGB, Mask
from endodesk.imaging.synthetic_colour import draw_palette, paint
from endodesk.imaging.synthetic_device import BORDERS, BOX_KINDS, Device, draw_box, draw_device, draw_text, field_mask
from endodesk.imaging.synthetic_tissue import tissue
from endodesk.imaging.synthetic_view import Lens, draw_pose, look

FINDINGS: tuple[str, ...] = ("esophagitis", "polyps", "ulcerative-colitis", "normal")
"""What can be rendered."""

SMALLEST, LARGEST = 48, 4096
"""Frame widths in pixels."""

_SMALL = 256
"""Up to this width a coarser skin does."""

_SENSOR_ROWS = 400
"""The picture is made at most this high and then enlarged, as video processors do: real frames are soft, too."""


@dataclass(frozen=True, slots=True)
class SyntheticFrame:
    """A generated frame and the truth about it. All masks have the image's height and width."""

    image: RGB
    field: Mask
    """The optical field's shape, with whatever is drawn over it. The part of a box that hangs out of the field is not field."""
    box: Mask
    """ScopeGuide box (green or blacked out), whole, within the field's bounding box; nothing if there is none."""
    text: Mask
    """Dots of burnt-in text, in the border and over the field."""
    finding: str
    box_kind: str
    """"", "green" or "black"."""
    border: str
    """"octagon", "round" or "tight"."""


def render_frame(
    finding: str, *, case_seed: int, frame_seed: int, box_kind: str | None = None, border: str | None = None, width: int | None = None
) -> SyntheticFrame:
    """One frame of a case; box, border and size are the case's device's unless they are given.

    A width keeps the device's aspect ratio. Raises BadRequest for a finding, box, border or width that there is not.
    """
    case_seed, frame_seed = case_seed % 2**63, frame_seed % 2**63
    _check(finding, box_kind, border, width)
    device = draw_device(np.random.default_rng((1, case_seed)))
    box_kind = device.box_kind if box_kind is None else box_kind
    border = device.border if border is None else border
    size = _size(device, width)
    rng = np.random.default_rng((4, case_seed, frame_seed))

    field = field_mask(device, border, size[1], size[0])
    image = _show(_picture(finding, case_seed, rng, size), field, device, rng)
    box = draw_box(image, device, box_kind, field, rng)
    text = draw_text(image, device)
    return SyntheticFrame(image, field, box, text & ~box, finding, box_kind, border)


def _check(finding: str, box_kind: str | None, border: str | None, width: int | None) -> None:
    for what, value, known in (("finding", finding, FINDINGS), ("box", box_kind, BOX_KINDS), ("border", border, BORDERS)):
        if value is not None and value not in known:
            raise BadRequest(f"There is no synthetic {what} {value!r}; there is {', '.join(k or 'none' for k in known)}.")
    if width is not None and not SMALLEST <= width <= LARGEST:
        raise BadRequest(f"A synthetic frame cannot be {width} pixels wide; choose {SMALLEST} to {LARGEST}.")


def _size(device: Device, width: int | None) -> tuple[int, int]:
    if width is None:
        return device.size
    return width, round(width * device.size[1] / device.size[0])


def _picture(finding: str, case_seed: int, rng: np.random.Generator, size: tuple[int, int]) -> RGB:
    """What the sensor sees, filling the whole frame of this width and height."""
    case = np.random.default_rng((3, case_seed))
    lens = Lens(half_angle=float(np.radians(case.uniform(55, 68))), exposure=float(case.uniform(1.15, 1.9)))
    palette = draw_palette(case, finding)
    patient = tissue(finding, case_seed, "fine" if size[0] > _SMALL else "coarse")
    shrink = min(1.0, _SENSOR_ROWS / size[1])
    surface = look(patient, lens, draw_pose(rng, finding), round(size[1] * shrink), round(size[0] * shrink))
    picture = paint(patient, palette, surface, finding, rng, lens.exposure)
    crisp = cv2.addWeighted(picture, 1.5, cv2.GaussianBlur(picture, (7, 7), 1.6), -0.5, 0)  # the processor's edge enhancement
    return np.asarray(crisp if shrink == 1 else cv2.resize(crisp, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def _show(picture: RGB, field: Mask, device: Device, rng: np.random.Generator) -> RGB:
    """Noise, the lens's falloff towards the corners, and the dark border."""
    height, width = field.shape
    grain = rng.integers(0, 7, (96, 96), np.uint8)
    grain = np.tile(grain, (height // 96 + 1, width // 96 + 1))[:height, :width]
    window = cv2.blur(field.astype(np.uint8) * 255, (5, 5), borderType=cv2.BORDER_CONSTANT) * field.astype(np.uint8)
    shown = cv2.subtract(picture, cv2.merge([grain] * 3))
    image = cv2.multiply(shown, cv2.merge([cv2.multiply(window, _falloff(height, width), scale=1 / 255)] * 3), scale=1 / 255)
    border = (~field).astype(np.uint8) * np.uint8(device.night)
    return np.asarray(cv2.add(image, cv2.merge([border] * 3)), np.uint8)


@lru_cache(maxsize=8)
def _falloff(height: int, width: int) -> NDArray[np.uint8]:
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(255 * (1.02 - 0.16 * (x * x + y * y) ** 2).clip(0.6, 1), np.uint8)


def write_frames(
    folder: Path,
    *,
    findings: Sequence[str] = FINDINGS[:3],
    cases_per_finding: int = 4,
    frames_per_case: int = 8,
    seed: int = 42,
    width: int | None = None,
    ticket: Ticket | None = None,
) -> int:
    """Write frames/<finding>/case-NN/frame-MM.png and masks/<finding>/case-NN/frame-MM-{field,box,text}.png; returns the number of frames.

    Case numbers run over all findings. Stops at the ticket's word with Cancelled; what is there then is whole. BadRequest as for
    `render_frame`; OSError if the folder cannot be written.
    """
    for finding in findings:
        _check(finding, None, None, width)
    ticket = ticket or Ticket()
    cases = [(finding, 1 + place * cases_per_finding + i) for place, finding in enumerate(findings) for i in range(cases_per_finding)]
    jobs = [(finding, case, frame) for finding, case in cases for frame in range(1, frames_per_case + 1)]

    def render(finding: str, case: int, frame: int) -> None:
        ticket.check()
        _write(folder, render_frame(finding, case_seed=seed * 10_007 + case, frame_seed=frame, width=width), case, frame)

    with ThreadPoolExecutor() as pool:
        pending = [pool.submit(render, *job) for job in jobs]
        try:
            for done, future in enumerate(as_completed(pending), 1):
                future.result()
                ticket.report(done, len(jobs), f"{done} of {len(jobs)} synthetic frames")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return len(jobs)


def _write(folder: Path, frame: SyntheticFrame, case: int, number: int) -> None:
    place = Path(frame.finding) / f"case-{case:02d}"
    for kind in ("field", "box", "text"):
        mask: Mask = getattr(frame, kind)
        _save(folder / "masks" / place / f"frame-{number:02d}-{kind}.png", mask.astype(np.uint8) * 255)
    _save(folder / "frames" / place / f"frame-{number:02d}.png", cv2.cvtColor(frame.image, cv2.COLOR_RGB2BGR))


def _save(path: Path, pixels: cv2.typing.MatLike) -> None:
    """Beside and then renamed: a file that is there is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 3])[1].tobytes())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
