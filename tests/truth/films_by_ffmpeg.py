"""What FFmpeg's own command gives of a film: the right value of the truth test."""

import re
import subprocess
from pathlib import Path

import numpy as np

from .files.case import Missing
from .files.picture import RGB
from .reader import MOST_FRAMES

_FRAME = re.compile(rb"pts_time:\s*(\S+) .*? s:(\d+)x(\d+) ")


def ffmpeg_frames(path: Path) -> tuple[list[RGB], list[float]]:
    """Its frames as FFmpeg presents them (upright, edit lists kept), and when, counted from the first one."""
    read = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "info", "-i", str(path), "-map", "0:v:0", "-vf", "showinfo=checksum=0"]
    write = ["-fps_mode", "passthrough", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    try:
        done = subprocess.run([*read, *write], capture_output=True, check=False, timeout=120)
    except FileNotFoundError as error:
        raise Missing("ffmpeg is not installed") from error
    told = _FRAME.findall(done.stderr)
    if not told:
        return [], []
    times, sizes = [float(time) for time, _, _ in told], {(int(height), int(width)) for _, width, height in told}
    pixels = np.frombuffer(done.stdout, np.uint8)
    height, width = next(iter(sizes))
    if len(sizes) > 1 or pixels.size != len(times) * width * height * 3:
        raise Missing("ffmpeg gives frames of several sizes")
    stack = pixels.reshape(len(times), height, width, 3)
    return list(stack)[:MOST_FRAMES], [time - times[0] for time in times][:MOST_FRAMES]
