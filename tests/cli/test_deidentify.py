"""`endodesk export --deidentify`: a sheet first, then what was approved; nothing of a patient in any byte of it."""

import csv
import io
import json
import struct
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from dicom_files import PLANTED, dicom_bytes
from frame_folders import everything_in, png, put, sha256_of
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from endodesk.app.project.project import Project
from endodesk.app.records.deidentifying import user_pseudonyms
from endodesk.cli.main import run
from endodesk.data.override_store import Override
from endodesk.dataset.exchange.formats import FORMATS
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.overrides import Part
from endodesk.domain.reviews import AnnotationKind, Correction
from endodesk.imaging.preprocessing.masking import masked
from endodesk.imaging.reading.read import read_image
from endodesk.imaging.synthetic.frames import render_frame

pytestmark = pytest.mark.slow
NOW = datetime(2026, 5, 1, tzinfo=UTC)
PATIENT = f"{PLANTED[0]}_{PLANTED[1]}"
SQUARE = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.0, 0.5))


def pixels(number):
    return render_frame("polyps", case_seed=number, frame_seed=1, width=160).image


@pytest.fixture
def images(tmp_path):
    """Frames with a patient's data in names, folders, EXIF, text chunks and DICOM tags."""
    root = tmp_path / f"{PATIENT} {PLANTED[2]}"
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = PATIENT, PLANTED[4]
    stream = io.BytesIO()
    Image.fromarray(pixels(1)).save(stream, "JPEG", exif=exif, comment=PLANTED[3].encode())
    put(root / "polyps" / PATIENT / f"{PLANTED[3]}.jpg", stream.getvalue())
    told, stream = PngInfo(), io.BytesIO()
    told.add_text("Patient", PATIENT)
    Image.fromarray(pixels(2)).save(stream, "PNG", pnginfo=told)
    put(root / "polyps" / PATIENT / "2.png", stream.getvalue())
    put(root / "normal" / PLANTED[5] / f"{PLANTED[0]}.dcm", dicom_bytes(pixels(3)))
    put(root / "normal" / "plain.png", png(4))
    return root


@pytest.fixture
def record(images):
    """What is said of them, with names in it wherever a reader can put one."""
    assert run(["export", str(images), "--format", "csv", "--out", str(images.parent / "warm.csv")]) == 0
    project = Project.of_images(images)
    first, second = (sha256_of(images / "polyps" / PATIENT / name) for name in (f"{PLANTED[3]}.jpg", "2.png"))
    db = project.database
    db.settings.set("reader", PLANTED[4])
    db.corrections.give([Correction(first, "normal", PLANTED[4], NOW), Correction(second, "polyps", PLANTED[4], NOW)])
    db.corrections.give([Correction(first, f"{PATIENT}, seen", PLANTED[4], NOW, kind=AnnotationKind.NOTE)])
    db.overrides.give([Override(Part.BOX, SQUARE, PLANTED[4], NOW, image=second)])
    db.conclusions.add(Conclusion(PATIENT, f"{PATIENT} is well.", "", PLANTED[4], NOW))
    db.merges.add(first, second, joined=True, reader=PLANTED[4], at=NOW)
    project.close()
    return first, second


def export(images, key, out, *more):
    return run(["export", str(images), "--format", key, "--out", str(out), "--deidentify", *more])


def chunks(data):
    """Names of a PNG's chunks."""
    at, found = 8, []
    while at < len(data):
        (length,), name = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        found.append(name.decode())
        at += 12 + length
    return set(found)


def all_bytes(folder):
    for path in folder.rglob("*"):
        yield str(path.relative_to(folder)).encode()
        if path.is_file():
            yield path.read_bytes()


@pytest.mark.parametrize("key", FORMATS)
def test_nothing_of_a_patient_is_in_any_byte(images, record, tmp_path, key):
    before = everything_in(images)
    out, sheet = tmp_path / "out", tmp_path / "out-sheet"
    assert export(images, key, out) == 0
    assert not out.exists(), "a person looks first"
    assert export(images, key, out, "--approved", str(sheet)) == 0
    assert everything_in(images) == before
    data = b"\n".join(all_bytes(out))
    for planted in (*PLANTED, "seen", "is well", images.name, "plain"):
        assert planted.encode() not in data, planted
    pictures = list(out.rglob("*.png"))
    assert len(pictures) == 4
    assert all(chunks(path.read_bytes()) == {"IHDR", "IDAT", "IEND"} for path in pictures)
    assert (out / "certificate.txt").read_text("utf-8").startswith("De-identified by EndoDesk")


def test_pixels_are_those_of_the_frame_but_for_what_is_blackened(images, record, tmp_path):
    out = tmp_path / "out"
    assert export(images, "csv", out) == 0
    assert export(images, "csv", out, "--approved", str(tmp_path / "out-sheet")) == 0
    names = user_pseudonyms()
    frame = images / "polyps" / PATIENT / "2.png"
    shown = read_image(out / "frames" / f"{names.frame(sha256_of(frame))}.png")
    kept = shown.any(axis=2)
    assert np.array_equal(shown[kept], read_image(frame)[kept])
    height, width = kept.shape
    assert not kept[: height // 2, : width // 2].any(), "the box that a reader drew"
    assert kept[height // 2 :, width // 2 :].mean() > 0.5
    rows = list(csv.DictReader(io.StringIO((out / "csv.csv").read_text("utf-8"))))
    assert {row["kind"] for row in rows} == {"label", "box", "together"}
    assert {row["case"] for row in rows if row["kind"] == "label"} == {names.case(PATIENT)}
    hashes = {row["sha256"] for row in rows}
    assert hashes <= {sha256_of(path) for path in out.rglob("*.png")}
    told = json.loads((out / "certificate.json").read_bytes())
    assert told["acts_left_out"] == {"conclusion": 1, "note": 1}
    assert {one["sha256"] for one in told["frames"]} == {sha256_of(path) for path in out.rglob("*.png")}


def edit_sheet(sheet, change):
    path = sheet / "sheet.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    rows = [change(row) for row in rows]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def test_what_was_held_back_does_not_go_out(images, record, tmp_path, capsys):
    out, sheet = tmp_path / "out", tmp_path / "out-sheet"
    assert export(images, "coco", out) == 0
    assert len(list(sheet.glob("page-*.png"))) == 1
    edit_sheet(sheet, lambda row: row | {"pass": "no" if "2.png" in row["file"] else "yes"})
    assert export(images, "coco", out, "--approved", str(sheet)) == 0
    assert len(list(out.rglob("*.png"))) == 3
    assert len(json.loads((out / "coco.json").read_bytes())["images"]) == 3
    assert json.loads((out / "certificate.json").read_bytes())["frames_refused"] == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda row: row | {"png_sha256": "0" * 64}, "looks otherwise than on the contact sheet"),
        (lambda row: row | {"key": "0123456789abcdef"}, "made with another key"),
        (lambda row: row | {"pass": "perhaps"}, "write yes or no"),
        (lambda row: row | {"pass": "no"}, "No frame of this project is approved"),
    ],
)
def test_only_what_was_looked_at_is_exported(images, record, tmp_path, capsys, change, told):
    out, sheet = tmp_path / "out", tmp_path / "out-sheet"
    assert export(images, "csv", out) == 0
    edit_sheet(sheet, change)
    assert export(images, "csv", out, "--approved", str(sheet)) == 2
    assert told in capsys.readouterr().err
    assert not out.exists()


def test_the_sheet_is_not_written_over_and_names_are_the_same_again(images, record, tmp_path, capsys):
    assert export(images, "csv", tmp_path / "a") == 0
    assert export(images, "csv", tmp_path / "a") == 2
    assert "is there already" in capsys.readouterr().err
    assert export(images, "csv", tmp_path / "b") == 0
    first, second = ((tmp_path / name / "sheet.csv").read_text("utf-8") for name in ("a-sheet", "b-sheet"))
    assert first == second


def test_burnt_in_text_is_blackened_and_what_lies_beside_the_field():
    found = 0
    for seed in range(12):
        frame = render_frame("polyps", case_seed=seed, frame_seed=1, width=480)
        result = masked(frame.image)
        letters = frame.text & (frame.image.max(axis=2) > 120)
        beside = cv2.erode(1 - frame.field.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
        assert not result.image[beside & ~frame.box].any()
        found += bool(letters.any() and not result.image[letters].any())
        tissue = frame.field & ~frame.text & ~frame.box
        assert (result.image[tissue] == frame.image[tissue]).all(axis=1).mean() > 0.8
    assert found >= 4


def test_the_key_is_the_users_alone(images, record, tmp_path, home):
    assert export(images, "csv", tmp_path / "a") == 0
    (key,) = Path(home).rglob("pseudonyms.key")
    assert key.stat().st_size == 32
    assert key.stat().st_mode & 0o077 == 0
    assert not list(images.rglob("*.key"))
