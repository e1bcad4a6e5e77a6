"""DICOM files made for tests, as bytes, with a patient's data in them."""

import io
from typing import Any

import numpy as np
from pydicom.dataset import FileDataset, FileMetaDataset
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
