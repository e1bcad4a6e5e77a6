"""The snapshot that exports are made of: frames once, acts placed on them, and sentences on what is not there."""

from datetime import UTC, datetime

import pytest
from frame_folders import png, put, sha256_of

from endodesk.app.headless import opened
from endodesk.app.project.grouping import Grouping, keep_grouping
from endodesk.app.records.exporting import moment_of
from endodesk.app.records.portable import portable_record
from endodesk.domain.errors import BadRequest
from endodesk.domain.reviews import Correction
from endodesk.system.task import TaskContext

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "frames"
    put(folder / "polyps" / "anna" / "series-1" / "0.png", png(1))
    put(folder / "polyps" / "anna" / "series-1" / "copy.png", png(1))
    put(folder / "normal" / "bea" / "1.png", png(2))
    put(folder / "normal" / "bea" / "bad.png", b"no picture")
    return folder


def record_of(images, prepare=lambda project: None):
    with opened(images, TaskContext()) as work:
        prepare(work.project)
        return portable_record(work.project, work.frames.snapshot())


def test_each_content_is_there_once_and_what_is_not_is_told(images):
    record = record_of(images)
    assert [(frame.file, frame.case, frame.folder_label, frame.width) for frame in record.frames] == [
        ("normal/bea/1.png", "bea", "normal", 96),
        ("polyps/anna/series-1/0.png", "anna", "polyps", 96),
    ]
    assert record.notes == ("Further copies of the same frames in the folder: 1.", "Files that cannot be read: 1.")


@pytest.mark.parametrize(("rule", "cases"), [("deepest", ["bea", "anna/series-1"]), ("none", ["", ""]), (r"series-(\d)", ["", "1"])])
def test_cases_are_those_of_the_project(images, rule, cases):
    record = record_of(images, lambda project: keep_grouping(project, Grouping(case=rule)))
    assert [frame.case for frame in record.frames] == cases


def test_an_act_on_a_frame_that_is_gone_stays_without_a_file(images):
    gone = images / "normal" / "bea" / "1.png"

    def label(project):
        project.database.corrections.add(Correction(sha256_of(gone), "polyps", "Ana", NOW))

    (before,) = record_of(images, label).acts
    assert (before.file, before.case, before.width) == ("normal/bea/1.png", "bea", 96)
    gone.unlink()
    (after,) = record_of(images).acts
    assert (after.file, after.sha256, after.value) == ("", before.sha256, "polyps")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", None),
        ("2026-05-01T10:00+02:00", datetime(2026, 5, 1, 8, tzinfo=UTC)),
        ("2026-05-01T10:00:00.5Z", datetime(2026, 5, 1, 10, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_it_is_typed(text, moment):
    assert moment_of(text) == moment


def test_a_day_is_meant_to_its_end_here():
    end = moment_of("2026-05-01").astimezone()
    assert (end.day, end.hour, end.minute, end.second) == (1, 23, 59, 59)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "9999-12-31", "1.5.2026"])
def test_no_time_is_a_sentence(text):
    with pytest.raises(BadRequest, match="is no time: write a day"):
        moment_of(text)
