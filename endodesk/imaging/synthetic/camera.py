"""Synthetic views: what a camera inside the tube sees of it, and how its own lamp lights what it sees."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import Floats
from endodesk.imaging.synthetic.tissue import CARDIA_Z, LENGTH, ROWS, TURN_PX, Tissue

# in tube radii: some wall behind the camera too, since its rays go up to 126 degrees off the axis (_WIDEST)
_BEHIND, _AHEAD, _DEPTHS = -1.3, 11.0, 200
_ANGLES, _WIDEST = 280, 2.2


@dataclass(frozen=True, slots=True)
class Lens:
    """Half the angle of view over half the field's height, in radians, and the exposure: they belong to the device."""

    half_angle: float
    exposure: float


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the camera is and how the tube bends ahead of it."""

    z: float
    roll: float
    tilt: tuple[float, float]
    """Radians by which the tube's axis leaves the middle of the picture, right and down."""
    offset: complex
    """Of the axis from the camera, in tube radii."""
    bend: complex
    """Of the axis, at three radii ahead."""


@dataclass(slots=True)
class Surface:
    """What each pixel sees: height x width each. The lesions change it before it is coloured."""

    around: Floats
    """Angle about the tube's axis, 0..2 pi."""
    z: Floats
    """Place along the tube."""
    depth: Floats
    """Distance from the camera in tube radii."""
    facing: Floats
    """Cosine between the wall's normal and the direction to the camera, 0..1."""
    light: Floats
    """What falls on it from the lamp."""


def draw_pose(rng: np.random.Generator, finding: str) -> Pose:
    """A pose that sees the tube's wall and, more often than not, its lumen."""
    if finding == "esophagitis":
        z, sideways, tilt, bend = CARDIA_Z - rng.uniform(0.9, 3.0), 0.4, rng.uniform(0.0, 0.55), 0.12
    else:
        z, sideways, tilt, bend = rng.uniform(1.5, LENGTH - _AHEAD - 1), 0.55, rng.uniform(0.05, 1.15), 0.6
    toward = rng.uniform(0, 2 * np.pi)
    return Pose(
        z=float(z),
        roll=float(rng.uniform(0, 2 * np.pi)),
        tilt=(float(tilt * np.cos(toward)), float(tilt * np.sin(toward))),
        offset=complex(sideways * rng.uniform(0.2, 1) * np.exp(2j * np.pi * rng.uniform())),
        bend=complex(bend * rng.uniform(0.1, 1) * np.exp(2j * np.pi * rng.uniform())),
    )


def look(tissue: Tissue, lens: Lens, pose: Pose, height: int, width: int) -> Surface:
    """Cast a ray through every pixel.

    The wall's distance from the line of sight, R(z, angle), is a table. A ray that leaves the axis at an angle phi meets the wall at the
    first z whose arctan(R / z) is not above phi: a running minimum along z, which also tells what the folds hide.
    """
    wall, step = _wall(tissue, pose)
    seen = _first_hits(wall, step, pose)
    around, away = _rays(lens, pose, height, width)
    x = (around * np.float32(TURN_PX / (2 * np.pi))) + 4  # + 4: so many columns stand before the first, for interpolation to go round
    y = np.minimum(away * np.float32(_ANGLES / _WIDEST), np.float32(_ANGLES - 1.01))
    across, down, z, facing = (_floats(c) for c in cv2.split(cv2.remap(seen, x, y, cv2.INTER_LINEAR)))
    depth = _floats(cv2.magnitude(cv2.magnitude(across, down), z))
    edge = 1 - facing
    light = 0.15 + 0.85 * facing + 0.35 * edge * edge * edge  # the lips of folds let light through
    light /= 0.25 + depth * cv2.sqrt(cv2.sqrt(depth * depth * depth))  # less than the square: the walls light each other
    light *= np.float32(0.62 / max(float(np.mean(np.minimum(light, 2))), 0.15)) ** np.float32(0.75)  # the processor's iris
    return Surface(_floats(cv2.phase(across, down)), z + np.float32(pose.z), depth, facing, light)


def _floats(values: cv2.typing.MatLike) -> Floats:
    """OpenCV does not tell the type checker what it returns."""
    return np.asarray(values, np.float32)


def _depths() -> Floats:
    # denser near the camera, where a step is larger to the eye
    return np.asarray(_BEHIND + (_AHEAD - _BEHIND) * np.linspace(0, 1, _DEPTHS) ** 2, np.float32)


def _axis(pose: Pose, z: Floats) -> NDArray[np.complex64]:
    """Place of the tube's axis beside the line of sight at z, complex; never further off than the wall."""
    away = pose.offset + pose.bend * np.clip(z / 3, 0, None) ** 2
    return np.asarray(away / np.sqrt(1 + (np.abs(away) / 0.8) ** 2), np.complex64)


def _wall(tissue: Tissue, pose: Pose) -> tuple[Floats, Floats]:
    """R(z, angle) about the line of sight, and the depths."""
    z = _depths()
    rows = (z + pose.z) * ((ROWS - 1) / LENGTH)
    turned = np.mod(np.arange(TURN_PX) + pose.roll * TURN_PX / (2 * np.pi), TURN_PX).astype(np.float32)
    table = np.concatenate([tissue.radius, tissue.radius[:, :1]], axis=1)
    radius = cv2.remap(table, np.tile(turned, (_DEPTHS, 1)), np.tile(rows[:, None], (1, TURN_PX)).astype(np.float32), cv2.INTER_LINEAR)
    radius = 1 - (1 - radius) * np.clip((z[:, None] + 0.5) / 0.9, 0, 1)  # the lens pushes folds aside
    direction = np.exp(1j * np.linspace(0, 2 * np.pi, TURN_PX, endpoint=False))[None, :]
    turned_axis = _axis(pose, z)[:, None] * np.conj(direction)
    under = radius**2 - turned_axis.imag**2
    wall = np.maximum(turned_axis.real + np.sqrt(np.maximum(under, 0)), 0)
    return np.hypot(wall, 0.12).astype(np.float32), z  # never 0: `_wall_facts` divides by it


def _first_hits(wall: Floats, z: Floats, pose: Pose) -> Floats:
    """For every angle from the axis and every direction: place across and down the tube, z, and how the wall faces the camera."""
    phi = np.minimum.accumulate(np.arctan2(wall, z[:, None]), axis=0)
    wanted = np.linspace(0, _WIDEST, _ANGLES)
    index = np.arange(_DEPTHS, dtype=np.float64)
    rows = np.empty((_ANGLES, TURN_PX), np.float32)
    for column in range(TURN_PX):
        rows[:, column] = np.interp(wanted, phi[::-1, column], index[::-1])  # np.interp wants rising places, and phi falls
    columns = np.tile(np.arange(TURN_PX, dtype=np.float32), (_ANGLES, 1))
    seen = _floats(cv2.remap(_wall_facts(wall, z, pose), columns, rows, cv2.INTER_LINEAR))
    seen = np.concatenate([seen[:, -4:], seen, seen[:, :5]], axis=1)  # so that nothing shows where the turn closes
    return _floats(cv2.GaussianBlur(seen, (5, 5), 0.75))  # else the edges of folds would be saws


def _wall_facts(wall: Floats, z: Floats, pose: Pose) -> Floats:
    """For every z and direction, as channels: place across and down the tube, z, and the cosine between normal and camera."""
    along = np.gradient(wall, z, axis=0)
    turn = (np.roll(wall, -1, 1) - np.roll(wall, 1, 1)) * np.float32(TURN_PX / (4 * np.pi)) / wall
    deep = np.tile(z[:, None], (1, TURN_PX))
    steep = np.sqrt(1 + along * along + np.minimum(turn * turn, 9))
    facing = np.clip((wall - deep * along) / (np.sqrt(wall * wall + deep * deep) * steep), 0.02, 1)
    rolled = np.exp(1j * (np.linspace(0, 2 * np.pi, TURN_PX, endpoint=False) + pose.roll)).astype(np.complex64)
    at = wall * rolled[None, :] - (_axis(pose, z) * np.exp(1j * pose.roll)).astype(np.complex64)[:, None]
    return _floats(np.dstack([at.real, at.imag, deep, facing]))


def _rays(lens: Lens, pose: Pose, height: int, width: int) -> tuple[Floats, Floats]:
    """Direction about the tube's axis and angle away from it, of the ray of every pixel (equidistant fisheye)."""
    turn = cv2.Rodrigues(np.array([pose.tilt[1], -pose.tilt[0], 0.0]))[0].astype(np.float32)
    across, down, ahead = cv2.split(cv2.transform(_ahead(lens.half_angle, height, width), turn))
    side, around = cv2.cartToPolar(across, down)
    return _floats(around), _floats(cv2.phase(ahead, side))


@lru_cache(maxsize=8)  # the frames of a case share lens and size
def _ahead(half_angle: float, height: int, width: int) -> Floats:
    """Every pixel's ray, right, down and ahead."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x = (x - np.float32((width - 1) / 2)) * np.float32(2 * half_angle / height)
    y = (y - np.float32((height - 1) / 2)) * np.float32(2 * half_angle / height)
    off = np.minimum(cv2.magnitude(x, y), np.float32(1.5))
    sinc = np.sin(off) / np.maximum(off, np.float32(1e-6))  # the middle pixel's angle is 0
    return np.dstack([x * sinc, y * sinc, np.cos(off)])
