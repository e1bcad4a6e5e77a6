"""The chain leaves as lines that anybody can verify, with the script of the documentation or with our own reader."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from data_examples import NOON, a_correction, a_file

from endodesk.data.chain.anchor import Anchor
from endodesk.data.chain.chain_lines import BrokenLine, read_chains
from endodesk.data.chain.foreign import add_foreign
from endodesk.data.chain.verifying import BrokenRow, Fault
from endodesk.data.chain.writing import ActNote
from endodesk.data.connections import raw_of
from endodesk.data.database import Database
from endodesk.domain.errors import BadRequest

SCRIPT = Path(__file__).parents[3] / "docs" / "verify_export.py"


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    with Database.open(tmp_path_factory.mktemp("made") / "project.sqlite") as db:
        db.images.add(a_file(number) for number in range(4))
        db.corrections.give([a_correction(1, "息肉 \u2028"), a_correction(2)])
        step = db.corrections.give([a_correction(3, "ulcer", minutes=1)], note=ActNote(spent_ms=7))
        db.steps.undo(step, reader="Dr. Müller", at=NOON)
        db.chain.tell(ActNote("export", "Ann", told={"file": "labels.csv"}))
        return list(db.chain.lines())


def by_script(folder: Path, lines: list[str], *anchor: str) -> tuple[int, str]:
    file = folder / "chain.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), str(file), *anchor], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_script_is_short_and_needs_nothing_but_python() -> None:
    text = SCRIPT.read_text("utf-8")
    assert len(text.splitlines()) <= 50
    assert [line.split()[1] for line in text.splitlines() if line.startswith(("import", "from"))] == ["hashlib", "json", "sys"]


def test_an_export_verifies_by_the_script_and_by_us(lines: list[str], tmp_path: Path) -> None:
    last = json.loads(lines[-1])["event"]["digest"]
    assert by_script(tmp_path, lines, "4", last) == (0, f"4 events hold; the last digest is {last}\n")
    [chain] = read_chains(lines)
    assert (chain.events, chain.digest) == (4, last)
    assert [len(chain.rows(table)) for table in ("step", "correction", "revocation", "override")] == [3, 3, 1, 0]
    assert next(iter(chain.rows("correction")))["label"] == "息肉 \u2028"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda lines: [lines[0].replace("polyps", "polypt"), *lines[1:]], "correction 2"),
        (lambda lines: [lines[0], lines[1].replace('"spent_ms":7', '"spent_ms":8'), *lines[2:]], "event 2"),
        (lambda lines: [lines[0], *lines[2:]], "event 3"),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], "event 3"),
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], "event 2"),
        (lambda lines: [*lines[:3], lines[3].replace("labels.csv", "others.csv")], "event 4"),
    ],
    ids=["row changed", "event changed", "line missing", "lines swapped", "line inserted", "told changed"],
)
def test_what_was_done_to_an_export_is_named(lines: list[str], tmp_path: Path, change: object, named: str) -> None:
    assert callable(change)
    broken = change(lines)
    assert broken != lines
    code, told = by_script(tmp_path, broken)
    assert (code, named in told) == (1, True)
    with pytest.raises(BrokenLine, match=named):
        read_chains(broken)


def test_an_end_that_is_cut_off_is_found_by_an_anchor_alone(lines: list[str], tmp_path: Path) -> None:
    last = json.loads(lines[-1])["event"]["digest"]
    assert by_script(tmp_path, lines[:-1])[0] == 0
    assert by_script(tmp_path, lines[:-1], "4", last) == (1, "lines after 3 are missing\n")
    assert by_script(tmp_path, lines, "4", "0" * 64)[0] == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"event": 5, "rows": []}', '{"event": {"id": 1, "covers": 5, "digest": "x"}, "rows": [1]}', "[" * 9999]
)
def test_what_is_no_chain_is_refused_by_a_sentence(text: str) -> None:
    with pytest.raises(BrokenLine, match="Line 1"):
        read_chains([text])


def a_merged(folder: Path, records: int) -> list[list[str]]:
    """Chains of so many records, each of which took in the one before it, the first one the last one."""
    found: list[list[str]] = []
    for turn in range(records + 1):
        with Database.open(folder / f"{turn % records}.sqlite") as db:
            db.images.add(a_file(number) for number in range(4))
            db.corrections.give([a_correction(1, f"class {turn}")])
            if found:
                with db._connections.write() as connection:  # as taking a pack in does
                    add_foreign(raw_of(connection), found[-1])
            assert db.chain.verify().broken is None
            found.append(list(db.chain.lines()))
    return found


def test_merged_records_hold_each_event_once_and_whole(tmp_path: Path) -> None:
    """However often they went round: lines within lines would double each time."""
    *_, last = a_merged(tmp_path, 3)
    assert len(last) == len(set(last)) == len({json.loads(line)["event"]["digest"] for line in last})
    own, *others = read_chains(last)
    assert own.events == 3, "two acts and one taking in"
    assert [chain.events for chain in others] == [2, 2]
    assert by_script(tmp_path, last)[0] == 0
    missing = [*last[:-2], last[-1]]
    assert f"line {len(last) - 1}" in by_script(tmp_path, missing)[1]
    with pytest.raises(BrokenLine, match=f"Line {len(last) - 1} "):
        read_chains(missing)


def test_a_foreign_line_that_was_changed_is_named(tmp_path: Path) -> None:
    a_merged(tmp_path, 2)
    with closing(sqlite3.connect(tmp_path / "0.sqlite")) as connection:
        connection.execute("DROP TRIGGER foreign_event_no_update")
        connection.execute("UPDATE foreign_event SET line = replace(line, 'class 1', 'class 9') WHERE id = 1")
        connection.commit()
    with Database.open(tmp_path / "0.sqlite") as db:
        assert db.chain.verify().broken == BrokenRow("foreign_event", 1, Fault.CHANGED)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"count": "1", "digest": "x", "date": "y"}', "\udcff"])
def test_what_is_no_anchor_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "anchor.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadRequest, match="anchor"):
        Anchor.read(tmp_path / "anchor.json")
