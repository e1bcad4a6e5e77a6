"""What layers learn from, step by step."""

from endodesk.imaging.pixels import RGB, Floats

Inputs = Floats | RGB
"""What the trained layers take in: float32 features, or uint8 frames 0..255."""
Batch = tuple[Inputs, Floats, Floats]
"""Inputs N x ..., one-hot labels N x C, weights N."""
