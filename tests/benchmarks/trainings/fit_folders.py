"""Folders of hospitals that models have not learnt from, for `fit_for`: which models answer, what they say, and what would be right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from endodesk.app.fit.estimate import said_share
from endodesk.app.queues.novelty import nearest
from endodesk.imaging.pixels import RGB, Floats
from endodesk.imaging.preprocessing.pipeline import apply_recipe, place_of_final, recipe_named
from endodesk.imaging.reading.read import read_image
from endodesk.inference.backbone import Backbone
from endodesk.inference.head import Head
from endodesk.system.task import TaskContext
from resources import STARTER_MODEL
from tests.benchmarks.trainings.left_out_centres import BACKBONES, CLASSES, CLIPS, INSIDE, POLYPGEN, Frames, answers, features
from training.evaluation.calibration import fit_temperature, tempered

POLYPS, NORMAL = CLASSES.index("polyps"), CLASSES.index("normal")
STOMACH = "barcelona-egd"
HOSPITALS = {
    "hanoi": ("hanoi",),
    "barcelona": ("barcelona",),
    CLIPS: (CLIPS,),
    "polypgen": POLYPGEN,
    STOMACH: (STOMACH,),
    INSIDE: (INSIDE,),
}
"""What is left out together."""
LEARNT = ("hanoi", "barcelona", CLIPS, "polypgen")
ONLY_JUDGED = (STOMACH,)
"""No terms are stated for these frames: no constant of the program comes from them."""
SHARES = (1, 0.75, 0.5, 0.25, 0.1, 0)
"""Of a folder's frames, those with a polyp."""
_WINDOWS = (0.7, 0.6, 0.5, 0.45, 0.4, 0.35)  # of the frame's shorter side, the largest that holds nothing of the polyp
STARTER_TEMPERATURE, VAL_FOLD = 0.7809, 0


@dataclass(frozen=True)
class Pictures:
    """All frames, and windows of frames with a polyp that hold nothing of it: the only normal mucosa of two hospitals."""

    frames: Frames
    finals: np.ndarray
    windows: np.ndarray
    window_centres: np.ndarray


def windows(frames: Frames, masks: Path) -> tuple[np.ndarray, np.ndarray]:
    """M x 224 x 224 x 3, and the hospital of each."""
    found, centres = [], []
    for row in frames.rows:
        outline = masks / f"{row.file.stem}.png"
        if not outline.is_file():
            continue
        window = _beside(read_image(row.file), cv2.imread(str(outline), cv2.IMREAD_GRAYSCALE) > 0)
        if window is not None:
            found.append(window)
            centres.append(row.centre)
    return np.stack(found), np.array(centres)


def _beside(image: RGB, polyp: np.ndarray) -> RGB | None:
    steps = apply_recipe(image, recipe_named("clean"))
    left, top, width, height = place_of_final(image, steps)
    inside = steps[-2].image
    own = cv2.resize(polyp[top : top + height, left : left + width].astype(np.uint8), inside.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    own = cv2.dilate(own, np.ones((9, 9)))
    sums = cv2.integral(own)
    for share in _WINDOWS:
        side = int(min(own.shape) * share)
        free = np.argwhere(sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side] == 0)
        if len(free):
            y, x = free[((free + side / 2 - np.array(own.shape) / 2) ** 2).sum(axis=1).argmin()]
            way = cv2.INTER_AREA if side > 224 else cv2.INTER_LINEAR
            return np.asarray(cv2.resize(np.ascontiguousarray(inside[y : y + side, x : x + side]), (224, 224), interpolation=way))
    return None


# --- what backbones see ---------------------------------------------------------------------------------------------------


def _closer(final: RGB) -> RGB:
    return np.asarray(cv2.resize(np.ascontiguousarray(final[33:190, 33:190]), (224, 224), interpolation=cv2.INTER_LINEAR))


def seen_by(pictures: Pictures, work: Path) -> dict[str, Floats]:
    """By backbone: frames, windows, then the same once more from nearer; each made once."""
    made = {}
    for name in ("starter", *BACKBONES):
        kept = work / f"fit-{name}-{pictures.frames.fingerprint}.npy"
        if not kept.is_file():
            lite = STARTER_MODEL / "backbone.tflite" if name == "starter" else features(name, pictures.frames, pictures.finals, work)[1]
            backbone, all_of = Backbone(lite), [*pictures.finals, *pictures.windows]
            all_of += [_closer(final) for final in all_of]
            np.save(kept, np.stack([backbone.features(final[None])[0].mean(axis=(0, 1)) for final in all_of]).astype(np.float32))
        made[name] = np.load(kept)
    return made


# --- who answers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Model:
    """A head on a backbone, what it says of all pictures, and which hospitals it knows."""

    backbone: str
    name: str
    knows: frozenset[str]
    said: Floats
    learns: np.ndarray

    @property
    def judged(self) -> bool:
        """Whether figures are told of it: all hospitals but one, Kvasir alone, or the starter. Others only teach."""
        return self.name == "starter" or self.knows == {INSIDE} or len(self.knows) == len(LEARNT)


def models(frames: Frames, seen: dict[str, Floats]) -> Iterator[Model]:
    """The starter, and heads on all backbones that learnt from some of the hospitals."""
    own = [place for place in range(len(frames.rows)) if frames.centres[place] == INSIDE and frames.dealt[place] != VAL_FOLD]
    yield Model("starter", "starter", frozenset({INSIDE}), _starter().probabilities(seen["starter"]), np.array(own))
    fewer = [(), *((name,) for name in LEARNT), *(tuple(set(LEARNT) - {name}) for name in LEARNT), LEARNT]
    for backbone, pooled in seen.items():
        for others in fewer:
            yield _learnt(frames, backbone, pooled, (INSIDE, *others))
        if backbone != "starter":  # its backbone has learnt from Kvasir
            for others in ((), ("hanoi",), ("barcelona",), (CLIPS,), ("hanoi", "barcelona"), ("hanoi", "barcelona", CLIPS)):
                yield _learnt(frames, backbone, pooled, ("polypgen", *others))


def _starter() -> Head:
    return Head.load(STARTER_MODEL / "head.npz", STARTER_TEMPERATURE)


def _learnt(frames: Frames, backbone: str, pooled: Floats, hospitals: Sequence[str]) -> Model:
    own = np.isin(frames.centres, [centre for name in hospitals for centre in HOSPITALS[name]])
    kept = frames.dealt == VAL_FOLD if INSIDE in hospitals else _fifth(frames, own)
    said = answers(frames, pooled, np.flatnonzero(own & ~kept), "half", 1)
    val = np.flatnonzero(own & kept)
    said = tempered(said, fit_temperature(frames.labels[val], said[val])).astype(np.float32)
    return Model(backbone, "+".join(sorted(hospitals)), frozenset(hospitals), said, np.flatnonzero(own & ~kept))


def _fifth(frames: Frames, own: np.ndarray) -> np.ndarray:
    groups = np.array([row.case or row.group for row in frames.rows])
    names = np.unique(groups[own])
    kept = np.random.default_rng(0).choice(names, max(2, len(names) // 5), replace=False)
    return np.asarray(np.isin(groups, kept))


# --- what folders come to -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Folder:
    """One model's answers for a folder of one hospital: a class, what was right, and what can be known without labels."""

    model: Model
    hospital: str
    share: float
    name: str
    """The class."""
    recall: float
    """nan where the folder has no frame of the class."""
    specificity: float
    clues: dict[str, float]


def folders(pictures: Pictures, model: Model, pooled: Floats) -> Iterator[Folder]:
    """Of all hospitals that the model does not know, with other shares of polyps."""
    frames, n = pictures.frames, len(pictures.frames.rows)
    total = n + len(pictures.windows)
    far = _far(frames, model, pooled[:total])
    plain, nearer = model.said[:total], model.said[total:]
    centres = np.concatenate([frames.centres, pictures.window_centres])
    labels = np.concatenate([frames.labels, np.full(len(pictures.windows), NORMAL)])
    for hospital, own in HOSPITALS.items():
        if hospital in model.knows:
            continue
        here = np.isin(centres, own)
        polyps, normal = np.flatnonzero(here & (labels == POLYPS)), np.flatnonzero(here & (labels == NORMAL))
        for share in SHARES:
            if (share and not len(polyps)) or (share < 1 and not len(normal)):
                continue
            places = np.concatenate([polyps if share else [], normal if share < 1 else []]).astype(np.intp)
            weights = np.where(labels[places] == POLYPS, share / max(1, len(polyps)), (1 - share) / max(1, len(normal)))
            clues = _clues(plain[places], nearer[places], far[places], weights)
            for name in ("polyps", "normal"):
                place = CLASSES.index(name)
                called, true = plain[places].argmax(axis=1) == place, labels[places] == place
                own_clues = clues | {
                    "said recall": said_share(plain[places][:, place], called, weights),
                    "said specificity": said_share(1 - plain[places][:, place], ~called, weights),
                }
                recall, specificity = (float(hit[of].mean()) if of.any() else np.nan for hit, of in ((called, true), (~called, ~true)))
                yield Folder(model, hospital, share, name, recall, specificity, own_clues)


def _clues(said: Floats, nearer: Floats, far: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    return {
        "mean confidence": float(np.average(said.max(axis=1), weights=weights)),
        "views agree": float(np.average(said.argmax(axis=1) == nearer.argmax(axis=1), weights=weights)),
        "farther than 95 %": float(np.average(far, weights=weights)),
    }


def _far(frames: Frames, model: Model, pooled: Floats) -> np.ndarray:
    """Whether each picture lies farther from what was learnt than 95 % of that from each other."""
    names = {name: number for number, name in enumerate(sorted({row.group for row in frames.rows}))}
    groups = np.array([names[row.group] for row in frames.rows] + list(range(len(names), len(names) + len(pooled) - len(frames.rows))))
    found = nearest(pooled, np.arange(len(pooled)), model.learns, TaskContext(), groups).distance
    return np.asarray(found > np.quantile(found[model.learns], 0.95))
