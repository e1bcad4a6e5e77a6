"""Acts of every kind out of one database and into another: whole, once each, and no word that stands is hidden by one from elsewhere."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from data_examples import NOON, a_bundle, a_correction, a_file, sha
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.data.acts.act_store import Verdict
from endodesk.data.database import Database
from endodesk.data.override_store import Override
from endodesk.domain.acts import Act, outline_text, standing_acts
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.errors import BadRequest
from endodesk.domain.overrides import Part
from endodesk.domain.reviews import AnnotationKind

SQUARE = ((0.1, 0.2), (0.5, 0.2), (0.5, 0.75), (0.1, 0.75))
LATER = NOON + timedelta(days=1)


def opened(place: Path) -> Database:
    place.mkdir()
    database = Database.open(place / "project.sqlite")
    database.images.add([a_file(number) for number in range(1, 5)])
    return database


@pytest.fixture
def two(tmp_path: Path):
    """Two projects that know the same four frames."""
    with opened(tmp_path / "a") as first, opened(tmp_path / "b") as second:
        yield first, second


def fill(db: Database) -> None:
    """An act of every kind; one label replaced, one taken back, one given again."""
    db.models.add(a_bundle(), Path("/models/a"))
    db.models.promote(a_bundle().id, reader="Ana", why="better", at=NOON)
    give = db.corrections.add
    give(a_correction(1, "polyps", bundle=a_bundle().id))
    give(a_correction(1, "esophagitis", minutes=1))
    back = give(a_correction(2, "polyps", minutes=2))
    db.corrections.revoke(back, reader="Ben", at=NOON + timedelta(hours=1))
    again = give(a_correction(3, "polyps", minutes=3))
    db.corrections.revoke(again, reader="Ben", at=NOON + timedelta(hours=1))
    db.corrections.give_again(again, reader="Ana", at=NOON + timedelta(hours=2))
    for kind, value in ((AnnotationKind.NOTE, "=a 'note'\nof two lines"), (AnnotationKind.FLAGGED, "yes")):
        give(replace(a_correction(3, value, minutes=4), kind=kind, blind=True))
    db.overrides.give([Override(Part.BOX, SQUARE, "Ana", NOON, image=sha(1)), Override(Part.FIELD, (), "Ana", NOON, image=sha(1))])
    db.overrides.give([Override(Part.BOX, None, "Ana", NOON, size=(720, 576))])
    db.merges.add(sha(1), sha(2), joined=True, reader="Ana", at=NOON)
    db.conclusions.add(Conclusion("case-1", "All well.", "polyps", "Ana", NOON))


def test_every_act_is_taken_in_whole_and_once(two) -> None:
    first, second = two
    fill(first)
    acts = first.acts.recorded()
    assert {act.kind for act in acts} == {"label", "note", "flagged", "box", "field", "together", "conclusion", "promotion"}
    taken = second.acts.take_in(acts, by="Cleo", at=LATER)
    assert taken.count(Verdict.NOT_TAKEN) == 1, "which model is active is a project's own"
    there = second.acts.recorded()
    without_model = [replace(act, model="") for act in acts if act.kind != "promotion"]
    assert there == without_model
    assert second.acts.take_in(acts, by="Cleo", at=LATER).step is None
    assert second.acts.recorded() == there
    assert {image: one.correction.value for image, one in second.corrections.current().items()} == {
        image: one.correction.value for image, one in first.corrections.current().items()
    }
    assert second.corrections.marks() == first.corrections.marks()
    assert second.overrides.holding() == first.overrides.holding()
    assert second.merges.standing() == first.merges.standing()
    assert second.conclusions.history("case-1") == first.conclusions.history("case-1")


def test_a_model_that_is_known_is_named_again(two) -> None:
    first, second = two
    fill(first)
    second.models.add(a_bundle(), Path("/models/a"))
    second.acts.take_in(first.acts.recorded(), by="Cleo", at=LATER)
    assert [act for act in second.acts.recorded() if act.kind == "label"] == [act for act in first.acts.recorded() if act.kind == "label"]


def a_word(value="polyps", *, frame=1, reader="Ben", at=NOON, kind="label", **more) -> Act:
    return Act(kind, value, sha256=sha(frame), reader=reader, at=at, **more)


@pytest.mark.parametrize("minutes", [-60, 60])
def test_another_readers_word_goes_on_record_and_hides_none(two, minutes: int) -> None:
    db, _ = two
    db.corrections.add(a_correction(1, "esophagitis"))  # Dr. Müller
    other = a_word(at=NOON + timedelta(minutes=minutes))
    assert [one.verdict for one in db.acts.judge([other]).judged] == [Verdict.CONFLICT]
    taken = db.acts.take_in([other], by="Cleo", at=LATER)
    assert taken.images == [sha(1)]
    assert db.corrections.current()[sha(1)].correction.value == "esophagitis"
    theirs = next(one for one in db.corrections.history(sha(1)) if one.correction.reader == "Ben")
    assert (theirs.correction.at, theirs.revoked_by, theirs.revoked_at) == (other.at, "Cleo", LATER), "set aside by who took it in"
    assert [one.verdict for one in db.acts.judge([other]).judged] == [Verdict.SAME]
    db.corrections.give_again(theirs.id, reader="Cleo", at=LATER)
    assert db.corrections.current()[sha(1)].correction.value == "polyps", "in conflict until somebody decides"


def test_the_same_reader_is_heard_by_the_clock(two) -> None:
    db, _ = two
    db.acts.take_in([a_word("polyps", at=NOON)], by="Cleo", at=LATER)
    older, newer = a_word("normal", at=NOON - timedelta(hours=1)), a_word("esophagitis", at=NOON + timedelta(hours=1))
    db.acts.take_in([older], by="Cleo", at=LATER)
    assert db.corrections.current()[sha(1)].correction.value == "polyps"
    db.acts.take_in([newer], by="Cleo", at=LATER)
    assert db.corrections.current()[sha(1)].correction.value == "esophagitis"
    assert len(db.corrections.history(sha(1))) == 3


def test_what_holds_of_outlines_and_conclusions_goes_on_holding(two) -> None:
    db, _ = two
    db.overrides.give([Override(Part.BOX, SQUARE, "Ana", NOON, image=sha(1))])
    db.conclusions.add(Conclusion("case-1", "All well.", "", "Ana", NOON))
    db.merges.add(sha(1), sha(2), joined=True, reader="Ana", at=NOON)
    before = db.overrides.holding(), db.merges.standing()
    others = [
        a_word(outline_text(()), kind="box"),
        Act("conclusion", "A polyp.", case="case-1", reader="Ben", at=LATER),
        Act("apart", sha(2), sha256=sha(1), reader="Ben", at=LATER),
    ]
    db.acts.take_in(others, by="Cleo", at=LATER)
    assert (db.overrides.holding(), db.merges.standing()) == before
    assert [one.text for one in db.conclusions.history("case-1")] == ["All well.", "A polyp.", "All well."]
    acts = db.acts.recorded()
    assert [act.reader for act in acts if act.kind == "box"] == ["Ben", "Ana"], "each once, what holds last"
    assert db.acts.take_in(others, by="Cleo", at=LATER).step is None


def test_taking_in_is_one_step_that_is_undone_and_done_again(two) -> None:
    db, _ = two
    db.corrections.add(a_correction(1, "esophagitis"))
    before = {image: one.correction for image, one in db.corrections.current().items()}
    words = [
        a_word(),
        a_word(frame=2),
        a_word(frame=3, revoked_at=NOON, revoked_by="Ben"),
        a_word(outline_text(SQUARE), frame=2, kind="box"),
    ]
    taken = db.acts.take_in(words, by="Cleo", at=LATER)
    after = {image: one.correction for image, one in db.corrections.current().items()}
    assert set(after) == {sha(1), sha(2)}
    assert db.steps.stacks("Cleo").next_undo == taken.step
    db.steps.undo(taken.step, reader="Cleo", at=LATER)
    assert {image: one.correction for image, one in db.corrections.current().items()} == before
    assert not db.overrides.holding()
    db.steps.redo(taken.step, reader="Cleo", at=LATER)
    assert {image: one.correction for image, one in db.corrections.current().items()} == after
    assert db.overrides.holding()


def test_what_was_taken_back_elsewhere_since_is_taken_back_here(two) -> None:
    db, _ = two
    db.acts.take_in([a_word()], by="Cleo", at=LATER)
    back = a_word(revoked_at=LATER, revoked_by="Ben")
    assert [one.verdict for one in db.acts.judge([back]).judged] == [Verdict.TAKEN_BACK]
    db.acts.take_in([back], by="Cleo", at=LATER)
    assert db.corrections.current() == {}
    assert db.acts.recorded() == [replace(back, width=720, height=576)]


def test_what_another_reader_took_back_elsewhere_goes_on_record_and_holds_on(two) -> None:
    db, _ = two
    db.acts.take_in([a_word()], by="Cleo", at=LATER)
    disputed = a_word(revoked_at=LATER, revoked_by="Ana")
    assert [one.verdict for one in db.acts.judge([disputed]).judged] == [Verdict.DISPUTED]
    db.acts.take_in([disputed], by="Cleo", at=LATER)
    assert db.corrections.current()[sha(1)].correction.value == "polyps"
    assert [one.verdict for one in db.acts.judge([disputed]).judged] == [Verdict.SAME], "once"


def test_nobodys_label_is_the_importing_readers_unless_it_says_what_is_said_anyway(two) -> None:
    db, _ = two
    db.corrections.add(a_correction(1, "esophagitis"))
    loose = [Act("label", value, sha256=sha(frame), reader="Cleo") for frame, value in ((1, "esophagitis"), (2, "polyps"))]
    taken = db.acts.take_in(loose, by="Cleo", at=LATER)
    assert [one.verdict for one in taken.judged] == [Verdict.SAME, Verdict.NEW]
    assert db.acts.take_in([replace(act) for act in loose], by="Cleo", at=LATER + timedelta(days=1)).step is None, "once, whenever"


def test_frames_that_are_not_here_are_left_out(two) -> None:
    db, _ = two
    strange = [
        a_word(frame=99),
        Act("together", sha(99), sha256=sha(1), reader="Ben", at=NOON),
        Act("label", "x", file="a.png", reader="B", at=NOON),
    ]
    assert db.acts.take_in([*strange, a_word()], by="Cleo", at=LATER).count(Verdict.NOT_HERE) == 3
    assert len(db.acts.recorded()) == 1


def test_as_of_then_and_of_one_reader(two) -> None:
    db, _ = two
    fill(db)
    at = NOON + timedelta(minutes=90)  # after frames 2 and 3 were taken back, before one was given again
    then = standing_acts(db.acts.recorded(as_of=at))
    assert set(then) == {sha(1), sha(3)}
    assert "label" not in then[sha(3)]
    assert "label" in standing_acts(db.acts.recorded())[sha(3)]
    early = db.acts.recorded(as_of=NOON + timedelta(minutes=2))
    assert all(act.stands for act in early), "a revocation that was not there yet"
    assert [act.value for act in early if act.kind == "label"] == ["polyps", "esophagitis", "polyps"]
    assert {act.reader for act in db.acts.recorded(reader="Ana")} == {"Ana"}
    assert db.acts.recorded(as_of=NOON - timedelta(days=1)) == []


def test_nobody_takes_nothing_in(two) -> None:
    with pytest.raises(BadRequest, match="Say who"):
        two[0].acts.take_in([a_word()], by="", at=LATER)


words = st.lists(
    st.builds(
        lambda frame, value, reader, minute, back: a_word(
            value,
            frame=frame,
            reader=reader,
            at=NOON + timedelta(minutes=minute),
            revoked_at=LATER if back else None,
            revoked_by="X" if back else "",
        ),
        st.integers(1, 3),
        st.sampled_from(["polyps", "normal"]),
        st.sampled_from(["Ana", "Ben"]),
        st.integers(0, 5),
        st.booleans(),
    ),
    max_size=8,
)


@pytest.mark.slow
@given(words, words)
@settings(max_examples=15)
def test_no_word_is_lost_none_comes_twice_and_what_stands_of_others_stands(tmp_path_factory, here, there) -> None:
    with opened(tmp_path_factory.mktemp("p") / "a") as db:
        db.acts.take_in(here, by="Ana", at=LATER)
        before = {image: one.correction for image, one in db.corrections.current().items()}
        db.acts.take_in(there, by="Cleo", at=LATER)
        assert {act.key for act in db.acts.recorded()} == {act.key for act in (*here, *there)}
        for image, said in before.items():
            now = db.corrections.current()[image]  # "X", who took words back elsewhere, is another reader
            assert now.correction.value == said.value or now.correction.reader == said.reader
        once = db.acts.recorded()
        assert db.acts.take_in([*there, *here], by="Cleo", at=LATER).step is None
        assert db.acts.recorded() == once
