import random
import unicodedata
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.dataset.cases import check_case, with_cases
from endodesk.dataset.manifest import PARTS, ManifestRow, count
from endodesk.dataset.split import assign_parts, fingerprint, group_names
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256


def row(number: int, label: str = "a", phash: int | None = None) -> ManifestRow:
    sha256 = Sha256(f"{random.Random(number).getrandbits(256):064x}")
    return ManifestRow(Path(f"/frames/{label}/{number}.png"), sha256, "" if phash is None else f"{phash:016x}", label)


@st.composite
def frames(draw, labels=("a", "b", "c"), max_size=120):
    """Frames with hashes from a small set, so that groups of several frames, also of several classes, are common."""
    hashes = st.one_of(st.integers(0, 40), st.integers(0, 2**64 - 1))
    pairs = draw(st.lists(st.tuples(st.sampled_from(labels), hashes), min_size=1, max_size=max_size))
    return [row(number, label, phash) for number, (label, phash) in enumerate(pairs)]


@pytest.mark.slow
@settings(deadline=None)
@given(frames(), st.integers(0, 3), st.integers(0, 100))
def test_groups_stay_whole_and_no_frame_is_lost(rows, near, seed):
    placed = assign_parts(rows, seed=seed, near=near)
    assert [r.sha256 for r in placed] == [r.sha256 for r in rows]
    assert all(r.part in PARTS for r in placed)
    by_group = defaultdict(set)
    for r in placed:
        by_group[r.group].add(r.part)
    assert all(len(parts) == 1 for parts in by_group.values())


@pytest.mark.slow
@settings(deadline=None)
@given(frames(), st.integers(0, 4), st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(rows, near, rng):
    shuffled = list(rows)
    rng.shuffle(shuffled)
    once = {r.sha256: (r.group, r.part) for r in assign_parts(rows, near=near)}
    again = {r.sha256: (r.group, r.part) for r in assign_parts(shuffled, near=near)}
    assert once == again


def test_rounding_does_not_let_the_order_of_files_decide():
    """Sums over the labels of a group must not differ in their last bit: so many pairs of orders are tried until one did."""
    told = "d1a9c9c8d1c6c2d2c4c5c5c6d0e8c5e5c5e7a7a9a8a5a1d8c3e5d5e3d5d6c1c0a5c5d8e0d5"
    rows = [replace(row(n, told[2 * n]), case=told[2 * n + 1]) for n in range(len(told) // 2)]
    orders = [random.Random(seed).sample(rows, len(rows)) for seed in range(20)]
    assert len({frozenset((r.sha256, r.part) for r in assign_parts(order)) for order in orders}) == 1


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.integers(1, 6), min_size=30, max_size=80), st.integers(0, 50))
def test_each_class_gets_its_shares_within_one_group(sizes, seed):
    rows = [row(100 * g + i, "ab"[g % 2], g) for g, size in enumerate(sizes) for i in range(size)]
    counts = count(assign_parts(rows, seed=seed))
    for label, parts in counts.items():
        n = sum(parts.values())
        for part, share in zip(PARTS, (0.7, 0.15, 0.15), strict=True):
            assert abs(parts[part] - share * n) <= 6, (label, parts)


@settings(deadline=None)
@given(st.integers(3, 60), st.tuples(*[st.floats(1, 100)] * 3), st.integers(0, 50))
def test_a_class_of_three_groups_or_more_is_in_every_part(n, shares, seed):
    counts = count(assign_parts([row(i, "a", i * 977) for i in range(n)], seed=seed, shares=shares))
    assert all(counts["a"][part] >= 1 for part in PARTS)


@pytest.mark.slow
@settings(deadline=None)
@given(frames(), frames(max_size=60), st.integers(0, 3))
def test_once_in_test_for_ever_in_test(first, more, near):
    more = [row(10_000 + i, r.label, int(r.phash, 16)) for i, r in enumerate(more)]
    earlier = {r.sha256: r.part for r in assign_parts(first, near=near)}
    later = assign_parts([*first, *more], near=near, existing=earlier)
    groups = defaultdict(set)
    for r in later:
        groups[r.group].add(earlier.get(r.sha256))
    for r in later:
        if "test" in groups[r.group]:
            assert r.part == "test"
        elif "val" in groups[r.group]:
            assert r.part == "val"
        elif "train" in groups[r.group]:
            assert r.part == "train"


def test_a_corrected_label_moves_nothing():
    rows = [row(i, "ab"[i % 2], i // 2 * 7919) for i in range(80)]
    earlier = {r.sha256: r.part for r in assign_parts(rows)}
    relabelled = [row(i, "b", i // 2 * 7919) for i in range(80)]
    assert {r.sha256: r.part for r in assign_parts(relabelled, existing=earlier)} == earlier


def test_new_frames_fill_what_is_missing():
    old = [row(i, "a", i) for i in range(40)]
    earlier = {r.sha256: "train" for r in old}
    new = [row(1000 + i, "a", 1000 + i) for i in range(40)]
    counts = count(assign_parts([*old, *new], existing=earlier))["a"]
    assert counts == {"train": 56, "val": 12, "test": 12}


def test_groups_of_several_classes_move_as_one():
    rows = [row(i, "abc"[i % 3], i // 3) for i in range(90)]
    placed = assign_parts(rows)
    assert len({r.group for r in placed}) == 30
    for parts in count(placed).values():
        assert parts["train"] == pytest.approx(21, abs=1)


def test_as_published_on_kvasir_sized_data():
    """method.md: 2,986 groups of 3 x 1000 frames, exactly 700/150/150 a class (a pair may tip it by one here)."""
    rows = [row(c * 1000 + i, "abc"[c], c * 1000 + (i - 1 if i % 200 == 5 and c < 2 else i) + 1) for c in range(3) for i in range(1000)]
    assert len(set(group_names(rows))) == 2990
    for parts in count(assign_parts(rows)).values():
        assert parts["train"] == pytest.approx(700, abs=1)
        assert parts["val"] == pytest.approx(150, abs=1)


def test_near_duplicates_join_by_chains_and_unhashed_frames_stand_alone():
    rows = [row(0, "a", 0b0000), row(1, "a", 0b0011), row(2, "b", 0b1111), row(3, "a", 2**60 - 1), row(4), row(5)]
    assert Counter(group_names(rows, near=0)).most_common(1)[0][1] == 1
    names = group_names(rows, near=2)
    assert names[0] == names[1] == names[2]
    assert len(set(names)) == 4


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=60), st.integers(1, 20))
def test_near_groups_are_the_connected_ones(hashes, near):
    hashes = [*hashes, *(h ^ 0b101 for h in hashes[:20])]
    rows = [row(i, "a", h) for i, h in enumerate(hashes)]
    names = group_names(rows, near)
    reach = np.array([[(a ^ b).bit_count() <= near for b in hashes] for a in hashes])
    for _ in range(7):
        reach = reach @ reach
    for i, name in enumerate(names):
        assert [other == name for other in names] == list(reach[i])


def test_many_frames_are_grouped_in_seconds():
    rng = random.Random(1)
    rows = [row(i, "a", rng.getrandbits(64)) for i in range(6000)]
    assert len(set(group_names(rows, near=5))) == 6000


@st.composite
def cased_frames(draw):
    """Frames of three classes in cases of up to a dozen, most of them with several findings."""
    cases = draw(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), min_size=20, max_size=60))
    return [
        replace(row(100 * number + place, label), case=f"case {number}")
        for number, case in enumerate(cases)
        for place, label in enumerate(case)
    ]


@pytest.mark.slow
@settings(deadline=None)
@given(cased_frames(), st.integers(0, 50))
def test_cases_stay_whole_and_each_class_gets_its_shares_within_one_group(rows, seed):
    placed = assign_parts(rows, seed=seed)
    largest: Counter[str] = Counter()
    for (label, _), n in Counter((r.label, r.case) for r in rows).items():
        largest[label] = max(largest[label], n)
    parts = defaultdict(set)
    for r in placed:
        parts[r.case].add(r.part)
    assert all(len(p) == 1 for p in parts.values())
    for label, counts in count(placed).items():
        if len({r.case for r in rows if r.label == label}) >= 8:  # of fewer, one in each part is what counts
            n = sum(counts.values())
            for part, share in zip(PARTS, (0.7, 0.15, 0.15), strict=True):
                assert abs(counts[part] - share * n) <= largest[label] + 1, (label, counts)


@pytest.mark.slow
@settings(deadline=None)
@given(frames(max_size=40), st.data())
def test_what_a_reader_merged_stays_together(rows, data):
    place = st.integers(0, len(rows) - 1)
    joined = [(rows[a].sha256, rows[b].sha256) for a, b in data.draw(st.lists(st.tuples(place, place), max_size=10))]
    gone = ("0" * 64, rows[0].sha256)  # a frame that was deleted since
    placed = {r.sha256: r for r in assign_parts(rows, joined=[*joined, gone])}
    assert all(placed[a].part == placed[b].part and placed[a].group == placed[b].group for a, b in joined)
    assert len({r.group for r in placed.values()}) >= len(set(group_names(rows))) - len(joined)
    assert all(r.group in {other.sha256[:12] for other in rows} for r in placed.values())


def test_groups_chain_over_hash_case_and_merge():
    rows = [row(0, phash=0), replace(row(1, phash=0b11), case="7"), replace(row(2, "b"), case="7"), row(3, "c"), row(4)]
    names = group_names(rows, 2, [(rows[2].sha256, rows[3].sha256)])
    assert len(set(names[:4])) == 1
    assert names[4] != names[0]
    assert names[0] == min(r.sha256 for r in rows[:4])[:12]


def test_a_share_of_nothing_gets_nothing():
    counts = count(assign_parts([row(i, "ab"[i % 2]) for i in range(50)], shares=(80, 20, 0)))
    assert [parts["test"] for parts in counts.values()] == [0, 0]


def test_small_classes_leave_no_part_empty():
    """Two groups a class: not all of them without a test frame."""
    counts = count(assign_parts([row(i, "abc"[i % 3]) for i in range(6)]))
    assert all(sum(parts[part] for parts in counts.values()) for part in PARTS)


@pytest.mark.slow
@settings(deadline=None)
@given(cased_frames(), st.integers(0, 20))
def test_names_of_files_and_cases_do_not_matter(rows, seed):
    """Another system, another disk: other separators, other forms of the same letter, other case."""
    there = [
        replace(r, file=PureWindowsPath("C:\\", "Fälle", r.label.upper(), f"{i}.PNG"), case=f"Fall é {r.case}") for i, r in enumerate(rows)
    ]
    there = [replace(r, case=unicodedata.normalize("NFD", r.case)) for r in there]
    here = {r.sha256: (r.group, r.part) for r in assign_parts(rows, seed=seed)}
    assert {r.sha256: (r.group, r.part) for r in assign_parts(there, seed=seed)} == here


def test_a_case_is_one_however_a_disk_writes_its_letters():
    rows = [replace(row(n), case=unicodedata.normalize(form, "Fälle")) for n, form in enumerate(("NFC", "NFD"))]
    assert len(set(group_names(rows))) == 1


def paths(*names):
    return [replace(row(number), file=Path("/case-1/frames") / name, case="folder") for number, name in enumerate(names)]


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("folder", ["folder", "folder", "folder"]),
        ("none", ["", "", ""]),
        (r"case-\d+", ["case-07", "case-07", "case-1"]),  # the match nearest to the file
        (r"/p(\d+)_", ["12", "", ""]),
        (r"(x)?\.png", ["", "x", ""]),
        (r"\d*", ["3", "07", "1"]),  # it fits between any two letters, too
        ("Fälle", ["", "", "Fälle"]),  # composed here, decomposed on a Mac's disk
    ],
)
def test_cases_are_told_by_folder_none_or_a_pattern(case, found):
    rows = paths("polyps/case-07/p12_3.png", "polyps/case-07/x.png", unicodedata.normalize("NFD", "Fälle/y.png"))
    assert [r.case for r in with_cases(rows, case)] == found


def test_a_pattern_that_is_none_or_fits_nothing_is_told():
    with pytest.raises(BadRequest, match="none of these"):
        with_cases(paths("a.png"), "(")
    with pytest.raises(BadRequest, match="fits no file"):
        with_cases(paths("a.png"), "patient-\\d+")
    assert with_cases([], "x") == []


@pytest.mark.parametrize("case", [r"(a+)+b", r"(\w+\W?)+z", r"(a|aa)+$", r"((\d+-?){2,})x", "(" * 200 + "a" + ")" * 200 + "{99999999999}"])
def test_a_pattern_that_could_be_looked_for_for_ever_is_refused(case):
    with pytest.raises(BadRequest, match=r"for ever|none of these"):
        check_case(case)


@pytest.mark.parametrize("case", [r"case-(\d+)", r"(?:patient|case)[-_ ]?(\w+)", r".*/(.+)/.*", r"(\d+-){2}", r"(\d{4}-)+", r"x(-\d+)?$"])
def test_a_pattern_as_people_write_them_is_taken(case):
    check_case(case)


def test_fingerprint_sees_frame_label_and_part_but_not_order():
    placed = assign_parts([row(i, "ab"[i % 2], i) for i in range(20)])
    assert fingerprint(placed) == fingerprint(placed[::-1])
    assert len({fingerprint(placed), fingerprint(placed[1:]), fingerprint(assign_parts(placed, seed=1))}) == 3
