"""A chain that somebody made by hand: it holds, and what it tells can still be no act, or no word on one."""

from typing import Any

import pytest
from data_examples import NOON, sha

from endodesk.data.chain.chain_lines import read_chains
from endodesk.data.chain.rows import covers_of, digest_of, line_of
from endodesk.data.packs.chain_acts import acts_in

THEN = NOON.isoformat()
STEP = {"table": "step", "id": 1, "reader": "Eve", "at": THEN, "kind": "do"}
SAID = {"table": "correction", "id": 1, "image": sha(1), "label": "polyps", "reader": "Eve", "at": THEN, "said": "label", "blind": 0}


def chain_of_one(*rows: dict[str, Any]) -> str:
    covered = ((row["table"], {name: value for name, value in row.items() if name != "table"}) for row in rows)
    event = {"id": 1, "kind": "x", "at": THEN, "utc_offset_min": 0, "covers": covers_of(covered), "reach": "[]"}
    return line_of({"event": {**event, "digest": digest_of(event)}, "rows": [*rows]})


@pytest.mark.parametrize(
    "bad",
    [
        {"at": NOON.replace(tzinfo=None).isoformat()},
        {"at": "9999-12-31T23:59:59.999999+00:00"},
        {"at": "0001-01-01T00:00:00+12:00"},
        {"at": 5},
        {"reader": ""},
        {"reader": "x" * 3000},
        {"reader": 7},
    ],
    ids=["no zone", "year 9999", "year 1", "number", "nobody", "long", "no name"],
)
def test_a_word_that_can_be_nobodys_is_left_out_and_the_act_comes_without_it(bad) -> None:
    word = {"table": "revocation", "id": 1, "correction": 1, "revoked": 1, "reader": "Eve", "at": THEN}
    whole = {**word, "id": 2, "revoked": 0}
    found = acts_in(read_chains([chain_of_one(STEP, SAID, {**word, **bad}, whole)]))
    assert found.damaged == 1
    [act] = found.acts.values()
    assert [said.revoked for said in found.words[act.key]] == [False]
