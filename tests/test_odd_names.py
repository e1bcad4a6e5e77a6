"""Sixty-five odd names through all doors of the program: each arrives as itself, and what is said of it is said of its own content."""

import csv
import itertools
import json
import os
import shutil
import unicodedata
from pathlib import Path

import pytest
from frame_folders import everything_in, png, put, sha256_of
from sessions import choose, settle

import resources
from endodesk.app.project.project import Project, project_folder
from endodesk.app.session import Session
from endodesk.cli.main import run
from endodesk.dataset.manifest import read_manifest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="most of these names are none on Windows")]
STARTER = Path(resources.__file__).parent / "models" / "starter"
CLASSES = ("esophagitis", "normal", "polyps")
TEXTS = [
    "two words", " leading", "trailing ", "dot.", "a..b", "x...", "-rf", "--out", "--", "a'b", 'a"b', '"', '""', "a\nb",
    "a\r\nb", "a\rb", "a\tb", "a,b", "a,\nb", "a;b", ";", ",", "a|b", "back\\slash", "polyps\\x", "%s%n", "{file}",
    "{0}", "[b]", "[red]x[/red]", ":smile:", "<b>x<b>", "<img src=x>", "&amp;", "&", "😀", "👨‍👩‍👧", "a\u202egnp",
    "\u200bzero", "\u2028line", "\x85next", "\ufeffmark", "é", "e\u0301", "Å", "\u212b", "内視鏡", "التهاب", "ßẞ", "CON",
    "nul.png", "~", "$HOME", "`id`", "$(id)", "*", "?", "#1", "a=b", "=1+1", "=cmd|' C'!A0", "@SUM(A1)", "+1",
    os.fsdecode(b"caf\xe9"), os.fsdecode(b"\xff\xfe"),
]  # fmt: skip
LONG = "l" * 246
PLACES = ("", "case 1", "<h1>", "a;b,c", "\u202ecase")
"""Folders in class folders, by turns."""


def test_there_are_65_names():
    assert len(TEXTS) == len(set(TEXTS)) == 65


@pytest.fixture
def frames(tmp_path, starter):
    """Folder, and the content of each name in it; the starter model is there."""
    shutil.copytree(STARTER, starter)
    folder = tmp_path / "Fälle \u202e内視鏡 <b>"
    names = [*TEXTS, LONG]
    content = {}
    for number, (name, place, label) in enumerate(zip(names, itertools.cycle(PLACES), itertools.cycle(CLASSES), strict=False)):
        file = folder / label / place / f"{name}.png"
        put(file, png(number, "polyps" if label == "normal" else label, 48 + number))
        content[str(file.relative_to(folder))] = sha256_of(file)
    put(folder / "=1+1.png", png(901))  # beside the class folders, where a table would begin with the name
    content["=1+1.png"] = sha256_of(folder / "=1+1.png")
    assert len(set(content.values())) == len(content)
    return folder, content


def table(path, encoding="utf-8", separator=","):
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=separator))


def labels_of(folder):
    project = Project.of_images(folder)
    try:
        return {image: stored.correction.value for image, stored in project.database.corrections.current().items()}
    finally:
        project.close()


def test_each_name_arrives_as_itself_and_each_label_on_its_content(frames, tmp_path, qtbot, capsys):
    folder, content = frames
    before = everything_in(folder)
    in_the_window(folder, content, qtbot)
    given = by_a_table(folder, content, tmp_path)
    by_a_spreadsheet(folder, content, tmp_path, given)
    assert {row["file"].removeprefix("./"): row["label"] for row in predicted(folder, tmp_path)} == {
        name: given[image] for name, image in content.items()
    }
    in_a_training(folder, content, given)
    in_a_split(folder, content, tmp_path)
    as_steps(folder, content, tmp_path)
    assert everything_in(folder) == before
    assert "Traceback" not in capsys.readouterr().err


def in_the_window(folder, content, qtbot):
    project = Project.of_images(folder)
    session = Session(project)
    try:
        session.start()
        settle(qtbot, session)
        rows = session.workspace.frames
        assert {entry.name: entry.sha256 for entry in rows} == content
        for label, row in zip(CLASSES, (3, len(rows) // 2, len(rows) - 1), strict=True):
            choose(qtbot, session, row)
            qtbot.waitUntil(lambda row=row: session.workspace.open_frame.record.sha256 == rows[row].sha256)
            session.label(label)
            assert project.database.corrections.current()[rows[row].sha256].correction.value == label
    finally:
        session.close()
        project.close()


def predicted(folder, tmp_path):
    assert run(["predict", str(folder), "--out", str(tmp_path / "predictions.csv")]) == 0
    return table(tmp_path / "predictions.csv")


def by_a_table(folder, content, tmp_path):
    """predictions.csv, each label changed to the next class; what was given, by content."""
    rows = predicted(folder, tmp_path)
    assert {row["file"].removeprefix("./"): row["sha256"] for row in rows} == content
    assert not any(row["file"].startswith(("=", "+", "-", "@")) for row in rows)  # a spreadsheet would reckon with them
    for row in rows:
        row["label"] = CLASSES[(CLASSES.index(row["label"] or "normal") + 1) % 3]
    with (tmp_path / "edited.csv").open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert run(["label", str(folder), str(tmp_path / "edited.csv"), "--confirm"]) == 0
    given = {row["sha256"]: row["label"] for row in rows}
    assert labels_of(folder) == given
    return given


def by_a_spreadsheet(folder, content, tmp_path, given):
    """The names that are text, with file and label alone, in UTF-16 and by tabs; accents as macOS has them, where one is meant."""
    texts = {name: image for name, image in content.items() if name.isascii() or name.encode("utf-8", "ignore").decode() == name}
    decomposed = {name: unicodedata.normalize("NFD", name) for name in texts}
    twins = {name for name in texts if sum(unicodedata.normalize("NFD", other) == decomposed[name] for other in texts) > 1}
    with (tmp_path / "excel.txt").open("w", encoding="utf-16", newline="") as stream:
        writer = csv.writer(stream, dialect="excel-tab")
        writer.writerow(["File", " Label "])
        for name, image in texts.items():
            given[image] = CLASSES[(CLASSES.index(given[image]) + 1) % 3]
            writer.writerow([name if name in twins else decomposed[name], given[image]])
    assert run(["label", str(folder), str(tmp_path / "excel.txt"), "--confirm"]) == 0
    assert labels_of(folder) == given


def in_a_training(folder, content, given):
    assert run(["retrain", str(folder)]) == 0
    [run_folder] = (project_folder(folder) / "runs").iterdir()
    rows = read_manifest(run_folder / "manifest.csv")
    assert {str(row.file.relative_to(folder)): (row.sha256, row.label) for row in rows} == {
        name: (image, given[image]) for name, image in content.items()
    }


def in_a_split(folder, content, tmp_path):
    out = tmp_path / "split"
    for _ in range(2):  # again over its own
        assert run(["split", str(folder), "--out", str(out), "--near", "0", "--case", "none"]) == 0
    rows = table(out / "split.csv")
    assert {str(Path(row["file"]).relative_to(folder)): sha256_of(out / row["copy"]) for row in rows} == {
        name: image for name, image in content.items() if "/" in name
    }
    assert all(Path(row["copy"]).parts[1] == Path(row["file"]).relative_to(folder).parts[0] for row in rows)
    assert len({row["copy"] for row in rows}) == len(content) - 1


def as_steps(folder, content, tmp_path):
    out = tmp_path / "steps"
    assert run(["preprocess", str(folder), "--out", str(out)]) == 0
    told = [json.loads((made / "steps.json").read_bytes().decode("utf-8", "surrogateescape"))["source"] for made in out.iterdir()]
    assert sorted(os.path.relpath(source, folder) for source in told) == sorted(content)
