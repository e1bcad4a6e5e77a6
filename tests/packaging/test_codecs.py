"""What comes along of imagecodecs is what the readers ask for: every kind of picture is read with those modules alone."""

import io
import os
import subprocess
import sys
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from dicom_files import coded_bytes
from PIL import Image
from pydicom.uid import JPEGLosslessSV1

ROOT = Path(__file__).parents[2]
PICTURE = np.kron(np.random.default_rng(5).integers(0, 256, (6, 8, 3), np.uint8), np.ones((8, 8, 1), np.uint8))
PACKED = ("lzw", "adobe_deflate", "packbits", "lzma", "zstd", "webp")
READ = """
import sys
from pathlib import Path
from left_out import CODECS

class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("imagecodecs._") and name.removeprefix("imagecodecs._") not in CODECS:
            raise ImportError(name)

sys.meta_path.insert(0, Gone())
from endodesk.imaging.reading.read import read_image
for path in sorted(Path(sys.argv[1]).iterdir()):
    print(path.name, *read_image(path).shape)
"""


def saved(kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(PICTURE).save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.slow
def test_every_kind_is_read_with_what_comes_along(tmp_path: Path) -> None:
    files = {"a.png": saved("PNG"), "a.webp": saved("WEBP"), "a.bmp": saved("BMP"), "a.jpg": saved("JPEG")}
    lossless = imagecodecs.jpeg8_encode(PICTURE, lossless=True, predictor=1)
    files |= {"a.dcm": coded_bytes([lossless], PICTURE, photometric="RGB", syntax=JPEGLosslessSV1)}
    for packing in PACKED:
        stream = io.BytesIO()
        predictor = 2 if packing in ("lzw", "adobe_deflate", "zstd") else None
        tifffile.imwrite(stream, PICTURE, photometric="rgb", compression=packing, predictor=predictor)
        files[f"{packing}.tif"] = stream.getvalue()
    fax = io.BytesIO()
    Image.fromarray(PICTURE[..., 0] > 127).save(fax, "TIFF", compression="group4")
    packed, deep = io.BytesIO(), io.BytesIO()
    tifffile.imwrite(packed, PICTURE[..., 0].astype(np.uint16), photometric="minisblack", bitspersample=12)
    tifffile.imwrite(deep, PICTURE.astype(np.float32)[..., 0], compression="zstd", predictor=3)
    files |= {
        "fax.tif": fax.getvalue(),
        "packed.tif": packed.getvalue(),
        "float.tif": deep.getvalue(),
        "jpeg.tif": saved("TIFF", compression="jpeg"),
    }
    folder = tmp_path / "files"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    path = os.pathsep.join((str(ROOT), str(ROOT / "packaging")))
    told = subprocess.run(
        [sys.executable, "-c", READ, folder], capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path}
    )
    assert (told.stderr, told.stdout.split("\n")[:-1]) == ("", [f"{name} 48 64 3" for name in sorted(files)])
