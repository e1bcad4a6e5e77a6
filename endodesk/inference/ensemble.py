"""Ensemble: several bundles as one, whose probabilities are averaged. It appears whole or not at all."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadRequest
from endodesk.domain.member_networks import MOST_MEMBERS, Member
from endodesk.imaging.hashing import sha256_file
from endodesk.inference.bundle import DESCRIPTION, read_bundle
from endodesk.system.atomic import folder_asked_for
from endodesk.system.task import TaskContext

CARD = "MODEL_CARD.md"


def make_ensemble(sources: Sequence[Path], out: Path, *, name: str = "", task: TaskContext | None = None) -> ModelBundle:
    """Copy the bundles' networks and cards into a new bundle folder `out`.

    BadBundle if one of them is not whole; BadRequest with a sentence if they do not go together, or `out` is there or cannot be
    written. Cancelled by the task.
    """
    bundles = [read_bundle(folder) for folder in sources]
    _check(sources, bundles)
    if out.exists():
        raise BadRequest(f"{out} is there already; name a new folder for the ensemble.")
    with folder_asked_for(out, "The ensemble") as beside:
        ensemble = _write(sources, bundles, beside, name or out.name, task or TaskContext())
        read_bundle(beside)  # proven before it gets its name
    return ensemble


def _check(sources: Sequence[Path], bundles: Sequence[ModelBundle]) -> None:
    if not 2 <= len(bundles) <= MOST_MEMBERS:
        raise BadRequest(f"An ensemble has 2 to {MOST_MEMBERS} members, not {len(bundles)}; name that many bundles.")
    first = bundles[0]
    seen: set[str] = set()
    for folder, bundle in zip(sources, bundles, strict=True):
        if bundle.members:
            raise BadRequest(f"{folder} is an ensemble itself; name the bundles that it was made of.")
        if bundle.classes != first.classes:
            raise BadRequest(
                f"{folder} answers for {', '.join(bundle.classes)}, {sources[0]} for {', '.join(first.classes)}: "
                "members must have the same classes in the same order."
            )
        if bundle.id in seen:
            raise BadRequest(f"{folder} is named twice (or is a copy); each member counts once.")
        seen.add(bundle.id)


def _write(sources: Sequence[Path], bundles: Sequence[ModelBundle], beside: Path, name: str, task: TaskContext) -> ModelBundle:
    members: list[Member] = []
    for number, (folder, bundle) in enumerate(zip(sources, bundles, strict=True), 1):
        [alone] = bundle.networks  # ensembles of ensembles were refused before
        backbone, head = f"{number}.{alone.backbone_file}", f"{number}.{alone.head_file}"
        member = replace(alone, bundle=bundle.id, backbone_file=backbone, head_file=head)
        files = {alone.backbone_file: member.backbone_file, alone.head_file: member.head_file, CARD: f"{number}.{CARD}"}
        for there, here in files.items():
            if there in bundle.files:  # a bundle need not have a card
                shutil.copyfile(folder / there, beside / here)  # without its mode: what is read-only there may be deleted here
        members.append(member)
        task.report(number, len(bundles), "copying")
    (beside / CARD).write_text(_card(name, bundles), encoding="utf-8")
    ensemble = _described(name, bundles, members, {path.name: sha256_file(path) for path in sorted(beside.iterdir())})
    (beside / DESCRIPTION).write_text(json.dumps(ensemble.to_json(), indent=2) + "\n", encoding="utf-8")
    return ensemble


def _described(name: str, bundles: Sequence[ModelBundle], members: Sequence[Member], files: dict[str, str]) -> ModelBundle:
    first, splits = bundles[0], {bundle.split_fingerprint for bundle in bundles}
    mixed = "Its members were trained on different splits: the test frames of one may be training frames of another."
    return ModelBundle(
        name=name,
        classes=first.classes,
        recipe=first.recipe,
        created=datetime.now(UTC).replace(microsecond=0),
        files=files,
        backbone=" + ".join(member.backbone for member in members),
        scaling=first.scaling,
        synthetic=any(bundle.synthetic for bundle in bundles),
        split_fingerprint=first.split_fingerprint if len(splits) == 1 else "",
        notes=mixed if len(splits) > 1 else "",
        members=tuple(members),
    )


def _card(name: str, bundles: Sequence[ModelBundle]) -> str:
    lines = [
        f"# Model card: {name}",
        "",
        "**Research use only.** Not a medical device. It must not be used for diagnosis, triage or treatment, nor on patients.",
        "",
        f"An ensemble: the mean of the calibrated probabilities of {len(bundles)} models. It was not measured itself; measure it on",
        "frames that none of its members was trained on (`endodesk evaluate`). Each member's own card lies beside this one.",
        "",
        "| member | model | backbone | recipe | split |",
        "| --- | --- | --- | --- | --- |",
    ]
    for number, bundle in enumerate(bundles, 1):
        cells = (str(number), f"{bundle.name} ({bundle.id})", bundle.backbone, bundle.recipe.name, bundle.split_fingerprint or "-")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])
