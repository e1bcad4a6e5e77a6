"""What FFmpeg's own command gives of a film: the right value of the truth test."""

import re
from functools import cache
from pathlib import Path

import numpy as np

from .case import Missing, command
from .picture import RGB
from .reader import MOST_FRAMES

_TIME = re.compile(rb"pts_time:\s*(-?[\d.]+)")


def ffmpeg_frames(path: Path) -> tuple[list[RGB], list[float]]:
    """Its frames as FFmpeg presents them (upright, edit lists kept), and when, counted from the first one."""
    width, height = _size(path)
    lines = path.with_name("frames.txt")
    graph = "showinfo=checksum=0"
    raw = _ffmpeg(path, lines, graph)
    frames = np.frombuffer(raw, np.uint8)
    times = [float(time) for time in _TIME.findall(lines.read_bytes())]
    lines.unlink()
    if not times:
        return [], []
    if frames.size != len(times) * width * height * 3:
        width, height = height, width
    if frames.size != len(times) * width * height * 3:
        raise Missing("ffmpeg gives frames of several sizes")
    stack = frames.reshape(len(times), height, width, 3)
    return list(stack)[:MOST_FRAMES], [time - times[0] for time in times][:MOST_FRAMES]


def _size(path: Path) -> tuple[int, int]:
    told = command("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0:nk=1", path)
    width, height = told.decode().split()[0].strip(",").split(",")[:2]
    return int(width), int(height)


def _ffmpeg(path: Path, lines: Path, graph: str) -> bytes:
    import subprocess

    read = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "info", "-i", str(path), "-map", "0:v:0", "-vf", graph]
    write = ["-fps_mode", "passthrough", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    with lines.open("wb") as stream:
        return subprocess.run([*read, *write], stdout=subprocess.PIPE, stderr=stream, check=False, timeout=120).stdout


@cache
def version() -> str:
    """Of the decoder that judges."""
    return command("ffmpeg", "-version").decode().split()[2]
