"""The file of a pack: what was changed is named, and what a stranger signed properly can still do no harm."""

import json
import random
from pathlib import Path

import pytest
from data_examples import NOON, a_correction, a_file

from endodesk.data.acts.record import ForeignChains
from endodesk.data.chain.chain_lines import BrokenLine, read_chains
from endodesk.data.chain.rows import digest_of, line_of
from endodesk.data.database import Database
from endodesk.data.packs.chain_acts import acts_in
from endodesk.data.packs.pack_file import read_pack
from endodesk.system.task import TaskContext
from tests.faults.pack_tampering import make_pack, named_line, tampered


@pytest.mark.slow
def test_whatever_is_changed_is_refused_and_its_line_named(tmp_path: Path) -> None:
    data, place, chance = make_pack(tmp_path, 1), tmp_path / "changed.pack", random.Random(1)
    place.write_bytes(data)
    assert len(read_pack(place, TaskContext()).chains) > 1
    for _ in range(40):
        changed, lines = tampered(data, chance)
        place.write_bytes(changed)
        with pytest.raises(BrokenLine) as refused:
            read_pack(place, TaskContext())
        assert named_line(refused.value) in lines


def signed_anew(line: str, **values: object) -> str:
    """A line whose corrections say something else, with all digests right again."""
    told = json.loads(line)
    covers = []
    for row in told["rows"]:
        if row["table"] == "correction":
            row.update(values)
        covers.append(f"{row['table']} {row['id']} {digest_of(row)}")
    event = told["event"]
    event["covers"] = "\n".join(covers)
    event["digest"] = digest_of({name: value for name, value in event.items() if name != "digest"})
    return line_of(told)


@pytest.mark.parametrize(
    "values",
    [
        {"label": "half a letter \ud800"},
        {"label": 5},
        {"label": {"bytes": "ff"}},
        {"label": "x" * 200_000},
        {"reader": ""},
        {"reader": ["Ana"]},
        {"at": "never"},
        {"at": "2026-01-01T00:00:00"},
        {"at": "9999-12-31T23:59:59+00:00"},
        {"at": None},
        {"said": "promotion of myself"},
        {"image": "../../etc/passwd"},
        {"image": None},
        {"answer": [[[]]]},
        {"step": "x"},
    ],
    ids=lambda values: f"{next(iter(values))} {next(iter(values.values()))!r:.12}",
)
def test_a_row_that_is_no_act_is_passed_over_and_counted_though_it_is_signed(tmp_path: Path, values: dict[str, object]) -> None:
    with Database.open(tmp_path / "a.sqlite") as db:
        db.images.add(a_file(number) for number in range(3))
        db.corrections.give([a_correction(1)])
        [line] = db.chain.lines()
    changed = signed_anew(line, **values)
    found = acts_in(read_chains([changed]))
    with Database.open(tmp_path / "b.sqlite") as db:
        db.images.add(a_file(number) for number in range(3))
        db.acts.take_in(found.acts.values(), by="Ben", at=NOON, chains=ForeignChains(found.words, [changed]))
        assert found.damaged == (0 if "step" in values else 1)
        assert len(db.acts.recorded()) == 1 - found.damaged
        assert db.chain.verify().broken is None
