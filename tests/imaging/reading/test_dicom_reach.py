"""pydicom's own test files: each one that `pydicom.pixels` decodes is shown, as pydicom has its values, or refused for a named cause."""

import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_files

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.films import open_film
from endodesk.imaging.reading.read import read_image

REFUSED = {
    "JPEG2000-embedded-sequence-delimiter.dcm": "its size contradicts",  # its stream says 3,722,379,520 columns; pydicom fails too
    "MR_truncated.dcm": "ends too early",
    "nested_priv_SQ.dcm": "holds no picture",
    "meta_missing_tsyntax.dcm": "holds no picture",
}
NO_PLUG_IN = {"JPGExtended.dcm", "JPEG-lossy.dcm", "SC_rgb_jpeg_gdcm.dcm", "badVR.dcm"}
"""pydicom has none here for JPEG of 12 bits and lossless JPEG, and gives up at the last one's number of frames, "1A"."""


def has_pixels(path: Path) -> bool:
    try:
        dataset = pydicom.dcmread(path, force=True)
    except Exception:  # no DICOM file
        return False
    return any(keyword in dataset for keyword in ("PixelData", "FloatPixelData", "DoubleFloatPixelData"))


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    FILES = [path for path in map(Path, get_testdata_files("**/*")) if path.suffix in ("", ".dcm") and path.is_file() and has_pixels(path)]


def shown(path: Path) -> np.ndarray:
    """Frames x H x W x 3."""
    try:
        return read_image(path)[None]
    except UnreadableImage as error:
        if "is a film of" not in str(error):
            raise
    film = open_film(path)
    return np.stack([film.frame(number) for number in range(film.frames)])


def wanted(path: Path) -> np.ndarray:
    """pydicom's own values by our rules: grey by the first window or table, else stretched, 16 bits divided."""
    dataset = pydicom.dcmread(path, force=True)
    pixels = pydicom.pixels.pixel_array(dataset)
    frames = pixels if int(str(dataset.get("NumberOfFrames") or 1).rstrip("A")) > 1 else pixels[None]
    return np.stack([eight_bits(frame, dataset) for frame in frames])


def eight_bits(frame: np.ndarray, dataset: pydicom.Dataset) -> np.ndarray:
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        return pydicom.pixels.apply_color_lut(frame, dataset) / 257
    if frame.ndim == 3:
        return frame / (2.0 ** (8 * (frame.itemsize - 1)))
    values = pydicom.pixels.apply_modality_lut(frame, dataset).astype(float)
    centre, width = (np.ravel(dataset.get(key) or [0])[0] for key in ("WindowCenter", "WindowWidth"))
    if width > 1:
        values = np.clip((values - (float(centre) - 0.5 - (float(width) - 1) / 2)) / (float(width) - 1), 0, 1) * 255
    elif frame.dtype != np.uint8 or dataset.BitsStored == 1:
        values = (values - values.min()) / max(values.max() - values.min(), 1e-9) * 255
    values = 255 - values if dataset.PhotometricInterpretation == "MONOCHROME1" else values
    return np.repeat(values[..., None], 3, 2)


def test_pydicom_still_ships_its_files():
    assert len(FILES) > 80


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_is_shown_as_pydicom_has_it_or_refused_for_its_cause(path):
    cause = REFUSED.get(path.name)
    if cause:
        with pytest.raises(UnreadableImage, match=cause):
            shown(path)
        return
    pixels = shown(path)
    if path.name in NO_PLUG_IN:
        assert np.ptp(pixels) > 200
        return
    right = wanted(path)
    assert pixels.shape == right.shape
    assert np.abs(pixels - right).max() <= 1.01
