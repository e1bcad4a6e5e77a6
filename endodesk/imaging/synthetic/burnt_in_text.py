"""Synthetic burnt-in text: dummy lines in dots, as the first video processors wrote, and the icon of a headset."""

from dataclasses import dataclass

import cv2
import numpy as np

from endodesk.imaging.pixels import RGB, Mask

_COLOURS = ((222, 222, 222), (250, 250, 250), (168, 172, 170), (232, 222, 70), (140, 226, 150))
_COLOUR_SHARES = (0.5, 0.2, 0.1, 0.1, 0.1)

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
class Text:
    """What one device writes; the same for every frame of a case."""

    lines: tuple[tuple[str, float, float], ...]
    """Words, and where they begin in shares of the frame's width and height; a negative place is cut off by the frame."""
    colour: tuple[int, int, int]
    dot: float
    """A dot's height in shares of the frame's; letters are seven dots high."""
    outlined: bool
    """Whether each letter has a black rim a dot wide."""
    smudged: bool
    """Whether it was blurred until nobody can read it, as data sets are published."""
    icon: tuple[float, float] | None
    """Middle of the headset icon in shares of the frame's width and height."""


NO_TEXT = Text((), (0, 0, 0), 1 / 420, False, False, None)


def draw_text(rng: np.random.Generator, field: tuple[float, float, float, float]) -> Text:
    """Text drawn at random for a field whose left, top, right and bottom are these shares of the frame."""
    style = int(rng.choice(4, p=(0.28, 0.42, 0.18, 0.12)))
    dot = float(rng.uniform(0.85, 1.5) / 480)
    lines = ((), _column(rng, field, dot), _rim(rng, dot), _anywhere(rng))[style]
    colour = _COLOURS[int(rng.choice(len(_COLOURS), p=_COLOUR_SHARES))]
    outlined, smudged, marked = (bool(rng.uniform() < share) for share in (0.25, 0.06, 0.4))
    icon = (field[2] - float(rng.uniform(0.01, 0.05)), float(rng.uniform(0.74, 0.84))) if marked and style == 1 else None
    return Text(tuple(lines), colour, dot, outlined and not smudged, smudged, icon)  # a rim would not outlast the blur


def _stamp(rng: np.random.Generator) -> tuple[str, str]:
    # 28 days: the day exists in every month
    month, day, hour, minute, second = (int(rng.integers(low, high)) for low, high in ((1, 13), (1, 29), (7, 17), (0, 60), (0, 60)))
    return f"{day:02d}/{month:02d}/2026", f"{hour:02d}:{minute:02d}:{second:02d}"


def _column(rng: np.random.Generator, field: tuple[float, float, float, float], dot: float) -> list[tuple[str, float, float]]:
    """Line under line at the left: in the border if there is room, else over the field, cut off where the frame was cropped."""
    # dummies throughout: nothing in a frame may be taken for a patient's name or number
    words = ["SYNTHETIC", "NAME:", "", *_stamp(rng), f"CVP:{rng.integers(1, 9)}", f"G:N  E:A{rng.integers(1, 9)}", "", "###/###"]
    left = field[0] + rng.uniform(-0.04, 0.02) if rng.uniform() < 0.7 else rng.uniform(0.01, 0.03)
    pitch, top = dot * rng.uniform(9, 13), rng.uniform(0.04, 0.2)
    return [(line, float(left), float(top + place * pitch)) for place, line in enumerate(words) if line]


def _rim(rng: np.random.Generator, dot: float) -> list[tuple[str, float, float]]:
    """A word or two in the corners, where the border is."""
    day, hour = _stamp(rng)
    lines = [("SYNTHETIC", 0.01, 0.01), ("ID ###", 0.01, 0.01 + 10 * dot), (day, 0.86, 0.01), (hour, 0.88, 0.01 + 10 * dot)]
    lines += [("COMMENT: NONE", 0.01, 0.975 - 7 * dot), ("GEN. ENDODESK", 0.8, 0.975 - 7 * dot)]
    return [line for line in lines if rng.uniform() < 0.7]


def _anywhere(rng: np.random.Generator) -> list[tuple[str, float, float]]:
    words = rng.permutation(["SYNTHETIC", "NOT A PATIENT", *_stamp(rng), "###", "A:1 B:2"])[: int(rng.integers(1, 4))]
    return [(str(line), float(rng.uniform(0.02, 0.8)), float(rng.uniform(0.03, 0.92))) for line in words]


def burn_text(image: RGB, text: Text) -> Mask:
    """Burn the lines and the icon in; returns every pixel drawn, rims, smudges and the icon's plate too."""
    height, width = image.shape[:2]
    dot = max(1, round(text.dot * height))
    strokes = np.zeros((height, width), bool)
    for line, x, y in text.lines:
        stamp_words(strokes, line, round(x * width), round(y * height), dot)
    drawn = _smudge(image, strokes, text.colour, dot) if text.smudged else _write(image, strokes, text, dot)
    return drawn if text.icon is None else drawn | _draw_icon(image, text.icon)


def _write(image: RGB, strokes: Mask, text: Text, dot: int) -> Mask:
    drawn = strokes
    if text.outlined:
        drawn = cv2.dilate(strokes.view(np.uint8), np.ones((2 * dot + 1, 2 * dot + 1), np.uint8)).astype(bool)
        image[drawn] = 0
    image[strokes] = text.colour
    return drawn


def _smudge(image: RGB, strokes: Mask, colour: tuple[int, int, int], dot: int) -> Mask:
    share = cv2.GaussianBlur(strokes.astype(np.float32), (0, 0), 2.0 * dot)
    drawn = np.asarray(share > 0.08, bool)
    part = share[drawn][:, None]
    image[drawn] = np.round(image[drawn] * (1 - part) + np.array(colour) * part)
    return drawn


def stamp_words(strokes: Mask, words: str, x: int, y: int, dot: int) -> None:
    """Set the dots of words that begin at x, y; what lies outside of the mask is cut off."""
    columns = [column for letter in words for column in bytes.fromhex("0000000000" if letter == " " else _GLYPHS[letter]) + b"\0"]
    if not columns:
        return
    dots = ((np.array(columns, np.uint8)[None, :] >> np.arange(7, dtype=np.uint8)[:, None]) & 1).astype(bool)
    dots = dots.repeat(dot, 0).repeat(dot, 1)[max(0, -y) :, max(0, -x) :]
    x, y = max(0, x), max(0, y)
    part = strokes[y : y + dots.shape[0], x : x + dots.shape[1]]
    part |= dots[: part.shape[0], : part.shape[1]]


def _draw_icon(image: RGB, at: tuple[float, float]) -> Mask:
    """A white horseshoe on a small black plate; returns the plate."""
    height, width = image.shape[:2]
    side = max(4, round(height * 0.045))
    x, y = round(at[0] * width) - side // 2, round(at[1] * height) - side // 2
    plate = np.zeros((height, width), bool)
    plate[max(0, y) : y + side, max(0, x) : x + side] = True
    image[plate] = 0
    cv2.ellipse(image, (x + side // 2, y + side // 2), (side // 4, side // 3), 0, -220, 40, (235, 235, 235), max(1, side // 12))
    return plate
