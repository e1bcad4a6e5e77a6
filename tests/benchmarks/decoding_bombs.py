"""What twelve pictures that are small as files and huge as pixels do to memory: `python -m tests.benchmarks.decoding_bombs`.

Behind it, if wanted, SIDE_PX and KIND: `png` (RGBA, packed as tightly as is still read), `tiff`, `dicom` or `jpeg` (progressive) in
colour. Peaks of `endodesk predict`, and of the window until all are answered, or refused.
"""

import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np

_BOMBS, _SIDE_PX, _PACKED = 12, 9_990, 190
_LIMIT_MB = 2000


def write_bombs(folder: Path, side_px: int = _SIDE_PX, bombs: int = _BOMBS) -> Path:
    """Plain but for as much noise as keeps the file just above what is refused by its size; each of another content."""
    folder.mkdir(parents=True)
    noise, row = 4 * side_px * side_px // _PACKED, b"\0" + b"\x50\x30\x28\xff" * side_px
    packer, rng = zlib.compressobj(9), np.random.default_rng(0)
    parts = []
    for _ in range(side_px):
        some = rng.bytes(min(noise, len(row) - 1))
        noise -= len(some)
        parts.append(packer.compress(row[:1] + some + row[1 + len(some) :]))
    head = struct.pack(">IIBBBBB", side_px, side_px, 8, 6, 0, 0, 0)
    bodies = ((b"IHDR", head), (b"IDAT", b"".join((*parts, packer.flush()))), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in bodies)
    for number in range(bombs):
        (folder / f"{number:02}.png").write_bytes(data + rng.bytes(20))
    return folder


def write_others(folder: Path, kind: str, side_px: int, bombs: int = _BOMBS) -> Path:
    """Pictures of another kind, each of another content."""
    import cv2
    import tifffile
    from PIL import Image
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit

    folder.mkdir(parents=True)
    for number in range(bombs):
        small = np.random.default_rng(number).integers(60, 200, (side_px // 40, side_px // 40, 3), np.uint8)
        pixels = cv2.resize(small, (side_px, side_px), interpolation=cv2.INTER_NEAREST)
        path = folder / f"{number:02}"
        if kind == "tiff":
            tifffile.imwrite(path.with_suffix(".tif"), pixels, compression="deflate", photometric="rgb", rowsperstrip=64)
        elif kind == "jpeg":
            Image.fromarray(pixels).save(path.with_suffix(".jpg"), progressive=True, subsampling=0, quality=90)
        else:
            coded = cv2.imencode(".jpg", pixels)[1].tobytes()
            frame = Dataset()
            frame.Rows = frame.Columns = side_px
            frame.SamplesPerPixel, frame.PhotometricInterpretation, frame.PlanarConfiguration = 3, "YBR_FULL_422", 0
            frame.BitsAllocated, frame.BitsStored, frame.HighBit, frame.PixelRepresentation = 8, 8, 7, 0
            frame.PixelData = encapsulate([coded])
            frame.file_meta = FileMetaDataset()
            frame.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
            frame.file_meta.MediaStorageSOPClassUID = frame.file_meta.MediaStorageSOPInstanceUID = ExplicitVRLittleEndian
            frame.save_as(path.with_suffix(".dcm"), enforce_file_format=True)
    return folder


def open_all(folder: str) -> None:
    """The window, until every frame is answered or refused, and the reader has gone through them."""
    from endodesk.app.answers.answers_progress import AnswersState

    from .window_child import close, open_window, told, until

    application, window = open_window(folder)
    session = window.session
    answers, navigation = session.answers, session.navigation
    until(application, lambda: len(session.workspace.frames) > 0 and session.workspace.row >= 0)
    for _ in range(_BOMBS):
        until(application, lambda: session.jobs.idle)
        navigation.go(+1)
    until(application, lambda: session.jobs.idle and answers.idle and answers.state is AnswersState.IDLE)
    told(answered=answers.progress.answered)
    close(window)


def main(side_px: str = str(_SIDE_PX), kind: str = "png") -> None:
    """Make the bombs, open them in children, and tell the peaks."""
    with tempfile.TemporaryDirectory() as place:
        bombs = Path(place) / "bombs"
        folder = write_bombs(bombs, int(side_px)) if kind == "png" else write_others(bombs, kind, int(side_px))
        homes = {f"XDG_{name}_HOME": f"{place}/{name.lower()}" for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen", "ENDODESK_BENCH_STARTED": str(time.time())}
        for what, command in (
            ("endodesk predict", ["endodesk", "predict", str(folder), "--out", f"{place}/out.csv"]),
            ("the window", ["tests.benchmarks.decoding_bombs", "child", str(folder)]),
        ):
            child = subprocess.Popen([sys.executable, "-m", *command], env=environment, stdout=subprocess.PIPE, text=True)
            said = child.stdout.read().strip().splitlines() if child.stdout else []
            _, _, used = os.wait4(child.pid, 0)
            print(f"{what}: peak {used.ru_maxrss / 1024:.0f} MB (limit {_LIMIT_MB}); {said[-1] if said else 'nothing said'}")  # noqa: T201


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        open_all(sys.argv[2])
        os._exit(0)
    main(*sys.argv[1:])
