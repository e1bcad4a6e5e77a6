"""Queues: in which order frames are worth a reader's look. No files: arrays in, an order out, each with its reason in the user's language.

Every queue is aware of groups (near-duplicates and cases): each group's first frame comes before any group's second, so
that one case does not flood the queue.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from endodesk.app.language import marked, tr
from endodesk.app.queues.novelty import NEIGHBOURS, nearest
from endodesk.domain.errors import BadRequest
from endodesk.imaging.pixels import Floats
from endodesk.inference.second_opinion import FEWEST_GROUPS, second_opinion
from endodesk.system.task import TaskContext


@dataclass(frozen=True, slots=True, eq=False)
class QueueInput:
    """What is known of N different frames (copies of a frame are one); all of length N, in the order of the gallery."""

    rows: NDArray[np.int64]
    """The frame's row in the gallery: of copies the first."""
    labels: Sequence[str]
    """The reader's, else the folder's; empty where there is none."""
    classes: Sequence[str]
    """The model's C classes in order, as the project calls them; empty without a model."""
    probabilities: Floats
    """N x C, as the model says them (calibrated); NaN where it was not asked yet."""
    features: NDArray[np.float16]
    """N x K, pooled from the model's last feature map; NaN where they are not known yet."""
    groups: NDArray[np.int64]
    """Equal numbers for frames that belong together."""
    trained: NDArray[np.bool_]
    """Whether the model learned from the frame; all False where that is not known."""
    disputed: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """By place, of frames on which readers disagree: the classes that they say, each as often as it was said."""

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """The turn of one frame in a queue, and why it stands there."""

    row: int
    score: float
    """The higher, the more it is worth a look; comparable within one queue only."""
    reason: str
    """A short sentence for the card."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One order of all frames. `rank` is pure and may take seconds; BadRequest with what to do where it cannot be made."""

    key: str
    title: str
    tooltip: str
    rank: Callable[[QueueInput, TaskContext], list[QueueItem]]
    of_model: bool = True
    """Whether it tells what the model thinks, by its order alone."""


# Why: docs/decisions/app.md 24
def in_rounds(scores: Sequence[float] | Floats, groups: NDArray[np.int64]) -> NDArray[np.intp]:
    """Places, best first: of every group its best, then of every group its second best ...; in a round by score, then by place."""
    scores = np.asarray(scores, np.float64)
    order = np.argsort(-scores, kind="stable")
    by_group = order[np.argsort(groups[order], kind="stable")]
    first = np.flatnonzero(np.r_[True, np.diff(groups[by_group]) != 0]) if len(by_group) else np.empty(0, np.intp)
    turn = np.empty(len(order), np.intp)
    turn[by_group] = np.arange(len(order)) - np.repeat(first, np.diff(np.r_[first, len(order)]))
    return np.asarray(order[np.argsort(turn[order], kind="stable")], np.intp)


def _least_sure(given: QueueInput, _task: TaskContext) -> list[QueueItem]:
    """Frames by the margin between their first two classes, the smallest first."""
    asked = _answered(given)
    said = given.probabilities[asked]
    order = np.argsort(-said, axis=1, kind="stable")[:, :2]
    first, second = np.take_along_axis(said, order, axis=1).T if said.shape[1] > 1 else (said[:, 0], np.zeros(len(said)))

    def reason(place: int) -> str:
        return ", ".join(_share(given.classes[name], said[place, name]) for name in order[place])

    return _queue(given, asked, 1 - (first - second), reason)


def _disagreeing(given: QueueInput, _task: TaskContext) -> list[QueueItem]:
    """Frames whose label the model knows and does not give, by how much likelier its own answer is."""
    asked = _answered(given)
    label = np.array([given.classes.index(name) if name in given.classes else -1 for name in given.labels], np.intp)
    asked = asked[label[asked] >= 0]
    answer = given.probabilities[asked].argmax(axis=1)
    differs = answer != label[asked]
    asked, answer = asked[differs], answer[differs]
    said, label = given.probabilities[asked], label[asked]
    every = np.arange(len(asked))

    def reason(place: int) -> str:
        says = _share(given.classes[answer[place]], said[place, answer[place]], "({})")
        return tr("labelled {label}; the model says {answer}").format(label=given.classes[label[place]], answer=says)

    return _queue(given, asked, said[every, answer] - said[every, label], reason)


def _mislabelled(given: QueueInput, task: TaskContext) -> list[QueueItem]:
    """Labelled frames that a regression on the other groups' features takes for another class, the surest first."""
    labelled = _labelled(given, _seen(given))
    if not len(labelled):
        raise BadRequest(tr("There are no labelled frames that a model has looked at yet: label some, and wait for their answers."))
    names = sorted({given.labels[place] for place in labelled})
    label = np.array([names.index(given.labels[place]) for place in labelled], np.intp)
    found = second_opinion(given.features, label, given.groups[labelled], task, labelled)
    if found is None:
        raise BadRequest(
            tr("There is nothing to compare with yet: label frames of {n} cases or more in at least two classes first.").format(
                n=FEWEST_GROUPS
            )
        )
    suspect = np.flatnonzero(found.suspect)

    def reason(place: int) -> str:
        at = suspect[place]
        other = _share(names[found.other[at]], found.probability[at], "({})")
        return tr("labelled {label}; looks like {other}").format(label=names[label[at]], other=other)

    return _queue(given, labelled[suspect], found.margin[suspect], reason)


def _unlike(given: QueueInput, task: TaskContext) -> list[QueueItem]:
    """Frames by the distance of features from the nearest that were learned from; else from the nearest labelled ones of other groups."""
    seen = _seen(given)
    trained = seen[given.trained[seen]]
    known_model = len(trained) >= NEIGHBOURS
    references = trained if known_model else _labelled(given, seen)
    if not len(references):
        raise BadRequest(tr("There is nothing to compare with yet: label some frames, and wait for their answers."))
    asked = seen[~given.trained[seen]] if known_model else seen  # a reference is its own nearest
    found = nearest(given.features, asked, references, task, None if known_model else given.groups)
    apart = np.flatnonzero(np.isfinite(found.distance))
    alone = tr("unlike all training frames ({distance:.2f})") if known_model else tr("unlike all labelled frames ({distance:.2f})")
    near_trained = tr("unlike all training frames ({distance:.2f}); nearest: {label}")
    near_labelled = tr("unlike all labelled frames ({distance:.2f}); nearest: {label}")
    beside = near_trained if known_model else near_labelled

    def reason(place: int) -> str:
        at = apart[place]
        label = given.labels[found.closest[at]]
        return (beside if label else alone).format(distance=found.distance[at], label=label)

    return _queue(given, asked[apart], found.distance[apart], reason)


def _readers_disagree(given: QueueInput, _task: TaskContext) -> list[QueueItem]:
    """Frames without a majority among their readers, those with the most different words first. Nothing of the model is in it."""
    if not given.disputed:
        raise BadRequest(tr("There is no frame on which readers disagree."))
    places = np.array(sorted(given.disputed), np.intp)

    def reason(place: int) -> str:
        said = Counter(given.disputed[int(places[place])])
        counts = sorted(said.items(), key=lambda named: (-named[1], named[0]))  # not as readers came: it would tell who is who
        return ", ".join(f"{name} {n}" if n > 1 else name for name, n in counts)

    return _queue(given, places, np.array([len(set(given.disputed[place])) for place in places], np.float64), reason)


def _answered(given: QueueInput) -> NDArray[np.intp]:
    """Places of frames that have an answer. BadRequest if none has."""
    asked = np.flatnonzero(~np.isnan(given.probabilities[:, 0])) if len(given.classes) else np.empty(0, np.intp)
    if not len(asked):
        raise BadRequest(tr("There are no answers yet: choose a model under Model > Models, and wait until it has answered."))
    return asked


def _seen(given: QueueInput) -> NDArray[np.intp]:
    """Places of frames whose features are known."""
    return np.flatnonzero(~np.isnan(given.features[:, 0])) if given.features.shape[1] else np.empty(0, np.intp)


def _labelled(given: QueueInput, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Those of the places whose frame has a label, of a reader or a folder."""
    return places[np.fromiter((bool(given.labels[place]) for place in places), np.bool_, len(places))]


def _queue(given: QueueInput, places: NDArray[np.intp], scores: Floats, reason: Callable[[int], str]) -> list[QueueItem]:
    """The frames of `places` in rounds; `scores` and `reason` go by the place in `places`."""
    order = in_rounds(scores, given.groups[places])
    return [QueueItem(int(given.rows[places[at]]), float(scores[at]), reason(int(at))) for at in order]


def _share(name: str, probability: float, form: str = "{}") -> str:
    return f"{name} {form.format(f'{100 * probability:.0f} %')}"


ADJUDICATION = "readers"
"""The queue of frames to be decided."""
READING_LIST = "reading"
"""The frames that a plan gives the reader, in their own order: shown as a queue is, and made otherwise."""
CELL, CELL_OF_READERS = "cell", "cell of readers"
"""The frames of a cell of the matrix, shown as a queue is; in the first the model has a say."""
FIT = "fit"
"""Frames that were chosen so that their labels measure a model, shown as a queue is; their order is chance."""
OF_OTHERS = frozenset({ADJUDICATION, CELL, CELL_OF_READERS})
"""Who sees their own labels alone may not see these."""
QUEUES: tuple[Queue, ...] = (
    Queue(
        "unsure",
        marked("Least sure first"),
        marked("Frames between whose first two classes the model can hardly decide"),
        _least_sure,
    ),
    Queue(
        "mislabelled",
        marked("Probably mislabelled first"),
        marked("Frames that look like those of another class than their label's"),
        _mislabelled,
    ),
    Queue(
        "disagreeing",
        marked("Label and model disagree"),
        marked("Frames with another label than the model's answer, the surest answers first"),
        _disagreeing,
    ),
    Queue(
        "unlike",
        marked("Most unlike the training frames first"),
        marked("Frames that look like nothing the model has learned from"),
        _unlike,
    ),
    Queue(
        ADJUDICATION,
        marked("Readers disagree"),
        marked("Frames whose readers have no majority: the keys of classes give the verdict"),
        _readers_disagree,
        of_model=False,
    ),
)
"""All queues, as the window offers them. A window gets them made by `session.queues` (queue_maker.py)."""
TELL_NOTHING = frozenset({READING_LIST, CELL_OF_READERS, FIT, *(queue.key for queue in QUEUES if not queue.of_model)})
"""Who reads blind may see these: nothing of the model is in their order."""
