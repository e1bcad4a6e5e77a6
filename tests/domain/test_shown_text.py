"""Names fit to be shown: what is not seen, or turns what is, becomes visible; what is only foreign stays."""

import pytest

from endodesk.domain.images import printable
from endodesk.domain.shown_text import isolated, visible, visible_lines

INSTEAD = "\N{REPLACEMENT CHARACTER}"
TURN_OR_HIDE = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u2060\ufeff\u00ad\u180e"
    "\u2028\u2029\u0085\n\r\t\x00\x1b\x7f\udcff\u115f\u3164\u2800\u034f\ue000"
)


@pytest.mark.parametrize("one", TURN_OR_HIDE)
def test_what_hides_or_turns_becomes_visible(one):
    assert visible(f"a{one}b.png") == f"a{INSTEAD}b.png"
    assert printable(f"a{one}b.png") == f"a{INSTEAD}b.png"


FOREIGN = (
    "a & b.png", "Fälle 内視鏡.png", "cafe\u0301.png", "3.04\u202fPM.png", "全角\u3000.png",
    "\u2764\ufe0f.png", "\U0001f469\u200d\u2695\ufe0f.png",
)  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_only_foreign_stays(name):
    assert printable(name) == name


@pytest.mark.parametrize("name", ["שלום 12.png", "مرحبا.png", "می‌خواهم.png", "٣.png"])
def test_names_from_right_to_left_stay_readable_in_a_place_of_their_own(name):
    assert printable(name) == f"\u2068{name}\u2069"
    assert visible(name) == name


def test_a_joiner_is_kept_where_it_spells_and_shown_where_it_hides():
    assert visible("می\u200cخواهم") == "می\u200cخواهم"
    assert visible("pass\u200cword") == f"pass{INSTEAD}word"


def test_an_isolate_of_a_name_cannot_end_ours():
    assert printable("ש\u2069x") == f"\u2068ש{INSTEAD}x\u2069"


def test_a_sentence_keeps_its_lines_and_isolates():
    assert visible_lines(f"{isolated('ש')}: a\nb\u202e") == f"\u2068ש\u2069: a\nb{INSTEAD}"
