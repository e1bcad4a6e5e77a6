"""What lies in PyAV's wheel besides PyAV, and which of its libraries are hollow in the built folder. For what_comes_along.py."""

import re
from collections.abc import Sequence
from pathlib import Path

from from_the_system import Part
from hollow_libraries import is_hollow

_FFMPEG = "LGPL-3.0-or-later"
_TERMS = {
    "avcodec": _FFMPEG,
    "avdevice": _FFMPEG,
    "avfilter": _FFMPEG,
    "avformat": _FFMPEG,
    "avutil": _FFMPEG,
    "swresample": _FFMPEG,
    "swscale": _FFMPEG,
    "dav1d": "BSD-2-Clause",
    "drm": "MIT",
    "Xau": "MIT",
    "xcb": "MIT",
    "x264": "GPL-2.0-or-later",
    "x265": "GPL-2.0-or-later",
    "SvtAv1Enc": "BSD-3-Clause-Clear",
    "mp3lame": "LGPL-2.0-or-later",
    "vpx": "BSD-3-Clause",
    "webp": "BSD-3-Clause",
    "webpmux": "BSD-3-Clause",
    "sharpyuv": "BSD-3-Clause",
    "opus": "BSD-3-Clause",
    "opencore-amrnb": "Apache-2.0",
    "opencore-amrwb": "Apache-2.0",
    "asound": "LGPL-2.1-or-later",
    "vpl": "MIT",
    "gnutls": "LGPL-2.1-or-later",
    "nettle": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "hogweed": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "gmp": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "unistring": "LGPL-3.0-or-later OR GPL-2.0-or-later",
}
_NAME = re.compile(r"^(?:lib)?([A-Za-z0-9]+?(?:-amr[nw]b)?(?:-shape|-shm|-xfixes)?)(?:-\d+)?-[0-9a-f]{8,}\.(.+)$")
_COMMON = Path("/usr/share/common-licenses")
_TEXTS = {"GPL-2": "GPL-2.0", "GPL-3": "LGPL-3.0", "LGPL-2.1": "LGPL-2.", "LGPL-3": "LGPL-3.0"}
"""On Debian, what lies there, and the terms that ask for it; the LGPL 3 adds to the GPL 3."""


def libraries_of_films(folder: Path) -> list[Part]:
    """Each library that came along with PyAV and holds code of its makers; hollow ones hold none."""
    found = sorted(path for parent in folder.rglob("av.libs") for path in parent.iterdir() if path.is_file() and not is_hollow(path))
    parts = [_part(path.name) for path in found]
    return [part for part in parts if part is not None]


def _part(file: str) -> Part | None:
    told = _NAME.match(file)
    if told is None:
        return None
    name = told.group(1)
    terms = _TERMS.get(name) or _TERMS.get(name.partition("-")[0], "see its makers' pages")
    version = re.sub(r"^(so|dylib|dll)\.?|\.(dylib|dll)$", "", told.group(2)) or "in PyAV's wheel"
    return Part(f"{name} (in PyAV)", version, f"pkg:generic/{name}@{version}", terms, tuple(_texts(terms)))


def _texts(terms: str) -> Sequence[str]:
    files = [_COMMON / name for name, asked in _TEXTS.items() if asked in terms]
    return [file.read_text("utf-8", errors="replace").strip() for file in files if file.is_file()]
