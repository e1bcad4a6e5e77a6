"""Titles of steps and knobs, marked for translation: imaging, which declares them, knows nothing of languages."""

from endodesk.app.language import marked

WORDS = (
    marked("Field of view"),
    marked("Crop"),
    marked("ScopeGuide box"),
    marked("224 x 224"),
    marked("Text"),
    marked("Lit above (lightness)"),
    marked("Specks dropped up to (pixels)"),
    marked("Left whole from this share of the frame"),
    marked("Margin around the field (pixels)"),
    marked("Green: lowest hue"),
    marked("Green: highest hue"),
    marked("Green: least saturation"),
    marked("Green: least brightness"),
    marked("Gaps closed up to (pixels)"),
    marked("Side in pixels"),
    marked("Smallest box (share of the field)"),
    marked("Lit above (brightness)"),
    marked("Least contrast of writing"),
    marked("Overhang (share of the longer side)"),
)
