"""Read plans: what each reader reads follows from a seed and the frames' names alone."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.read_plan import Read, ReadKind, ReadPlan, readings, state_of
from endodesk.domain.reviews import Correction

BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
IMAGES = [Sha256(hashlib.sha256(str(number).encode()).hexdigest()) for number in range(3000)]
NAMES = st.lists(st.sampled_from(["Ana", "Béla", "内視鏡", "Dr. C", "e+f"]), min_size=1, max_size=5, unique=True)
PLANS = st.builds(
    ReadPlan,
    NAMES.map(tuple),
    st.just(BEGAN),
    st.integers(0, 100),
    st.integers(0, 100),
    st.integers(0, 400),
    st.integers(0, 100),
    st.booleans(),
    st.integers(0, 2**31 - 1),
)
SOME = st.integers(0, 60).map(lambda n: IMAGES[:n])


def of_kind(reads, *kinds):
    return [read.image for read in reads if read.kind in kinds]


@settings(max_examples=30)
@given(PLANS, SOME)
def test_every_frame_is_read_by_somebody_and_by_each_reader_at_most_once_at_first(plan, images):
    first = {reader: of_kind(plan.reads_of(reader, images), ReadKind.FIRST) for reader in plan.readers}
    assert {image for read in first.values() for image in read} == set(images)
    assert all(len(read) == len(set(read)) for read in first.values())
    readers_of = [sum(image in read for read in first.values()) for image in images]
    assert set(readers_of) <= {1, len(plan.readers)}


@settings(max_examples=30)
@given(PLANS, SOME, st.integers(0, 40))
def test_frames_that_are_added_move_no_frame_and_change_no_order(plan, images, more):
    for reader in plan.readers:
        before, after = plan.reads_of(reader, images), plan.reads_of(reader, [*IMAGES[100 : 100 + more], *images])
        assert [read for read in after if read.image in set(images)] == before


@settings(max_examples=30)
@given(PLANS, SOME, st.data())
def test_the_plan_is_the_same_in_whatever_order_readers_and_frames_are_named(plan, images, data):
    told = {**plan.to_json(), "readers": data.draw(st.permutations(plan.readers))}
    other = ReadPlan.from_json(json.loads(json.dumps(told)))
    for reader in plan.readers:
        known = images[::3]
        assert other.reads_of(reader, data.draw(st.permutations(images)), known) == plan.reads_of(reader, images, known)


@settings(max_examples=30)
@given(PLANS, SOME)
def test_who_joins_takes_frames_for_themselves_alone(plan, images):
    joined = ReadPlan.from_json({**plan.to_json(), "readers": [*plan.readers, "new"]})
    for reader in plan.readers:
        assert set(joined.own(reader, images)) <= set(plan.own(reader, images))


@settings(max_examples=30)
@given(PLANS, SOME)
def test_second_reads_are_of_own_frames_and_honeypots_are_of_others(plan, images):
    for reader in plan.readers:
        reads, own = plan.reads_of(reader, images, images), set(plan.own(reader, images))
        assert set(of_kind(reads, ReadKind.SECOND)) <= own
        assert not set(of_kind(reads, ReadKind.HONEYPOT)) & own
        assert len(of_kind(reads, ReadKind.HONEYPOT)) <= round(len(own) * plan.honeypot_percent / 100)


def test_shares_are_those_asked_for_of_many_frames():
    plan = ReadPlan(("Ana", "Béla", "C"), BEGAN, 20, 10, 28, 5)
    reads = {reader: plan.reads_of(reader, IMAGES, IMAGES[:600]) for reader in plan.readers}
    own = [set(of_kind(read, ReadKind.FIRST)) for read in reads.values()]
    assert len(set.intersection(*own)) / len(IMAGES) == pytest.approx(0.2, abs=0.025)
    for some in own:
        assert len(some) / len(IMAGES) == pytest.approx(0.2 + 0.8 / 3, abs=0.025)
    for reader, some in zip(plan.readers, own, strict=True):
        assert len(of_kind(reads[reader], ReadKind.SECOND)) / len(some) == pytest.approx(0.1, abs=0.025)
        assert len(of_kind(reads[reader], ReadKind.HONEYPOT)) == round(0.05 * len(some))


def correlation(first, second):
    n = len(first)
    place = {image: at for at, image in enumerate(second)}
    mean = (n - 1) / 2
    products = sum((at - mean) * (place[image] - mean) for at, image in enumerate(first))
    return products / sum((at - mean) ** 2 for at in range(n))


def test_orders_of_two_readers_and_of_first_and_second_reads_have_nothing_in_common():
    plan = ReadPlan(("Ana", "Béla"), BEGAN, 100, 100)
    ana, bela = (plan.reads_of(reader, IMAGES) for reader in plan.readers)
    assert abs(correlation(of_kind(ana, ReadKind.FIRST), of_kind(bela, ReadKind.FIRST))) < 0.07  # 4 standard errors
    assert abs(correlation(of_kind(ana, ReadKind.FIRST), of_kind(ana, ReadKind.SECOND))) < 0.07
    assert abs(correlation(of_kind(ana, ReadKind.FIRST), sorted(IMAGES))) < 0.07


def test_second_reads_and_honeypots_stand_anywhere_in_the_order():
    plan = ReadPlan(("Ana", "Béla"), BEGAN, 20, 30, 28, 30)
    kinds = [read.kind for read in plan.reads_of("Ana", IMAGES, IMAGES)]
    for kind in (ReadKind.SECOND, ReadKind.HONEYPOT):
        places = [place / len(kinds) for place, other in enumerate(kinds) if other is kind]
        assert sum(places) / len(places) == pytest.approx(0.5, abs=0.06)


def test_another_process_deals_the_same():
    plan = ReadPlan(("Ana", "Béla"), BEGAN)
    code = (
        "import json, sys; from endodesk.domain.read_plan import ReadPlan; told, images = json.load(sys.stdin);"
        "print([(r.image, r.kind.value) for r in ReadPlan.from_json(told).reads_of('Ana', images, images[:50])])"
    )
    told = json.dumps([plan.to_json(), IMAGES[:200]])
    other = {**os.environ, "PYTHONHASHSEED": "7"}
    said = subprocess.run([sys.executable, "-c", code], input=told, capture_output=True, text=True, check=True, env=other)
    assert said.stdout.strip() == str([(read.image, read.kind.value) for read in plan.reads_of("Ana", IMAGES[:200], IMAGES[:50])])


def test_a_known_deal_stays_what_it_was():
    """Studies go on over versions of the program."""
    reads = ReadPlan(("Ana", "Béla"), BEGAN, seed=7).reads_of("Ana", IMAGES[:40], IMAGES[:40])
    digest = hashlib.sha256(" ".join(f"{read.image}{read.kind.value}" for read in reads).encode()).hexdigest()
    assert (len(reads), digest[:12]) == (29, "ec6cb6e0a62c")


def test_nobody_else_has_a_list():
    assert ReadPlan(("Ana",), BEGAN).reads_of("Béla", IMAGES[:10], IMAGES[:10]) == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
GOOD = ReadPlan(("Ana", "Béla"), BEGAN).to_json()


@given(PLANS)
def test_a_plan_comes_back_from_its_setting(plan):
    assert ReadPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


@given(st.sampled_from(sorted(GOOD)), ANYTHING)
def test_what_is_no_plan_is_refused_by_a_kind_of_error_that_settings_know(name, value):
    for told in (value, {**GOOD, name: value}, {**GOOD, "more": value}):
        try:
            plan = ReadPlan.from_json(told)
        except (ValueError, TypeError, BadRequest):
            continue
        assert ReadPlan.from_json(plan.to_json()) == plan
        assert plan.readers
        assert all(type(share) is int for share in (plan.overlap_percent, plan.second_percent, plan.honeypot_percent, plan.seed))


@pytest.mark.parametrize(
    "wrong",
    [
        {"readers": []},
        {"readers": ["Ana", "Ana"]},
        {"readers": [" "]},
        {"readers": ["a\nb"]},
        {"readers": ["x"] * 51},
        {"overlap_percent": 101},
        {"second_percent": -1},
        {"honeypot_percent": True},
        {"wash_out_days": 10**9},
        {"seed": 1.5},
        {"since": "2026-11-01T08:00"},
        {"since": "soon"},
        {"since": "9999-12-31T23:59:59-12:00"},
        {"since": "0001-01-01T00:00:00+12:00"},
        {"folders_are_true": 1},
    ],
)
def test_hostile_values_are_refused(wrong):
    with pytest.raises((ValueError, TypeError, BadRequest)):
        ReadPlan.from_json({**GOOD, **wrong})


# --- how far a reading is ---------------------------------------------------------------------------------------------

PLAN = ReadPlan(("Ana",), BEGAN, 20, 10, 28, 5)
IMAGE = IMAGES[0]
NOW = BEGAN + 100 * DAY


def said(*days):
    return [Correction(IMAGE, "polyp", "Ana", BEGAN + day * DAY) for day in days]


def state(kind, *days, now=NOW, known=None):
    return state_of(PLAN, Read(IMAGE, kind), said(*days), now, known=known)


def test_a_first_reading_is_done_by_any_word():
    assert not state(ReadKind.FIRST).done
    assert state(ReadKind.FIRST, -3).done


def test_a_second_reading_waits_for_the_first_and_for_the_wash_out():
    assert state(ReadKind.SECOND).waits
    early = state(ReadKind.SECOND, 1, 2, now=BEGAN + 29 * DAY)
    assert (early.done, early.waits, early.since) == (False, True, BEGAN + 30 * DAY)
    due = state(ReadKind.SECOND, 1, 2, now=BEGAN + 30 * DAY)
    assert (due.done, due.waits) == (False, False)
    assert not state(ReadKind.SECOND, 1, 20, 40).done  # never 28 days without a word
    assert state(ReadKind.SECOND, 1, 29).done


def test_without_a_wash_out_the_next_word_is_a_second_reading():
    plan = ReadPlan(("Ana",), BEGAN, wash_out_days=0)
    first = state_of(plan, Read(IMAGE, ReadKind.SECOND), said(1), BEGAN + DAY)
    assert first.since
    assert (first.done, first.since > BEGAN + DAY) == (False, True)
    assert state_of(plan, Read(IMAGE, ReadKind.SECOND), said(1, 1.1), NOW).done


def test_a_honeypot_counts_from_when_its_truth_is_known_and_the_study_began():
    assert not state(ReadKind.HONEYPOT).done
    before = state(ReadKind.HONEYPOT, -40)
    assert (before.done, before.waits, before.since) == (False, False, BEGAN - 12 * DAY)
    assert state(ReadKind.HONEYPOT, -2, now=BEGAN).waits
    assert state(ReadKind.HONEYPOT, 1).done
    assert not state(ReadKind.HONEYPOT, 1, known=BEGAN + 2 * DAY).done
    assert state(ReadKind.HONEYPOT, 1, 3, known=BEGAN + 2 * DAY).done


def test_words_are_parted_at_the_first_pause_as_long_as_the_wash_out():
    first, later = readings(said(0, 1, 40, 41), PLAN.wash_out)
    assert [word.at for word in first] == [BEGAN, BEGAN + DAY]
    assert len(later) == 2
    assert readings(said(0, 27, 54), PLAN.wash_out)[1] == ()


def test_a_changed_plan_is_the_same_study_while_its_seed_is():
    changed = ReadPlan(("Ana", "Béla"), NOW, 50)
    assert changed.goes_on(PLAN).since == BEGAN
    assert changed.goes_on(PLAN).overlap_percent == 50
    assert ReadPlan(("Ana",), NOW, seed=43).goes_on(PLAN).since == NOW
    assert changed.goes_on(None) == changed
