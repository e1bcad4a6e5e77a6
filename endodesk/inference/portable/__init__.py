"""Models for other programs: one file each from pixels to probabilities, described, and checked to answer alike."""
