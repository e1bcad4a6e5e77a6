"""What readers do with a project's models beside using them: name them, note something, copy them out, delete them."""

import contextlib
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from endodesk.app.language import reason_of, tr
from endodesk.app.project.kept_bundles import LONGEST_NAME, LONGEST_NOTE, NO_WORDS, ModelWords, words_of
from endodesk.app.project.project import Project
from endodesk.app.project.project_runs import trained_here
from endodesk.app.project.starter import starter_bundle
from endodesk.data.chain.writing import MODEL
from endodesk.data.model_store import StoredModel
from endodesk.data.setting_store import MODEL_WORDS
from endodesk.domain.errors import BadBundle, BadRequest, EndoDeskError
from endodesk.domain.reviews import BundleId
from endodesk.inference.bundle import described, names_of_files, read_bundle
from endodesk.system.atomic import folder_asked_for, remove_folder
from endodesk.system.plain_files import copy_plain
from endodesk.system.private import share_folder_as_usual
from training.plan.run_folder import BUNDLE


def describe(project: Project, bundle: BundleId, name: str, note: str, *, reader: str) -> None:
    """Keep a name and a note. BadRequest if they are too long; EndoDeskError if they could not be saved."""
    name, note = " ".join(name.split()), note.strip()
    if len(name) > LONGEST_NAME or len(note) > LONGEST_NOTE:
        told = tr("A model's name has at most {name} letters, its note at most {note}.")
        raise BadRequest(told.format(name=LONGEST_NAME, note=LONGEST_NOTE))
    _say(project, bundle, replace(words_of(project).get(bundle, NO_WORDS), name=name, note=note), reader)


def _say(project: Project, bundle: BundleId, said: ModelWords, reader: str) -> None:
    told = {MODEL: bundle, **asdict(said)}
    kept = {model: asdict(words) for model, words in {**words_of(project), bundle: said}.items()}
    project.database.settings.set(MODEL_WORDS, kept, reader=reader, told=told)


# Why: docs/decisions/app.md 48
def why_kept(project: Project, stored: StoredModel) -> str:
    """Why a model must not be deleted, as a sentence; empty if it may."""
    active = project.active_model
    if active and active.bundle.id == stored.bundle.id:
        return tr("The active model cannot be deleted: make another one the active one first.")
    starter = starter_bundle()
    if starter and starter.id == stored.bundle.id:
        return tr("This model comes with EndoDesk: it stays to go back to.")
    if not _within(project.models_folder, stored.folder):
        return tr("This model lies outside the project, in {folder}: delete it there.").format(folder=stored.folder)
    return ""


def folders_of(project: Project, stored: StoredModel) -> list[Path]:
    """What deleting a model deletes: the project's copy, and that of the training which made it. Its figures and report stay."""
    found = [stored.folder]
    of_run = project.runs_folder / stored.bundle.run / BUNDLE
    if trained_here(project, stored.bundle) and _within(project.runs_folder, of_run):
        with contextlib.suppress(BadBundle):
            found += [of_run] if described(of_run).id == stored.bundle.id else []
    return found


def delete_model(project: Project, stored: StoredModel, *, reader: str) -> int:
    """Delete a model's files; bytes that are free now. What it answered, its figures and when it was active stay on record.

    BadRequest if it must be kept; EndoDeskError if the files cannot be deleted, of which some may be gone then.
    """
    if sentence := why_kept(project, stored):
        raise BadRequest(sentence)
    folders, words = folders_of(project, stored), words_of(project).get(stored.bundle.id, NO_WORDS)
    # on record first: files that vanish without a word are worse than a word on files that are still there
    _say(project, stored.bundle.id, replace(words, deleted=f"{reader}, {datetime.now(UTC).isoformat(timespec='seconds')}"), reader)
    freed = 0
    try:
        for folder in folders:
            if folder.is_dir():
                freed += sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())
                remove_folder(folder)
    except OSError as error:
        raise EndoDeskError(tr("The model's files could not be deleted: {reason}.").format(reason=reason_of(error))) from error
    return freed


def copy_model(stored: StoredModel, out: Path) -> None:
    """A folder with the model as another EndoDesk takes it. BadBundle if it is damaged, BadRequest if something is in that place."""
    bundle = read_bundle(stored.folder)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadRequest(tr("{folder} is there already; nothing is written over it. Name another place.").format(folder=out))
    with folder_asked_for(out, "The model") as beside:
        for name in names_of_files(stored.folder, bundle):
            copy_plain(stored.folder / name, beside / name)
    share_folder_as_usual(out)


def _within(folder: Path, place: Path) -> bool:
    """By where links lead to, too."""
    return place.absolute().is_relative_to(folder.absolute()) and place.resolve().is_relative_to(folder.resolve())
