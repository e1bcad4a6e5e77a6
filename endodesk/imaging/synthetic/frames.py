"""Synthetic endoscopic frames with their ground truth: the yardstick of the preprocessing, for tests, for the demo. Nobody's pictures.

A case has a tissue (tube, skin, lesions), a palette and a device (border, box, text, size, compression); a frame of it is one pose of
the camera and the traps that lie in its way (`distractors`). Finding and device are drawn from separate streams, so a model cannot
learn the finding from border, box or text. All random numbers come from the seeds alone. The default draw is the yardstick's: half of
the devices have no box; the shares of borders, sizes, texts and traps are beside their names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from endodesk.domain.errors import BadRequest
from endodesk.imaging.pixels import RGB, Mask
from endodesk.imaging.synthetic.border import field_coverage, field_mask
from endodesk.imaging.synthetic.box import lay_box
from endodesk.imaging.synthetic.burnt_in_text import burn_text
from endodesk.imaging.synthetic.device import BORDERS, BOX_KINDS, Device, draw_device, resized
from endodesk.imaging.synthetic.picture import compressed, sensor_picture, show
from endodesk.system.atomic import write_file
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads

FINDINGS: tuple[str, ...] = ("esophagitis", "polyps", "ulcerative-colitis", "normal")
"""What can be rendered."""

SMALLEST, LARGEST = 48, 4096
"""Frame widths in pixels."""

TUNE, TEST = 1, 2
"""Seeds of two yardsticks that have no device and no tissue in common: the one to choose by, the other to report."""

_APART = 1_000_003
"""Between the seeds of one yardstick and the next: no yardstick is as long."""

_DEVICES_PER_TISSUE = 4


@dataclass(frozen=True, slots=True)
class SyntheticFrame:
    """A generated frame and the truth about it. All masks have the image's height and width."""

    image: RGB
    field: Mask
    """The optical field's shape, with whatever is drawn over it; up to the middle of its soft edge. The part of a box that hangs out of the
    field is not field."""
    box: Mask
    """ScopeGuide box (green or blacked out), whole as drawn: its dark frame and what hangs out of the field, too; else nothing."""
    text: Mask
    """Pixels of burnt-in text, in the border and over the field, its rims and the icon's plate too; not what a box hides."""
    finding: str
    box_kind: str
    """"", "green" or "black"."""
    border: str
    """One of BORDERS."""
    traps: tuple[str, ...]
    """Names of what lies in the way, of TRAPS."""


def render_frame(
    finding: str, *, case_seed: int, frame_seed: int, box_kind: str | None = None, border: str | None = None, width: int | None = None
) -> SyntheticFrame:
    """One frame of a case; box, border and size are the case's device's unless they are given.

    A width keeps the device's aspect ratio. Raises BadRequest for a finding, box, border or width that there is not.
    """
    _check(finding, box_kind, border, width)
    device = resized(draw_device(case_seed % 2**63, border=border, box_kind=box_kind), width)
    return render_through(device, finding, case_seed=case_seed, frame_seed=frame_seed)


def render_through(device: Device, finding: str, *, case_seed: int, frame_seed: int) -> SyntheticFrame:
    """A frame of a case's tissue as this device shows it: the picture is of the field's size; border, text and box are the device's."""
    case_seed, frame_seed = case_seed % 2**63, frame_seed % 2**63  # numpy takes no negative seeds
    # the first numbers of a seed (device 1, tissue 2, case 3, frame 4 to 6) keep what is drawn for one from telling of another
    pose, traps, shown = (np.random.default_rng((4 + stream, case_seed, frame_seed)) for stream in range(3))
    coverage = field_coverage(device.border, *device.size)
    field = field_mask(coverage)
    place = cv2.boundingRect(field.view(np.uint8))
    picture, struck = sensor_picture(finding, case_seed, pose, traps, (place[2], place[3]))
    image = show(picture, coverage, (place[0], place[1]), device, shown)
    text = burn_text(image, device.text)
    box = lay_box(image, device.box, (place[0], place[1], place[2], place[3]), shown)  # last: a box hides what was written there
    return SyntheticFrame(compressed(image, device.jpeg), field, box, text & ~box, finding, device.box.kind, device.border.kind, struck)


def yardstick(count: int = 500, *, seed: int = TUNE) -> Iterator[SyntheticFrame]:
    """Frames to measure on: the findings in turn, each frame through a device of its own, four devices a tissue."""
    for place, device in enumerate(yardstick_devices(count, seed=seed)):
        finding = FINDINGS[place % len(FINDINGS)]
        tissue = seed * _APART + place // (_DEVICES_PER_TISSUE * len(FINDINGS))
        yield render_through(device, finding, case_seed=tissue, frame_seed=place)


def yardstick_devices(count: int = 500, *, seed: int = TUNE) -> Iterator[Device]:
    """The devices of a yardstick, a frame each."""
    return (draw_device(seed * _APART + place) for place in range(count))


def _check(finding: str, box_kind: str | None, border: str | None, width: int | None) -> None:
    for what, value, known in (("finding", finding, FINDINGS), ("box", box_kind, BOX_KINDS), ("border", border, BORDERS)):
        if value is not None and value not in known:
            raise BadRequest(f"There is no synthetic {what} {value!r}; there is {', '.join(k or 'none' for k in known)}.")
    if width is not None and not SMALLEST <= width <= LARGEST:
        raise BadRequest(f"A synthetic frame cannot be {width} pixels wide; choose {SMALLEST} to {LARGEST}.")


def write_frames(
    folder: Path,
    *,
    findings: Sequence[str] = FINDINGS[:3],
    cases_per_finding: int = 4,
    frames_per_case: int = 8,
    seed: int = 42,
    width: int | None = None,
    task: TaskContext | None = None,
) -> int:
    """Write frames/<finding>/case-NN/frame-MM.png and masks/<finding>/case-NN/frame-MM-{field,box,text}.png; returns the number of frames.

    Case numbers run over all findings. Stops at the task's word with Cancelled; what is there then is whole. BadRequest as for
    `render_frame`; OSError if the folder cannot be written.
    """
    for finding in findings:
        _check(finding, None, None, width)  # before the first file is written
    task = task or TaskContext()
    cases = [(finding, 1 + place * cases_per_finding + i) for place, finding in enumerate(findings) for i in range(cases_per_finding)]
    jobs = [(finding, case, frame) for finding, case in cases for frame in range(1, frames_per_case + 1)]

    def render(job: tuple[str, int, int]) -> None:
        finding, case, frame = job
        task.raise_if_cancelled()
        # more than there are cases: two seeds share none
        _write(folder, render_frame(finding, case_seed=seed * 10_007 + case, frame_seed=frame, width=width), case, frame)

    for done, _ in enumerate(in_threads(render, jobs), 1):
        task.report(done, len(jobs), f"{done} of {len(jobs)} synthetic frames")
    return len(jobs)


def _write(folder: Path, frame: SyntheticFrame, case: int, number: int) -> None:
    place = Path(frame.finding) / f"case-{case:02d}"
    for kind in ("field", "box", "text"):
        mask: Mask = getattr(frame, kind)
        _save(folder / "masks" / place / f"frame-{number:02d}-{kind}.png", mask.astype(np.uint8) * 255)
    _save(folder / "frames" / place / f"frame-{number:02d}.png", cv2.cvtColor(frame.image, cv2.COLOR_RGB2BGR))


def _save(path: Path, pixels: cv2.typing.MatLike) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 3])[1].tobytes()
    write_file(path, data, durable=False)  # four a frame, made again from their seeds; the demo, which they are for, is flushed as a whole
