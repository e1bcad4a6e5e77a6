"""`endodesk export` and `endodesk import` on real projects of real files, by the command line."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from frame_folders import everything_in, put, put_classes, sha256_of

from endodesk.app.project.project import Project
from endodesk.cli.main import run
from endodesk.dataset.exchange.formats import FORMATS, LEFT_OUT
from endodesk.domain.reviews import AnnotationKind, Correction
from endodesk.system import private

pytestmark = pytest.mark.slow
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def clinics(tmp_path):
    """The same six frames on two PCs, in folders of other names."""
    folders = [tmp_path / name for name in ("Ana's PC 内視鏡", "Ben's")]
    for folder in folders:
        put_classes(folder)
    return folders


def say(
    folder: Path,
    frame: str,
    value: str,
    reader: str,
    *,
    days: int = 0,
    kind: AnnotationKind = AnnotationKind.LABEL,
    answer=None,
    blind=False,
):
    project = Project.of_images(folder)
    image = sha256_of(folder / frame)
    try:
        if project.database.images.get(image) is None:
            project.close()
            assert run(["export", str(folder), "--format", "csv", "--out", str(folder.parent / f"warm-{days}.csv")]) == 0
            project = Project.of_images(folder)
        said = Correction(image, value, reader, START + timedelta(days=days), None, answer, kind, blind)
        return project.database.corrections.add(said)
    finally:
        project.close()


def record_of(folder: Path):
    project = Project.of_images(folder)
    try:
        return project.database.acts.recorded()
    finally:
        project.close()


def export(folder: Path, key: str, out: Path, *more: str) -> int:
    return run(["export", str(folder), "--format", key, "--out", str(out), *more])


def rows_of(path: Path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("key", FORMATS)
def test_a_colleagues_labels_arrive_by_every_door(clinics, tmp_path, capsys, key):
    ana, ben = clinics
    say(ana, "polyps/frame-0.png", "esophagitis", "Ana")
    say(ana, "polyps/frame-1.png", "polyps", "Ana", days=1)
    before = everything_in(ana), everything_in(ben)
    out = tmp_path / f"out{FORMATS[key].ending}"
    assert export(ana, key, out) == 0
    assert run(["import", str(ben), str(out), "--reader", "Ben", "--preview"]) == 0
    assert record_of(ben) == []
    assert run(["import", str(ben), str(out), "--reader", "Ben"]) == 0
    got = {(act.sha256, act.value, act.reader) for act in record_of(ben)}
    if FORMATS[key].holds.who:
        assert record_of(ben) == record_of(ana)
    else:  # a folder does not say who; what the class folder says anyway is nobody's reading
        assert got == {(sha256_of(ana / "polyps/frame-0.png"), "esophagitis", "Ben")}
    once = record_of(ben)
    assert run(["import", str(ben), str(out), "--reader", "Ben"]) == 0
    assert record_of(ben) == once, "the same act is taken once"
    assert (everything_in(ana), everything_in(ben)) == before


def test_a_preview_says_new_same_and_in_conflict_and_no_word_is_overwritten(clinics, tmp_path, capsys):
    ana, ben = clinics
    for n, frame in enumerate(("polyps/frame-0.png", "polyps/frame-1.png", "esophagitis/frame-0.png")):
        say(ana, frame, "ulcerative-colitis", "Ana", days=n)
    out = tmp_path / "ana.csv"
    assert export(ana, "csv", out) == 0
    say(ben, "polyps/frame-0.png", "polyps", "Ben", days=-5)
    say(ben, "polyps/frame-1.png", "ulcerative-colitis", "Ana", days=1)  # the very same act
    capsys.readouterr()
    assert run(["import", str(ben), str(out), "--preview"]) == 0
    told = capsys.readouterr().out
    for words in ("1 new.", "1 on record already.", "1 in conflict", "Nothing was written"):
        assert words in told
    assert run(["import", str(ben), str(out)]) == 0
    project = Project.of_images(ben)
    try:
        said = project.database.corrections.history(sha256_of(ben / "polyps/frame-0.png"))
        both = {(one.correction.reader, one.correction.value, one.revoked_by) for one in said}
        assert both == {("Ben", "polyps", None), ("Ana", "ulcerative-colitis", None)}, "each one's word stands"
    finally:
        project.close()
    assert len(record_of(ben)) == 4


def test_as_of_a_time_and_of_one_reader(clinics, tmp_path):
    ana = clinics[0]
    first = say(ana, "polyps/frame-0.png", "esophagitis", "Ana")
    say(ana, "polyps/frame-1.png", "polyps", "Ben", days=1)
    then = datetime.now(UTC).isoformat()
    say(ana, "polyps/frame-1.png", "esophagitis", "Ana", days=-5)  # as if taken in: it is older, and came later
    project = Project.of_images(ana)
    project.database.corrections.revoke(first, reader="Ben", at=START + timedelta(days=3))
    project.close()
    assert export(ana, "csv", tmp_path / "all.csv") == 0
    assert export(ana, "csv", tmp_path / "then.csv", "--as-of", then) == 0
    assert export(ana, "csv", tmp_path / "before.csv", "--as-of", "2026-03-02") == 0
    assert export(ana, "csv", tmp_path / "hers.csv", "--reader", "Ana") == 0
    assert [(row["value"], row["revoked_by"]) for row in rows_of(tmp_path / "all.csv")] == [
        ("esophagitis", "Ben"),
        ("polyps", ""),
        ("esophagitis", ""),
    ]
    assert [(row["value"], row["revoked_by"]) for row in rows_of(tmp_path / "then.csv")] == [("esophagitis", ""), ("polyps", "")]
    assert rows_of(tmp_path / "before.csv") == [], "as the record stood, not as its words are dated"
    assert {row["reader"] for row in rows_of(tmp_path / "hers.csv")} == {"Ana"}
    assert export(ana, "coco", tmp_path / "then.json", "--as-of", then) == 0
    told = json.loads((tmp_path / "then.json").read_bytes())
    names = {one["id"]: one["name"] for one in told["categories"]}
    signed = [names[one["category_id"]] for one in told["annotations"] if one["attributes"].get("reader")]
    assert signed == ["esophagitis", "polyps"]


def test_blind_first_stays_blind_in_every_format(clinics, tmp_path, capsys):
    """An answer that a colleague saw is kept from the reader who has not labelled that frame."""
    ana = clinics[0]
    say(ana, "polyps/frame-0.png", "esophagitis", "Ana", answer="a-secret-answer")
    say(ana, "polyps/frame-1.png", "esophagitis", "Ben", answer="a-seen-answer")
    project = Project.of_images(ana)
    project.database.settings.set("reader", "Ben")
    project.database.settings.set("blind_first", True)
    project.close()
    for key, form in FORMATS.items():
        out = tmp_path / f"blind-{key}{form.ending}"
        assert export(ana, key, out) == 0
        files = [out] if out.is_file() else [path for path in out.rglob("*") if path.is_file()]
        text = b"".join(path.read_bytes() for path in [*files, *tmp_path.glob(f"{out.name}.{LEFT_OUT}")])
        assert b"a-secret-answer" not in text
        assert (b"a-seen-answer" in text) == form.holds.who
    assert "The model's answer of 1 acts: blind first is on, and Ben has not labelled these frames" in capsys.readouterr().err


def test_what_a_format_cannot_hold_is_told_and_listed_beside_it(clinics, tmp_path, capsys):
    ana = clinics[0]
    say(ana, "polyps/frame-0.png", "esophagitis", "Ana")
    say(ana, "polyps/frame-0.png", "polyps", "Ana", days=1)
    say(ana, "polyps/frame-0.png", "seen twice", "Ana", days=1, kind=AnnotationKind.NOTE)
    capsys.readouterr()
    assert export(ana, "coco", tmp_path / "a.json") == 0
    assert "Acts that another one has replaced: 1." in capsys.readouterr().err
    assert "Acts that another one has replaced: 1." in (tmp_path / f"a.json.{LEFT_OUT}").read_text("utf-8")
    assert export(ana, "folders", tmp_path / "a") == 0
    assert "Acts of the kind note: 1." in (tmp_path / "a" / LEFT_OUT).read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--format", "xlsx", "--out", "new"], "There is no format 'xlsx'; choose one of: csv, folders"),
        (["--format", "csv", "--out", "there.csv"], "is there already; nothing is written over it"),
        (["--format", "folders", "--out", "."], "is there already"),
        (["--format", "csv", "--out", "no/such/x.csv"], "There is no folder"),
        (["--format", "csv", "--out", "new.csv", "--as-of", "yesterday"], "is no time: write a day"),
    ],
)
def test_what_cannot_be_exported_is_a_sentence(clinics, tmp_path, monkeypatch, capsys, arguments, told):
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "there.csv", b"mine")
    assert run(["export", str(clinics[0]), *arguments]) == 2
    assert told in capsys.readouterr().err
    assert (tmp_path / "there.csv").read_bytes() == b"mine"


def test_a_file_that_is_refused_gives_nothing(clinics, tmp_path, capsys):
    ana = clinics[0]
    say(ana, "polyps/frame-0.png", "esophagitis", "Ana")
    good, bad = tmp_path / "good.csv", put(tmp_path / "bad.json", b'{"images": [')
    assert export(ana, "csv", good) == 0
    assert run(["import", str(clinics[1]), str(good), str(bad)]) == 2
    assert "bad.json is no JSON file" in capsys.readouterr().err
    assert record_of(clinics[1]) == []


def test_a_class_that_the_project_lacks_is_told(clinics, tmp_path, capsys):
    table = put(tmp_path / "t.csv", b"file,label\npolyps/frame-0.png,normal\nelsewhere.png,polyps\n")
    assert run(["import", str(clinics[0]), str(table), "--reader", "Ana"]) == 0
    told = capsys.readouterr().out
    assert "Classes that this project lacks: normal" in told
    assert "1 on frames that are not in this project" in told
    assert [(act.value, act.reader) for act in record_of(clinics[0])] == [("normal", "Ana")]


def test_a_table_of_another_folder_is_no_success(clinics, tmp_path):
    table = put(tmp_path / "t.csv", b"file,label\nelsewhere.png,polyps\n")
    assert run(["import", str(clinics[0]), str(table)]) == 2
    assert record_of(clinics[0]) == []


def test_what_was_exported_has_the_rights_that_files_have_elsewhere(clinics, tmp_path):
    assert export(clinics[0], "csv", tmp_path / "a.csv") == 0
    assert export(clinics[0], "folders", tmp_path / "a") == 0
    usual = private._usual_mask[0]  # of this account, before the program kept its own files private
    files = [tmp_path / "a.csv", tmp_path / f"a.csv.{LEFT_OUT}", *(path for path in (tmp_path / "a").rglob("*") if path.is_file())]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o666 & ~usual}
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "a", tmp_path / "a" / "polyps")} == {0o777 & ~usual}
