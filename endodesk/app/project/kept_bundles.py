"""The bundles of a project: which it keeps and what readers call them, and taking another one in, whole or not at all."""

import contextlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from endodesk.app.language import reason_of, tr
from endodesk.app.project.kept_places import is_project
from endodesk.app.project.own_projects import is_on_network
from endodesk.app.project.project import Project, project_folder
from endodesk.app.project.project_file import place_to_open
from endodesk.data.model_store import StoredModel
from endodesk.data.setting_store import MODEL_WORDS
from endodesk.domain.bundles import ModelBundle
from endodesk.domain.errors import BadBundle, BadRequest, EndoDeskError
from endodesk.domain.reviews import BundleId
from endodesk.inference.bundle import DESCRIPTION, PROOF, has_proof, names_of_files, read_bundle
from endodesk.inference.proof import prove
from endodesk.system.atomic import remove_folder, whole_folder, write_files
from endodesk.system.plain_files import plain_bytes
from endodesk.system.task import TaskContext

LONGEST_NAME, LONGEST_NOTE = 60, 1000


@dataclass(frozen=True, slots=True)
class ModelWords:
    """What a reader calls a model, and notes of it; empty where nobody said anything."""

    name: str = ""
    note: str = ""
    deleted: str = ""
    """By whom and when its files were deleted."""


NO_WORDS = ModelWords()


def words_of(project: Project) -> Mapping[BundleId, ModelWords]:
    """Of each model of which a reader said anything."""

    def build(kept: Any) -> dict[BundleId, ModelWords]:
        return {BundleId(str(model)): _cut(ModelWords(**{key: str(text) for key, text in said.items()})) for model, said in kept.items()}

    return project.database.settings.read(MODEL_WORDS, build, {})


def _cut(words: ModelWords) -> ModelWords:
    return ModelWords(words.name[:LONGEST_NAME], words.note[:LONGEST_NOTE], words.deleted[:200])


def name_of(bundle: ModelBundle, words: Mapping[BundleId, ModelWords]) -> str:
    """What a reader calls it, else the name that it came with."""
    return words.get(bundle.id, NO_WORDS).name or bundle.name


def is_deleted(stored: StoredModel, words: Mapping[BundleId, ModelWords]) -> bool:
    """Whether a reader deleted a model, and it has not been added again since."""
    return bool(words.get(stored.bundle.id, NO_WORDS).deleted) and not stored.folder.is_dir()


def kept_models(project: Project) -> list[StoredModel]:
    """All models of a project that were not deleted, in the order in which they were added."""
    words = words_of(project)
    return [stored for stored in project.database.models.all() if not is_deleted(stored, words)]


def keep_bundle(project: Project, source: Path, task: TaskContext | None = None) -> Path:
    """Copy a bundle into the project as `copy_bundle` does, and make it known there; its folder. It does not become the active model."""
    target = copy_bundle(project, source, task)
    project.database.models.add(read_bundle(target), target)
    return target


def copy_bundle(project: Project, source: Path, task: TaskContext | None = None) -> Path:
    """Prove a bundle, and copy the files that it lists into the project's models; its folder, which the project may not know yet.

    BadBundle if it is not whole, or its networks are none that may run here; EndoDeskError if the disk is full; Cancelled by the task.
    """
    bundle = read_bundle(source)
    prove(source, bundle, task)
    target = project.models_folder / bundle.id
    try:
        if not _is_whole(target):
            _copy(source, target, names_of_files(source, bundle))
        elif has_proof(source) and not has_proof(target):  # the same model was trained before there were proofs
            write_files(target, {name: plain_bytes(source / name) for name in (DESCRIPTION, PROOF)})
    except OSError as error:
        raise EndoDeskError(tr("The model could not be copied into the project: {reason}.").format(reason=reason_of(error))) from error
    return target


def forget_copy(project: Project, model: BundleId) -> None:
    """Remove what `copy_bundle` made of a model, unless the project knows it by now. EndoDeskError if the record cannot be read."""
    if all(stored.bundle.id != model for stored in project.database.models.all()):
        with contextlib.suppress(OSError):  # tried again when the next session sweeps
            remove_folder(project.models_folder / model)


def active_bundle(project: Project) -> StoredModel | None:
    """The project's active model; from its folder, where what the record says of it is damaged. None if none was ever chosen.

    BadBundle if it is not there either.
    """
    models = project.database.models
    active = models.active()
    if active:
        check_place(project, active)
    if active is None and models.any_promoted():
        _know_again(project)
        active = models.active()
        if active is None:
            raise BadBundle(tr("What the project knows of it is damaged."))
    return active


def check_place(project: Project, model: StoredModel) -> None:
    """BadBundle if a model is said to lie on another computer, by a project that is not believed such."""
    if is_on_network(model.folder) and not project.is_own:
        told = tr("It is said to lie on another computer, {folder}, in a project that was not made here. Import the model instead.")
        raise BadBundle(told.format(folder=model.folder))


def check_same(model: StoredModel, found: ModelBundle) -> None:
    """BadBundle if the folder of a model holds another one."""
    if found.id != model.bundle.id:
        raise BadBundle(tr("The model folder {folder} holds another model than the project knows.").format(folder=model.folder.name))


def bundle_of(place: Path) -> Path:
    """The folder of a bundle that a user names: the bundle itself, or the active model of a project or of a folder of frames.

    BadRequest if there is neither, BadBundle as `active_bundle`.
    """
    if (place / DESCRIPTION).is_file():
        return place
    kept = project_folder(place_to_open(place))
    if not is_project(kept):
        raise BadRequest(tr("{place} is neither a model bundle nor a project.").format(place=place))
    project = Project.open(kept, alone=False)  # beside a window that has it open
    try:
        active = active_bundle(project)
    finally:
        project.close()
    if active is None:
        raise BadRequest(tr("{place} has no active model. Name a model bundle.").format(place=place))
    return active.folder


def _know_again(project: Project) -> None:
    """A bundle tells all of itself, so that a damaged row is written anew."""
    models = project.database.models
    known = {stored.bundle.id for stored in models.all()}
    for folder in sorted(project.models_folder.glob("*/")):
        if folder.name not in known:
            with contextlib.suppress(BadBundle):
                models.add(read_bundle(folder), folder)


def _is_whole(target: Path) -> bool:
    try:
        read_bundle(target)
    except BadBundle:
        return False
    return True


def _copy(source: Path, target: Path, names: list[str]) -> None:
    with whole_folder(target, over=True) as beside:  # over a damaged one
        for name in names:
            shutil.copyfile(source / name, beside / name)
