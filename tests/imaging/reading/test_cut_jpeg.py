"""JPEGs that were cut somewhere and ended properly: the frame or a sentence, wherever the cut is."""

import contextlib
import io
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.read import decode_image

PICTURE = np.kron(np.random.default_rng(5).integers(0, 256, (6, 8, 3), np.uint8), np.ones((8, 8, 1), np.uint8))
"""48 x 64."""
END = b"\xff\xd9"


def ended_everywhere(data: bytes, step: int) -> list[np.ndarray]:
    """What is shown of the file, cut at every `step`-th byte from its first scan on."""
    shown = []
    for place in range(data.find(b"\xff\xda"), len(data) - 2, step):
        with contextlib.suppress(UnreadableImage):
            shown.append(decode_image(data[:place].rstrip(b"\xff") + END, "frame.jpg").astype(int))
    return shown


@pytest.mark.parametrize("progressive", [False, True])
def test_wherever_a_jpeg_was_cut_it_is_whole_or_a_sentence(progressive: bool) -> None:
    stream = io.BytesIO()
    Image.fromarray(PICTURE).save(stream, "JPEG", quality=90, progressive=progressive)
    right = decode_image(stream.getvalue(), "frame.jpg")
    assert all(np.array_equal(pixels, right) for pixels in ended_everywhere(stream.getvalue(), 1))


@pytest.mark.skipif(not shutil.which("cjpeg"), reason="cjpeg is not installed")
@pytest.mark.parametrize("how", ["-sample 3x1", "-sample 3x1 -restart 2b"])
def test_decoders_that_do_not_tell_of_missing_bytes_are_not_believed(how: str) -> None:
    data = b"P6 64 48 255\n" + PICTURE.tobytes()
    whole = subprocess.run(["cjpeg", "-quality", "90", *how.split()], input=data, capture_output=True, check=True).stdout
    right = decode_image(whole, "frame.jpg")
    assert all(np.abs(pixels - right).mean() < 0.1 for pixels in ended_everywhere(whole[:-4] + END, 5))


@pytest.mark.skipif(not shutil.which("cjpeg"), reason="cjpeg is not installed")
@pytest.mark.parametrize("how", ["-arithmetic", "-arithmetic -progressive"])
def test_arithmetic_code_whose_end_nothing_proves_is_named(how: str) -> None:
    data = b"P6 64 48 255\n" + PICTURE.tobytes()
    whole = subprocess.run(["cjpeg", *how.split()], input=data, capture_output=True, check=True).stdout
    with pytest.raises(UnreadableImage, match=r"is an arithmetically coded JPEG\. Export it as an ordinary JPEG"):
        decode_image(whole, "frame.jpg")
