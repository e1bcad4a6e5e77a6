"""A bundle is believed only when every file is the one it was written with."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bundle_files import Description, write_bundle
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.classes import PAPER_CLASSES, ClassSet
from endodesk.domain.errors import BadBundle
from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER
from endodesk.inference.bundle import read_bundle

DIGEST = "ab" * 32
BUNDLE = ModelBundle("x", PAPER_CLASSES, CLEAN, datetime(2025, 11, 23, tzinfo=UTC), {"backbone.tflite": DIGEST, "head.npz": DIGEST})


def refusal(folder: Path) -> str:
    with pytest.raises(BadBundle) as caught:
        read_bundle(folder)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_a_whole_bundle_is_read_as_it_was_written(tmp_path: Path) -> None:
    bundle = read_bundle(write_bundle(tmp_path / "model"))
    assert (bundle.classes, bundle.recipe, bundle.metrics) == (PAPER_CLASSES, CLEAN, {"n": 3})
    assert ModelBundle.from_json(json.loads(json.dumps(bundle.to_json()))) == bundle


def test_its_name_tells_all_that_its_answers_depend_on() -> None:
    others = [
        replace(BUNDLE, files={**BUNDLE.files, "head.npz": "cd" * 32}),
        replace(BUNDLE, files={**BUNDLE.files, "card.md": DIGEST}),
        replace(BUNDLE, classes=ClassSet(BUNDLE.classes.names[::-1])),
        replace(BUNDLE, recipe=PAPER),
        replace(BUNDLE, temperature=1.5),
    ]
    assert len({bundle.id for bundle in (BUNDLE, *others)}) == 6
    assert replace(BUNDLE, name="y", notes="z", metrics={"n": 9}, not_sure_below=0.7).id == BUNDLE.id


def test_a_bundle_from_before_there_was_a_threshold_still_opens(tmp_path: Path) -> None:
    assert read_bundle(write_bundle(tmp_path / "old", lambda told: told.pop("not_sure_below"))).not_sure_below is None
    assert read_bundle(write_bundle(tmp_path / "new", lambda told: told.update(not_sure_below=0.75))).not_sure_below == 0.75


@pytest.mark.parametrize("name", ["backbone.tflite", "head.npz"])
def test_files_that_are_missing_changed_or_only_linked_are_refused(tmp_path: Path, name: str) -> None:
    folder = write_bundle(tmp_path / "model")
    path, whole = folder / name, (folder / name).read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "is not the file that the model was written with" in refusal(folder)
    path.write_bytes(whole + b"\0")
    assert "is not the file that the model was written with" in refusal(folder)
    path.unlink()
    assert f"lacks {name}" in refusal(folder)
    path.mkdir()
    assert f"lacks {name}" in refusal(folder)
    path.rmdir()
    (tmp_path / "elsewhere").write_bytes(whole)
    path.symlink_to(tmp_path / "elsewhere")
    assert f"lacks {name}" in refusal(folder)


def test_a_folder_without_description_is_no_model(tmp_path: Path) -> None:
    assert "is not a model" in refusal(tmp_path / "nowhere")
    assert "is not a model" in refusal(tmp_path)
    (tmp_path / "bundle.json").mkdir()
    assert "is not a model" in refusal(tmp_path)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"x"', b"{}", b"[" * 100_000, b'{"format": 1' + b"0" * 5000 + b"}"]
)
def test_a_description_that_is_none_is_refused(tmp_path: Path, text: bytes) -> None:
    folder = write_bundle(tmp_path / "model")
    (folder / "bundle.json").write_bytes(text)
    assert "bundle.json" in refusal(folder) or "not a model" in refusal(folder)


def test_a_huge_description_is_not_even_read(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "model")
    with (folder / "bundle.json").open("r+b") as stream:
        stream.truncate(5 * 1024**2)
    assert "too large" in refusal(folder)


def test_a_huge_file_is_not_hashed(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "model")
    with (folder / "head.npz").open("r+b") as stream:
        stream.truncate(2 * 1024**3)  # sparse: takes no room
    assert "too large" in refusal(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_sentence(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "model")
    (folder / "head.npz").chmod(0)
    assert "permission denied" in refusal(folder)


@pytest.mark.parametrize(
    "name", ["../head.npz", "/etc/passwd", "a/b", "a\\b", "..", ".", "", ".hidden", "C:x", "x" * 300, "a\0b", "a\nb", "ä"]
)
def test_names_that_lead_out_of_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "head.npz").write_bytes(b"x")
    folder = write_bundle(tmp_path / "model", lambda told: told["files"].update({name: DIGEST}))
    assert "do not use it" in refusal(folder)


SPOILED: dict[str, Callable[[Description], object]] = {
    "newer format": lambda told: told.update(format=3),
    "another input": lambda told: told.update(input_px=299),
    "no proper hash": lambda told: told["files"].update({"head.npz": "0" * 63}),
    "no head": lambda told: told["files"].pop("head.npz"),
    "files as a list": lambda told: told.update(files=["head.npz"]),
    "other classes": lambda told: told.update(classes=told["classes"][::-1]),
    "no classes": lambda told: told.update(classes=[]),
    "a class twice": lambda told: told.update(classes=["a", "a"]),
    "a class that is a path": lambda told: told.update(classes=["../a", "b", "c"]),
    "another temperature": lambda told: told.update(temperature=2.0),
    "no temperature": lambda told: told.update(temperature=float("nan")),
    "a temperature too large for a number": lambda told: told.update(temperature=10**400),
    "a threshold above 1": lambda told: told.update(not_sure_below=1.5),
    "a threshold that is no number": lambda told: told.update(not_sure_below=float("nan")),
    "no time": lambda told: told.update(created="yesterday"),
    "a time without its zone": lambda told: told.update(created="2025-11-23T12:00:00"),
    "an unknown step": lambda told: told["recipe"]["steps"][0].update(name="sharpen"),
    "a newer step": lambda told: told["recipe"]["steps"][0].update(version=99),
    "a knob turned": lambda told: told["recipe"]["steps"][0]["knobs"].update(smallest_share=0.03),
    "no recipe": lambda told: told.pop("recipe"),
    "no metrics": lambda told: told.update(metrics=3),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_descriptions_that_do_not_hold_are_refused(tmp_path: Path, spoiled: str) -> None:
    refusal(write_bundle(tmp_path / "model", SPOILED[spoiled]))


def test_a_newer_format_says_what_to_do(tmp_path: Path) -> None:
    assert "Use a newer EndoDesk" in refusal(write_bundle(tmp_path / "model", SPOILED["newer format"]))


@pytest.mark.parametrize(
    "recipe",
    [
        replace(CLEAN, steps=(replace(CLEAN.steps[0], name="sharpen"), *CLEAN.steps[1:])),
        replace(CLEAN, steps=(replace(CLEAN.steps[0], version=99), *CLEAN.steps[1:])),
        replace(CLEAN, steps=CLEAN.steps[:-1]),
    ],
)
def test_a_consistent_bundle_whose_steps_we_do_not_have_is_refused(tmp_path: Path, recipe) -> None:
    folder = write_bundle(tmp_path / "model")
    bundle = replace(read_bundle(folder), recipe=recipe)
    (folder / "bundle.json").write_text(json.dumps(bundle.to_json()))
    assert "cannot be used" in refusal(folder)


@pytest.mark.parametrize("temperature", [1e-300, 0.0, -1.0, 1e9, float("inf")])
def test_a_temperature_that_makes_no_sense_is_refused(tmp_path: Path, temperature: float) -> None:
    folder = write_bundle(tmp_path / "model")
    bundle = replace(read_bundle(folder), temperature=temperature)
    (folder / "bundle.json").write_text(json.dumps(bundle.to_json()))
    assert "temperature" in refusal(folder)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), lambda v: st.lists(v, max_size=3), max_leaves=4
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(key=st.sampled_from(sorted(BUNDLE.to_json())), value=JSON | st.dictionaries(st.text(max_size=5), JSON, max_size=3))
def test_any_value_in_any_place_is_read_or_refused(key: str, value: object) -> None:
    try:
        bundle = ModelBundle.from_json({**BUNDLE.to_json(), key: value})
    except BadBundle as error:
        assert str(error).endswith(".")  # noqa: PT017
    else:
        assert bundle.id == BUNDLE.id
