"""A model's proof: read back as it was signed, or refused; and what is not as it was is named."""

import json
import os
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signed_proofs import KEY, a_proof, signed

from endodesk.app.retraining.proof.model_proof import (
    NAMED,
    BadProof,
    digest_of_row,
    flat,
    read_proof,
    rows_changed,
    signer_told,
    told_changed,
)
from endodesk.app.signers import remember
from endodesk.dataset.manifest import PARTS, ManifestRow
from endodesk.domain.images import Sha256
from endodesk.system.signing import SigningKey

CLASSES = ("esophagitis", "polyps", "normal")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3),
    max_leaves=8,
)


def read(data):
    with TemporaryDirectory() as folder:
        Path(folder, "proof.json").write_bytes(data)
        return read_proof(Path(folder))


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), st.text(max_size=10))
def test_what_was_signed_is_read_back(figures, word):
    proof = replace(a_proof([digest_of_row("0" * 64, word, "train")]), figures=figures, configuration={"name": word})
    found = read(signed(proof))
    assert found is not None
    assert found.signed_bytes == proof.signed_bytes
    assert told_changed("{key}", figures, found.figures) == []


@given(st.data())
def test_with_any_byte_changed_it_is_refused(data):
    whole = signed(a_proof([digest_of_row("0" * 64, "polyps", "train")]))
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    with pytest.raises(BadProof):
        read(whole[:at] + bytes([other]) + whole[at + 1 :])


@given(st.integers(0, 29), st.sampled_from(CLASSES), st.sampled_from(PARTS))
def test_any_row_that_was_changed_is_named_with_what_was_signed(at, label, part):
    rows = [ManifestRow(Path(f"{n}.png"), Sha256(f"{n:064x}"), "", CLASSES[n % 3], part=PARTS[n % 2]) for n in range(30)]
    proof = a_proof(sorted(digest_of_row(row.sha256, row.label, row.part) for row in rows))
    changed = [*rows[:at], replace(rows[at], label=label, part=part), *rows[at + 1 :]]
    expected = [] if changed == rows else [(changed[at], rows[at].label, rows[at].part)]
    assert rows_changed(proof, changed, CLASSES) == (expected, 0)
    assert rows_changed(proof, rows[:at] + rows[at + 1 :], CLASSES) == ([], 1)


@given(VALUES.filter(lambda value: isinstance(value, dict) and flat(value)), st.data())
def test_any_value_that_was_changed_is_named(values, data):
    key = data.draw(st.sampled_from(sorted(flat(values))))
    before, after = flat(values), flat(deepcopy(values))
    after[key] = "changed"
    assert told_changed("{key}", before, before) == []
    assert len(told_changed("{key} {now} {signed}", before, after)) == 1


def test_ten_are_named_and_the_others_counted():
    told = told_changed("{key} {now} {signed}", dict.fromkeys(map(str, range(25)), 1), {})
    assert len(told) == NAMED + 1
    assert told[-1] == "And 15 more."


def test_another_kind_a_link_and_a_newer_one_are_refused(tmp_path):
    assert read_proof(tmp_path) is None
    told = json.loads(signed(a_proof([])))
    for change in (
        {"rows": [1]},
        {"anchor": {"count": 2**70, "digest": "", "date": ""}},
        {"name": "A\u202ena"},
        {"more": 1},
        {"files": {"a": 1}},
    ):
        with pytest.raises(BadProof, match="no proof of a model"):
            read(json.dumps({**told, "proof": {**told["proof"], **change}}).encode())
    with pytest.raises(BadProof, match="newer"):
        read(json.dumps({"proof": {"version": 2}}).encode())
    (tmp_path / "elsewhere").write_bytes(signed(a_proof([])))
    (tmp_path / "proof.json").symlink_to(tmp_path / "elsewhere")
    assert read_proof(tmp_path) is None
    (tmp_path / "proof.json").unlink()
    os.mkfifo(tmp_path / "proof.json")
    assert read_proof(tmp_path) is None


def test_a_key_is_told_by_what_is_known_of_it(home):
    proof = a_proof([])
    assert "a key that is not known here" in signer_told(proof)
    remember("Ana", KEY.public)
    assert "the key that this name has always had here" in signer_told(proof)
    remember("Ana", SigningKey(bytes(32)).public)
    assert "another key than this name had here before" in signer_told(proof)
