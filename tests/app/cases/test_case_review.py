"""The case review: what is in a case, which frames matter, the way to other cases, the report's page."""

import dataclasses
import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from frame_folders import png, put
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sessions import choose, settle

from endodesk.app.browsing.frame_columns import FrameColumns
from endodesk.app.cases.case_report import CaseReport, ReportFrame, write_report
from endodesk.app.cases.case_review import MOST_DISAGREEMENTS, CaseFigures, FrameInCase, Notable, Why, candidates, that_matter
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.project.project import Project
from endodesk.app.session import Session
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.errors import BadRequest
from endodesk.domain.label_set import LabelSet
from endodesk.system.task import TaskContext

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
CLASSES = ("esophagitis", "polyps", "ulcerative-colitis")


@pytest.fixture
def cases(tmp_path):
    """Three cases of polyps with two frames each, and a frame without a case."""
    folder = tmp_path / "Fälle"
    for case in range(3):
        for number in range(2):
            put(folder / "polyps" / f"case {case}" / f"{number}.png", png(10 * case + number))
    put(folder / "esophagitis" / "alone.png", png(99))
    return folder


@pytest.fixture
def session(cases, qtbot):
    session = Session(Project.of_images(cases))
    session.start()
    settle(qtbot, session)
    yield session
    session.close()


# --- the frames that matter -------------------------------------------------------------------------------------------


@st.composite
def frames(draw):
    names = st.sampled_from(("", *CLASSES))
    made = draw(st.lists(st.tuples(st.integers(0, 5), names, names, st.floats(0.2, 1.0)), max_size=30))
    return [FrameInCase(row, f"content {content}", label, answer, sure) for row, (content, label, answer, sure) in enumerate(made)]


@pytest.mark.slow
@given(frames())
def test_frames_that_matter_are_answered_ones_each_content_once_in_order_of_why(said):
    found = that_matter(said)
    assert found == that_matter(said)
    assert all(one.said.answer for one in found)
    contents = [one.said.content for one in found]
    assert len(contents) == len(set(contents))
    order = list(Why)
    assert [order.index(one.why) for one in found] == sorted(order.index(one.why) for one in found)
    differing = [one.said for one in found if one.why is Why.DISAGREES]
    assert len(differing) <= MOST_DISAGREEMENTS
    assert all(one.label and one.label != one.answer for one in differing)
    assert [one.confidence for one in differing] == sorted((one.confidence for one in differing), reverse=True)
    surest = [one.said.answer for one in found if one.why is Why.SUREST]
    assert len(surest) == len(set(surest))


@pytest.mark.slow
@given(frames())
def test_no_frame_is_a_surer_disagreement_than_those_chosen(said):
    found = that_matter(said)
    chosen = [one.said for one in found if one.why is Why.DISAGREES]
    held = {one.content for one in chosen}
    left = [one for one in said if one.answer and one.label and one.label != one.answer and one.content not in held]
    if len(chosen) < MOST_DISAGREEMENTS:
        assert left == []
    elif left:
        assert max(one.confidence for one in left) <= min(one.confidence for one in chosen)


# --- from case to case ------------------------------------------------------------------------------------------------


def test_cases_are_gone_through_in_the_order_shown_and_end_at_the_ends(session, qtbot):
    review = session.cases
    choose(qtbot, session, session.workspace.frames.row_of(session.workspace.frames.root / "polyps" / "case 0" / "1.png"))
    assert review.name == "case 0"
    assert review.go(+1)
    assert session.workspace.entry.name.endswith("case 1/0.png")
    assert review.go(+1)
    assert review.name == "case 2"
    assert not review.go(+1)
    assert review.name == "case 2"
    assert review.go(-1)
    assert review.go(-1)
    assert session.workspace.entry.name.endswith("case 0/0.png")
    assert not review.go(-1)


def test_from_a_frame_without_a_case_on_comes_the_first_case(session, qtbot):
    review = session.cases
    choose(qtbot, session, session.workspace.frames.row_of(session.workspace.frames.root / "esophagitis" / "alone.png"))
    assert review.name == ""
    assert review.go(+1)
    assert review.name == "case 0"


def test_the_next_case_without_a_conclusion_passes_those_that_have_one(session, qtbot):
    review = session.cases
    choose(qtbot, session, session.workspace.frames.row_of(session.workspace.frames.root / "polyps" / "case 0" / "0.png"))
    assert review.conclude("case 1", "Two polyps.", "polyps")
    assert review.go_to_open()
    assert review.name == "case 2"
    assert not review.go_to_open()


def test_the_same_conclusion_is_kept_once_and_an_older_one_stays_on_record(session):
    review = session.cases
    assert not review.conclude("case 0", "  ", "")
    assert review.conclude("case 0", " One polyp. ", "")
    assert not review.conclude("case 0", "One polyp.", "")
    assert review.conclude("case 0", "One polyp.", "polyps")
    assert [(one.text, one.finding) for one in review.history("case 0")] == [("One polyp.", ""), ("One polyp.", "polyps")]
    assert review.conclude("case 0", "", "")
    assert session.project.database.conclusions.concluded() == set()
    assert len(review.history("case 0")) == 3


def test_figures_count_labels_marks_and_notes(session, qtbot):
    review = session.cases
    choose(qtbot, session, session.workspace.frames.row_of(session.workspace.frames.root / "polyps" / "case 0" / "0.png"))
    session.labelling.write_note("look again")
    session.label("esophagitis")
    figures = review.figures(
        int(session.shown.columns.case[session.workspace.frames.row_of(session.workspace.frames.root / "polyps" / "case 0" / "0.png")])
    )
    assert (figures.name, figures.frames, figures.by_reader, figures.notes) == ("case 0", 2, 1, 1)
    assert figures.labels == (("esophagitis", 1), ("polyps", 1))


# --- the page ---------------------------------------------------------------------------------------------------------


def a_report(tmp_path, **changes):
    put(tmp_path / "frame.png", png(1))
    said = FrameInCase(0, "content", "polyps", "esophagitis", 0.93)
    report = CaseReport(
        project="Fälle",
        figures=CaseFigures("case 7 内視鏡", 120, 60, (("polyps", 60),), (("esophagitis", 5),), (("flagged", 2),), 1, 0),
        frames=[ReportFrame(tmp_path / "frame.png", "polyps/frame.png", Notable(said, Why.DISAGREES))],
        conclusion=Conclusion("case 7", "One polyp of 5 mm.", "polyps", "Dr. Novák", NOON),
        reader="Dr. Novák",
        model=None,
        made=NOON,
    )
    return dataclasses.replace(report, **changes)


def text_of(path):
    [page] = PdfReader(path).pages
    return " ".join(page.extract_text().split()), len(page.images)


def test_the_report_is_one_page_that_says_it_all(qapp, tmp_path):
    path = tmp_path / "out" / "report.pdf"
    path.parent.mkdir()
    write_report(a_report(tmp_path), path, TaskContext())
    words, pictures = text_of(path)
    for said in (
        "Case case 7",
        "Dr. Novák",
        "One polyp of 5 mm.",
        "Finding: polyps",
        "polyps 60",
        "esophagitis 93 %",
        "flagged 2, with a note 1",
    ):
        assert said in words, said
    assert "Research use only. Not for diagnosis." in words
    assert pictures == 1
    assert [file.name for file in path.parent.iterdir()] == ["report.pdf"]
    assert path.stat().st_size < 2_000_000
    assert str(tmp_path).encode() not in path.read_bytes()


def test_a_long_conclusion_is_shortened_and_says_so(qapp, tmp_path):
    long = Conclusion("case 7", "A polyp, and then another one. " * 120, "polyps", "Dr. Novák", NOON)
    frames = a_report(tmp_path).frames * 6
    write_report(a_report(tmp_path, conclusion=long, frames=frames), tmp_path / "report.pdf", TaskContext())
    words, pictures = text_of(tmp_path / "report.pdf")
    assert "the whole text is in the project" in words
    assert "Research use only" in words
    assert pictures == 6


def test_a_frame_that_is_gone_leaves_a_sentence(qapp, tmp_path):
    report = a_report(tmp_path)
    (tmp_path / "frame.png").unlink()
    write_report(report, tmp_path / "report.pdf", TaskContext())
    words, pictures = text_of(tmp_path / "report.pdf")
    assert "This frame cannot be read any more." in words
    assert pictures == 0


def test_a_report_that_cannot_be_written_is_a_sentence_and_what_was_there_stays(qapp, tmp_path):
    with pytest.raises(BadRequest, match="cannot be written"):
        write_report(a_report(tmp_path), tmp_path / "no such folder" / "report.pdf", TaskContext())
    (tmp_path / "report.pdf").mkdir()
    with pytest.raises(BadRequest, match="cannot be written"):
        write_report(a_report(tmp_path), tmp_path / "report.pdf", TaskContext())
    assert sorted(file.name for file in tmp_path.iterdir()) == ["frame.png", "report.pdf"]


def test_the_page_has_nothing_of_the_image_s_own_tags(qapp, tmp_path):
    from PIL import Image

    exif = Image.Exif()
    exif[0x010E] = "Jane Doe 1960-01-01"
    made = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 80, 80)).save(made, "JPEG", exif=exif)
    report = a_report(tmp_path)
    (tmp_path / "frame.png").write_bytes(made.getvalue())
    write_report(report, tmp_path / "report.pdf", TaskContext())
    assert b"Jane" not in (tmp_path / "report.pdf").read_bytes()
    assert "Jane" not in text_of(tmp_path / "report.pdf")[0]


def test_of_very_many_frames_those_that_matter_are_the_same():
    rows = 5_000
    draw = np.random.default_rng(3)
    columns = FrameColumns(FrameList(Path("/frames"), [f"{number}.png" for number in range(rows)]), LabelSet.of(CLASSES))
    columns.label[:] = draw.integers(0, 3, rows)
    columns.answer[:] = draw.integers(0, 3, rows)
    columns.confidence[:] = draw.permutation(rows) / rows

    def said(row):
        return FrameInCase(int(row), str(row), CLASSES[columns.label[row]], CLASSES[columns.answer[row]], float(columns.confidence[row]))

    few = candidates(np.arange(rows), columns)
    assert len(few) < 700
    assert that_matter(map(said, few)) == that_matter(map(said, range(rows)))
    assert len(candidates(np.arange(2_000), columns)) == 2_000
