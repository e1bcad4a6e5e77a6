"""Two annotators on two PCs, 500 labels each, 200 frames by both: `python -m tests.benchmarks.records.merged_packs [--many 300000]`.

Their packs are taken in by each other, and by a third PC in both orders: all four must hold the same 1,000 words and the same state. With
--many, how long it takes to read, judge and take in a pack of so many labels. Ends with 1 if a word or a state differs.
"""

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from endodesk.data.acts.record import ForeignChains
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.data.packs.chain_acts import acts_in
from endodesk.data.packs.pack_file import Heading, read_pack, write_pack
from endodesk.domain.images import ImageRecord, Sha256
from endodesk.domain.reviews import Correction
from endodesk.system.signing import SigningKey
from endodesk.system.task import TaskContext

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLASSES = ("normal", "polyps", "esophagitis", "ulcerative-colitis")
_EACH, _SHARED = 500, 200
_FRAMES = 2 * _EACH - _SHARED
_AT_ONCE = 100


def _frame(number: int) -> Sha256:
    return Sha256(f"{number:064x}")


def _opened(place: Path, frames: int) -> Database:
    db = Database.open(place, journal=place.with_suffix(".jsonl"))
    records = (ImageRecord(_frame(n), Path(f"/frames/{n}.png"), 64, 64, "") for n in range(frames))
    db.images.add((record, FileStamp(100 + n, n, n, n, 1)) for n, record in enumerate(records))
    return db


def _label(db: Database, reader: str, frames: range, *, at_once: int = 1) -> None:
    shift = sum(reader.encode())
    for first in range(0, len(frames), at_once):
        at = NOON + timedelta(seconds=first + shift)
        chosen = frames[first : first + at_once]
        db.corrections.give([Correction(_frame(n), CLASSES[(n * 7 + shift) % 4], reader, at, blind=n % 2 == 0) for n in chosen])


def _pack(db: Database, name: str, out: Path) -> Path:
    key, last = SigningKey(name.encode().ljust(32)), db.chain.last_event()
    write_pack(out, Heading(name, key.public, "", last, db.chain.digest_at(last) or ""), key.sign, db.chain.lines())
    return out


def _take(db: Database, pack: Path, by: str) -> None:
    with _timed(f"{pack.name}: read and proven"):
        found = read_pack(pack, TaskContext())
    with _timed("its acts"):
        acts = acts_in(found.chains)
        chains = ForeignChains(acts.words, found.lines)
    with _timed("judged"):
        db.acts.judge(acts.acts.values(), chains=chains)
    with _timed("taken in"):
        db.acts.take_in(acts.acts.values(), by=by, at=datetime.now(UTC), chains=chains)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    start, worked = time.perf_counter(), time.process_time()
    yield
    if (took := time.perf_counter() - start) > 1:
        sys.stdout.write(f"  {what}: {took:.1f} s, {time.process_time() - worked:.1f} s of a processor\n")


def _state(db: Database) -> tuple[object, ...]:
    acts = db.acts.recorded()
    words = {(act.sha256, act.kind, act.reader): act.value for act in acts if act.stands}
    return frozenset(acts), words


def merge_both_ways(folder: Path) -> bool:
    """Whether all four come to one state with every word."""
    with ExitStack() as stack:
        names = ("ana", "ben", "ana first", "ben first")
        ana, ben, *thirds = dbs = [stack.enter_context(_opened(folder / f"{name}.sqlite", _FRAMES)) for name in names]
        _label(ana, "Ana", range(_EACH))
        _label(ben, "Ben", range(_EACH - _SHARED, _FRAMES))
        packs = [_pack(ana, "Ana", folder / "ana.pack"), _pack(ben, "Ben", folder / "ben.pack")]
        start = time.perf_counter()
        _take(ana, packs[1], "Ana")
        _take(ben, packs[0], "Ben")
        for third, order in zip(thirds, (packs, packs[::-1]), strict=True):
            for pack in order:
                _take(third, pack, "Cleo")
        took = time.perf_counter() - start
        states = [_state(db) for db in dbs]
        words = [len(db.acts.recorded()) for db in dbs]
        same = all(state == states[0] for state in states)
        holds = all(db.chain.verify().broken is None for db in dbs)
        sys.stdout.write(f"words on the four PCs: {words}; the same state: {same}; chains hold: {holds}; {took:.1f} s for six packs\n")
        return same and holds and words == [2 * _EACH] * 4


def take_in_many(folder: Path, labels: int) -> None:
    """One pack of so many labels into a record that has them not."""
    with _opened(folder / "from.sqlite", labels) as source, _opened(folder / "to.sqlite", labels) as target:
        _label(source, "Ana", range(labels), at_once=_AT_ONCE)
        with _timed("packed"):
            pack = _pack(source, "Ana", folder / "many.pack")
        sys.stdout.write(f"{labels:,} labels, given by {_AT_ONCE}: {pack.stat().st_size / 1e6:.0f} MB\n")
        _take(target, pack, "Ben")
        sys.stdout.write(f"  most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB\n")


def main() -> int:
    """Measure, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=0)
    many = parser.parse_args().many
    with TemporaryDirectory() as folder:
        held = merge_both_ways(Path(folder))
        if many:
            take_in_many(Path(folder), many)
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
