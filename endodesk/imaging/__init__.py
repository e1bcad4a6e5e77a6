"""Pixels: RGB uint8 in, RGB uint8 out."""
