"""Make resources/models/starter_learnt.npz: what the starter's training frames look like to its backbone. Needs the frames; run once.

python packaging/make_starter_learnt.py FRAMES
"""

import sys
from pathlib import Path

import numpy as np

from endodesk.app.answers.measuring import measure_features
from endodesk.app.queues.novelty import nearest
from endodesk.dataset.class_folders import class_words
from endodesk.dataset.manifest import class_files, read_files
from endodesk.dataset.split import assign_parts, fingerprint
from endodesk.inference.learnt_frames import LearntFrames, main_axes, unit
from endodesk.inference.predictor import Predictor
from endodesk.system.task import TaskContext
from resources import STARTER_LEARNT, STARTER_MODEL

CLASSES = "esophagitis,polyps,ulcerative-colitis,normal=normal-cecum,normal=normal-pylorus,normal=normal-z-line"
NEAR, WITHIN = 5, 0.95


def main() -> None:
    """Of the frames of the training part, which must be those that the starter was trained on."""
    predictor = Predictor(STARTER_MODEL)
    rows = assign_parts(list(read_files(class_files(Path(sys.argv[1]), class_words(CLASSES))[0]).rows), near=NEAR)
    if fingerprint(rows) != predictor.bundle.split_fingerprint:
        raise SystemExit("These are not the frames that the starter model has learnt from.")
    learnt = [row for row in rows if row.part == "train"]
    seen = measure_features(predictor, learnt, TaskContext())
    features = np.stack([seen[row.sha256] for row in learnt])
    axes = main_axes(features)
    points = (unit(features) @ axes.astype(np.float32)).astype(np.float16)
    places = np.arange(len(learnt))
    groups = np.unique([row.group for row in learnt], return_inverse=True)[1].astype(np.int64)
    apart = nearest(points.astype(np.float32), places, places, TaskContext(), groups).distance
    network = predictor.bundle.networks[0]
    limit = float(np.quantile(apart[np.isfinite(apart)], WITHIN))
    LearntFrames(axes, points, limit, predictor.bundle.files[network.backbone_file], network.recipe.fingerprint).save(STARTER_LEARNT)
    sys.stdout.write(f"{len(learnt)} frames, limit {limit:.4f}, {STARTER_LEARNT.stat().st_size:,} bytes in {STARTER_LEARNT}\n")


if __name__ == "__main__":
    main()
