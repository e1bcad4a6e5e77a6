"""Run a built folder as a user would, and compare its answers with those from source.

python packaging/smoke_test.py build/reviewer/EndoDesk [--inside ROOT]

Driven from outside, by the command line and the window's own --snapshot: nothing in the program is there for the test. Made frames
and the demo project; labels, a quick update, in the Full edition a training of both phases, each promoted and asked again.
With --inside the program runs in another system, a folder ROOT, where it and the test's folder have the same paths (bare_test.sh).
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
from pydicom.data import get_testdata_file

from training.plan.config import load_config
from training.plan.launch import is_complete

ROOT = Path(__file__).parents[1]
TOLERANCE = 1e-5
BIGGEST_S = 300
FRAMES = 6
_CLASSES = ("normal", "polyps")
_EXE = ".exe" if os.name == "nt" else ""
_DICOM = ("JPEG2000.dcm", "JPEGLSNearLossless_08.dcm", "MR_small_RLE.dcm")
_UNWANTED = ("tests", "__pycache__", ".pytest_cache")
_INSIDE: list[str] = []
"""What the program's command lines begin with."""
_UNUSED_QT = ("Qml", "Quick", "Pdf", "WebEngine", "Multimedia")


def main(arguments: Sequence[str]) -> None:
    """Every step in turn; the first that fails ends the test with a sentence."""
    program = Path(arguments[0]).absolute()
    _INSIDE.extend(["chroot", arguments[2]] if "--inside" in arguments[1:2] else [])
    with tempfile.TemporaryDirectory(prefix="endodesk-smoke-") as made:
        place = Path(made)
        frames = _frames(place / "frames")
        _tree(program)
        _answers(program, frames, place, "--model", program / "_internal" / "resources" / "models" / "starter")
        _hashes(program, frames, place)
        _film(program, place)
        _window(program, frames, place)
        demo = _demo(program, place)
        _label(program, demo, place)
        _retrain(program, demo, place, "quick", "quick update")
        tiny = _tiny_training(place / "tiny.toml")
        if is_complete(program / "EndoDesk"):
            _retrain(program, demo, place, tiny, "training of both phases")
        else:
            _what_is_missing(program, demo, tiny)
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


def _answers(program: Path, frames: Path, place: Path, *model: object) -> set[str]:
    """By the frozen program and from source, which must agree; the models that answered (one)."""
    frozen, source = place / "frozen.csv", place / "source.csv"
    _run([_worker(program), "predict", frames, *model, "--out", frozen])
    _run([sys.executable, "-m", "endodesk", "predict", frames, *model, "--out", source])
    ours, theirs = _read(frozen), _read(source)
    if not ours or ours.keys() != theirs.keys():
        _fail("The frozen program answers for other frames than the one from source.")
    furthest = max(abs(p - q) for file in ours for p, q in zip(ours[file], theirs[file], strict=True))
    if furthest > TOLERANCE:
        _fail(f"The answers differ from those from source by up to {furthest:g}.")
    _say(f"{len(ours)} frames answered; furthest from source {furthest:g}")
    return {row["model"] for row in _rows(frozen)}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _read(path: Path) -> dict[str, list[float]]:
    """Probabilities by file; their columns stand between `answer` and `model`."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    first, last = header.index("answer") + 1, header.index("model")
    return {row[0]: [float(p) for p in row[first:last]] for row in rows}


def _hashes(program: Path, frames: Path, place: Path) -> None:
    """The perceptual hash is all that needs scipy, of which most stays behind."""
    _run([_worker(program), "split", frames, "--out", place / "split"])
    _say("Frames were hashed and split")


def _film(program: Path, place: Path) -> None:
    """A frame of an interlaced film by the built folder's own FFmpeg, many of whose libraries are hollow: as from source, to the bit."""
    if sys.platform != "linux":  # elsewhere the libraries are those of the wheel
        return
    film, library = _interlaced(place / "film.mp4"), place / "library"
    shutil.copytree(Path(av.__file__).parent, library / "av", ignore=shutil.ignore_patterns("*.so"))
    for path in (program / "_internal" / "av").rglob("*.so"):
        shutil.copy(path, library / "av" / path.relative_to(program / "_internal" / "av"))
    (library / "av.libs").symlink_to(program / "_internal" / "av.libs")
    script = "import sys, hashlib, pathlib; from endodesk.imaging.reading.films import open_film as o; import av; "
    script += "print(av.__file__, hashlib.sha256(o(pathlib.Path(sys.argv[1])).frame(7).tobytes()).hexdigest())"
    told = [
        _run([sys.executable, "-c", script, film], PYTHONPATH=os.pathsep.join([str(first), str(ROOT)])).stdout.split()
        for first in (library, ROOT)
    ]
    if not told[0][0].startswith(str(library)) or told[0][1] != told[1][1]:
        _fail("The built folder's libraries show another frame of a film than those of the environment.")
    _say("A frame of an interlaced film was read")


def _interlaced(path: Path) -> Path:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=25, options={"x264-params": "tff=1"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(12):
            picture = np.full((240, 320, 3), (20 * number, 90, 200 - 10 * number), np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        film.mux(stream.encode(None))
    return path


def _window(program: Path, frames: Path, place: Path) -> None:
    picture = place / "window.png"
    _run([program / f"EndoDesk{_EXE}", "open", frames, "--snapshot", picture])
    shown = cv2.imread(str(picture))
    if shown is None or shown.std() < 1:
        _fail("The window shows nothing.")
    _say(f"The window was drawn, {shown.shape[1]} x {shown.shape[0]} px")


def _demo(program: Path, place: Path) -> Path:
    """Made, opened by name in the window, and answered."""
    demo = place / "démo"
    _run([_worker(program), "demo", "--out", demo])
    _window(program, demo, place)
    _answers(program, demo, place)
    return demo


def _label(program: Path, demo: Path, place: Path) -> None:
    """Three frames are said to be of another class, by a table."""
    table, rows = place / "labels.csv", _rows(place / "frozen.csv")[:3]
    classes = sorted({row["label"] for row in _rows(place / "frozen.csv")})
    lines = [f"{row['file']},{next(name for name in classes if name != row['label'])}" for row in rows]
    table.write_text("\n".join(["file,label", *lines]) + "\n", encoding="utf-8")
    ended = _run([_worker(program), "label", demo, table, "--reader", "smoke test"])
    if "3 frames labelled" not in ended.stdout:
        _fail(f"Three frames should have been labelled: {ended.stdout}")
    _say("Three frames were labelled")


def _retrain(program: Path, demo: Path, place: Path, config: object, what: str) -> None:
    """Train on the labels, promote, and see that the new model answers, as it does from source."""
    before = {row["model"] for row in _rows(place / "frozen.csv")}
    ended = _run([_worker(program), "retrain", demo, "--config", config, "--use", "--why", "smoke test"])
    if "It is the active model now" not in ended.stdout or "Research use only" not in ended.stdout:
        _fail(f"The {what} ended without a new model: {ended.stdout[-2000:]}")
    if _answers(program, demo, place) == before:
        _fail(f"After the {what} the older model still answers.")
    newest = max((demo / "runs").iterdir(), key=lambda run: run.stat().st_mtime)
    plotted, report = (newest / "confusion.png").is_file(), (newest / "report.html").read_text("utf-8")
    if plotted != is_complete(program / "EndoDesk") or plotted == ("Rows: labels, columns: answers" in report):
        _fail(f"The report of the {what} lacks its confusion matrix: a plot in the Full edition, a table in the other.")
    _say(f"The {what} made a model that was promoted")


def _tiny_training(path: Path) -> Path:
    """Both phases of the recommended set-up, as short as they can be."""
    config = load_config("default")
    frozen = replace(config.frozen, epochs=1, views=1)
    finetune = replace(config.finetune, epochs=2, from_block=16, warm_up=0.0, decay="none")
    path.write_text(replace(config, name="tiny", frozen=frozen, finetune=finetune).to_toml(), encoding="utf-8")
    return path


def _what_is_missing(program: Path, demo: Path, config: Path) -> None:
    """A training in the Reviewer edition ends with a sentence that says how to get it."""
    ended = _start([_worker(program), "retrain", demo, "--config", config])
    if ended.returncode != 2 or "Traceback" in ended.stderr or "endodesk-full" not in ended.stderr:
        _fail(f"A training that cannot be done ended with {ended.returncode}: {ended.stdout} {ended.stderr}")
    _say("A training that this edition cannot do says how to get it")


def _worker(program: Path) -> Path:
    return program / f"endodesk-worker{_EXE}"


def _run(command: Sequence[object], **environment: str) -> "subprocess.CompletedProcess[str]":
    ended = _start(command, **environment)
    if ended.returncode or "Traceback" in ended.stderr:
        _fail(f"{' '.join(str(word) for word in command[:3])} ended with {ended.returncode}: {ended.stderr[-2000:]}")
    return ended


def _start(command: Sequence[object], **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1", **more}
    words = [*([] if command[0] == sys.executable else _INSIDE), *(str(word) for word in command)]
    return subprocess.run(
        words, env=environment, capture_output=True, text=True, timeout=BIGGEST_S, check=False, stdin=subprocess.DEVNULL, encoding="utf-8"
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _fail(text: str) -> None:
    raise SystemExit(f"The smoke test failed: {text}")


if __name__ == "__main__":
    main(sys.argv[1:])
