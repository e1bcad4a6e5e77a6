"""Synthetic tissue: what belongs to one made-up patient and is seen in every frame of the case.

A bowel or gullet is a tube about the z axis. Lengths are in mean tube radii; angles in radians. `radius` is a table of the
wall's distance from the axis, (z, angle); `skin` is a tile that repeats every half turn and every pi along z.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import Floats

TILE_PX = {"fine": 768, "coarse": 256}
"""Side of the skin tile, which covers pi x pi of the wall: for frames of usual size, and for small ones."""

LENGTH = 26.0
"""Length of the tube."""

TURN_PX = 256
"""Columns of the radius table: one turn."""

ROWS = 832
"""Rows of the radius table: the whole length."""

CARDIA_Z = 14.0
"""Where the gullet ends at the stomach."""

LESION_SPAN = 8.0
"""Length of the gullet above the cardia that the table of erosions covers (plus 2 below it)."""


@dataclass(frozen=True, slots=True)
class Tissue:
    """The tube of a case. Arrays are shared between frames and read-only."""

    radius: Floats
    """ROWS x TURN_PX."""
    skin: NDArray[np.uint8]
    """TILE x TILE x 4: vessels, mottling, slope across, slope along (128 = flat)."""
    lesions: NDArray[np.uint8]
    """H x W x 3: blood, pale coat, swelling. Colitis: one tile. Oesophagitis: the stretch above the cardia. Else 1 x 1."""


@lru_cache(maxsize=16)
def tissue(finding: str, case_seed: int, detail: str = "fine") -> Tissue:
    """The tube of a case, made once and kept for the next frames. `detail` is a key of TILE_PX."""
    side = TILE_PX[detail]
    rng = np.random.default_rng((2, case_seed))
    # colitis flattens the folds
    radius = _gullet(rng) if finding == "esophagitis" else _colon(rng, fold_depth=0.16 if finding == "ulcerative-colitis" else 0.34)
    lesions = {"esophagitis": _erosions, "ulcerative-colitis": _ulcers}.get(finding, _none)(rng, side)
    skin = _skin(rng, side, grain=2.6 if finding == "ulcerative-colitis" else 1.0)  # and makes the mucosa granular
    for array in (radius, skin, lesions):
        array.setflags(write=False)  # the cache hands the same arrays to every frame of the case
    return Tissue(radius, skin, lesions)


def noise(rng: np.random.Generator, height: int, width: int, cells: tuple[int, int], octaves: int = 1, fade: float = 0.5) -> Floats:
    """Smooth noise that tiles, mean about 0 and deviation 1; `cells` are the waves down and across in the first octave."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        rows, columns = cells[0] << octave, cells[1] << octave
        # cubic interpolation reads beyond the edge; what wraps there, tiles
        grid = np.pad(rng.standard_normal((rows, columns), np.float32), 3, mode="wrap")
        down, across = height / rows, width / columns
        tall, broad = round((rows + 6) * down), round((columns + 6) * across)
        large = cv2.resize(grid, (broad, tall), interpolation=cv2.INTER_CUBIC)
        y, x = round(3 * down), round(3 * across)
        total += fade**octave * large[y : y + height, x : x + width]
    return np.asarray(total / np.float32(max(float(total.std()), 1e-6)), np.float32)


def _along() -> tuple[Floats, Floats]:
    """Depth (ROWS x 1) and angle (1 x TURN_PX) of the radius table."""
    z = np.linspace(0, LENGTH, ROWS, dtype=np.float32)[:, None]
    return z, np.linspace(0, 2 * np.pi, TURN_PX, endpoint=False, dtype=np.float32)[None, :]


def _colon(rng: np.random.Generator, fold_depth: float) -> Floats:
    """Haustra: pouches between crescent folds, which hang from two or three bands of muscle."""
    z, angle = _along()
    radius = 1.0 + 0.07 * noise(rng, ROWS, TURN_PX, (14, 3), 2)
    bands, twist = int(rng.integers(2, 4)), float(rng.uniform(0, 2 * np.pi))
    at = float(rng.uniform(0.2, 0.8))
    while at < LENGTH:
        lobes = np.cos(bands * angle / 2 + twist + rng.normal(0, 0.35)) ** 2
        crescent = np.clip(0.25 + lobes + 0.35 * noise(rng, 1, TURN_PX, (1, 3), 2), 0, 1.35) * rng.uniform(0.55, 1.15)
        drift = 0.16 * noise(rng, 1, TURN_PX, (1, 3), 2)
        width = rng.uniform(0.09, 0.17)
        # a fold reaches no further: the rest of the table is spared
        near = slice(max(0, round((at - 1.2) / LENGTH * ROWS)), round((at + 1.2) / LENGTH * ROWS))
        distance = np.abs(z[near] - at - drift) / np.float32(width)
        radius[near] -= fold_depth * crescent * np.exp(-(distance ** np.float32(1.6)))
        at += float(rng.uniform(0.65, 1.45))
    return np.asarray(np.maximum(radius, 0.12), np.float32)


def _gullet(rng: np.random.Generator) -> Floats:
    """A soft tube with lengthwise pleats that narrows to a rosette at the cardia and opens into the stomach."""
    z, angle = _along()
    pleats = noise(rng, 1, TURN_PX, (1, 5), 2)
    near = np.exp(-(((z - CARDIA_Z) / 2.2) ** 2))
    radius = 1.0 + 0.05 * noise(rng, ROWS, TURN_PX, (10, 3), 2) + (0.03 + 0.09 * near) * pleats
    rosette = 0.17 * np.abs(np.cos(rng.integers(4, 7) / 2 * angle + 0.6 * noise(rng, 1, TURN_PX, (1, 3), 2)))
    neck = np.exp(-(np.abs((z - CARDIA_Z - 0.35) / rng.uniform(0.6, 1.1)) ** 2.0))
    radius -= neck * (rng.uniform(0.38, 0.62) + rosette + 0.05 * noise(rng, 1, TURN_PX, (1, 7), 2))
    below = np.clip((z - CARDIA_Z - 0.6) / 1.5, 0, 1)
    radius += below * (0.35 + 0.12 * noise(rng, ROWS, TURN_PX, (10, 7), 2))
    for _ in range(int(rng.integers(1, 4))):  # a contraction running down
        at, depth = rng.uniform(CARDIA_Z - 6, CARDIA_Z - 1.5), rng.uniform(0.04, 0.11)
        radius -= depth * np.exp(-(((z - at - 0.25 * pleats) / 0.5) ** 2))
    return np.asarray(np.maximum(radius, 0.07), np.float32)


def _skin(rng: np.random.Generator, side: int, grain: float) -> NDArray[np.uint8]:
    """The tile of vessels, mottling and slopes."""
    mottle = noise(rng, side, side, (5, 5), 4, 0.6)
    relief = noise(rng, side, side, (16, 16), 2, 0.5) + 0.10 * grain * noise(rng, side, side, (96, 96))
    slopes = [relief - np.roll(relief, max(1, side // 384), axis=axis) for axis in (1, 0)]
    channels = [_vessels(rng, side), _to_byte(mottle, 42), *(_to_byte(s / s.std(), 40) for s in slopes)]
    return np.asarray(np.dstack(channels), np.uint8)


def _to_byte(values: Floats, gain: float) -> NDArray[np.uint8]:
    return np.asarray(np.clip(128 + gain * values, 0, 255), np.uint8)


def _vessels(rng: np.random.Generator, side: int) -> NDArray[np.uint8]:
    """Trees of vessels, sharp ones over deep, blurred ones, over a mesh of capillaries."""
    deep, shallow = (cv2.GaussianBlur(_trees(rng, side, n), (0, 0), soft * side / 768) for n, soft in ((12, 2.4), (26, 0.9)))
    mesh = np.abs(noise(rng, side, side, (20, 20), 2, 0.6))
    capillaries = np.clip(1 - mesh / 0.22, 0, 1) * 60
    return np.asarray(np.maximum(np.maximum(0.75 * deep, shallow), capillaries)).astype(np.uint8)


def _trees(rng: np.random.Generator, side: int, trees: int) -> NDArray[np.uint8]:
    """Twigs that wander, fork and thin for five generations; drawn on 3 x 3 tiles that are then laid over each other."""
    sheet = np.zeros((3 * side, 3 * side), np.uint8)
    start, heading, width = rng.uniform(side, 2 * side, (trees, 2)), rng.uniform(0, 2 * np.pi, trees), 3.6
    for _ in range(5):
        turns = heading[:, None] + np.cumsum(rng.normal(0, 0.3, (heading.size, 9)), axis=1)
        steps = rng.uniform(7, 13, (heading.size, 1, 1)) * side / 768
        path = start[:, None] + np.cumsum(steps * np.dstack([np.cos(turns), np.sin(turns)]), axis=1)
        path = np.concatenate([start[:, None], path], axis=1)
        thick = max(1, round(width * side / 768))
        cv2.polylines(sheet, list((path * 16).astype(np.int32)), False, min(255, round(60 + 52 * width)), thick, cv2.LINE_AA, 4)
        fork = rng.uniform(0.3, 0.9, heading.size)
        start = np.repeat(path[:, -1], 2, axis=0)
        heading = np.column_stack([turns[:, -1] + fork, turns[:, -1] - 0.9 * fork]).ravel()
        width *= 0.74
    folded: NDArray[np.uint8] = sheet.reshape(3, side, 3, side).max(axis=(0, 2))
    return folded


def _none(rng: np.random.Generator, side: int) -> NDArray[np.uint8]:  # noqa: ARG001  (the makers of lesions share one shape)
    return np.zeros((1, 1, 3), np.uint8)


def _ulcers(rng: np.random.Generator, side: int) -> NDArray[np.uint8]:
    """Colitis, one tile: patchy redness with pin-point bleeding, and shallow ulcers with yellow-white fibrin in a red rim."""
    patches = noise(rng, side, side, (3, 3), 5, 0.6)
    dots = noise(rng, side, side, (60, 60), 2, 0.8)
    holes = noise(rng, side, side, (6, 5), 5, 0.66) + 0.3 * patches
    level = float(rng.uniform(1.5, 2.1))
    coat = np.clip((holes - level) / 0.5, 0, 1) * np.clip(0.85 + 0.12 * dots, 0, 1)
    rim = np.clip((holes - level + 0.9) / 0.9, 0, 1) * (1 - coat)
    bleeding = np.clip((dots + 0.75 * patches - rng.uniform(1.9, 2.5)) / 0.9, 0, 1) ** 1.5
    blood = 0.13 * np.clip(patches + 0.6, 0, 2.5) + 0.28 * rim + 0.75 * bleeding * (1 - coat)
    fleck = np.clip((noise(rng, side, side, (44, 44), 2, 0.8) - 0.5 * patches - 2.2) / 0.8, 0, 1) * 0.55
    return np.dstack([np.clip(c * 255, 0, 255).astype(np.uint8) for c in (blood, np.maximum(coat, fleck), rim)])


def _erosions(rng: np.random.Generator, side: int) -> NDArray[np.uint8]:
    """Oesophagitis, one turn x the stretch above the cardia: red breaks that run lengthwise and wear a whitish coat."""
    height = width = 5 * side // 6
    z = np.linspace(-LESION_SPAN, 2, height, dtype=np.float32)[:, None]
    angle = np.linspace(0, 2 * np.pi, width, endpoint=False, dtype=np.float32)[None, :]
    ragged, fine = noise(rng, height, width, (16, 10), 4, 0.65), noise(rng, height, width, (60, 40), 2, 0.7)
    blood, coat = np.zeros((2, height, width), np.float32)
    for turn in np.linspace(0, 2 * np.pi, int(rng.integers(3, 7)), endpoint=False):
        middle = turn + rng.uniform(0, 1.1) + 0.07 * noise(rng, height, 1, (4, 1), 3)
        across = np.abs(np.angle(np.exp(1j * (angle - middle)))).astype(np.float32)  # the short way round: 0 and 2 pi are one place
        reach, half = rng.uniform(1.0, 3.6), rng.uniform(0.13, 0.28)
        flame = np.clip((z + reach) / reach, 0, 1) ** 0.8 * np.clip((0.6 - z) / 0.5, 0, 1)
        inside = flame * (half + 0.075 * ragged + 0.03 * fine) - across
        strength, white = rng.uniform(0.5, 0.9), rng.uniform(0, 1)
        blood = np.maximum(blood, strength * np.clip(inside / 0.07 + 0.3, 0, 1) * np.clip(0.8 + 0.25 * fine, 0.3, 1.2))
        coat = np.maximum(coat, white * np.clip((inside - 0.4 * half) / 0.06, 0, 1) * np.clip(0.45 + 0.5 * ragged + 0.25 * fine, 0, 1))
    flush = 0.16 * np.exp(-((z / 1.8) ** 2)) * np.clip(0.7 + 0.5 * ragged, 0, 1.6)
    return np.dstack([np.clip(c * 255, 0, 255).astype(np.uint8) for c in (np.maximum(blood, flush), coat, blood)])
