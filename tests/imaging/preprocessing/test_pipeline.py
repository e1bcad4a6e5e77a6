"""Recipes as data, and what holds of every recipe on every frame."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.domain.errors import BadRequest
from endodesk.domain.recipes import Recipe, RecipeStep
from endodesk.imaging.pixels import RGB
from endodesk.imaging.preprocessing.pipeline import (
    CLEAN,
    PAPER,
    RECIPES,
    apply_recipe,
    check_recipe,
    place_of_final,
    preprocess,
    recipe_named,
)
from endodesk.imaging.preprocessing.steps import STEPS, Knob
from endodesk.imaging.synthetic.frames import render_frame

GREEN = (20, 200, 60)
BOTH = pytest.mark.parametrize("recipe", [PAPER, CLEAN], ids=lambda recipe: recipe.name)


def values_of(knob: Knob) -> st.SearchStrategy[int | float]:
    if isinstance(knob.default, int):
        return st.integers(int(knob.low), int(knob.high))
    return st.floats(knob.low, knob.high)


def steps_named(names: list[str]) -> st.SearchStrategy[tuple[RecipeStep, ...]]:
    def one(name: str) -> st.SearchStrategy[RecipeStep]:
        knobs = {knob.name: values_of(knob) for knob in STEPS[name].knobs}
        return st.fixed_dictionaries(knobs).map(lambda values: STEPS[name].step(name, **values))

    return st.tuples(*(one(name) for name in names))


LAST = st.sampled_from([["resize"], ["shrink"]])
ANY_RECIPE = st.tuples(st.lists(st.sampled_from(sorted(set(STEPS) - {"resize", "shrink"})), max_size=5), LAST).flatmap(
    lambda names: steps_named(names[0] + names[1]).map(lambda steps: Recipe("any", steps))
)


def noise(seed: int, height: int, width: int, kind: str) -> RGB:
    rng = np.random.default_rng(seed)
    if kind == "noise":
        return rng.integers(0, 256, (height, width, 3), np.uint8)
    frame = np.zeros((height, width, 3), np.uint8)
    for _ in range(6):  # rectangles, some of them green or black
        y, x = rng.integers(0, height), rng.integers(0, width)
        colours = [GREEN, (0, 0, 0), (190, 110, 90), tuple(rng.integers(0, 256, 3))]
        frame[y : y + rng.integers(1, height + 1), x : x + rng.integers(1, width + 1)] = colours[rng.integers(0, 4)]
    return frame


def assert_sound(frame: RGB, recipe: Recipe) -> None:
    before = frame.copy()
    frame.setflags(write=False)
    steps = apply_recipe(frame, recipe)
    assert np.array_equal(frame, before)
    for step in steps:
        assert step.image.dtype == np.uint8
        assert step.mask is None or (step.mask.dtype == bool and step.mask.shape == step.image.shape[:2])
        assert step.pixels == (0 if step.mask is None else step.mask.sum())
    assert steps[-1].image.shape == (224, 224, 3)
    assert steps[-1].image.flags.c_contiguous
    assert np.array_equal(preprocess(frame, recipe), steps[-1].image)
    x, y, w, h = place_of_final(frame, steps)
    assert 0 <= x < x + w <= frame.shape[1]
    assert 0 <= y < y + h <= frame.shape[0]


@BOTH
@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((120, 160, 3), np.uint8),
        np.full((120, 160, 3), 255, np.uint8),
        np.full((120, 160, 3), GREEN, np.uint8),
        np.full((16, 16, 3), 120, np.uint8),
        np.full((16, 1200, 3), 120, np.uint8),
        np.full((1200, 16, 3), 120, np.uint8),
        noise(1, 16, 20_000, "noise"),
        np.pad(np.full((3, 3, 3), 200, np.uint8), ((60, 60), (60, 60), (0, 0))),  # a speck
        np.pad(np.full((1, 100, 3), 200, np.uint8), ((10, 10), (10, 10), (0, 0))),  # a line
    ],
    ids=["black", "white", "green", "tiny", "wide", "tall", "very wide", "speck", "line"],
)
def test_frames_out_of_the_ordinary_go_through(frame: RGB, recipe: Recipe) -> None:
    assert_sound(frame.copy(), recipe)


@BOTH
def test_a_frame_without_a_field_is_kept_whole(recipe: Recipe) -> None:
    for level in (0, 255):
        frame = np.full((120, 160, 3), level, np.uint8)
        steps = apply_recipe(frame, recipe)
        assert place_of_final(frame, steps) == (0, 0, 160, 120)
        assert np.unique(steps[-1].image).tolist() == [level]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    height=st.integers(16, 90),
    width=st.integers(16, 90),
    kind=st.sampled_from(["noise", "boxes"]),
    recipe=st.one_of(st.sampled_from([PAPER, CLEAN]), ANY_RECIPE),
)
def test_any_recipe_on_any_frame_ends_at_224(seed: int, height: int, width: int, kind: str, recipe: Recipe) -> None:
    check_recipe(recipe)
    assert_sound(noise(seed, height, width, kind), recipe)


@BOTH
def test_the_same_frame_gives_the_same_pixels(recipe: Recipe) -> None:
    image = render_frame("polyps", case_seed=4, frame_seed=1, width=300, box_kind="green").image
    assert np.array_equal(preprocess(image, recipe), preprocess(image.copy(), recipe))


def test_the_place_of_the_final_image_adds_up_all_crops() -> None:
    recipe = Recipe("twice", (*PAPER.steps[:2], *(step for step in CLEAN.steps if step.name != "text")))
    frame = render_frame("normal", case_seed=2, frame_seed=0, width=400, border="round", box_kind="").image
    steps = apply_recipe(frame, recipe)
    x, y, w, h = place_of_final(frame, steps)
    cut, filled = steps[-2].image, steps[-2].mask
    assert filled is not None
    assert cut.shape[:2] == (h, w)
    assert np.array_equal(frame[y : y + h, x : x + w][~filled], cut[~filled])
    assert filled.mean() < 0.1
    assert x > 0


@pytest.mark.slow
@given(recipe=ANY_RECIPE)
def test_recipes_survive_json(recipe: Recipe) -> None:
    back = Recipe.from_json(json.loads(json.dumps(recipe.to_json())))
    assert back == recipe
    assert back.fingerprint == recipe.fingerprint


@given(data=st.data())
def test_the_fingerprint_tells_every_knob_version_step_and_order(data: st.DataObject) -> None:
    recipe = data.draw(st.sampled_from([PAPER, CLEAN]))
    place = data.draw(st.integers(0, len(recipe.steps) - 1))
    step = recipe.steps[place]
    others = [replace(step, version=step.version + 1), replace(step, name=f"{step.name}x")]
    others += [replace(step, knobs=tuple((k, v + (0.01 if k == name else 0)) for k, v in step.knobs)) for name, _ in step.knobs]
    changed = replace(recipe, steps=(*recipe.steps[:place], data.draw(st.sampled_from(others)), *recipe.steps[place + 1 :]))
    shorter = replace(recipe, steps=recipe.steps[:place] + recipe.steps[place + 1 :])
    reversed_ = replace(recipe, steps=recipe.steps[::-1])
    assert len({r.fingerprint for r in (recipe, changed, shorter, reversed_)}) == 4
    assert replace(recipe, name="another").fingerprint == recipe.fingerprint


def test_published_fingerprints_stay() -> None:
    """A bundle is bound to its recipe by these: whoever changes a step's pixels raises its version and changes them here."""
    assert {name: recipe.fingerprint for name, recipe in RECIPES.items()} == {"paper": "24211ca00d993933", "clean": "3fc03ae5f037c8bb"}


@pytest.mark.parametrize(
    "value",
    [None, [], {}, {"name": "x"}, {"name": "x", "steps": 3}, {"name": "x", "steps": [{"name": "crop"}]}]
    + [{"name": "x", "steps": [{"name": "resize", "version": 1, "knobs": {"size_px": v}}]} for v in ("224", None, True, [224])]
    + [{"name": "x", "steps": [{"name": "crop", "version": v, "knobs": {}}]} for v in ("one", None, float("inf"))],
)
def test_what_is_no_recipe_is_refused(value: object) -> None:
    with pytest.raises(BadRequest, match="not written as a recipe"):
        Recipe.from_json(value)  # type: ignore[arg-type]


def changed(name: str, **knobs: int | float) -> Recipe:
    """PAPER with other knobs in one step, unchecked."""
    steps = []
    for step in PAPER.steps:
        values = {**dict(step.knobs), **(knobs if step.name == name else {})}
        steps.append(replace(step, knobs=tuple(sorted(values.items()))))
    return Recipe("x", tuple(steps))


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe("x", ()),
        Recipe("x", PAPER.steps[:-1]),
        Recipe("x", PAPER.steps + PAPER.steps[-1:]),
        Recipe("x", (STEPS["shrink"].step("shrink"), *PAPER.steps)),  # crops would be in two sizes of pixels
        Recipe("x", (RecipeStep("sharpen", 1), *PAPER.steps)),
        Recipe("x", (replace(PAPER.steps[0], version=2), *PAPER.steps[1:])),
        Recipe("x", (replace(PAPER.steps[0], knobs=()), *PAPER.steps[1:])),
        Recipe("x", (replace(PAPER.steps[1], knobs=(("size_px", 224),)), *PAPER.steps[2:])),
        Recipe("x", (replace(PAPER.steps[-1], knobs=(("size_px", 224), ("size_px", 224))),)),
        changed("field", l_above=4),
        changed("field", l_above=121),
        changed("field", margin_px=-1),
        changed("field", margin_px=9.5),
        changed("field", whole_share=float("nan")),
        changed("scopeguide", close_px=15.5),
        changed("scopeguide", close_px=10**6),
        changed("resize", size_px=225),
        changed("resize", size_px=224.0),
    ],
)
def test_recipes_that_this_program_cannot_follow_are_refused_in_a_sentence(recipe: Recipe) -> None:
    with pytest.raises(BadRequest, match=r"^The .*'x'.*\.$"):
        check_recipe(recipe)


def test_the_programs_own_recipes_pass_and_are_known_by_name() -> None:
    for name, recipe in RECIPES.items():
        check_recipe(recipe)
        assert recipe_named(name) is recipe
    with pytest.raises(BadRequest, match="choose one of: paper, clean"):
        recipe_named("Paper")


def test_defaults_lie_within_their_limits() -> None:
    for spec in STEPS.values():
        assert all(knob.allows(knob.default) and knob.allows(knob.low) and knob.allows(knob.high) for knob in spec.knobs)


def test_the_documentation_tells_every_step_with_its_knobs() -> None:
    text = (Path(__file__).parents[3] / "docs" / "preprocessing.md").read_text(encoding="utf-8")
    for recipe in RECIPES.values():
        for step in recipe.steps:
            row = next(line for line in text.splitlines() if line.startswith(f"| `{step.name}` |"))
            assert all(f"`{name}` ({value})" in row for name, value in step.knobs), step
