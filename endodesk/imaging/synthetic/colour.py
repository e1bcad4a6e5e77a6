"""Synthetic colours: from what each pixel sees to RGB, by how much blood the wall holds there."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endodesk.imaging.pixels import RGB, Floats
from endodesk.imaging.synthetic.camera import Surface
from endodesk.imaging.synthetic.tissue import CARDIA_Z, LESION_SPAN, Tissue

_BLOODLESS = np.array((0.94, 0.76, 0.66), np.float32)
_HAEMOGLOBIN = np.array((0.30, 1.75, 1.80), np.float32)  # of red, green and blue: blood swallows green and blue, and lets red pass
_COAT = np.array((0.95, 0.80, 0.52), np.float32)
_BILE = np.array((0.70, 0.44, 0.06), np.float32)
_MOST_BLOOD, _MOST_LIGHT, _SHADES = 2.4, 4.0, 160


@dataclass(frozen=True, slots=True)
class Palette:
    """How a case's mucosa and the device's processor colour it."""

    blood: float
    vessels: float
    mottling: float
    wet: float
    """How many highlights: 0..1."""
    bile: float
    """Share of the wall under yellow fluid: 0..1."""
    white: tuple[float, float, float]
    """White balance: gains of red, green and blue."""


def draw_palette(rng: np.random.Generator, finding: str) -> Palette:
    """A palette with the finding's redness and vessels; white balance, wetness and bile do not depend on the finding."""
    warm, wet, dirty = rng.normal(0, 1), rng.uniform(0.25, 1), rng.uniform()
    blood, vessels = {
        "esophagitis": (rng.uniform(0.15, 0.26), rng.uniform(0.06, 0.18)),
        "ulcerative-colitis": (rng.uniform(0.42, 0.58), 0.03),  # the pattern of vessels is lost: a sign of the disease
        "polyps": (rng.uniform(0.28, 0.42), rng.uniform(0.15, 0.5)),
        "normal": (rng.uniform(0.26, 0.40), rng.uniform(0.6, 0.95)),
    }[finding]
    white = (float(1 + 0.01 * warm), float(0.97 - 0.03 * warm), float(np.clip(0.92 - 0.12 * warm, 0.6, 1.1)))
    return Palette(float(blood), float(vessels), float(rng.uniform(0.03, 0.07)), float(wet), float(max(0, dirty - 0.7) * 0.9), white)


def paint(tissue: Tissue, palette: Palette, surface: Surface, finding: str, rng: np.random.Generator, exposure: float) -> RGB:
    """Colour a surface: skin, the finding's traits, lamp, wet highlights, exposure."""
    vessels, mottle, across, along = _skin(tissue, surface, places := _tile_places(surface, tissue.skin.shape[0]))
    blood = palette.blood + palette.mottling * mottle + palette.vessels * vessels
    coat = None
    if finding == "esophagitis":
        blood, coat = _inflamed_gullet(tissue, surface, blood, mottle)
    elif finding == "ulcerative-colitis":
        blood, coat = _inflamed_colon(tissue, surface, blood, along, places)
    elif finding == "polyps":
        blood = _grow_polyp(surface, blood, across, along, rng)
    surface.light *= 1 + np.float32(0.10) * along * (np.float32(1.2) - surface.facing)
    picture = _shade(blood, surface.light, palette, exposure)
    if coat is not None:
        picture = _lay_over(picture, _shade_plain(_COAT, surface.light, palette, exposure), coat)
    if palette.bile > 0:
        yellow = np.clip((mottle - np.float32(1.6 - 4 * palette.bile)) * np.float32(0.6), 0, 0.65)
        picture = _lay_over(picture, _shade_plain(_BILE, surface.light, palette, exposure), yellow)
    sheen = (_highlights(surface, across, along, palette.wet) * 255).astype(np.uint8)
    return np.asarray(cv2.add(picture, cv2.merge([sheen] * 3)), np.uint8)


def _tile_places(surface: Surface, side: int) -> tuple[Floats, Floats]:
    """Where each pixel's piece of wall lies in a tile of `side` pixels that repeats every pi."""
    places = surface.around * np.float32(1 / np.pi), surface.z * np.float32(1 / np.pi)
    x, y = ((p - np.floor(p)) * np.float32(side) for p in places)
    return x, y


def _skin(tissue: Tissue, surface: Surface, places: tuple[Floats, Floats]) -> tuple[Floats, Floats, Floats, Floats]:
    """Vessels 0..1; mottling and the two slopes with deviation 1. Details fade with distance."""
    raw = cv2.remap(tissue.skin, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    near = np.minimum(np.float32(2.2) / (surface.depth + np.float32(0.6)), 1)
    vessels, mottle, across, along = (c.astype(np.float32) for c in cv2.split(raw))
    return (vessels * (near / 255), (mottle - 128) * (near / 42), (across - 128) * (near / 40), (along - 128) * (near / 40))


def _inflamed_gullet(tissue: Tissue, surface: Surface, blood: Floats, mottle: Floats) -> tuple[Floats, Floats]:
    """Red lengthwise breaks with a coat; beyond the ragged Z-line the stomach's salmon lining."""
    height, width = tissue.lesions.shape[:2]
    beyond = surface.z - np.float32(CARDIA_Z)
    x = surface.around * np.float32(width / (2 * np.pi))
    y = (beyond + np.float32(LESION_SPAN)) * np.float32(height / (LESION_SPAN + 2))
    seen = cv2.remap(tissue.lesions, np.minimum(x, width - 1), y, cv2.INTER_LINEAR)
    red, coat, _ = (c.astype(np.float32) * np.float32(1 / 255) for c in cv2.split(seen))
    stomach = np.clip((beyond + 0.30 + 0.16 * mottle) / 0.10, 0, 1)
    return blood + np.float32(0.24) * stomach + np.float32(0.75) * red, coat * np.float32(0.75)


def _inflamed_colon(tissue: Tissue, surface: Surface, blood: Floats, along: Floats, places: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Patchy redness, bleeding, fibrin; the swollen rims catch the light and the grain shows as light and dark."""
    seen = cv2.remap(tissue.lesions, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    red, coat, _ = (c.astype(np.float32) * np.float32(1 / 255) for c in cv2.split(seen))
    surface.light *= 1 + np.float32(0.10) * np.clip(along, -2, 2)
    return blood + np.float32(0.85) * red, coat * np.float32(0.85)


def _grow_polyp(surface: Surface, blood: Floats, across: Floats, along: Floats, rng: np.random.Generator) -> Floats:
    """A lobed bump over the wall: own light and blood, and a shadow where it touches. Changes surface and blood in place."""
    height, width = blood.shape
    size, turn = height * rng.uniform(0.13, 0.29), rng.uniform(0, 2 * np.pi)
    outward = rng.uniform(0.05, 0.24) * np.array([np.cos(turn), np.sin(turn)])
    middle = np.array([width, height]) / 2 + height * outward
    left, top = (max(0, int(v - 2.7 * size)) for v in middle)
    part = (slice(top, int(middle[1] + 2.7 * size)), slice(left, int(middle[0] + 2.7 * size)))  # lobes and shadow reach no further
    light, facing, bumps = surface.light[part], surface.facing[part], np.clip(along[part] - across[part], -2, 2)
    dome = _dome(rng, light.shape, middle - (left, top), size)
    inside = np.clip(dome / np.float32(0.22), 0, 1)
    own = _dome_facing(dome, outward, size) * (1 + np.float32(0.06) * bumps)
    lamp = max(float(light[inside > 0.5].mean()), 0.4) * rng.uniform(1.25, 1.6)
    light *= 1 - np.float32(0.62) * _shadow(inside, outward, size) * (1 - inside)
    light += (own * np.float32(lamp) - light) * inside
    facing += (np.clip(own, 0.1, 1) - facing) * inside
    redness = rng.uniform(0.08, 0.30) if rng.uniform() < 0.65 else rng.uniform(-0.05, 0.02)
    skin = blood[part]
    skin += (np.float32(float(skin.mean()) + redness) + np.float32(0.06) * bumps - skin) * (np.float32(0.8) * inside)
    return blood


def _dome_facing(dome: Floats, outward: NDArray[np.float64], size: float) -> Floats:
    """How a dome's surface faces the camera: most on top, and more on the side towards the middle of the picture."""
    slopes = [np.asarray(cv2.Sobel(dome, cv2.CV_32F, *d, ksize=3, scale=size / 8), np.float32) for d in ((1, 0), (0, 1))]
    toward = np.float32(1.6 * outward[0]) * slopes[0] + np.float32(1.6 * outward[1]) * slopes[1]
    return np.asarray(np.clip(np.float32(0.34) + np.float32(0.66) * dome + np.clip(toward, -0.35, 0.3), 0.16, 1.2), np.float32)


def _shadow(inside: Floats, outward: NDArray[np.float64], size: float) -> Floats:
    """How dark a polyp's shadow on the wall is, 0..1: soft, and shifted away from the lamp."""
    shift = np.array([[1, 0, outward[0] * size * 1.6], [0, 1, outward[1] * size * 1.6]])
    side = 2 * int(size * 0.17) + 1
    soft = cv2.blur(cv2.blur(inside, (side, side)), (side, side))  # as soft as a Gaussian, and quicker
    return np.asarray(cv2.warpAffine(soft, shift, (inside.shape[1], inside.shape[0])), np.float32)


def _dome(rng: np.random.Generator, shape: tuple[int, ...], middle: NDArray[np.float64], size: float) -> Floats:
    """Height 0..1 of one to four fused lobes with a wavy outline."""
    y, x = np.ogrid[0 : shape[0], 0 : shape[1]]
    total = np.zeros(shape[:2], np.float32)
    for lobe in range(int(rng.integers(1, 5))):
        at = middle + (0.55 * size * np.clip(rng.standard_normal(2), -1.4, 1.4) if lobe else 0)
        radius = size * (rng.uniform(0.45, 0.75) if lobe else 1.0)
        turn, waves = rng.uniform(0, np.pi), rng.uniform(0, 2 * np.pi, 2)
        dx, dy = ((x - at[0]) / radius).astype(np.float32), ((y - at[1]) / radius).astype(np.float32)
        cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
        off, angle = cv2.cartToPolar(dx * cos + dy * sin, (dy * cos - dx * sin) * np.float32(rng.uniform(1.0, 1.35)))
        edge = 1 + 0.06 * np.cos(2 * angle + float(waves[0])) + 0.04 * np.cos(3 * angle + float(waves[1]))
        total = np.maximum(total, np.sqrt(np.clip(1 - (off / edge) ** 2, 0, 1)) * np.float32(0.8 if lobe else 1.0))
    return np.asarray(cv2.GaussianBlur(total, (0, 0), max(size * 0.045, 0.6)), np.float32)


def _shade(blood: Floats, light: Floats, palette: Palette, exposure: float) -> RGB:
    """Colours of the wall, from a table of blood by light."""
    levels = np.linspace(0, _MOST_BLOOD, _SHADES, dtype=np.float32)[None, :, None]
    # Beer and Lambert: light falls off exponentially with what absorbs it
    table = _develop(_BLOODLESS * np.exp(-levels * _HAEMOGLOBIN), palette, exposure)
    x, y = blood * np.float32((_SHADES - 1) / _MOST_BLOOD), _light_rows(light)
    return cv2.remap(table, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]  # as the table: uint8


def _shade_plain(albedo: Floats, light: Floats, palette: Palette, exposure: float) -> RGB:
    """Colours of something of one colour that hides the wall, such as fibrin or bile, by the light that falls on it."""
    table = _develop(albedo[None, None, :], palette, exposure)
    rows = np.minimum(_light_rows(light), _SHADES - 1).astype(np.uint8)
    whole = np.concatenate([table, np.zeros((256 - _SHADES, 1, 3), np.uint8)]).reshape(1, 256, 3)  # LUT wants 256 entries
    return np.asarray(cv2.LUT(cv2.merge([rows] * 3), whole), np.uint8)


def _light_rows(light: Floats) -> Floats:
    # rows lie closer in the dark, where the display's gamma pulls levels apart
    return np.sqrt(np.maximum(light, 0)) * np.float32((_SHADES - 1) / _MOST_LIGHT**0.5)


def _develop(albedo: Floats, palette: Palette, exposure: float) -> RGB:
    """Albedo (1 x N x 3) under every light (rows, spaced by square root) as RGB.

    The lamp, plus what the walls throw at each other (redder each time); a film-like shoulder, the display's gamma, white balance.
    """
    light = (np.linspace(0, _MOST_LIGHT**0.5, _SHADES, dtype=np.float32) ** 2)[:, None, None]
    energy = np.float32(exposure) * (albedo * light + np.float32(0.06) * albedo * albedo)
    shown = (1 - np.exp(-energy)) ** np.float32(0.68) * np.array(palette.white, np.float32)
    return np.clip(shown * 255, 0, 255).astype(np.uint8)


def _lay_over(below: RGB, above: RGB, share: Floats) -> RGB:
    share = np.clip(share, 0, 1)
    return cv2.blendLinear(below, above, 1 - share, share)  # type: ignore[return-value]  # uint8 as its inputs


def _highlights(surface: Surface, across: Floats, along: Floats, wet: float) -> Floats:
    """The lamp's mirror image: where the wall's own waves turn it square to the camera."""
    need = np.sqrt(np.maximum(1 / (surface.facing * surface.facing) - 1, 0))
    waves = np.float32(0.16 + 0.14 * wet)
    miss = (along * waves - need - np.float32(0.16)) ** 2 + (across * waves) ** 2
    return np.asarray(np.clip((np.float32(0.010 + 0.012 * wet) - miss) * 100, 0, 1), np.float32)
