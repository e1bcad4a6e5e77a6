"""Whether a training of a project is as it was signed, and whether the record says what it said then."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from endodesk.app.frames.current_reviews import ReviewTable
from endodesk.app.frames.frame_list import FrameRows
from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.app.retraining.proof.model_proof import NAMED, ModelProof, digest_of_row, named, rows_changed, told_changed, when_told
from endodesk.app.retraining.proof.proof_signing import SIGNED_FILES, settings_of
from endodesk.app.retraining.retraining import set_aside
from endodesk.dataset.manifest import PARTS, ManifestRow, read_manifest
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.shown_text import visible
from endodesk.imaging.hashing import sha256_file
from endodesk.system.text_files import read_text_file
from training.plan.config import load_config
from training.plan.run_folder import CONFIG, MANIFEST, METRICS

FrameNames = Mapping[Sha256, str]
"""The frames that are known now by content, with the names that the window has for them."""
_MOST_BYTES = 64 * 1024 * 1024


def run_faults(project: Project, proof: ModelProof, run: Path, frames: FrameNames, classes: Sequence[str]) -> list[str]:
    """What of a run's folder is not as it was signed, a sentence each. `classes` are the model's. For a job. OSError."""
    faults: list[str] = []
    for name in SIGNED_FILES:
        signed, file = proof.files.get(name), run / name
        if not file.is_file():
            faults += [tr("{file} of the training is missing.").format(file=name)] if signed else []
        elif signed is None:
            faults.append(tr("{file} of the training was not there when it was signed.").format(file=name))
        elif sha256_file(file) != signed:
            known = {CONFIG: _settings_changed, METRICS: _figures_changed}.get(name)
            changed = known(proof, file) if known else _rows_told(project, proof, file, frames, classes) if name == MANIFEST else []
            faults += changed or [tr("{file} of the training was changed.").format(file=name)]
    return faults


def anchor_faults(project: Project, proof: ModelProof) -> list[str]:
    """Whether the record has the event up to which the labels were taken."""
    count, here = proof.anchor["count"], project.database.chain.digest_at(proof.anchor["count"]) or ""
    if not count or here == proof.anchor["digest"]:
        return []
    missing = tr("Event {n:,} of the record is missing, up to which the labels were taken on {date}.")
    other = tr("Event {n:,} of the record is another one than when the labels were taken on {date}.")
    return [(other if here else missing).format(n=count, date=when_told(proof.anchor["date"]))]


def labels_then(project: Project, proof: ModelProof, rows: Sequence[ManifestRow], frames: FrameNames) -> list[str]:
    """Frames that the record of the anchor calls otherwise than the training did; of those that nobody had labelled it says nothing."""
    reviews, class_of = ReviewTable(project.database.chain.data_set_after(proof.anchor["count"]).words), project.label_set.class_of
    told = tr("The record of that time calls {frame} {said}; the training took {label}.")
    found = []
    for row in rows:
        decided = reviews.words_of(row.sha256).decided(class_of)
        if decided is None:
            continue
        said = class_of(decided.word.correction.value) if decided.word else tr("undecided")
        if said != class_of(row.label):
            found.append(told.format(frame=frame_told(project, row, frames), said=visible(said), label=visible(row.label)))
    return named(found)


def labels_now(project: Project, rows: Sequence[ManifestRow], frames: FrameRows, reviews: ReviewTable) -> list[str]:
    """What today calls frames otherwise than the training did, as one sentence; nothing where that is all the same."""
    label_set, entries = project.label_set, {entry.sha256: entry for entry in frames if entry.sha256}
    found = []
    for row in rows:
        if (entry := entries.get(row.sha256)) is None:
            continue
        label = reviews.label_of(entry, label_set)
        now = tr("set aside") if set_aside(reviews, row.sha256) else label.name or tr("undecided") if label else tr("without a label")
        if now != label_set.class_of(row.label):
            told = tr("{frame} was {then}, now {now}")
            found.append(told.format(frame=visible(entry.name), then=visible(row.label), now=visible(now)))
    if not found:
        return []
    n = len(found)
    more = [tr("and {n:,} more").format(n=n - NAMED)] if n > NAMED else []
    words = tr("1 label is not as it was: {labels}.") if n == 1 else tr("{n:,} labels are not as they were: {labels}.")
    return [words.format(n=n, labels="; ".join([*found[:NAMED], *more]))]


def frames_gone(project: Project, rows: Sequence[ManifestRow], there: Sequence[ManifestRow], frames: FrameNames) -> list[str]:
    """Frames of the training that are not here any more with the content that they had, a sentence each."""
    contents = {row.sha256 for row in there}
    changed, missing = tr("{frame} is not the picture that it was."), tr("{frame} is not here any more.")
    lost = (row for row in rows if row.sha256 not in contents)
    return named((changed if row.file.is_file() else missing).format(frame=frame_told(project, row, frames)) for row in lost)


def frame_told(project: Project, row: ManifestRow, frames: FrameNames) -> str:
    """A frame as the window names it now, or by the file that it was."""
    source, file = project.source, row.file
    was = file.relative_to(source).as_posix() if source and file.is_relative_to(source) else str(file)
    return visible(frames.get(row.sha256, was))


def _settings_changed(proof: ModelProof, file: Path) -> list[str]:
    try:
        settings = settings_of(load_config(file))
    except BadRequest as error:
        return [str(error)]
    return told_changed(tr("{key} is {now} in the training's configuration; {signed} was signed."), proof.configuration, settings)


def _figures_changed(proof: ModelProof, file: Path) -> list[str]:
    try:
        told = json.loads(read_text_file(file, _MOST_BYTES).text)
        figures = {key: told[key] for key in proof.figures if key in told}
    except (BadRequest, ValueError, TypeError, RecursionError):
        return []
    return told_changed(tr("{key} is {now} in the training's figures; {signed} was signed."), proof.figures, figures)


def _rows_told(project: Project, proof: ModelProof, file: Path, frames: FrameNames, classes: Sequence[str]) -> list[str]:
    try:
        rows = read_manifest(file)
    except BadRequest as error:
        return [str(error)]
    changed, missing = rows_changed(proof, rows, classes)
    told = tr("{frame} is {now} in the training's list of frames; {signed} was signed.")
    added = tr("{frame} was put into the training's list of frames after it was signed.")
    faults = [
        (told if label else added).format(
            frame=frame_told(project, row, frames), now=f"{visible(row.label)} ({row.part})", signed=f"{visible(label)} ({part})"
        )
        for row, label, part in changed
    ]
    if missing:
        listed, signed = {row.sha256 for row in rows}, set(proof.rows)
        lost = [
            tr("{frame} is missing from the training's list of frames; {label} was signed.").format(
                frame=visible(name), label=f"{visible(label)} ({part})"
            )
            for image, name in frames.items()
            for label in classes
            for part in PARTS
            if image not in listed and digest_of_row(image, label, part) in signed
        ]
        n = missing - len(lost)
        faults += [*lost, *([tr("Frames that are missing from the training's list: {n:,}.").format(n=n)] if n > 0 else [])]
    return named(faults)
