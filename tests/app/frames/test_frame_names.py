"""Which frame a name of a table means: never one that may be another."""

import os
import unicodedata
from pathlib import Path

import pytest

from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.frames.frame_names import FrameNames
from endodesk.domain.errors import BadRequest

ROOT = Path("/Fälle")
pytestmark = pytest.mark.skipif(os.sep != "/", reason="names with backslashes are folders on Windows")


def names(*listed):
    return FrameNames(FrameRows(ROOT, listed))


@pytest.mark.parametrize(
    "written",
    [
        "pólipos/á 1.png",
        unicodedata.normalize("NFD", "pólipos/á 1.png"),
        "./pólipos/á 1.png",
        "pólipos\\á 1.png",
        ".\\pólipos\\á 1.png",
        "pólipos//á 1.png",
        "/Fälle/pólipos/á 1.png",
        unicodedata.normalize("NFD", "/Fälle/pólipos/á 1.png"),
        " pólipos/á 1.png\t",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_frame_is_found_as_other_systems_write_its_name(written, form):
    assert names("other.png", unicodedata.normalize(form, "pólipos/á 1.png")).row_of(written) == 1


@pytest.mark.parametrize(
    "written",
    [
        "1.png",
        "POLYPS/1.png",
        "polyps/1.PNG",
        "a/polyps/1.png",
        "C:\\Fälle\\polyps\\1.png",
        "/elsewhere/polyps/1.png",
        "../Fälle/polyps/1.png",
        "",
    ],
)
def test_nothing_is_guessed(written):
    assert names("polyps/1.png").row_of(written) is None


def test_the_name_itself_goes_before_what_it_could_mean():
    listed = ("a/b.png", "a\\b.png", "\u00e9.png", "e\u0301.png", " c.png", "c.png")
    found = names(*listed)
    assert [found.row_of(name) for name in listed] == list(range(6))


def test_a_name_that_may_be_two_frames_is_refused_with_both():
    with pytest.raises(BadRequest, match=r"'x/\\xe9\.png' and 'x/e\\u0301\.png'"):
        names("x/\u00e9.png", "x/e\u0301.png").row_of("x\\e\u0301.png")
