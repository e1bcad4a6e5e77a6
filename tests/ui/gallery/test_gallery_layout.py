"""Where cards stand: what is painted at a point is what a click there finds."""

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.ui.gallery.layout import CardLayout

items_of = st.lists(st.sampled_from([-2, 1, 1, 1]), max_size=40).map(lambda items: np.array(items, np.int32))
layouts = st.builds(
    lambda items, width, card: (items, CardLayout.of(items, width=width, card=card, header_px=9)),
    items_of,
    st.integers(1, 200),
    st.tuples(st.integers(5, 60), st.integers(5, 40)),
)


@settings(deadline=None)
@given(layouts)
def test_items_fill_the_width_without_overlap_and_are_found_where_they_stand(made):
    items, layout = made
    boxes = [layout.box(place) for place in range(len(items))]
    for place, (left, top, width, height) in enumerate(boxes):
        assert left >= 0
        assert left + width <= layout.width
        assert top + height <= layout.height
        if width:
            assert layout.at(left, top) == layout.at(left + width - 1, top + height - 1) == place
        if items[place] < 0:
            assert (left, width, height) == (0, layout.width, 9)
    areas = sum(width * height for _, _, width, height in boxes)
    lines = {(top, height) for _, top, _, height in boxes}
    assert sum(height for _, height in lines) == layout.height
    assert areas <= layout.width * layout.height
    assert layout.at(layout.width, 0) == layout.at(0, layout.height) == layout.at(-1, 0) == -1


@settings(deadline=None)
@given(layouts, st.integers(-20, 300), st.integers(0, 200))
def test_what_stands_between_two_heights(made, top, more):
    items, layout = made
    inside = [place for place in range(len(items)) if (box := layout.box(place)) and box[1] <= top + more and box[1] + box[3] > top]
    assert list(layout.between(top, top + more)) == inside


@settings(deadline=None)
@given(layouts)
def test_up_and_down_go_a_line_at_a_time_over_headers(made):
    items, layout = made
    cards = [place for place in range(len(items)) if items[place] >= 0]
    tops = sorted({layout.box(place)[1] for place in cards})
    for place in cards:
        line = tops.index(layout.box(place)[1])
        for found, there in ((layout.above(place), line - 1), (layout.below(place), line + 1)):
            assert items[found] >= 0
            if 0 <= there < len(tops):
                assert layout.box(found)[1] == tops[there]
                assert layout.box(found)[0] <= layout.box(place)[0]
            else:
                assert found == place


def test_a_hundred_thousand_cards_are_laid_out_in_a_moment():
    items = np.arange(100_000, dtype=np.int32)
    items[::200] = -2
    began = time.process_time()
    layout = CardLayout.of(items, width=640, card=(146, 136), header_px=28)
    layout.between(1000, 2000)
    assert time.process_time() - began < 0.05
