"""`endodesk label` with tables as other programs and systems save them."""

from pathlib import Path

import pytest
from frame_folders import png, put, sha256_of

from endodesk.app.project.project import Project
from endodesk.cli.main import run

CASES = Path(__file__).parents[3] / "shared" / "cases"


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "frames"
    for place, name in enumerate(("esophagitis", "polyps")):
        for n in range(5):
            put(folder / name / f"f0{n}.png", png(100 * place + n, name))
    put(folder / "polyps" / "pólipo ñ.png", png(50))
    return folder


@pytest.fixture
def label(images, tmp_path, capsys):
    """Label by these bytes: exit code, labels by name, and what was said on stderr."""

    def done(data):
        table = tmp_path / "labels.csv"
        table.write_bytes(data)
        code = run(["label", str(images), str(table)])
        names = {sha256_of(path): path.relative_to(images).as_posix() for path in images.rglob("*.png")}
        project = Project.of_images(images)
        try:
            stored = project.database.corrections.current()
            return code, {names[image]: one.correction.value for image, one in stored.items()}, capsys.readouterr().err
        finally:
            project.close()

    return done


STRAY = 'file,label\n{0}0.png,{1}\n{0}1.png,{1}\n"{0}2.png,{1}\n{0}3.png,{1}\n{0}4.png,{1}\n'.format("polyps/f0", "esophagitis")


@pytest.mark.parametrize("quoted", [STRAY, STRAY[:-13] + '",esophagitis\n'], ids=["one", "two"])
def test_a_stray_quote_gives_no_label_and_is_told_by_its_line(label, quoted):
    code, given, said = label(quoted.encode())
    assert (code, given) == (2, {})
    assert "lines 4 to 6 a quotation mark" in said


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b"file;label\r\npolyps/f00.png;esophagitis\r\n", "UTF-8, separated by semicolons"),
        (b"file,label\r\npolyps\\f00.png,esophagitis\r\n", "UTF-8, separated by commas"),
        ("file\tlabel\r\npolyps/f00.png\tesophagitis\r\n".encode("utf-16"), "UTF-16, separated by tabs"),
    ],
)
def test_one_label_is_given_and_what_was_read_as_what_is_told(label, data, read):
    code, given, said = label(data)
    assert (code, given) == (0, {"polyps/f00.png": "esophagitis"})
    assert f"labels.csv: 1 row, read as {read}." in said


@pytest.mark.parametrize(
    ("codec", "told"), [("cp1252", "Windows-1252"), ("mac_roman", "Mac OS Roman"), ("cp850", "DOS 850"), ("utf-8-sig", "UTF-8")]
)
def test_the_names_of_files_tell_the_encoding(label, codec, told):
    code, given, said = label("file;label;nota\npolyps/pólipo ñ.png;esophagitis;año\npolyps/f00.png;;\n".encode(codec))
    assert (code, given) == (0, {"polyps/pólipo ñ.png": "esophagitis"})
    assert f"read as {told}, separated by semicolons" in said
    assert "1 of its rows have no label" in said


def test_an_encoding_in_which_names_mean_other_frames_is_refused(label, images):
    put(images / "polyps" / "\xf3.png", png(60))
    put(images / "polyps" / "\N{GREEK SMALL LETTER SIGMA}.png", png(61))  # the same byte in Windows-1253
    code, given, said = label("file,label\npolyps/\xf3.png,esophagitis\n".encode("cp1252"))
    assert (code, given) == (2, {})
    assert "Save it as UTF-8" in said


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("polyps/f00.png,esophagitis\npolyps/f01.png\n", "line 3 has 1 cell"),
        ("polyps/f00.png,esophagitis\npolyps/f01.png,esophagitis,0,5\n", "line 3 has 4 cells"),
        ("polyps/f00.png,esophagitis\npolyps/f01.png,Esophagitis\n", "line 3: 'Esophagitis' is not a class"),
        ("polyps/f00.png,esophagitis\n,esophagitis\n", "line 3: there is a label, but no file"),
        ("polyps/f00.png,esophagitis\n./polyps/f00.png,polyps\n", "line 3: the frame ./polyps/f00.png has two labels"),
    ],
)
def test_a_row_that_is_wrong_is_told_by_its_line_and_nothing_is_given(label, rows, says):
    code, given, said = label(f"file,label\n{rows}".encode())
    assert (code, given) == (2, {})
    assert says in said


@pytest.mark.skipif(not CASES.is_dir(), reason="the failing inputs are not here")
@pytest.mark.parametrize(("name", "code"), [("stray_quote", 2), ("semicolon", 0), ("backslash", 0)])
def test_the_tables_that_failed(label, name, code):
    assert label((CASES / f"{name}.csv").read_bytes())[:2] == (code, {} if code else {"polyps/f00.png": "esophagitis"})
