"""Titles of steps and knobs, marked for translation: `imaging.preprocessing.steps` declares them, and knows nothing of languages."""

from endodesk.app.language import marked

STEP_WORDS = (
    marked("224 x 224"),
    marked("Crop"),
    marked("Field of view"),
    marked("Gaps closed up to (pixels)"),
    marked("Green: highest hue"),
    marked("Green: least brightness"),
    marked("Green: least saturation"),
    marked("Green: lowest hue"),
    marked("Least contrast of writing"),
    marked("Left whole from this share of the frame"),
    marked("Lit above (brightness)"),
    marked("Lit above (lightness)"),
    marked("Margin around the field (pixels)"),
    marked("Overhang (share of the longer side)"),
    marked("ScopeGuide box"),
    marked("Side in pixels"),
    marked("Smallest box (share of the field)"),
    marked("Specks dropped up to (pixels)"),
    marked("Text"),
)
"""A test holds them to be those of the table of steps."""
