"""The data set comes back as it was at any moment, against what was seen in that moment."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from data_examples import NOON, a_file, sha
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endodesk.data.chain.data_set import DataSet
from endodesk.data.database import Database
from endodesk.data.override_store import Override
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import Part
from endodesk.domain.reviews import AnnotationKind, Correction

READERS, FRAMES = ("Ann", "Bob"), 3
ACTS = st.tuples(
    st.sampled_from(["label", "mark", "note", "outline", "conclusion", "undo", "redo", "taken back", "given again"]),
    st.sampled_from(READERS),
    st.integers(0, FRAMES - 1),
    st.integers(0, 2),
)


def act(db: Database, what: str, reader: str, frame: int, choice: int) -> None:
    image: Sha256 = sha(frame)
    if what in ("label", "mark", "note"):
        kind, value = {
            "label": (AnnotationKind.LABEL, ("polyps", "ulcer", "normal")[choice]),
            "mark": (AnnotationKind.FLAGGED, "yes" if choice else ""),
            "note": (AnnotationKind.NOTE, f"note {choice}" if choice else ""),
        }[what]
        db.corrections.give([Correction(image, value, reader, NOON, kind=kind)])
    elif what == "outline":
        outline = (None, (), ((0.1, 0.1), (0.2, 0.1), (0.2, 0.2)))[choice]
        db.overrides.give([Override(Part.BOX, outline, reader, NOON, image)])
    elif what == "conclusion":
        db.conclusions.add(Conclusion(f"case {frame}", f"text {choice}" if choice else "", "", reader, NOON))
    elif what in ("undo", "redo"):
        stacks = db.steps.stacks(reader)
        step = stacks.next_undo if what == "undo" else stacks.next_redo
        if step is not None:
            (db.steps.undo if what == "undo" else db.steps.redo)(step, reader=reader, at=NOON)
    elif history := db.corrections.history(image):
        row = history[choice % len(history)].id
        try:
            (db.corrections.revoke if what == "taken back" else db.corrections.give_again)(row, reader=reader, at=NOON)
        except BadRequest:
            return  # it is as it was wanted


def seen(db: Database) -> DataSet:
    """What the stores themselves say now."""
    cases = {case: db.conclusions.history(case)[-1] for case in db.conclusions.concluded()}
    return DataSet(db.corrections.words(), cases, db.overrides.holding())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, max_size=15))
@pytest.mark.slow
def test_every_state_that_there_was_comes_back_and_the_chain_holds(acts: list[tuple[str, str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, Database.open(Path(folder) / "project.sqlite") as db:
        db.images.add(a_file(number) for number in range(FRAMES))
        states = [(datetime.now(UTC), seen(db), db.chain.anchored_words())]
        for one in acts:
            act(db, *one)
            states.append((datetime.now(UTC), seen(db), db.chain.anchored_words()))
        for moment, state, (anchor, words) in states:
            assert _same(db.chain.data_set(moment), state)
            assert _same(db.chain.data_set_after(anchor.count), state)
            assert set(words.every()) == set(state.words.every())
            assert anchor.digest == (db.chain.digest_at(anchor.count) or "")
        assert _same(db.chain.data_set(), states[-1][1])
        assert _same(db.chain.data_set(states[0][0] - timedelta(days=1)), states[0][1])
        assert db.chain.verify().broken is None


def _same(one: DataSet, other: DataSet) -> bool:
    said = [set(each.words.every()) for each in (one, other)]
    return said[0] == said[1] and all(getattr(one, name) == getattr(other, name) for name in ("conclusions", "overrides"))


def labels_in(found: DataSet) -> dict[Sha256, list[str]]:
    """What readers call each frame."""
    return {image: [stored.correction.value for stored in words.labels] for image, words in found.words.items()}


def test_of_a_reader_only_the_readers_own_words_count(project: Path) -> None:
    with Database.open(project) as db:
        db.images.add(a_file(number) for number in range(3))
        for reader, value in (("Ann", "polyps"), ("Bob", "ulcer")):
            db.corrections.give([Correction(sha(1), value, reader, NOON)])
            db.conclusions.add(Conclusion("case", value, "", reader, NOON))
        between = datetime.now(UTC)
        db.corrections.give([Correction(sha(1), "normal", "Ann", NOON)])
        now, then = db.chain.data_set(reader="Ann"), db.chain.data_set(between, reader="Ann")
        said = [labels_in(one)[sha(1)] for one in (now, then, db.chain.data_set(between))]
        assert said == [["normal"], ["polyps"], ["polyps", "ulcer"]]
        assert then.conclusions["case"].text == "polyps"
        assert labels_in(db.chain.data_set(between, reader="Cid")) == {}


def test_rows_from_before_the_chain_are_cut_by_their_own_times(project: Path) -> None:
    """The example's first label is of noon, the next ones of the minutes after, and its first version's last word of four past."""
    shutil.copy(Path(__file__).parents[1] / "projects" / "v1" / "project.sqlite", project)
    noon = datetime(2025, 11, 23, 12, tzinfo=UTC)
    with Database.open(project) as db:
        counts = [len(labels_in(db.chain.data_set(noon + timedelta(minutes=n)))) for n in (-1, 0, 1, 3, 4)]
        assert counts == [0, 1, 2, 3, 2]
        assert set(db.chain.data_set().words.every()) == set(db.corrections.words().every())
        assert _same(db.chain.data_set_after(db.chain.last_event()), seen(db))
        assert labels_in(db.chain.data_set_after(0)) == {}
