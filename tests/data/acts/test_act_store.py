"""Acts of every kind out of one database and into another: whole, once each, and no word that stands is hidden by one from elsewhere."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from data_examples import NOON, a_bundle, a_correction, a_file, sha
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.data.acts.record import Verdict
from endodesk.data.database import Database
from endodesk.data.override_store import Override
from endodesk.domain.acts import Act, outline_text, standing_acts
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.errors import BadRequest, Cancelled
from endodesk.domain.overrides import Part
from endodesk.domain.reviews import AnnotationKind
from endodesk.system.task import Progress, TaskContext

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


def words_of(db: Database) -> dict[str, list[tuple[str, str]]]:
    """By frame the standing words of readers, the last one last."""
    held: dict[str, dict[tuple[str, str], str]] = {}
    for act in db.acts.recorded():
        if act.kind == "label" and act.stands:
            of = held.setdefault(act.sha256, {})
            of.pop((act.reader, act.kind), None)
            of[act.reader, act.kind] = act.value
    return {frame: [(reader, value) for (reader, _), value in of.items()] for frame, of in held.items()}


@pytest.mark.parametrize("minutes", [-60, 60])
def test_another_readers_word_stands_beside_what_is_said_here(two, minutes: int) -> None:
    db, _ = two
    db.corrections.add(a_correction(1, "esophagitis"))  # Dr. Müller
    other = a_word(at=NOON + timedelta(minutes=minutes))
    assert [one.verdict for one in db.acts.judge([other]).judged] == [Verdict.CONFLICT]
    taken = db.acts.take_in([other], by="Cleo", at=LATER)
    assert taken.images == [sha(1)]
    assert sorted(words_of(db)[sha(1)]) == [("Ben", "polyps"), ("Dr. Müller", "esophagitis")]
    theirs = next(one for one in db.corrections.history(sha(1)) if one.correction.reader == "Ben")
    assert (theirs.correction.at, theirs.revoked_by) == (other.at, None), "nobody took it back"
    assert [one.verdict for one in db.acts.judge([other]).judged] == [Verdict.SAME]


def test_the_same_reader_is_heard_by_the_clock_and_nothing_is_taken_back(two) -> None:
    db, _ = two
    newest = replace(a_correction(1, "polyps"), reader="Ben")
    step = db.corrections.give([newest])
    older, newer = a_word("normal", at=NOON - timedelta(hours=1)), a_word("esophagitis", at=NOON + timedelta(hours=1))
    assert [one.verdict for one in db.acts.judge([older, newer]).judged] == [Verdict.OLDER, Verdict.NEW]
    db.acts.take_in([older], by="Cleo", at=LATER)
    assert db.corrections.current()[sha(1)].correction == newest
    said = [(one.correction.value, one.revoked_by) for one in db.corrections.history(sha(1))]
    assert said == [("normal", None), ("polyps", None)], "each once, in the order of the clock"
    assert [(act.value, act.stands) for act in db.acts.recorded()] == said_once(said)
    db.steps.undo(step, reader="Ben", at=LATER)
    assert db.corrections.current()[sha(1)].correction.value == "normal", "as where that was said first"
    db.steps.redo(step, reader="Ben", at=LATER)
    assert db.corrections.current()[sha(1)].correction.value == "polyps"
    db.acts.take_in([newer], by="Cleo", at=LATER)
    assert db.corrections.current()[sha(1)].correction.value == "esophagitis"
    assert len(db.corrections.history(sha(1))) == 3
    assert db.chain.verify().broken is None


def said_once(said: list[tuple[str, str | None]]) -> list[tuple[str, bool]]:
    return [(value, taken_back_by is None) for value, taken_back_by in said]


def test_a_label_without_a_time_hides_none_of_the_readers_own(two) -> None:
    db, _ = two
    db.corrections.add(replace(a_correction(1, "esophagitis"), reader="Cleo"))
    db.acts.take_in([Act("label", "polyps", sha256=sha(1), reader="Cleo")], by="Cleo", at=LATER)
    assert words_of(db)[sha(1)] == [("Cleo", "esophagitis")]
    assert len(db.corrections.history(sha(1))) == 2


def test_a_label_without_a_time_stays_before_the_readers_own_wherever_it_goes_and_whatever_comes(two) -> None:
    db, other = two
    db.corrections.add(replace(a_correction(1, "esophagitis"), reader="Cleo"))
    db.acts.take_in([Act("label", "polyps", sha256=sha(1), reader="Cleo")], by="Cleo", at=LATER)
    other.acts.take_in(db.acts.recorded(), by="Ann", at=LATER)
    older = Act("label", "ulcer", sha256=sha(1), reader="Cleo", at=NOON - timedelta(days=3))
    db.acts.take_in([older], by="Cleo", at=LATER)
    for one in two:
        assert words_of(one)[sha(1)] == [("Cleo", "esophagitis")]
    untimed = Act("label", "polyps", sha256=sha(2), reader="Cleo")
    db.acts.take_in([untimed, replace(untimed, value="ulcer", at=NOON)], by="Cleo", at=LATER)
    times = {act.value: act.at for act in db.acts.recorded() if act.sha256 == sha(2)}
    assert times["polyps"] < times["ulcer"] == NOON


def test_where_a_clock_was_set_back_the_last_word_said_here_still_holds(two) -> None:
    db, other = two
    for value, minutes in (("polyps", 120), ("normal", 0)):
        db.corrections.add(replace(a_correction(1, value, minutes=minutes), reader="Cleo"))
    other.corrections.add(replace(a_correction(1, "ulcer", minutes=60), reader="Cleo"))
    db.acts.take_in(other.acts.recorded(), by="Ann", at=LATER)
    assert words_of(db)[sha(1)] == [("Cleo", "normal")]


@pytest.mark.parametrize(("minutes", "theirs"), [(-60, False), (60, True)])
def test_of_outlines_conclusions_and_pairs_the_later_word_holds(two, minutes: int, theirs: bool) -> None:
    """On both PCs: which of them takes in what the other said makes no difference."""
    db, _ = two
    db.overrides.give([Override(Part.BOX, SQUARE, "Ana", NOON, image=sha(1))])
    db.conclusions.add(Conclusion("case-1", "All well.", "", "Ana", NOON))
    db.merges.add(sha(1), sha(2), joined=True, reader="Ana", at=NOON)
    at = NOON + timedelta(minutes=minutes)
    others = [
        a_word(outline_text(()), kind="box", at=at),
        Act("conclusion", "A polyp.", case="case-1", reader="Ben", at=at),
        Act("apart", sha(2), sha256=sha(1), reader="Ben", at=at),
    ]
    assert db.acts.judge(others).count(Verdict.CONFLICT) == 3
    db.acts.take_in(others, by="Cleo", at=LATER)
    assert db.overrides.holding().frames[sha(1)].box == (() if theirs else SQUARE)
    assert bool(db.merges.standing()) is not theirs
    assert db.conclusions.history("case-1")[-1].text == ("A polyp." if theirs else "All well.")
    acts = db.acts.recorded()
    assert [act.reader for act in acts if act.kind == "box"] == (["Ana", "Ben"] if theirs else ["Ben", "Ana"]), "each once, what holds last"
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
    assert {sha(2)} <= set(after) <= {sha(1), sha(2)}
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
    taken = db.acts.take_in([back], by="Cleo", at=LATER)
    assert (taken.added, taken.undoable) == (1, 0)
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


def test_as_of_then_is_what_the_record_held_in_the_window_and_in_exports(two) -> None:
    db, _ = two
    start = datetime.now(UTC)
    row = db.corrections.add(a_correction(1, "polyps"))
    before = datetime.now(UTC)
    db.corrections.revoke(row, reader="Ana", at=NOON)
    db.acts.take_in([a_word("normal", frame=2, at=NOON - timedelta(days=9))], by="Cleo", at=LATER)
    now = datetime.now(UTC)
    for moment, labels in ((start, {}), (before, {sha(1): "polyps"}), (now, {sha(2): "normal"})):
        exported = {act.sha256: act.value for act in db.acts.recorded(as_of=moment) if act.kind == "label" and act.stands}
        shown = {image: words.labels[0].correction.value for image, words in db.chain.data_set(moment).words.items()}
        assert exported == shown == labels, "an older act that came later was not there before it came"
    assert [act.stands for act in db.acts.recorded(as_of=before)] == [True], "a taking back that was not there yet"
    assert {act.reader for act in db.acts.recorded(reader="Ben")} == {"Ben"}


def test_what_was_done_before_the_chain_is_cut_by_its_own_times(project: Path) -> None:
    shutil.copy(Path(__file__).parents[1] / "projects" / "v1" / "project.sqlite", project)
    noon = datetime(2025, 11, 23, 12, tzinfo=UTC)
    with Database.open(project) as db:
        for minutes in (-1, 0, 1, 3, 4):
            moment = noon + timedelta(minutes=minutes)
            exported = {frame for frame, said in standing_acts(db.acts.recorded(as_of=moment)).items() if "label" in said}
            assert exported == set(db.chain.data_set(moment).words)
        assert len(db.acts.recorded(as_of=noon)) < len(db.acts.recorded())


def test_taking_in_can_be_stopped_and_leaves_nothing(two) -> None:
    db, _ = two
    words = [a_word("polyps", at=NOON + timedelta(seconds=n)) for n in range(4500)]
    told: list[Progress] = []
    task = TaskContext(lambda progress: (told.append(progress), progress.text == "adding" and task.cancel()), interval=0)
    with pytest.raises(Cancelled):
        db.acts.take_in(words, by="Cleo", at=LATER, task=task)
    assert [one.total for one in told if one.text == "adding"] == [4500]
    assert db.acts.recorded() == []
    assert db.chain.verify().events == 0


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
def test_no_word_is_lost_and_none_comes_twice(tmp_path_factory, here, there) -> None:
    with opened(tmp_path_factory.mktemp("p") / "a") as db:
        db.acts.take_in(here, by="Ana", at=LATER)
        db.acts.take_in(there, by="Cleo", at=LATER)
        assert {act.key for act in db.acts.recorded()} == {act.key for act in (*here, *there)}
        once = db.acts.recorded()
        assert db.acts.take_in([*there, *here], by="Cleo", at=LATER).step is None
        assert db.acts.recorded() == once
