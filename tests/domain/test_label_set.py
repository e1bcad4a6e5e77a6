import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.domain.errors import BadRequest
from endodesk.domain.label_set import CLASS_KEYS, COLOURS, LabelClass, LabelSet
from endodesk.domain.presets import HYPERKVASIR_CLASSES, KVASIR_CLASSES, PRESETS
from endodesk.ui.commands.entries import ENTRIES

NAMES = st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,11}[a-z0-9]", fullmatch=True), min_size=1, max_size=40, unique=True)


@pytest.mark.slow
@given(NAMES)
def test_any_names_get_keys_and_letters_of_their_own_and_come_back_from_json(names):
    made = LabelSet.of(names)
    letters = [made.letters_of(name) for name in names]
    assert len(set(letters)) == len(names)
    assert all(letters)
    keys = [one.key for one in made.classes if one.key]
    assert len(set(keys)) == len(keys) == min(len(names), len(CLASS_KEYS))
    assert LabelSet.from_json(made.to_json()) == made


@pytest.mark.slow
@given(NAMES, NAMES)
def test_classes_that_stay_keep_key_and_colour(before, after):
    old = LabelSet.of(before)
    new = old.renewed(after)
    assert list(new.names) == after
    known = {one.name: one for one in old.classes}
    assert all(known.get(one.name, one) == one for one in new.classes)


@given(NAMES, NAMES)
def test_classes_have_their_usual_keys_and_colours_and_every_set_stays_one(before, after):
    usual = {one.name: one for one in LabelSet.of(before[::-1]).classes}
    made = LabelSet.of(after).styled(usual)  # raises if two have one key
    assert list(made.names) == after
    assert all(one.colour == usual[one.name].colour for one in made.classes if one.name in usual)
    assert all(one.key == usual[one.name].key for one in made.classes if one.name in usual)
    assert sum(bool(one.key) for one in made.classes) >= min(len(after), len(CLASS_KEYS)) - len(before)


def test_an_older_project_kept_names_alone():
    assert LabelSet.from_json(["a", "b"]) == LabelSet((LabelClass("a", "1", COLOURS[0]), LabelClass("b", "2", COLOURS[1])))


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        ([("a", "1", "#000000"), ("b", "1", "#000000")], "Two classes have the key 1"),
        ([("a", "H", "#000000")], "cannot be the key of a"),
        ([("a", "12", "#000000")], "cannot be the key of a"),
        ([("a", "", "red")], "no colour for a"),
        ([("a", "", "#000000"), ("a", "", "#000000")], "named twice"),
        ([], "no classes"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(classes, said):
    with pytest.raises(BadRequest, match=said):
        LabelSet(tuple(LabelClass(*one) for one in classes))


def test_presets_have_the_number_of_classes_that_they_say_and_a_key_for_each():
    assert [len(classes) for classes in PRESETS.values()] == [3, 4, len(KVASIR_CLASSES), len(HYPERKVASIR_CLASSES)] == [3, 4, 8, 23]
    for classes in PRESETS.values():
        assert all(one.key for one in LabelSet.of(classes).classes)


def test_no_menu_takes_a_key_that_a_class_may_have():
    assert [entry.keys for entry in ENTRIES if entry.keys and entry.keys in CLASS_KEYS] == []
