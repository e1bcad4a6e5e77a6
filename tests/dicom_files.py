"""DICOM files made for tests, as bytes, with a patient's data in them."""

import io
from typing import Any

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

VL_ENDOSCOPIC = "1.2.840.10008.5.1.4.1.1.77.1.1"
PLANTED = ("Grundmann", "Hildegard", "19520417", "PID-4711-secret", "Dr. Quacksalber", "Acc-0815")
"""What no output of the program may hold."""


def dicom_bytes(pixels: np.ndarray, *, photometric: str = "RGB", syntax: str = ExplicitVRLittleEndian, **tags: Any) -> bytes:
    """A VL Endoscopic Image; `pixels` are rows x columns (x 3), with a first axis of frames where NumberOfFrames is among the tags."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID = VL_ENDOSCOPIC, generate_uid(), syntax
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.Modality = VL_ENDOSCOPIC, meta.MediaStorageSOPInstanceUID, "ES"
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = f"{PLANTED[0]}^{PLANTED[1]}", PLANTED[3], PLANTED[2]
    dataset.ReferringPhysicianName, dataset.AccessionNumber = PLANTED[4], PLANTED[5]
    shape = pixels.shape[1:] if "NumberOfFrames" in tags else pixels.shape
    dataset.Rows, dataset.Columns = shape[:2]
    dataset.SamplesPerPixel = 3 if len(shape) == 3 else 1
    if len(shape) == 3:
        dataset.PlanarConfiguration = tags.get("PlanarConfiguration", 0)
        pixels = np.moveaxis(pixels, -1, -3) if dataset.PlanarConfiguration else pixels
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated = dataset.BitsStored = 8 * pixels.dtype.itemsize
    dataset.HighBit, dataset.PixelRepresentation = dataset.BitsStored - 1, int(pixels.dtype.kind == "i")
    data = pixels.tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    for key, value in tags.items():
        setattr(dataset, key, value)
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def coded_bytes(codes: list[bytes], like: np.ndarray, *, photometric: str, syntax: str, **tags: Any) -> bytes:
    """A file whose pixel data are these coded pictures; its tags are those of a file with the pixels `like`."""
    made = {"PixelData": encapsulate(codes, has_bot=False)} | tags
    return dicom_bytes(like, photometric=photometric, syntax=syntax, **made)


def jpeg_code(pixels: np.ndarray, *, ids: str | None = None, adobe: int | None = None, jfif: bool = False, **options: Any) -> bytes:
    """As Pillow codes it, with no other markers than these, and with the bytes of `ids` for its components; `options` are Pillow's."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", **({"quality": 97} | options))
    code, place = stream.getvalue(), 2
    out = bytearray(b"\xff\xd8" + (b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" if jfif else b""))
    out += b"" if adobe is None else b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([adobe])
    while True:
        marker, end = code[place + 1], place + 2 + int.from_bytes(code[place + 2 : place + 4], "big")
        segment = bytearray(code[place:end])
        if ids is not None and marker in (0xC0, 0xC2):
            old, segment[10::3] = bytes(segment[10::3]), ids.encode("latin1")
        if ids is not None and marker == 0xDA:
            segment[5 : 5 + 2 * segment[4] : 2] = bytes(ord(ids[old.index(one)]) for one in segment[5 : 5 + 2 * segment[4] : 2])
        out += b"" if marker in (0xE0, 0xEE) else segment
        place = end
        if marker == 0xDA:
            return bytes(out) + code[place:]


def lookup_table(first: int, bits: int, entries: np.ndarray) -> Sequence:
    """A sequence of one table, as VOILUTSequence and ModalityLUTSequence hold it."""
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [len(entries) % 65536, first, bits], entries.astype(np.uint16).tobytes()
    return Sequence([item])


def palette_tags(colours: np.ndarray, *, first: int = 0, bits: int = 8) -> dict[str, Any]:
    """Tags of a palette; `colours` are n x 3, of one byte or of two."""
    tags: dict[str, Any] = {}
    for place, name in enumerate(("Red", "Green", "Blue")):
        tags[f"{name}PaletteColorLookupTableDescriptor"] = [len(colours) % 65536, first, bits]
        tags[f"{name}PaletteColorLookupTableData"] = colours[:, place].tobytes()
    return tags
