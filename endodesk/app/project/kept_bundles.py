"""Taking a finished bundle into a project, whole or not at all."""

import os
import shutil
from pathlib import Path

from endodesk.app.language import tr
from endodesk.app.project.project import Project
from endodesk.domain.errors import BadBundle, EndoDeskError
from endodesk.inference.bundle import DESCRIPTION, read_bundle


def keep_bundle(project: Project, source: Path) -> Path:
    """Prove a bundle, copy the files that it lists into the project's models, and make it known there; its folder.

    BadBundle if it is not whole; EndoDeskError if the disk is full. It does not become the active model.
    """
    bundle = read_bundle(source)
    target = project.models_folder / bundle.id
    try:
        if not _is_whole(target):
            _copy(source, target, [*bundle.files, DESCRIPTION])
    except OSError as error:
        raise EndoDeskError(
            tr("The model could not be copied into the project: {reason}.").format(reason=(error.strerror or tr("unknown reason")).lower())
        ) from error
    project.database.models.add(read_bundle(target), target)
    return target


def _is_whole(target: Path) -> bool:
    try:
        read_bundle(target)
    except BadBundle:
        return False
    return True


def _copy(source: Path, target: Path, names: list[str]) -> None:
    beside = target.with_name(f".{target.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for name in names:
        with (source / name).open("rb") as read, (beside / name).open("wb") as written:
            shutil.copyfileobj(read, written, 1024 * 1024)
            written.flush()
            os.fsync(written.fileno())
    shutil.rmtree(target, ignore_errors=True)  # a damaged one
    beside.rename(target)
