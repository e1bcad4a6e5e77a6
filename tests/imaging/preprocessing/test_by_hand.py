"""What is drawn by hand is taken as it is by the steps of both recipes; without it nothing changes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.app.viewing.step_words import STEP_WORDS
from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides, Part, outline_of
from endodesk.domain.recipes import Recipe
from endodesk.imaging.preprocessing.by_hand import drawn, filled_outline
from endodesk.imaging.preprocessing.exploration import Exploration
from endodesk.imaging.preprocessing.pipeline import CLEAN, PAPER, RECIPES, apply_recipe, place_of_final, preprocess
from endodesk.imaging.preprocessing.steps import STEPS
from endodesk.imaging.reading.read import read_image
from endodesk.imaging.synthetic.frames import render_frame

SHARED = Path(__file__).parents[4] / "shared" / "data" / "unlabelled"
BOX = ((0.5, 0.5), (0.8, 0.5), (0.8, 0.75), (0.5, 0.75))
FIELD = ((0.2, 0.1), (0.9, 0.1), (0.9, 0.9), (0.2, 0.9))
recipes = pytest.mark.parametrize("recipe", list(RECIPES.values()), ids=list(RECIPES))
shares = st.floats(0, 1)


@pytest.fixture(scope="module")
def frame():
    return render_frame("polyps", case_seed=3, frame_seed=1, width=720).image


def found(recipe: Recipe, part: Part, image, by_hand: FrameOverrides):
    return next(step for step in apply_recipe(image, recipe, by_hand) if STEPS[step.name].finds is part)


@settings(deadline=None)
@given(st.lists(st.tuples(shares, shares), min_size=3, max_size=9), st.integers(1, 90), st.integers(1, 90), st.booleans())
def test_an_outline_fills_pixels_of_the_frame_within_its_edges(points, height, width, convex) -> None:
    mask = filled_outline(outline_of(points), height, width, convex=convex)
    assert mask.shape == (height, width)
    assert set(np.unique(mask)) <= {0, 1}
    rows, columns = np.nonzero(mask)
    for places, shares_, size in ((columns, [x for x, _ in points], width), (rows, [y for _, y in points], height)):
        if len(places):
            assert places.min() >= min(shares_) * size - 1.6
            assert places.max() <= max(shares_) * size + 0.6


def test_the_whole_frame_outlined_is_the_whole_frame_and_nothing_is_nothing() -> None:
    assert filled_outline(((0, 0), (1, 0), (1, 1), (0, 1)), 20, 30).all()
    assert not filled_outline((), 20, 30).any()
    assert drawn(NOTHING_GIVEN, 20, 30) is None


@recipes
def test_without_anything_drawn_every_pixel_is_as_before(recipe, frame) -> None:
    for one, other in zip(apply_recipe(frame, recipe), apply_recipe(frame, recipe, NOTHING_GIVEN), strict=True):
        assert np.array_equal(one.image, other.image)
        assert not one.by_hand
        assert one.ms > 0


@recipes
def test_a_box_drawn_is_what_the_step_masks_and_the_input_differs_there(recipe, frame) -> None:
    by_hand = FrameOverrides(box=BOX)
    step = found(recipe, Part.BOX, frame, by_hand)
    results = apply_recipe(frame, recipe, by_hand)
    x, y, _, _ = place_of_final(frame, results[: [result.name for result in results].index(step.name) + 1])
    wanted = filled_outline(BOX, *frame.shape[:2])[y : y + step.mask.shape[0], x : x + step.mask.shape[1]].astype(bool)
    assert step.by_hand
    assert np.count_nonzero(step.mask != wanted) < 0.01 * wanted.size
    assert not np.array_equal(preprocess(frame, recipe), preprocess(frame, recipe, by_hand))
    assert np.array_equal(preprocess(frame, recipe, by_hand), results[-1].image)


@recipes
def test_a_field_drawn_is_where_the_frame_is_cut(recipe, frame) -> None:
    height, width = frame.shape[:2]
    results = apply_recipe(frame, recipe, FrameOverrides(field=FIELD))
    x, y, w, h = place_of_final(frame, results)
    assert abs(x - 0.2 * width) < 0.06 * width
    assert abs(y - 0.1 * height) < 0.06 * height
    assert abs(x + w - 0.9 * width) < 0.06 * width
    assert abs(y + h - 0.9 * height) < 0.06 * height


@recipes
def test_none_drawn_means_none_is_found(recipe, frame) -> None:
    box, field = found(recipe, Part.BOX, frame, FrameOverrides(box=())), found(recipe, Part.FIELD, frame, FrameOverrides(field=()))
    assert (box.pixels, box.by_hand, field.by_hand) == (0, True, True)
    assert field.mask.all()
    x, y, w, h = place_of_final(frame, apply_recipe(frame, recipe, FrameOverrides(field=())))
    assert (x, y, w) == (0, 0, frame.shape[1])
    assert h > 0.99 * frame.shape[0]  # the rectangle is sought on every second row


@recipes
@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(shares, shares), min_size=3, max_size=6), st.lists(st.tuples(shares, shares), min_size=3, max_size=6))
def test_any_outlines_give_a_whole_input(recipe, box, field) -> None:
    image = render_frame("polyps", case_seed=1, frame_seed=1, width=96).image
    steps = apply_recipe(image, recipe, FrameOverrides(outline_of(box), outline_of(field)))
    assert steps[-1].image.shape == (224, 224, 3)
    x, y, w, h = place_of_final(image, steps)
    assert 0 <= x < x + w <= image.shape[1]
    assert 0 <= y < y + h <= image.shape[0]


@recipes
def test_exploring_gives_what_the_recipe_gives_and_keeps_what_comes_before_the_knob(recipe, frame) -> None:
    exploration = Exploration(frame, FrameOverrides(box=BOX))
    first = exploration.apply(recipe)
    name, knob = ("lit-field", "lit_above") if recipe is CLEAN else ("scopeguide", "hue_low")
    number = [step.name for step in recipe.steps].index(name)
    steps = list(recipe.steps)
    steps[number] = STEPS[name].step(name, **{knob: 50})
    changed = Recipe(recipe.name, tuple(steps))
    then, fresh = exploration.apply(changed), apply_recipe(frame, changed, FrameOverrides(box=BOX))
    assert all(one is other for one, other in zip(first[:number], then[:number], strict=True))
    assert not any(one is other for one, other in zip(first[number:], then[number:], strict=True))
    for one, other in zip(then, fresh, strict=True):
        assert np.array_equal(one.image, other.image)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared frames are not here")
@recipes
def test_a_real_green_box_stays_where_the_reader_says_there_is_none(recipe) -> None:
    image = read_image(sorted(SHARED.glob("*.jpg"))[0])
    assert found(recipe, Part.BOX, image, NOTHING_GIVEN).pixels > 1000
    assert found(recipe, Part.BOX, image, FrameOverrides(box=())).pixels == 0


def test_every_part_has_a_step_in_each_recipe_and_every_knob_a_title() -> None:
    for recipe in (PAPER, CLEAN):
        assert {STEPS[step.name].finds for step in recipe.steps} == {None, *Part}
    titles = [knob.title for spec in STEPS.values() for knob in spec.knobs]
    assert all(title and title == title.strip() for title in titles)
    assert {*titles, *(spec.title for spec in STEPS.values())} == set(STEP_WORDS)
