"""The chain leaves as lines that anybody can verify, with the script of the documentation or with our own reader."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from data_examples import NOON, a_correction, a_file

from endodesk.data.chain.anchor import Anchor
from endodesk.data.chain.chain_lines import BrokenLine, read_chain
from endodesk.data.chain.writing import ActNote
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
    rows = read_chain(lines)
    assert {table: len(found) for table, found in rows.items()} == {"event": 4, "step": 3, "correction": 3, "revocation": 1}
    assert rows["correction"][0]["label"] == "息肉 \u2028"


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
        read_chain(broken)


def test_an_end_that_is_cut_off_is_found_by_an_anchor_alone(lines: list[str], tmp_path: Path) -> None:
    last = json.loads(lines[-1])["event"]["digest"]
    assert by_script(tmp_path, lines[:-1])[0] == 0
    assert by_script(tmp_path, lines[:-1], "4", last) == (1, "events after 3 are missing: the anchor knows 4\n")
    assert by_script(tmp_path, lines, "4", "0" * 64)[0] == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"event": 5, "rows": []}', '{"event": {"id": 1, "covers": 5, "digest": "x"}, "rows": [1]}', "[" * 9999]
)
def test_what_is_no_chain_is_refused_by_a_sentence(text: str) -> None:
    with pytest.raises(BrokenLine, match="Line 1"):
        read_chain([text])


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"count": "1", "digest": "x", "date": "y"}', "\udcff"])
def test_what_is_no_anchor_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "anchor.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadRequest, match="anchor"):
        Anchor.read(tmp_path / "anchor.json")
