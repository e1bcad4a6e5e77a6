"""Records that were worked on apart come to one state, in whatever order and however often they are joined, and no word is lost."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from data_examples import NOON, a_file, sha
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endodesk.data.acts.act_store import TakenIn
from endodesk.data.acts.record import ForeignChains
from endodesk.data.chain.chain_lines import read_chains
from endodesk.data.database import Database
from endodesk.data.override_store import Override
from endodesk.data.packs.chain_acts import acts_in
from endodesk.domain.conclusions import Conclusion
from endodesk.domain.overrides import Part
from endodesk.domain.reviews import AnnotationKind, Correction

READERS = ("Ana", "Ben", "Cleo")
FRAMES = 3
SQUARE = ((0.1, 0.2), (0.5, 0.2), (0.5, 0.75))
LATER = NOON + timedelta(days=1)


def take(target: Database, source: list[str], by: str, at: datetime = LATER) -> TakenIn:
    """As a pack is taken in, without the file."""
    found = acts_in(read_chains(source))
    return target.acts.take_in(found.acts.values(), by=by, at=at, chains=ForeignChains(found.words, source))


def opened(place: Path, frames: int = FRAMES) -> Database:
    database = Database.open(place)
    database.images.add(a_file(number) for number in range(frames))
    return database


def state_of(db: Database) -> tuple[object, ...]:
    """What is on record, and what holds: of each reader the newest word on each frame, of the rest the newest of all."""
    acts = db.acts.recorded()
    words: dict[object, object] = {}
    for act in acts:
        if act.stands and act.sha256 and act.kind in {*map(str, AnnotationKind)}:
            words[act.sha256, act.kind, act.reader] = act.value
    cases = {f"case {frame}": [one.text for one in db.conclusions.history(f"case {frame}")][-1:] for frame in range(FRAMES)}
    labels = {image: stored.correction for image, stored in db.corrections.current().items()}
    return frozenset(acts), words, cases, db.overrides.holding(), set(db.merges.standing()), labels, db.corrections.marks()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    with opened(tmp_path / "a.sqlite") as first, opened(tmp_path / "b.sqlite") as second:
        yield first, second


ACT = st.tuples(
    st.integers(0, 2),  # at which PC
    st.sampled_from(READERS),
    st.sampled_from(
        ["label", "mark", "note", "conclusion", "outline", "together", "apart", "undo", "redo", "taken back", "given again", "take"]
    ),
    st.integers(0, FRAMES - 1),
    st.integers(0, 2),
)


def act(dbs: list[Database], minute: int, pc: int, reader: str, what: str, frame: int, choice: int) -> None:
    """Clocks go right, but two PCs may have the same time."""
    db, at = dbs[pc], NOON + timedelta(minutes=minute // 2)
    if what in ("label", "mark", "note"):
        kind, value = {
            "label": (AnnotationKind.LABEL, ("polyps", "ulcer", "normal")[choice]),
            "mark": (AnnotationKind.FLAGGED, "yes" if choice else ""),
            "note": (AnnotationKind.NOTE, f"note {choice}"),
        }[what]
        # of one PC each act has a time of its own
        db.corrections.give(
            [Correction(sha(frame), value, reader, at + timedelta(seconds=minute % 2, microseconds=0), kind=kind, blind=choice == 1)]
        )
    elif what == "conclusion":
        db.conclusions.add(Conclusion(f"case {frame}", f"text {choice}", "", reader, at + timedelta(seconds=minute % 2)))
    elif what == "outline":
        db.overrides.give([Override(Part.BOX, (None, (), SQUARE)[choice], reader, at + timedelta(seconds=minute % 2), sha(frame))])
    elif what in ("together", "apart"):
        db.merges.add(
            sha(frame), sha((frame + 1) % FRAMES), joined=what == "together", reader=reader, at=at + timedelta(seconds=minute % 2)
        )
    elif what == "take":
        take(db, list(dbs[(pc + 1 + choice % 2) % 3].chain.lines()), reader, at + timedelta(seconds=minute % 2))
    elif what in ("undo", "redo"):
        stacks = db.steps.stacks(reader)
        step = stacks.next_undo if what == "undo" else stacks.next_redo
        if step is not None and not is_of_others(db, step, reader):
            (db.steps.undo if what == "undo" else db.steps.redo)(step, reader=reader, at=at + timedelta(seconds=minute % 2))
    elif history := db.corrections.history(sha(frame)):
        stored = history[choice % len(history)]
        if (what == "taken back") is (stored.revoked_at is None):
            turn = db.corrections.revoke if what == "taken back" else db.corrections.give_again
            turn(stored.id, reader=reader, at=at + timedelta(seconds=minute % 2))


def is_of_others(db: Database, step: int, reader: str) -> bool:
    """Whether it took acts in: to undo that is a matter of the place."""
    with db._connections.read() as connection:
        of = connection.exec_driver_sql("SELECT at FROM step WHERE id = ?", (step,)).scalar()
        said = connection.exec_driver_sql("SELECT reader, at FROM correction WHERE step = ?", (step,)).all()
        drawn = connection.exec_driver_sql("SELECT count(*) FROM override WHERE step = ?", (step,)).scalar()
    return not (all(one == (reader, of) for one in said) and (said or drawn == 1))


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(ACT, max_size=25), st.permutations([(a, b) for a in range(3) for b in range(3) if a != b]))
def test_three_pcs_come_to_one_state(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[int, str, str, int, int]], order: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("pcs")
    with ExitStack() as stack:
        dbs = [stack.enter_context(opened(folder / f"{n}.sqlite")) for n in range(3)]
        for minute, one in enumerate(acts):
            act(dbs, minute, *one)
        keys = {found.key for db in dbs for found in db.acts.recorded()}
        for source, target in (*order, *order):
            take(dbs[target], list(dbs[source].chain.lines()), "Dora")
        states = [state_of(db) for db in dbs]
        for other in states[1:]:
            assert other == states[0]
        assert {found.key for found in dbs[0].acts.recorded()} == keys, "no word is lost, none comes twice"
        for source, target in order:
            taken = take(dbs[target], list(dbs[source].chain.lines()), "Dora")
            assert (taken.step, taken.added) == (None, 0)
        assert all(db.chain.verify().broken is None for db in dbs)
