"""The rule by which a frame has one label of many readers."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from endodesk.domain.acts import Act, standing_acts
from endodesk.domain.consensus import Basis, decide

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FRAME = "ab" * 32


def act(reader, value, minute=0, kind="label"):
    return Act(kind, value, sha256=FRAME, reader=reader, at=NOON + timedelta(minutes=minute))


words = st.lists(
    st.builds(act, st.sampled_from("ABCDE"), st.sampled_from(["polyps", "polyp", "normal", "ulcer"]), st.integers(0, 9)),
    max_size=5,
    unique_by=lambda word: word.reader,
)


def today(name):
    return "polyps" if name == "polyp" else name


def decided(labels, verdicts=(), class_of=today):
    return decide(labels, verdicts, said=lambda word: word, class_of=class_of)


@given(words, st.randoms())
def test_what_holds_is_the_same_in_whatever_order_words_came(labels, chance):
    mixed = list(labels)
    chance.shuffle(mixed)
    assert decided(labels) == decided(mixed)


@given(words)
def test_a_label_holds_only_if_more_than_half_say_so(labels):
    found, counts = decided(labels), Counter(today(word.value) for word in labels)
    most = max(counts.values(), default=0)
    if not labels:
        assert found is None
    elif 2 * most > len(labels):
        assert counts[today(found.word.value)] == most
        assert found.basis is (Basis.SINGLE if len(labels) == 1 else Basis.MAJORITY)
    else:
        assert (found.basis, found.word) == (Basis.DISAGREEMENT, None)


@given(words, words)
def test_a_verdict_holds_whatever_others_say_and_the_later_of_two_until_its_reader_labels(labels, verdicts):
    found, last = decided(labels, verdicts), {word.reader: word.at for word in labels}
    standing = [word for word in verdicts if word.reader not in last or last[word.reader] <= word.at]
    if standing:
        assert (found.basis, found.word) == (Basis.ADJUDICATED, max(standing, key=lambda word: (word.at, word.reader)))
    else:
        assert found == decided(labels)


def test_words_that_mean_one_class_agree():
    pair = [act("A", "polyp"), act("B", "polyps")]
    assert decided(pair).basis is Basis.MAJORITY
    assert decided(pair, class_of=str).basis is Basis.DISAGREEMENT


def test_exports_go_by_the_same_rule_and_each_readers_last_word():
    said = [act("A", "normal"), act("B", "polyps"), act("A", "polyps", -5), act("C", "ulcer"), act("B", "yes", 3, "flagged")]
    held = standing_acts(said)[FRAME]
    assert (held["label"].value, held["flagged"].reader) == ("polyps", "B")
    assert standing_acts(said[:2]) == {}
    assert standing_acts([*said[:2], act("C", "ulcer", kind="verdict")])[FRAME]["label"].value == "ulcer"
