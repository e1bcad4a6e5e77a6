"""Several bundles as one: their mean, and refusals."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from bundle_files import Description, write_bundle
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle, BadRequest
from endodesk.imaging.hashing import sha256_file
from endodesk.imaging.preprocessing.pipeline import PAPER, preprocess
from endodesk.imaging.synthetic.frames import render_frame
from endodesk.inference.averaging import mean_heat, mean_probabilities, moved
from endodesk.inference.bundle import read_bundle
from endodesk.inference.ensemble import make_ensemble
from endodesk.inference.predictor import Predictor
from training.evaluation.evaluate import evaluate_folder


def redescribed(source: Path, folder: Path, seed: int | None = None, **changes: object) -> Path:
    """A copy of a bundle, consistent with itself, with another head (seed) or another description."""
    shutil.copytree(source, folder)
    if seed is not None:
        with np.load(folder / "head.npz") as arrays:
            spread = {name: value + np.random.default_rng(seed).normal(0, 0.1, value.shape).astype("f") for name, value in arrays.items()}
        np.savez(folder / "head.npz", **spread)
    bundle = read_bundle(source)
    bundle = replace(bundle, files={**bundle.files, "head.npz": sha256_file(folder / "head.npz")}, **changes)  # type: ignore[arg-type]
    (folder / "bundle.json").write_text(json.dumps(bundle.to_json()))
    return folder


@pytest.fixture
def pair(tmp_path: Path) -> list[Path]:
    first = write_bundle(tmp_path / "a")
    return [first, redescribed(first, tmp_path / "b", seed=1, temperature=2.0, recipe=PAPER, backbone="efficientnetb0")]


def test_an_ensemble_is_one_bundle_with_all_its_members_told_and_hashed(pair: list[Path], tmp_path: Path) -> None:
    made = make_ensemble(pair, tmp_path / "both", name="two")
    read = read_bundle(tmp_path / "both")
    assert read == made
    assert set(read.files) == {"1.backbone.tflite", "1.head.npz", "2.backbone.tflite", "2.head.npz", "MODEL_CARD.md"}
    assert [member.backbone for member in read.members] == ["mobilenetv2", "efficientnetb0"]
    assert [member.recipe.name for member in read.networks] == ["clean", "paper"]
    assert [member.temperature for member in read.members] == [1.0, 2.0]
    assert [member.bundle for member in read.members] == [read_bundle(folder).id for folder in pair]
    assert json.loads((tmp_path / "both" / "bundle.json").read_text())["format"] == 2  # programs without members say: newer
    assert "Research use only" in (tmp_path / "both" / "MODEL_CARD.md").read_text()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_its_name_tells_what_its_answers_depend_on(pair: list[Path], tmp_path: Path) -> None:
    made = make_ensemble(pair, tmp_path / "both")
    one, two = made.members
    others = [replace(made, members=members) for members in ((one, replace(two, temperature=3.0)), (one, replace(two, recipe=one.recipe)))]
    swapped = replace(made, members=(replace(one, head_file=two.head_file), replace(two, head_file=one.head_file)))
    assert len({bundle.id for bundle in (made, *others, swapped)}) == 4


def test_what_does_not_go_together_is_a_sentence(pair: list[Path], tmp_path: Path) -> None:
    bundle = read_bundle(pair[0])
    turned = redescribed(pair[0], tmp_path / "turned", classes=replace(bundle.classes, names=bundle.classes.names[::-1]))
    make_ensemble(pair, tmp_path / "both")
    (tmp_path / "file").touch()
    refusals = {
        "2 to 32 members, not 1": ([pair[0]], "x"),
        "named twice": ([pair[0], pair[1], pair[0]], "x"),
        "same classes in the same order": ([pair[0], turned], "x"),
        "is an ensemble itself": ([pair[0], tmp_path / "both"], "x"),
        "is there already": (pair, "both"),
        "cannot be written": (pair, "file/x"),
    }
    for says, (sources, out) in refusals.items():
        with pytest.raises(BadRequest, match=says) as told:
            make_ensemble(sources, tmp_path / out)
        assert str(told.value).endswith(".")
    with pytest.raises(BadBundle, match="is not a model"):
        make_ensemble([pair[0], tmp_path / "nowhere"], tmp_path / "x")
    assert not (tmp_path / "x").exists()


SPOILED: dict[str, Callable[[Description], object]] = {
    "no members": lambda told: told.pop("members"),
    "an empty list": lambda told: told.update(members=[]),
    "one member": lambda told: told["members"].pop(),
    "a thousand": lambda told: told.update(members=told["members"] * 500),
    "members as a table": lambda told: told.update(members={"1": told["members"][0]}),
    "a member that is a word": lambda told: told["members"].append("x"),
    "a file that is not listed": lambda told: told["members"][0].update(head_file="3.head.npz"),
    "a file outside": lambda told: told["members"][0].update(head_file="../head.npz"),
    "another's head": lambda told: told["members"][0].update(head_file="2.head.npz"),
    "another temperature": lambda told: told["members"][1].update(temperature=1.0),
    "no number as temperature": lambda told: told["members"][1].update(temperature=float("nan")),
    "a temperature too large for a number": lambda told: told["members"][1].update(temperature=10**400),
    "an unknown step": lambda told: told["members"][1]["recipe"]["steps"][0].update(name="sharpen"),
    "a knob turned": lambda told: told["members"][1]["recipe"]["steps"][0]["knobs"].update(open_px=7),
    "no recipe": lambda told: told["members"][1].pop("recipe"),
    "members in an old format": lambda told: told.update(format=1),
    "the shown recipe is another's": lambda told: told.update(
        recipe=told["members"][1]["recipe"], recipe_fingerprint=told["members"][1]["recipe_fingerprint"]
    ),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_descriptions_that_do_not_hold_are_refused(pair: list[Path], tmp_path: Path, spoiled: str) -> None:
    make_ensemble(pair, tmp_path / "both")
    told = json.loads((tmp_path / "both" / "bundle.json").read_text())
    SPOILED[spoiled](told)
    (tmp_path / "both" / "bundle.json").write_text(json.dumps(told))
    with pytest.raises(BadBundle, match=r"\.$"):
        read_bundle(tmp_path / "both")


@pytest.mark.parametrize("name", ["1.backbone.tflite", "2.head.npz"])
def test_a_members_file_that_was_changed_is_refused(pair: list[Path], tmp_path: Path, name: str) -> None:
    make_ensemble(pair, tmp_path / "both")
    (tmp_path / "both" / name).write_bytes(b"?")
    with pytest.raises(BadBundle, match="is not the file that the model was written with"):
        read_bundle(tmp_path / "both")


def test_a_consistent_member_whose_temperature_or_steps_make_no_sense_is_refused(pair: list[Path], tmp_path: Path) -> None:
    made = make_ensemble(pair, tmp_path / "both")
    newer = replace(PAPER, steps=(replace(PAPER.steps[0], version=99), *PAPER.steps[1:]))
    for change, says in (({"temperature": 0.0}, "temperature"), ({"recipe": newer}, "cannot be used")):
        members = (made.members[0], replace(made.members[1], **change))  # type: ignore[arg-type]
        (tmp_path / "both" / "bundle.json").write_text(json.dumps(replace(made, members=members).to_json()))
        with pytest.raises(BadBundle, match=says):
            read_bundle(tmp_path / "both")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), lambda v: st.lists(v, max_size=3), max_leaves=4
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(data=st.data(), value=JSON)
def test_any_value_in_any_place_of_a_member_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data, value: object) -> None:
    folder = tmp_path_factory.getbasetemp() / "ensemble"
    if not folder.exists():
        first = write_bundle(folder / "a")
        make_ensemble([first, redescribed(first, folder / "b", seed=1)], folder / "both")
    told = json.loads((folder / "both" / "bundle.json").read_text())
    whole = told["id"]
    told["members"][1][data.draw(st.sampled_from(sorted(told["members"][1])))] = value
    try:
        assert ModelBundle.from_json(told).id == whole
    except BadBundle as error:
        assert str(error).endswith(".")  # noqa: PT017


# --- means ------------------------------------------------------------------------------------------------------------

CELLS = st.lists(st.floats(0, 1, width=32), min_size=6, max_size=6).map(lambda values: np.array(values, "f").reshape(2, 3))


@given(maps=st.lists(CELLS, min_size=1, max_size=4), data=st.data())
def test_a_mean_heat_map_lies_in_0_to_1_and_reaches_1_where_anything_speaks(maps, data) -> None:
    weights = data.draw(st.lists(st.floats(0, 1), min_size=len(maps), max_size=len(maps)))
    heat = mean_heat(maps, weights)
    assert heat.shape == (2, 3)
    assert np.isfinite(heat).all()
    assert heat.min() >= 0
    assert heat.max() <= 1 + 1e-6
    if len(maps) > 1 and any(m.max() > 1e-3 and w > 1e-3 for m, w in zip(maps, weights, strict=True)):
        assert heat.max() == pytest.approx(1)


def test_who_believes_in_a_class_counts_for_its_heat_map() -> None:
    here, there = np.zeros((7, 7), "f"), np.zeros((7, 7), "f")
    here[0, 0], there[6, 6] = 1, 1
    heat = mean_heat([here, there], [0.9, 0.09])
    assert (heat[0, 0], heat[6, 6]) == (pytest.approx(1), pytest.approx(0.1))
    assert mean_heat([here, there], [0, 0])[6, 6] == pytest.approx(1)


def test_one_networks_probabilities_are_handed_through_and_severals_averaged() -> None:
    one, two = np.array([0.2, 0.8], "f"), np.array([0.6, 0.4], "f")
    assert mean_probabilities([one]) is one
    assert mean_probabilities([one, two]) == pytest.approx([0.4, 0.6])


def test_a_heat_map_moves_with_its_crop() -> None:
    heat = np.zeros((7, 7), "f")
    heat[3, 1] = 1
    same = moved(heat, (10, 20, 70, 70), (10, 20, 70, 70), (7, 7))
    assert np.allclose(same, heat, atol=1e-6)
    right = moved(heat, (0, 0, 70, 70), (10, 0, 70, 70), (7, 7))  # the other crop begins one cell further right
    assert right[3, 0] == pytest.approx(1)
    assert not right[:, 6].any()  # there the first does not reach
    assert not moved(heat, (0, 0, 70, 70), (500, 500, 70, 70), (7, 7)).any()
    coarse = moved(np.ones((7, 7), "f"), (0, 0, 70, 140), (0, 0, 70, 140), (4, 5))
    assert np.allclose(coarse, 1)


# --- with a real network ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Predictor, list[Predictor]]:
    """An ensemble of three, the last with another recipe, and its members."""
    folder = tmp_path_factory.mktemp("real")
    sources = [
        tiny_bundle,
        redescribed(tiny_bundle, folder / "b", seed=2, temperature=0.5),
        redescribed(tiny_bundle, folder / "c", seed=3, recipe=PAPER),
    ]
    make_ensemble(sources, folder / "all")
    return Predictor(folder / "all"), [Predictor(source) for source in sources]


@pytest.fixture(scope="module")
def frame() -> np.ndarray:
    return render_frame("polyps", case_seed=3, frame_seed=1, width=240).image


def test_it_answers_with_the_mean_each_by_its_own_recipe(real, frame: np.ndarray, tmp_path: Path) -> None:
    ensemble, members = real
    (tmp_path / "f.png").write_bytes(cv2.imencode(".png", frame[..., ::-1])[1].tobytes())
    alone = [member.answer(preprocess(frame, member.bundle.recipe)).probabilities for member in members]
    assert len({tuple(row) for row in alone}) == 3
    said = ensemble.predict_file(tmp_path / "f.png")
    assert said.probabilities == pytest.approx(np.mean(alone, axis=0), abs=1e-6)
    assert said.bundle == ensemble.bundle.id
    with pytest.raises(BadRequest, match="preprocess frames differently"):
        ensemble.answer(preprocess(frame, ensemble.bundle.recipe))


def test_its_heat_map_lies_over_the_frame_as_its_first_member_sees_it(real, frame: np.ndarray) -> None:
    ensemble, members = real
    answer = ensemble.answer_frame(frame)
    places = {view.place for view in answer.views}
    assert len(places) == 2  # the recipes crop differently
    for index in range(3):
        heat = ensemble.heat_map(answer, index)
        assert heat.shape == (7, 7)
        assert heat.min() >= 0
        assert heat.max() in (0, pytest.approx(1))
    assert members[0].heat_map(members[0].answer_frame(frame), 0).max() in (0, pytest.approx(1))


def test_with_one_recipe_stacks_of_frames_can_be_asked(tiny_bundle: Path, real, frame: np.ndarray, tmp_path: Path) -> None:
    _, members = real
    make_ensemble([member.folder for member in members[:2]], tmp_path / "two")
    final = preprocess(frame, members[0].bundle.recipe)
    alone = [member.predict_final(final[None]) for member in members[:2]]
    assert np.allclose(Predictor(tmp_path / "two").predict_final(final[None]), np.mean(alone, axis=0), atol=1e-6)


def test_an_ensemble_of_several_recipes_is_evaluated_without_the_shortcut_probe(real, tmp_path: Path) -> None:
    ensemble, _ = real
    for number, finding in enumerate(("polyps", "esophagitis")):
        (tmp_path / "frames" / finding).mkdir(parents=True)
        image = render_frame(finding, case_seed=number, frame_seed=1, width=200).image
        (tmp_path / "frames" / finding / "1.png").write_bytes(cv2.imencode(".png", image)[1].tobytes())
    measured = evaluate_folder(tmp_path / "frames", ensemble.folder, tmp_path / "out")
    assert measured.metrics["n"] == 2
    assert measured.metrics["probe"] == {}
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_member_that_does_not_fit_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    foreign = write_bundle(tmp_path / "foreign")
    make_ensemble([tiny_bundle, foreign], tmp_path / "both")
    with pytest.raises(BadBundle, match=r"^2\.backbone\.tflite is not a network"):
        Predictor(tmp_path / "both")
