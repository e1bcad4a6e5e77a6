"""How folders lie: patients with series, one class under two spellings, frames beside the class folders, frames that show nothing."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from frame_folders import png, put
from hypothesis import given
from hypothesis import strategies as st

from endodesk.dataset.cases import check_case, with_cases
from endodesk.dataset.class_folders import spellings
from endodesk.dataset.leak_report import split_rows
from endodesk.dataset.leaks import leaks
from endodesk.dataset.manifest import ManifestRow, scan_class_folder, unique_frames
from endodesk.dataset.overlooked import layout_notes
from endodesk.dataset.split import assign_parts, group_names, joined_by_copies, told_plain
from endodesk.dataset.split_folder import split_folder
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256


def row(number: int, label: str, case: str, phash: str = "") -> ManifestRow:
    return ManifestRow(Path(f"/{label}/{case}/{number}.png"), Sha256(f"{number:064x}"[::-1]), phash, label, case)


@st.composite
def hospitals(draw):
    """class/patient/series: rows as they are listed, each content and each hash another."""
    series = draw(
        st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.integers(0, 3), st.integers(1, 3)), min_size=1, max_size=40)
    )
    places = [(label, f"p{patient}/s{number}") for label, patient, number, frames in series for _ in range(frames)]
    return [row(n, label, case, f"{n * 0x9E3779B97F4A7C15 % 2**64:016x}") for n, (label, case) in enumerate(places)]


@given(hospitals(), st.integers(0, 5))
def test_no_patient_is_on_two_sides_whatever_the_series_and_classes(rows, seed) -> None:
    placed = assign_parts(with_cases(rows, "folder"), seed=seed)
    sides: dict[str, set[str]] = {}
    for given_row, own in zip(rows, placed, strict=True):
        assert own.case == given_row.case.partition("/")[0]
        sides.setdefault(own.case, set()).add(own.part)
    assert all(len(parts) == 1 for parts in sides.values())


@given(hospitals())
def test_a_project_may_choose_the_deepest_folder_or_none(rows) -> None:
    assert with_cases(rows, "deepest") == rows
    assert {one.case for one in with_cases(rows, "none")} == {""}
    check_case("deepest")


@pytest.mark.slow
@given(hospitals(), st.data())
def test_frames_without_structure_never_join_two_cases(rows, data) -> None:
    cased = with_cases(rows, "folder")
    blanks = [
        replace(data.draw(st.sampled_from(cased)), sha256=Sha256(f"{10**6 + data.draw(st.integers(0, 4)):064x}"[::-1]), phash="")
        for _ in range(data.draw(st.integers(0, 12)))
    ]
    groups = dict(zip((one.sha256 for one in cased), group_names(cased, 2), strict=True))
    together = [*cased, *blanks]
    found = group_names(together, 2)
    with_blanks = dict(zip((one.sha256 for one in together), found, strict=True))
    for one in cased:  # as they were, and the frames of a case are one group
        same = {other.sha256 for other in cased if groups[other.sha256] == groups[one.sha256]}
        assert same == {other.sha256 for other in cased if with_blanks[other.sha256] == with_blanks[one.sha256]}
    for blank in blanks:
        lies_in = {other.case for other in blanks if other.sha256 == blank.sha256}
        own = {other.case for other in cased if with_blanks[other.sha256] == with_blanks[blank.sha256]}
        assert own == (lies_in if len(lies_in) == 1 else set()), "one case holds its own; of several it belongs to none"
    kept, _ = unique_frames(together)
    named = dict(zip((one.sha256 for one in kept), group_names(kept, 2, joined_by_copies(together, kept)), strict=True))
    assert len({named[one.sha256] for one in kept if one.phash}) == len({groups[one.sha256] for one in kept if one.phash})


def test_what_a_model_sees_joins_no_frames_without_structure() -> None:
    parts = ("train", "test", "test")
    rows = [replace(row(n, "a", f"p{n}", "" if n < 2 else "0123456789abcdef"), part=part) for n, part in enumerate(parts)]
    assert leaks(rows, 2, np.ones((3, 4), np.float32), 0.1) == []
    same = [replace(rows[0], part=part) for part in parts[:2]]
    assert [pair.exact for pair in leaks(same, 2, np.ones((2, 4), np.float32), 0.1)] == [True]


def blank(seed: int) -> bytes:
    """A lens cap: another JPEG each time."""
    pixels = np.clip(np.random.default_rng(seed).normal(4, 3, (120, 160, 3)), 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", pixels)[1].tobytes()


@pytest.fixture
def ward(tmp_path):
    """Ten patients a class with two series each; in each series a black frame of its own, and one that is the same everywhere."""
    folder = tmp_path / "ward"
    for place, label in enumerate(("normal", "polyps")):
        for patient in range(10):
            for series in range(2):
                number = 100 * place + 10 * patient + series
                here = folder / label / f"{label} patient {patient}" / f"series {series}"
                put(here / "0.png", png(number, width=64))
                put(here / "cap.jpg", blank(number))
                put(here / "black.png", cv2.imencode(".png", np.zeros((60, 80, 3), np.uint8))[1].tobytes())
    return folder


@pytest.mark.slow
def test_twenty_patients_with_black_frames_are_twenty_groups_and_no_patient_leaks(ward, tmp_path) -> None:
    done = split_folder(ward, tmp_path / "out")
    assert done.groups == 21, "and one of the black frame that lies with all of them"
    assert (
        told_plain(scan_class_folder(ward).rows)
        == ["80 frames have no structure (black, or one colour): they are joined with nothing by likeness."]
        == list(done.notes)
    )
    rows, _ = split_rows(tmp_path / "out")
    assert leaks(rows) == []
    assert all(sum(of_class[part] for of_class in done.counts.values()) for part in ("train", "val", "test"))


@pytest.mark.slow
def test_the_command_tells_and_takes_another_depth(ward, tmp_path) -> None:
    put(ward / "lost.png", png(999, width=64))
    put(ward / "Polyps" / "z.png", png(998, width=64))
    command = [sys.executable, "-m", "endodesk", "split", str(ward), "--out", str(tmp_path / "out"), "--case", "deepest"]
    child = subprocess.run(command, capture_output=True, check=False, timeout=60, text=True)
    assert child.returncode == 0, child.stderr
    assert "42 groups" in child.stdout, "forty series, the black frame, and the one of Polyps"
    for said in (
        "1 frame lies beside the class folders",
        "lost.png",
        "The folders Polyps and polyps are not one class",
        "80 frames have no",
    ):
        assert said in child.stderr


# --- what is easily overlooked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["Polyps", "POLYPS ", "poly-ps", "pólyps"])
def test_spellings_of_one_class(other: str) -> None:
    assert spellings(["polyps", other, "normal"]) == ([] if other == "pólyps" else [tuple(sorted(("polyps", other)))])


def test_accents_written_in_two_ways_are_one_name() -> None:
    assert spellings(["pólipo", "po\u0301lipo"]) == [("po\u0301lipo", "pólipo")]


def test_who_takes_two_folders_for_one_class_is_not_told_so(tmp_path) -> None:
    for name in ("Polyps", "polyps", "normal"):
        put(tmp_path / name / "a.png", png(1, width=64))
    assert len(layout_notes(tmp_path)) == 1
    assert layout_notes(tmp_path, ("polyps=Polyps", "polyps=polyps", "normal")) == []
    assert layout_notes(tmp_path / "nowhere") == []


def test_of_a_split_the_parts_are_looked_at(tmp_path) -> None:
    for part in ("train", "test"):
        for name in ("a", "b"):
            put(tmp_path / part / name / "1.png", png(1, width=64))
    put(tmp_path / "test" / "2.png", b"")
    assert layout_notes(tmp_path) == [
        "1 frame lies beside the class folders of test, such as 2.png: what has no class is left out. Put it into the folder of its class."
    ]


LEFT_BEHIND = (
    "@eaDir/1.png", "#recycle", "$RECYCLE.BIN", "lost+found", "@Recycle", ".@__thumb", ".thumbnails", ".Trash-1000", "__MACOSX",
)  # fmt: skip


def test_thumbnails_and_bins_of_network_storage_are_no_frames(tmp_path) -> None:
    for name in ("a", "b"):
        put(tmp_path / name / "1.png", png(1 if name == "a" else 2, width=64))
        for left in (
            "@eaDir/1.png",
            "#recycle",
            "$RECYCLE.BIN",
            "lost+found",
            "@Recycle",
            ".@__thumb",
            ".thumbnails",
            ".Trash-1000",
            "__MACOSX",
        ):
            put(tmp_path / name / left / "SYNOPHOTO_THUMB_M.jpg", png(3, width=64))
            put(tmp_path / name / left / "1.png", png(4, width=64))
        for left in ("SYNOPHOTO_THUMB_XL.jpg", "._1.png", "Thumbs.db"):
            put(tmp_path / name / left, png(5, width=64))
    for left in ("@eaDir", "#recycle", "$RECYCLE.BIN", "lost+found"):
        put(tmp_path / left / "1.png", png(6, width=64))
    assert [one.file.relative_to(tmp_path).as_posix() for one in scan_class_folder(tmp_path).rows] == ["a/1.png", "b/1.png"]


def test_a_word_that_is_no_rule_is_named_with_those_that_are() -> None:
    with pytest.raises(BadRequest, match="folder, deepest, none"):
        check_case("(")
