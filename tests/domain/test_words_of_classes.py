"""Classes keep their labels whatever they are called: any sequence of renames, merges and removals with a move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endodesk.domain.classes import merged
from endodesk.domain.errors import BadRequest
from endodesk.domain.label_set import LabelClass, LabelSet
from endodesk.ui.classes.table import ALIASES, NAME, ClassTableModel

FIRST = ("esophagitis", "polyps", "normal")
WORDS = st.sampled_from((*FIRST, "adenoma", "normal-cecum", "healthy", "bleeding"))
ACTS = st.lists(st.tuples(st.sampled_from(("rename", "move", "add", "label")), st.integers(0, 9), st.integers(0, 9), WORDS), max_size=30)


def edited(label_set, act, one, other, word):
    """The classes after what a reader does in the dialog; BadRequest where it is refused."""
    model = ClassTableModel()
    model.show_classes(label_set, on_record=label_set.names)
    n = len(label_set.classes)
    if act == "rename":
        model.setData(model.index(one % n, NAME), word)
    elif act == "add":
        model.setData(model.index(model.add(), NAME), word)
    elif act == "move" and one % n != other % n:
        gone = label_set.classes[one % n]
        model.remove(one % n)
        return model.label_set.meant_by(label_set.classes[other % n].name, gone.name, *gone.aliases)
    return model.label_set


@given(ACTS)
def test_whatever_is_done_to_classes_every_labelled_frame_stays_labelled(acts):
    label_set = LabelSet.of(FIRST)
    record = [*FIRST, *FIRST, "polyps"]  # words on record, which nobody edits
    for act, one, other, word in acts:
        if act == "label":
            record.append(label_set.classes[one % len(label_set.classes)].name)
        before = [label_set.class_of(said) for said in record]
        try:
            now = edited(label_set, act, one, other, word)
        except BadRequest:
            continue
        assert LabelSet.from_json(now.to_json()) == now
        after = [now.class_of(said) for said in record]
        assert [name for name in after if name not in now.names] == []
        if act == "rename":  # frames of one class are of one class still
            assert len(set(zip(before, after, strict=True))) == len(set(before)) == len(set(after))
        label_set = now


def test_a_name_of_before_is_held_until_it_is_taken_out_of_the_other_names():
    renamed = edited(LabelSet.of(FIRST), "rename", 1, 0, "adenoma")
    assert (renamed.class_of("polyps"), renamed.words) == ("adenoma", ("esophagitis", "adenoma", "normal", "polyps"))
    with pytest.raises(BadRequest, match="'polyps' means polyps and adenoma"):
        edited(renamed, "add", 0, 0, "polyps")
    model = ClassTableModel()
    model.show_classes(renamed, on_record=renamed.names)
    assert model.index(1, ALIASES).data() == "polyps"
    model.setData(model.index(1, ALIASES), "")
    model.setData(model.index(model.add(), NAME), "polyps")
    assert (model.label_set.class_of("polyps"), model.label_set.class_of("adenoma")) == ("polyps", "adenoma")


def test_renamed_there_and_back_all_is_as_it_was():
    there = edited(LabelSet.of(FIRST), "rename", 1, 0, "adenoma")
    back = edited(there, "rename", 1, 0, "polyps")
    assert {word: back.class_of(word) for word in back.words} == {**dict(zip(FIRST, FIRST, strict=True)), "adenoma": "polyps"}


def test_subfolders_that_mean_a_class_are_that_class():
    known = LabelSet((LabelClass("normal", "", "#000000", ("normal-cecum", "normal-pylorus")),))
    assert tuple(known.renewed(("normal-cecum", "normal-pylorus", "polyps")).names) == ("normal", "polyps")
    assert merged(("normal-cecum", "polyps", "normal-pylorus"), known.class_of) == (("normal", "polyps"), (0, 1, 0))


def test_damaged_aliases_are_no_classes():
    for also in ("polyp", 3, {"a": 1}):
        with pytest.raises(TypeError):
            LabelSet.from_json([{"name": "a", "key": "", "colour": "#000000", "also": also}])
    with pytest.raises(BadRequest, match="cannot be another name"):
        LabelSet.from_json([{"name": "a", "key": "", "colour": "#000000", "also": [" "]}])
