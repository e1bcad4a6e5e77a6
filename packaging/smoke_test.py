"""Run a built folder as a user would, and compare its answers with those from source.

python packaging/smoke_test.py build/reviewer/EndoDesk

Driven from outside, by the command line and the window's own --snapshot: nothing in the program is there for the test.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from pydicom.data import get_testdata_file

TOLERANCE = 1e-5
BIGGEST_S = 300
FRAMES = 6
_CLASSES = ("normal", "polyps")
_EXE = ".exe" if os.name == "nt" else ""
_DICOM = ("JPEG2000.dcm", "JPEGLSNearLossless_08.dcm", "MR_small_RLE.dcm")
_UNWANTED = ("tests", "__pycache__", ".pytest_cache")
_UNUSED_QT = ("Qml", "Quick", "Pdf", "WebEngine", "Multimedia")


def main(arguments: Sequence[str]) -> None:
    """Every step in turn; the first that fails ends the test with a sentence."""
    program = Path(arguments[0]).absolute()
    with tempfile.TemporaryDirectory(prefix="endodesk-smoke-") as made:
        place = Path(made)
        frames = _frames(place / "frames")
        _tree(program)
        _answers(program, frames, place)
        _hashes(program, frames, place)
        _window(program, frames, place)
        _what_is_missing(program, place)
    _say("The smoke test passed.")


def _frames(folder: Path) -> Path:
    """Made pictures: round, reddish and with some texture, as RGB PNG files."""
    for name in _CLASSES:
        (folder / name).mkdir(parents=True)
    draw = np.random.default_rng(7)
    for number in range(FRAMES):
        picture = draw.integers(60, 160, (360, 480, 3), np.uint8)
        picture[:, :, 2] |= 64
        cv2.circle(picture, (240, 180), 40 + 20 * number, (60, 60, 200), -1)
        cv2.imwrite(str(folder / _CLASSES[number % 2] / f"frame {number}.png"), picture)
    for name in _DICOM:  # decoders that pydicom looks for by name, which a frozen program may lack
        found = get_testdata_file(name, download=False)
        if found:
            shutil.copy(found, folder / _CLASSES[0])
    return folder


def _tree(program: Path) -> None:
    """No tests, no caches, one OpenCV, no part of Qt that is not used."""
    files = [path.relative_to(program) for path in program.rglob("*") if path.is_file() and not path.is_symlink()]
    bad = [str(path) for path in files if any(part in _UNWANTED for part in path.parts)]
    bad += [str(path) for path in files if "PySide6" in path.parts and any(word in path.name for word in _UNUSED_QT)]
    bad += [f"no {name}" for name in ("THIRD_PARTY.txt", "sbom.cdx.json", "SHA256SUMS") if not (program / name).is_file()]
    if bad:
        _fail(f"{len(bad)} files should not have come along, such as {bad[0]}.")
    opencv = {path.parent for path in files if path.name.startswith("cv2.") and path.suffix in (".so", ".pyd")}
    if len(opencv) != 1:
        _fail(f"There should be one OpenCV, not {len(opencv)}.")
    _say(f"{len(files)} files, {sum((program / path).stat().st_size for path in files) / 1e6:.0f} MB")


def _answers(program: Path, frames: Path, place: Path) -> None:
    frozen, source = place / "frozen.csv", place / "source.csv"
    model = program / "_internal" / "resources" / "models" / "starter"
    _run([program / f"endodesk-worker{_EXE}", "predict", frames, "--model", model, "--out", frozen])
    _run([sys.executable, "-m", "endodesk", "predict", frames, "--model", model, "--out", source])
    ours, theirs = _read(frozen), _read(source)
    if not ours or ours.keys() != theirs.keys():
        _fail("The frozen program answers for other frames than the one from source.")
    furthest = max(abs(p - q) for file in ours for p, q in zip(ours[file], theirs[file], strict=True))
    if furthest > TOLERANCE:
        _fail(f"The answers differ from those from source by up to {furthest:g}.")
    _say(f"{len(ours)} frames answered; furthest from source {furthest:g}")


def _read(path: Path) -> dict[str, list[float]]:
    """Probabilities by file; their columns stand between `answer` and `model`."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    first, last = header.index("answer") + 1, header.index("model")
    return {row[0]: [float(p) for p in row[first:last]] for row in rows}


def _hashes(program: Path, frames: Path, place: Path) -> None:
    """The perceptual hash is all that needs scipy, of which most stays behind."""
    _run([program / f"endodesk-worker{_EXE}", "split", frames, "--out", place / "split"])
    _say("Frames were hashed and split")


def _window(program: Path, frames: Path, place: Path) -> None:
    picture = place / "window.png"
    _run([program / f"EndoDesk{_EXE}", "open", frames, "--snapshot", picture])
    shown = cv2.imread(str(picture))
    if shown is None or shown.std() < 1:
        _fail("The window shows nothing.")
    _say(f"The window was drawn, {shown.shape[1]} x {shown.shape[0]} px")


def _what_is_missing(program: Path, place: Path) -> None:
    """A training in the Reviewer edition ends with a sentence; in the Full one too, for its folder is empty."""
    run = place / "run"
    run.mkdir()
    ended = _start([program / f"endodesk-worker{_EXE}", run, "--watch-stdin"])
    if ended.returncode != 2 or "Traceback" in ended.stderr or '"failed"' not in ended.stdout.lower():
        _fail(f"A training that cannot be done ended with {ended.returncode}: {ended.stdout} {ended.stderr}")
    _say("A training that cannot be done says so")


def _run(command: Sequence[object]) -> None:
    ended = _start(command)
    if ended.returncode or "Traceback" in ended.stderr:
        _fail(f"{Path(str(command[0])).name} ended with {ended.returncode}: {ended.stderr[-2000:]}")


def _start(command: Sequence[object]) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    words = [str(word) for word in command]
    return subprocess.run(
        words, env=environment, capture_output=True, text=True, timeout=BIGGEST_S, check=False, stdin=subprocess.DEVNULL, encoding="utf-8"
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _fail(text: str) -> None:
    raise SystemExit(f"The smoke test failed: {text}")


if __name__ == "__main__":
    main(sys.argv[1:])
