"""How much memory pictures take: what their headers say is enough, and what is more than allowed is refused by a sentence."""

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from dicom_files import coded_bytes, dicom_bytes, jpeg_code
from PIL import Image

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading import stills
from endodesk.imaging.reading.read import decode_image, read_header, read_image
from endodesk.system.memory_budget import MEMORY

SIDE_PX = 3000


def a_picture(side_px=SIDE_PX):
    picture = np.full((side_px, side_px, 4), 90, np.uint8)
    picture[:300, :300] = np.random.default_rng(0).integers(0, 256, (300, 300, 4))
    return picture


def by_pillow(kind, mode, **options):
    stream = io.BytesIO()
    Image.fromarray(a_picture()).convert(mode).save(stream, kind, **options)
    return stream.getvalue()


def as_tiff(pixels, **options):
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels, compression="deflate", rowsperstrip=64, **options)
    return stream.getvalue()


def as_png(pixels):
    return cv2.imencode(".png", pixels)[1].tobytes()


FILES = {
    "baseline.jpg": lambda: by_pillow("JPEG", "RGB", quality=90),
    "progressive.jpg": lambda: by_pillow("JPEG", "RGB", progressive=True, subsampling=0),
    "inks.jpg": lambda: by_pillow("JPEG", "CMYK", progressive=True),
    "grey.png": lambda: as_png(a_picture()[..., 0]),
    "alpha.png": lambda: as_png(a_picture()),
    "deep.png": lambda: as_png(a_picture()[..., :3].astype(np.uint16) * 257),
    "palette.png": lambda: by_pillow("PNG", "P"),
    "a.webp": lambda: by_pillow("WEBP", "RGBA", lossless=True, quality=0, method=0),
    "a.bmp": lambda: by_pillow("BMP", "RGB"),
    "deep.tif": lambda: as_tiff(a_picture()[..., :3].astype(np.uint16) * 257, photometric="rgb"),
    "alpha.tif": lambda: as_tiff(a_picture(), photometric="rgb", extrasamples=["unassalpha"]),
    "colours.dcm": lambda: coded_bytes(
        [jpeg_code(a_picture()[..., :3], jfif=True)], a_picture()[..., :3], photometric="YBR_FULL_422", syntax="1.2.840.10008.1.2.4.50"
    ),
    "deep.dcm": lambda: dicom_bytes(a_picture()[..., :3].astype(np.uint16) * 16, BitsStored=12, HighBit=11),
    "window.dcm": lambda: dicom_bytes(
        a_picture()[..., 0].astype(np.uint16) * 200,
        photometric="MONOCHROME2",
        WindowCenter="9000",
        WindowWidth="9000",
        RescaleSlope="2",
        RescaleIntercept="0",
    ),
    "numbers.tif": lambda: as_tiff(a_picture()[..., 0].astype(np.float64), photometric="minisblack"),
}
MEASURE = """
import gc, sys
from pathlib import Path
from endodesk.imaging.reading import stills
from endodesk.imaging.reading.read import open_image

def said(name):
    return next(int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith(name))

for path in map(Path, sys.argv[1:]):
    data = path.read_bytes()
    for _ in range(2):  # what is loaded with the first of its kind is not the picture's
        opened = open_image(data, path.name)
        gc.collect()
        before = said("VmRSS")
        open("/proc/self/clear_refs", "w").write("5")
        opened.decode()
    print(path.name, said("VmHWM") - before, opened.header.decoding_bytes)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peaks are measured on Linux")
def test_decoding_takes_no_more_than_its_header_says(tmp_path):
    for name, make in FILES.items():
        (tmp_path / name).write_bytes(make())
    command = [sys.executable, "-c", MEASURE, *map(str, sorted(tmp_path.iterdir()))]
    environment = {
        **os.environ,
        "MALLOC_MMAP_THRESHOLD_": "1000000",
    }  # what is let go of is the system's again, and counts when it comes back
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.splitlines()
    assert len(told) == len(FILES)
    bands = 40_000_000  # what is worked on at once of pictures in bands, however large they are
    for name, peak, said in map(str.split, told):
        assert int(peak) <= 1.05 * int(said) + bands, name
        assert int(said) <= 5 * int(peak), name  # else what fits would be kept waiting


def test_what_takes_more_than_is_allowed_is_refused_but_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(MEMORY, "limit_bytes", 60_000_000)
    path = tmp_path / "huge.png"
    path.write_bytes(FILES["alpha.png"]())
    assert read_header(path.read_bytes(), path.name).width == SIDE_PX
    with pytest.raises(UnreadableImage, match=r"^huge\.png is not opened: it takes [0-9,]+ MB of memory, and 60 MB are allowed\. Scale"):
        read_image(path)
    small = as_png(a_picture(400))
    assert decode_image(small, "small.png").shape == (400, 400, 3)


@pytest.mark.slow
def test_threads_take_turns_where_both_do_not_fit(monkeypatch):
    data = FILES["alpha.png"]()
    monkeypatch.setattr(MEMORY, "limit_bytes", int(1.2 * read_header(data, "a.png").decoding_bytes))
    at_once, most, inside, plain = 0, 0, threading.Lock(), stills.as_rgb

    def watched(*given):
        nonlocal at_once, most
        with inside:
            at_once += 1
            most = max(most, at_once)
        try:
            return plain(*given)
        finally:
            with inside:
                at_once -= 1

    monkeypatch.setattr(stills, "as_rgb", watched)
    threads = [threading.Thread(target=lambda: decode_image(data, "a.png")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
