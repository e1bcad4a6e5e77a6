"""Mistakes: the frames that a model got most wrong, as it saw them, on one sheet."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from endodesk.domain.bundles import INPUT_PX
from endodesk.domain.errors import UnreadableImage
from endodesk.domain.recipes import Recipe
from endodesk.domain.shown_text import visible
from endodesk.imaging.pixels import RGB
from endodesk.imaging.preprocessing.pipeline import preprocess
from endodesk.imaging.reading.named_frame import read_named
from endodesk.system.task import TaskContext
from endodesk.system.threads import in_threads
from training.evaluation.predictions import Predictions

MOST = 12
"""How many mistakes of each kind are shown."""
_ACROSS, _EDGE, _HEAD, _WORDS = 6, 10, 34, 58
_CELL = (INPUT_PX + _EDGE, INPUT_PX + _WORDS)


def mistakes(answers: Predictions) -> tuple[list[int], list[int]]:
    """Places of wrong answers: the most confident ones; then, of the others, those whose label got the least probability."""
    if not len(answers.truth):
        return [], []
    said, rows = answers.probabilities.argmax(axis=1), np.arange(len(answers.truth))
    confidence, of_truth = answers.probabilities[rows, said], answers.probabilities[rows, answers.truth]
    wrong = np.flatnonzero(said != answers.truth)
    confident = wrong[np.argsort(-confidence[wrong], kind="stable")][:MOST]  # stable: the same sheet each time, whatever ties there are
    others = np.setdiff1d(wrong, confident)
    worst = others[np.argsort(of_truth[others], kind="stable")][:MOST]
    return confident.tolist(), worst.tolist()


def mistakes_png(answers: Predictions, recipe: Recipe, task: TaskContext) -> bytes | None:
    """The sheet as a PNG, the pictures as the model sees them; None if there are no mistakes. Reads their files again. Cancelled."""
    confident, worst = mistakes(answers)
    chosen = [*confident, *worst]
    if not chosen:
        return None
    pictures: dict[int, RGB | None] = {}
    for place, picture in zip(chosen, in_threads(lambda at: _picture(answers, at, recipe), chosen), strict=True):
        pictures[place] = picture
        task.report(len(pictures), len(chosen), "mistakes")
    parts = [("The most confident mistakes", confident), ("Other mistakes, the least probability for the label first", worst)]
    sheets = [_sheet(answers, places, pictures, title) for title, places in parts if places]
    whole = Image.new("RGB", (max(sheet.width for sheet in sheets), sum(sheet.height for sheet in sheets)), "white")
    y = 0
    for sheet in sheets:
        whole.paste(sheet, (0, y))
        y += sheet.height
    stream = io.BytesIO()
    whole.save(stream, format="PNG")
    return stream.getvalue()


def _picture(answers: Predictions, place: int, recipe: Recipe) -> RGB | None:
    try:
        _, image, given, _ = read_named(answers.frames[place].path, answers.overrides)
        return preprocess(image, recipe, given)
    except UnreadableImage:  # the file may be gone since the model was asked
        return None


def _sheet(answers: Predictions, places: Sequence[int], pictures: dict[int, RGB | None], title: str) -> Image.Image:
    across, down = min(_ACROSS, max(3, len(places))), -(-len(places) // _ACROSS)  # the title needs the width of three
    sheet = Image.new("RGB", (across * _CELL[0] + _EDGE, down * _CELL[1] + _HEAD + _EDGE), "white")
    pen = ImageDraw.Draw(sheet)
    # Pillow's own letters: no font is looked for on the machine
    pen.text((_EDGE, 9), f"{title}. Research use only.", fill="#1c2430", font=ImageFont.load_default(15))
    for number, place in enumerate(places):
        x, y = number % _ACROSS * _CELL[0] + _EDGE, number // _ACROSS * _CELL[1] + _HEAD
        picture = pictures[place]
        if picture is None:
            pen.text((x, y + 90), "cannot be read any more", fill="#8a1c1c", font=ImageFont.load_default(13))
        else:
            sheet.paste(Image.fromarray(picture), (x, y))
        for line, (text, colour) in enumerate(_words(answers, place)):
            pen.text((x, y + INPUT_PX + 3 + 16 * line), text, fill=colour, font=ImageFont.load_default(12))
    return sheet


def _words(answers: Predictions, place: int) -> list[tuple[str, str]]:
    frame, probabilities = answers.frames[place], answers.probabilities[place]
    said = int(probabilities.argmax())
    return [
        (_short(frame.path.name, 34), "#5b6673"),
        (f"label {_short(frame.label, 20)}  {probabilities[answers.truth[place]]:.3f}", "#1c2430"),
        (f"answer {_short(answers.classes.names[said], 20)}  {probabilities[said]:.3f}", "#a03a00"),
    ]


def _short(text: str, most: int) -> str:
    text = visible(text)
    return text if len(text) <= most else f"{text[: most // 2 - 2]}...{text[-(most // 2 - 1) :]}"
