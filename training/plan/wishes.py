"""Wishes: what a run under way can be asked by whoever watches it; a line each on its stdin."""

CANCEL, PAUSE, GO_ON, STOP = "cancel", "pause", "go on", "stop"
"""STOP is followed by the name of who asks: no epoch begins any more, and the best so far becomes the model."""
LONGEST_LINE = 1000
"""Letters; what is longer is no wish."""


def stop_wish(reader: str) -> str:
    """As a line: stop and keep the best so far, asked by this reader."""
    return f"{STOP} {' '.join(reader.split())}"[:LONGEST_LINE]
