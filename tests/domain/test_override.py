import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.overrides import NOTHING_GIVEN, FrameOverrides, Overrides, outline_of

shares = st.floats(0, 1)
outlines = st.one_of(st.none(), st.just(()), st.lists(st.tuples(shares, shares), min_size=3, max_size=12).map(tuple))
drawings = st.builds(FrameOverrides, outlines, outlines)


@given(drawings)
def test_what_was_drawn_comes_back_from_json_as_it_was(drawn: FrameOverrides) -> None:
    assert FrameOverrides.from_json(json.loads(json.dumps(drawn.to_json()))) == drawn


@given(drawings, drawings)
def test_a_frame_has_a_name_of_its_own_for_each_drawing_and_its_own_name_without_one(one: FrameOverrides, other: FrameOverrides) -> None:
    image = Sha256("ab" * 32)
    assert (one.name_of(image) == other.name_of(image)) is (one == other)
    assert NOTHING_GIVEN.name_of(image) == image
    assert len(one.name_of(image)) == 64


@given(drawings, drawings)
def test_part_by_part_a_frames_own_holds_before_the_rule_of_its_size(own: FrameOverrides, rule: FrameOverrides) -> None:
    image = Sha256("ab" * 32)
    held = Overrides({image: own}, {(720, 576): rule})
    here, elsewhere = held.of(image, 720, 576), held.of(image, 576, 720)
    assert here.box == (rule.box if own.box is None else own.box)
    assert here.field == (rule.field if own.field is None else own.field)
    assert elsewhere == own
    assert held.of(Sha256("cd" * 32), 720, 576) == rule


@pytest.mark.parametrize(
    "points", [[(0, 0)], [(0, 0), (1, 1)], [(0, 0), (0.5, 2), (1, 1)], [(0, np.nan), (0, 0), (1, 1)], [1, 2, 3], "abc"]
)
def test_nonsense_is_no_outline(points: object) -> None:
    with pytest.raises(BadRequest):
        outline_of(points)  # type: ignore[arg-type]


@pytest.mark.parametrize("told", [None, [], {}, {"box": None}, {"box": None, "field": 3}, {"box": None, "field": None, "more": 1}])
def test_nonsense_is_no_drawing(told: object) -> None:
    with pytest.raises(BadRequest):
        FrameOverrides.from_json(told)
