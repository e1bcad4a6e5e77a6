"""Synthetic devices: what the processor adds around and over the picture - border, burnt-in text, ScopeGuide box."""

from dataclasses import dataclass

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Mask

BORDERS = ("octagon", "round", "tight")
BOX_KINDS = ("", "green", "black")
_SIZES = ((720, 576), (768, 576), (625, 532), (640, 480), (1280, 1024))
_GREENS = ((15, 170, 120), (20, 163, 118), (6, 190, 130))

# 5x7 dots, a byte a column, the lowest bit on top: small screens have shown letters like this since the 1970s
_GLYPHS = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-:./#",
        [
            "3E5149453E",
            "00427F4000",
            "7249494946",
            "2141494D33",
            "1814127F10",
            "2745454539",
            "3C4A494931",
            "4121110907",
            "3649494936",
            "464949291E",
            "7C1211127C",
            "7F49494936",
            "3E41414122",
            "7F4141413E",
            "7F49494941",
            "7F09090901",
            "3E41415173",
            "7F0808087F",
            "00417F4100",
            "2040413F01",
            "7F08142241",
            "7F40404040",
            "7F021C027F",
            "7F0408107F",
            "3E4141413E",
            "7F09090906",
            "3E4151215E",
            "7F09192946",
            "2649494932",
            "03017F0103",
            "3F4040403F",
            "1F2040201F",
            "3F4038403F",
            "6314081463",
            "0304780403",
            "6159494D43",
            "0808080808",
            "0000140000",
            "0000606000",
            "2010080402",
            "7E7E7E7E7E",
        ],
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Device:
    """One processor's look, the same for every frame of a case."""

    size: tuple[int, int]
    """Width and height of a frame."""
    border: str
    margin: tuple[float, float]
    """Of the field, left and right, top and bottom, in shares of the frame."""
    cut: float
    """Of the octagon's corners, in shares of the field's height."""
    box_kind: str
    box_share: tuple[float, float]
    """Width and height of the box in shares of the field's."""
    green: tuple[int, int, int]
    lines: tuple[str, ...]
    night: int
    """Level of the dark border."""


def draw_device(rng: np.random.Generator) -> Device:
    """A device drawn at random; it knows nothing of findings."""
    border = BORDERS[int(rng.choice(3, p=(0.5, 0.3, 0.2)))]
    loose = rng.uniform() < 0.6
    margins = {"octagon": (0.07, 0.035) if loose else (0.0, 0.0), "round": (0.08, 0.0), "tight": (0.015, 0.015) if loose else (0.0, 0.0)}
    day, second = rng.integers(1, 29), rng.integers(0, 60, 3)
    month, places = rng.integers(1, 13), rng.integers(1, 9, 2)
    stamp = (f"2026-{month:02d}-{day:02d}", f"12:{second[0]:02d}:{second[1]:02d}")
    return Device(
        size=_SIZES[int(rng.integers(len(_SIZES)))],
        border=border,
        margin=margins[border],
        cut=float(rng.uniform(0.2, 0.3)),
        box_kind=BOX_KINDS[int(rng.choice(3, p=(0.5, 0.25, 0.25)))],
        box_share=(float(rng.uniform(0.27, 0.34)), float(rng.uniform(0.27, 0.33))),
        green=_GREENS[int(rng.integers(len(_GREENS)))],
        lines=("SYNTHETIC", "", *stamp, f"CVP:{places[0]}", f"G:N  E:A{places[1]}", "", "###/###", f"{places[0]}/9"),
        night=int(rng.integers(0, 11)),
    )


def field_mask(device: Device, border: str, height: int, width: int) -> Mask:
    """The lit field's shape: octagon, circle (cut off above and below) or rectangle."""
    left, top = round(width * device.margin[0]), round(height * device.margin[1])
    right, bottom = width - 1 - left, height - 1 - top
    canvas = np.zeros((height, width), np.uint8)
    if border == "octagon":
        cut = round((bottom - top) * device.cut)
        corners = [(left + cut, top), (right - cut, top), (right, top + cut), (right, bottom - cut)]
        corners += [(right - cut, bottom), (left + cut, bottom), (left, bottom - cut), (left, top + cut)]
        cv2.fillConvexPoly(canvas, np.array(corners, np.int32), 1)
    elif border == "round":
        radius = min(0.5 * (right - left), 0.60 * (bottom - top))
        y, x = np.ogrid[0:height, 0:width]
        canvas = ((x - (width - 1) / 2) ** 2 + (y - (height - 1) / 2) ** 2 <= radius**2).astype(np.uint8)
        canvas[:top] = canvas[bottom + 1 :] = 0
    else:
        canvas[top : bottom + 1, left : right + 1] = 1
    return canvas.astype(bool)


def draw_box(image: RGB, device: Device, kind: str, field: Mask, rng: np.random.Generator) -> Mask:
    """Draw the box over the lower left corner of the field's bounding box; returns where it is."""
    mask = np.zeros(field.shape, bool)
    if not kind:
        return mask
    x, y, wide, high = cv2.boundingRect(field.astype(np.uint8))
    box_w, box_h = max(3, round(wide * device.box_share[0])), max(3, round(high * device.box_share[1]))
    part = (slice(y + high - box_h, y + high), slice(x, x + box_w))
    mask[part] = True
    image[part] = device.green if kind == "green" else (0, 0, 0)
    if kind == "green":
        _draw_scope(image[part], rng)
    return mask


def _draw_scope(inset: RGB, rng: np.random.Generator) -> None:
    """The shape of the endoscope as a thin dark line that comes in from below and curls."""
    high, wide = inset.shape[:2]
    t = np.linspace(0, 1, 40)
    heading = -np.pi / 2 + rng.normal(0, 0.15) + np.cumsum(rng.uniform(-0.9, 0.9) + rng.uniform(2, 5.5) * rng.choice((-1, 1)) * t**1.5) / 40
    reach = high * rng.uniform(0.6, 1.3) / 40
    points = np.array([wide * rng.uniform(0.45, 0.75), high - 1]) + reach * np.cumsum(
        np.column_stack([np.cos(heading), np.sin(heading)]), 0
    )
    line = inset.copy()
    cv2.polylines(line, [np.round(points * 16).astype(np.int32)], False, (20, 60, 48), max(1, round(high / 90)), cv2.LINE_AA, 4)
    inset[:] = line


def draw_text(image: RGB, device: Device) -> Mask:
    """Burn the device's lines in at the upper left, as far as they fit above the box; returns the dots drawn."""
    height, width = image.shape[:2]
    dot = max(1, round(height / 420))
    mask = np.zeros((height, width), bool)
    y = round(height * 0.055)
    for line in device.lines:
        _stamp(mask, line, round(width * 0.018), y, dot)
        y += 10 * dot
        if y + 8 * dot > height * 0.6:
            break
    image[mask] = (222, 222, 222)
    return mask


def _stamp(mask: Mask, line: str, x: int, y: int, dot: int) -> None:
    for letter in line:
        if letter != " " and x + 5 * dot <= mask.shape[1] and y + 7 * dot <= mask.shape[0]:
            columns = np.frombuffer(bytes.fromhex(_GLYPHS[letter]), np.uint8)
            dots = ((columns[None, :] >> np.arange(7, dtype=np.uint8)[:, None]) & 1).astype(bool)
            mask[y : y + 7 * dot, x : x + 5 * dot] |= dots.repeat(dot, 0).repeat(dot, 1)
        x += 6 * dot
