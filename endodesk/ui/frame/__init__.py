"""The frame in the middle: picture, overlays, comparison, steps, knobs, outlines by hand."""
