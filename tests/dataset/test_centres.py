"""Centres: by folders, a pattern, or the words of DICOM files."""

import re
from pathlib import Path

import numpy as np
import pytest

from endodesk.app.retraining.label_counts import told_by_centre
from endodesk.dataset.cases import with_cases
from endodesk.dataset.centres import check_centre, told_one_sided, with_centres
from endodesk.dataset.manifest import ManifestRow, class_files, scan_class_folder
from endodesk.dataset.split import group_names
from endodesk.domain.errors import BadRequest
from tests.dicom_files import PLANTED, dicom_bytes
from tests.frame_folders import png, put


def _told(rows: list[ManifestRow], root: Path) -> dict[str, tuple[str, str, str]]:
    return {row.file.relative_to(root).as_posix(): (row.label, row.centre, row.case) for row in rows}


def test_the_folder_above_the_class_is_the_centre(tmp_path):
    places = ("hanoi/polyps/1/a.png", "hanoi/polyps/b.png", "kvasir/normal/1/c.png", "kvasir/polyps/2/late/d.png")
    for number, place in enumerate(places):
        put(tmp_path / place, png(number))
    put(tmp_path / "masks" / "e.png", png(9))  # no folder below: it has no class
    rows = with_cases(scan_class_folder(tmp_path, centre="above").rows, "folder")
    assert _told(rows, tmp_path) == {
        "hanoi/polyps/1/a.png": ("polyps", "hanoi", "hanoi: 1"),
        "hanoi/polyps/b.png": ("polyps", "hanoi", ""),
        "kvasir/normal/1/c.png": ("normal", "kvasir", "kvasir: 1"),
        "kvasir/polyps/2/late/d.png": ("polyps", "kvasir", "kvasir: 2"),
    }
    assert len(set(group_names(rows))) == 4  # each hospital has its own case 1
    assert {row.label for row in scan_class_folder(tmp_path, ("all=polyps", "normal"), centre="above").rows} == {"all", "normal"}
    with pytest.raises(BadRequest, match=r"no class folder colitis in .*; there are normal, polyps"):
        scan_class_folder(tmp_path, ("colitis",), centre="above")


def test_the_first_folder_below_the_class_is_the_centre(tmp_path):
    for number, place in enumerate(("polyps/hanoi/1/a.png", "polyps/b.png", "normal/hanoi/c.png")):
        put(tmp_path / place, png(number))
    assert _told(with_cases(scan_class_folder(tmp_path, centre="below").rows, "folder"), tmp_path) == {
        "polyps/hanoi/1/a.png": ("polyps", "hanoi", "hanoi: 1"),
        "polyps/b.png": ("polyps", "", ""),
        "normal/hanoi/c.png": ("normal", "hanoi", ""),
    }


def test_a_pattern_tells_the_centre_and_what_is_known_stays(tmp_path):
    rows = [ManifestRow(Path(f"/data/{name}.png"), str(number), "", "polyps") for number, name in enumerate(("site-a", "site-b", "c"))]
    rows.append(ManifestRow(Path("/data/site-a2.png"), "9", "", "polyps", centre="by a reader"))
    assert [row.centre for row in with_centres(rows, r"site-(\w)")] == ["a", "b", "", "by a reader"]
    assert with_centres(rows, "none") == rows
    with pytest.raises(BadRequest, match=r"fits no file, such as /data/site-a\.png"):
        with_centres(rows, "hospital")


@pytest.mark.parametrize("centre", ["(", "(a+)+"])
def test_what_is_no_rule_is_refused_with_a_sentence(centre):
    with pytest.raises(BadRequest, match=r"pattern|Centres are told by above, below, device, none"):
        check_centre(centre)


def test_manufacturer_and_station_of_dicom_files_are_the_centre(tmp_path):
    pixels = np.zeros((16, 16, 3), np.uint8)
    both = dicom_bytes(pixels, Manufacturer="Olympus", StationName="ENDO\x01 2")
    files = {
        "both.dcm": both,
        "bare.dcm": both[132:],
        "one.dcm": dicom_bytes(pixels, Manufacturer=""),
        "cut.dcm": both[:200],
        "no.png": png(1),
    }
    files["station.dcm"] = dicom_bytes(pixels, StationName="R3")
    rows = [ManifestRow(put(tmp_path / name, data), name, "", "polyps") for name, data in files.items()]
    told = {row.sha256: row.centre for row in with_centres([*rows, ManifestRow(tmp_path / "gone.dcm", "gone", "", "polyps")], "device")}
    assert told["both.dcm"] == told["bare.dcm"]
    assert told["both.dcm"].startswith("Olympus ENDO")
    assert told["both.dcm"].isprintable()
    assert told["station.dcm"] == "R3"
    assert not any(told[name] for name in ("one.dcm", "cut.dcm", "no.png", "gone"))
    assert not any(word in name for word in PLANTED for name in told.values())


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("polyps-a normal-a", []),
        ("polyps-a normal-a polyps-b normal-b", []),
        ("polyps-a polyps-b", []),  # nothing to be told apart
        ("polyps-a normal-a polyps-b", ["Every frame of normal comes from a: ", "From b there are frames of polyps only: .* this device"]),
        (
            "polyps-a polyps-b polyps-c normal-",
            [
                "Every frame of normal comes from the centre without a name: ",
                "From a, b and c .* these dev",
            ],
        ),
    ],
)
def test_classes_and_centres_that_come_together_only_are_told(seen, told):
    pairs = [pair.split("-") for pair in seen.split()]
    found = told_one_sided(ManifestRow(Path("/a.png"), "0", "", label, centre=centre) for label, centre in pairs)
    assert len(found) == len(told)
    assert all(re.match(pattern, sentence) for pattern, sentence in zip(told, found, strict=True)), found
    assert told_by_centre(map(tuple, pairs)) == found  # in the window's language, which is English here


@pytest.mark.slow
def test_real_frames_of_several_hospitals():
    root = Path(__file__).parents[3] / "shared" / "data" / "centres"
    if not root.is_dir():
        pytest.skip("the real frames of other hospitals are not here")
    files, closed = class_files(root, ("normal", "polyps"), "above")
    assert not closed
    told = {(file.path.parts[len(root.parts)], file.label) for file in files}
    assert {(file.centre, file.label) for file in files} == told
    assert len({file.centre for file in files}) >= 8
    rows = [ManifestRow(file.path, str(n), "", file.label, file.case, centre=file.centre) for n, file in enumerate(files)]
    assert {row.case.partition(": ")[0] for row in with_cases(rows, "folder") if row.case} <= {row.centre for row in rows}
    assert any(sentence.startswith("From barcelona, hanoi") for sentence in told_one_sided(rows))
