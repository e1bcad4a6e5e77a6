"""Frames of nobody, with their ground truth: the yardstick of the preprocessing, and the demo."""
