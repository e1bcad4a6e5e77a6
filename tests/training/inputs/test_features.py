import itertools

import numpy as np
import pytest

from endodesk.domain.classes import PAPER_CLASSES
from endodesk.domain.errors import Cancelled
from endodesk.system.task import TaskContext
from endodesk.system.threads import cores, in_threads
from training.inputs.examples import examples
from training.inputs.features import Stem, Views


@pytest.fixture(scope="module")
def some(frame_rows):
    finals = np.random.default_rng(3).integers(0, 256, (5, 224, 224, 3), np.uint8)
    return examples(frame_rows[:5], finals, PAPER_CLASSES, balance="none")


def test_without_a_network_the_stem_hands_frames_through(some):
    views = Views(some, Stem(None))
    assert (views.all(0, TaskContext()) == some.finals).all()
    assert (views.some([3, 1], [0, 7]) == some.finals[[3, 1]]).all()


@pytest.mark.slow
def test_features_come_in_order_and_pooled(some, tiny_bundle):
    path = tiny_bundle / "backbone.tflite"
    maps = Views(some, Stem(path, workers=1)).all(0, TaskContext())
    pooled = Views(some, Stem(path, pooled=True, workers=3)).all(0, TaskContext())
    assert maps.shape == (5, 7, 7, 1280)
    assert np.allclose(pooled, maps.mean(axis=(1, 2)), atol=1e-6)


@pytest.mark.parametrize(("depth", "most"), [(2, 2), (0, 4 * cores())])
def test_threads_keep_the_order_and_do_not_run_away(depth, most):
    begun = []

    def work(number):
        begun.append(number)
        return number * 2

    results = in_threads(work, itertools.count(), depth=depth)
    assert list(itertools.islice(results, 50)) == [n * 2 for n in range(50)]
    results.close()  # waits for what has begun
    assert len(begun) <= 50 + most
    assert list(in_threads(work, range(100), depth=depth)) == [n * 2 for n in range(100)]


def test_what_goes_wrong_in_a_thread_is_raised_here():
    def work(number):
        if number == 3:
            raise Cancelled
        return number

    seen = []
    with pytest.raises(Cancelled):
        seen.extend(in_threads(work, range(10)))
    assert seen in ([], [0, 1, 2])
