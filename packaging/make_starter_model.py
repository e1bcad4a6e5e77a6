"""Make resources/models/starter of a finished training and its cross-validation; docs/results.md has the commands.

python packaging/make_starter_model.py RUN CROSSVAL
"""

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from endodesk.domain.bundles import ModelBundle
from endodesk.imaging.hashing import sha256_file
from endodesk.inference.bundle import DESCRIPTION, read_bundle
from endodesk.inference.predictor import Predictor
from resources import STARTER_MODEL

CARD = "MODEL_CARD.md"
NOTES = "Research and education only, as the terms of its frames say. Only 29 of them show esophagitis, and all come from a few hospitals."
_IN_TRAINING = ("val_accuracy", "shifted_accuracy")
ABOUT = """## Where its frames come from, and their terms

Kvasir (Pogorelov et al., MMSys 2017) and Kvasir-SEG (Jha et al., MMM 2020): for research and education only, with citation.
HyperKvasir (Borgli et al., Scientific Data 2020). No frame comes with the program. The class `normal` is normal cecum (350
frames), Z-line (11) and pylorus (10) together: other normal mucosa it has hardly seen. Nobody re-read the labels.

## What it must not be used for

It must not be used for diagnosis, triage, treatment or screening, nor to decide which frames a physician sees. It is a start
for labelling and for training a model of one's own. It knows four findings and always names one of them, whatever the frame
shows. **Esophagitis has 29 frames in all:** its figures say little. All frames come from few hospitals and devices: expect
less elsewhere, as the figures on another hospital's frames show.
"""


def main() -> None:
    """Copy what answers need, with a card that says more."""
    run, crossval = (Path(argument) for argument in sys.argv[1:])
    source = run / "bundle"
    bundle = read_bundle(source)
    told = json.loads((crossval / "crossval.json").read_text("utf-8"))
    if tuple(told["classes"]) != tuple(bundle.classes):
        raise SystemExit("The cross-validation is of other classes than the model.")
    shutil.rmtree(STARTER_MODEL, ignore_errors=True)
    STARTER_MODEL.mkdir(parents=True)
    for name in ("backbone.tflite", "head.npz"):
        shutil.copyfile(source / name, STARTER_MODEL / name)
    card = (source / CARD).read_text("utf-8").replace("# Model card: default", "# Model card: EndoDesk starter model", 1)
    before, how = card.split("## How it was made", 1)
    (STARTER_MODEL / CARD).write_text(f"{before}{_cross_validated(told)}\n{ABOUT}\n## How it was made{how}", encoding="utf-8")
    _describe(bundle)
    sys.stdout.write(f"{Predictor(STARTER_MODEL).bundle.id} written to {STARTER_MODEL}\n")


def _describe(bundle: ModelBundle) -> None:
    files = {path.name: sha256_file(path) for path in sorted(STARTER_MODEL.iterdir())}
    starter = replace(bundle, name=f"EndoDesk starter {bundle.created:%Y-%m-%d}", files=files, run="", parent="", notes=NOTES)
    (STARTER_MODEL / DESCRIPTION).write_text(json.dumps(starter.to_json(), indent=2) + "\n", encoding="utf-8")


def _cross_validated(told: Mapping[str, Any]) -> str:
    lines = [
        f"## Cross-validation: {told['frames']} frames, {told['folds']} folds, groups whole (near {told['near']} bits)",
        "",
        "Models made in the same way, each tested on frames that it did not see; mean over the folds, 95 % interval.",
        "",
        *_table({name: row for name, row in told["over_folds"].items() if name not in _IN_TRAINING}),
    ]
    if elsewhere := told.get("external"):
        lines += [
            "",
            f"On {elsewhere['frames']} frames from another hospital, all of them polyps, never trained on and nothing chosen by them:",
        ]
        lines += ["", *_table({name: row for name, row in elsewhere["over_folds"].items() if name == "recall polyps"})]
    return "\n".join([*lines, ""])


def _table(figures: Mapping[str, Mapping[str, Any]]) -> list[str]:
    rows = [f"| {name.replace('_', ' ')} | {row['mean']:.3f} | {_interval(row['interval'])} |" for name, row in figures.items()]
    return ["| figure | mean | interval |", "|---|---|---|", *rows]


def _interval(between: tuple[float, float] | None) -> str:
    return f"{between[0]:.3f} to {between[1]:.3f}" if between else "-"


if __name__ == "__main__":
    main()
