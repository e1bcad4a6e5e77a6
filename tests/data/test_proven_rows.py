"""A damaged row costs itself: whatever stands in a column, what reads it neither fails nor loses the other rows."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from data_examples import NOON, a_bundle, a_correction, a_file, sha

from endodesk.data.column_types import UNKNOWN_TIME
from endodesk.data.database import Database
from endodesk.data.override_store import Override
from endodesk.data.proven_rows import RowKind
from endodesk.data.schema import METADATA
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.overrides import Part
from endodesk.domain.reviews import YES, AnnotationKind, Correction, Prediction
from tests.fuzz.parsers import PARSERS

READER = "Dr. Müller"
NASTY = ("CAST(x'ff41' AS TEXT)", "x'00ff'", "''", "-9223372036854775808", "1e400")


@pytest.fixture
def record(project: Path) -> Path:
    """Something in every table."""
    with Database.open(project) as db:
        db.images.add([a_file(n) for n in range(4)])
        db.models.add(a_bundle(), project.parent / "models" / "starter")
        db.models.promote(a_bundle().id, reader=READER, why="", at=NOON)
        db.predictions.add([Prediction(sha(n), a_bundle().id, (0.25, 0.5, 0.25)) for n in range(4)])
        for n in range(4):
            db.corrections.give([a_correction(n, minutes=n)])
        db.corrections.give([Correction(sha(0), YES, READER, NOON, kind=AnnotationKind.FLAGGED)])
        undone = db.corrections.give([a_correction(1, "esophagitis")])
        db.steps.undo(undone, reader=READER, at=NOON)
        db.overrides.give([Override(Part.BOX, (), READER, NOON, image=sha(0))])
        db.overrides.give([Override(Part.FIELD, ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9)), READER, NOON, size=(720, 576))])
        db.merges.add(sha(0), sha(1), joined=True, reader=READER, at=NOON)
        db.conclusions.add(Conclusion("polyps/case-1", "One polyp.", "polyps", READER, NOON))
        db.settings.set("classes", ["polyps"])
    with closing(sqlite3.connect(project)) as file, file:  # the record refuses edits; a disk asks nobody
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")
        file.execute("INSERT INTO unreadable (path, reason, size_bytes, mtime_ns) VALUES ('/frames/x.jpg', 'empty', 0, 0)")
    return project


def damage(record: Path, *statements: str) -> None:
    with closing(sqlite3.connect(record)) as file, file:
        for statement in statements:
            file.execute(statement)


def every_value(table: str) -> Iterator[str]:
    for column in METADATA.tables[table].columns:
        for value in NASTY if not column.foreign_keys else ():
            yield f'UPDATE "{table}" SET "{column.name}" = {value} WHERE rowid = (SELECT min(rowid) FROM "{table}")'  # noqa: S608


@pytest.mark.slow
@pytest.mark.parametrize("table", [table.name for table in METADATA.sorted_tables])
def test_whatever_stands_in_a_column_all_is_read_all_the_same(record: Path, tmp_path: Path, table: str) -> None:
    for statement in every_value(table):
        copy = Path(shutil.copy(record, tmp_path / "project.sqlite"))
        with contextlib.suppress(sqlite3.IntegrityError):  # a key of another kind
            damage(copy, statement)
        PARSERS["project"].read(copy)


def labels(db: Database) -> dict[Any, str]:
    return {image: stored.correction.value for image, stored in db.corrections.current().items()}


@pytest.mark.parametrize("value", ["label = CAST(x'ff' AS TEXT)", "label = x'07'", "image = 'x'", "said = 'shouted'", "reader = x'00'"])
def test_a_damaged_label_costs_itself_and_is_told_once(record: Path, value: str) -> None:
    damage(record, f"UPDATE correction SET {value} WHERE id = 2")  # noqa: S608
    with Database.open(record) as db:
        heard: list[str] = []
        db.damage.listen(lambda: heard.append("news"))
        assert labels(db) == {sha(0): "polyps", sha(2): "polyps", sha(3): "polyps"}
        assert len(db.corrections.history(sha(2))) == 1
        db.corrections.marks()
        assert labels(db)
        assert (db.damage.take_news(), heard) == ([RowKind.LABEL], ["news"])
        assert db.damage.take_news() == []
    with closing(sqlite3.connect(record)) as file:  # nothing was removed
        assert file.execute("SELECT count(*) FROM correction").fetchone() == (6,)


def test_of_a_frame_whose_newest_label_is_damaged_no_older_one_takes_the_place(record: Path) -> None:
    with Database.open(record) as db:
        newest = db.corrections.add(a_correction(3, "esophagitis", minutes=9))
    damage(record, f"UPDATE correction SET label = x'ff' WHERE id = {newest}")  # noqa: S608
    with Database.open(record) as db:
        assert sha(3) not in labels(db)


@pytest.mark.parametrize("at", ["'2026-v3-01T12:00:00.000000+00:00'", "'9999-12-31T23:59:59.999999+00:00'", "'2026-03-01T12:00:00'", "5"])
def test_a_label_whose_time_is_damaged_stands(record: Path, at: str) -> None:
    damage(record, f"UPDATE correction SET at = {at} WHERE id = 2")  # noqa: S608
    with Database.open(record) as db:
        stored = db.corrections.current()[sha(1)]
        assert (stored.correction.value, stored.correction.at) == ("polyps", UNKNOWN_TIME)
        assert f"{stored.correction.at.astimezone():%Y}" in ("1969", "1970")
        assert db.damage.take_news() == [RowKind.TIME]


def test_a_file_of_which_anything_is_damaged_is_read_again_and_so_mended(record: Path) -> None:
    damage(record, "UPDATE image_path SET image = 'x' WHERE path = '/frames/1.jpg'", "UPDATE image SET width = -7 WHERE rowid = 3")
    with Database.open(record) as db:
        assert Path("/frames/1.jpg") not in [Path(path) for path, *_ in db.images.stamps()]
        assert sorted(db.images.known()) == [Path("/frames/0.jpg"), Path("/frames/3.jpg"), Path("/frames/x.jpg")]
        db.images.add([a_file(n) for n in range(4)])
        assert len(db.images.known()) == len(list(db.images.stamps())) == 5


def test_a_damaged_setting_is_as_if_it_was_never_set_and_stays_in_the_file(record: Path) -> None:
    damage(record, "UPDATE setting SET value = '[\"polyps' WHERE key = 'classes'")
    with Database.open(record) as db:
        assert db.settings.get("classes", "default") == "default"
        assert db.settings.has("classes")
        assert db.settings.read("nothing", str, "x") == "x"
        assert db.damage.take_news() == [RowKind.SETTING]


def test_the_active_model_is_no_other_one_where_it_is_damaged(record: Path) -> None:
    with Database.open(record) as db:
        db.models.add(a_bundle("newer"), record.parent / "models" / "newer")
        db.models.promote(a_bundle("newer").id, reader=READER, why="", at=NOON + timedelta(days=1))
    damage(record, f"UPDATE model SET bundle_json = substr(bundle_json, 1, 40) WHERE id = '{a_bundle('newer').id}'")  # noqa: S608
    with Database.open(record) as db:
        assert db.models.active() is None
        assert db.models.any_promoted()
        assert [model.bundle.name for model in db.models.all()] == ["starter"]
        assert len(db.models.promotions()) == 2


def test_a_step_that_holds_a_damaged_outline_is_undone_without_it(record: Path) -> None:
    with Database.open(record) as db:
        drawn = [Override(Part.BOX, (), READER, NOON, image=sha(n)) for n in (2, 3)]
        step = db.overrides.give(drawn)
    damage(record, f"UPDATE override SET part = 'hat' WHERE step = {step} AND image = '{sha(2)}'")  # noqa: S608
    with Database.open(record) as db:
        assert db.steps.undo(step, reader=READER, at=NOON) == [sha(3)]


def test_what_sqlite_quotes_of_damage_that_is_no_unicode_is_a_sentence_too(record: Path) -> None:
    from endodesk.domain.errors import BadProject

    data = record.read_bytes()
    place = data.index(b"CREATE TABLE image")
    record.write_bytes(data[:place] + b"\x9b" + data[place + 1 :])
    with pytest.raises(BadProject, match="the file is damaged or is not an EndoDesk project"):
        Database.open(record)
