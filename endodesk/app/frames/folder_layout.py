"""What is told of how a folder lies: frames beside class folders, one class under two spellings, cases that are others than before."""

from collections.abc import Container, Sequence

import numpy as np

from endodesk.app.frames.frame_list import ROOT, FrameRows, class_depth
from endodesk.app.language import tr
from endodesk.app.project.project import Project, are_classes
from endodesk.dataset.class_folders import spellings
from endodesk.domain.case_rules import CASE_FOLDER
from endodesk.domain.centre_rules import NO_CENTRE
from endodesk.domain.images import printable
from endodesk.domain.label_set import LabelSet

_TOLD, _RULE, _CENTRES_TOLD = "spellings_told", "case_rule", "centres_told"


def layout_told(frames: FrameRows, classes: LabelSet) -> list[str]:
    """A sentence on frames beside the class folders, and one on each class under several spellings."""
    return [*_beside_told(frames, classes), *map(_same_told, _spellings(frames, classes))]


def news_of_layout(project: Project, frames: FrameRows, classes: LabelSet) -> list[str]:
    """What the reader should hear when the folder is opened, each once in the life of the project. EndoDeskError."""
    settings = project.database.settings
    told: list[list[str]] = settings.read(_TOLD, list, [])
    if new := [same for same in _spellings(frames, classes) if same not in told]:
        settings.set(_TOLD, [*told, *new])
    return [*map(_same_told, new), *news_of_cases(project, frames, classes), *_news_of_centres(project, frames, classes)]


def _news_of_centres(project: Project, frames: FrameRows, classes: LabelSet) -> list[str]:
    """Once, where the second folder of a path is called like a class, and the first one nowhere: it may be a hospital."""
    settings = project.database.settings
    if project.centre_rule != NO_CENTRE or any(folder.label in classes for folder in frames.folders) or settings.get(_CENTRES_TOLD):
        return []
    within = {folder.parts[1]: folder.parts[0] for folder in reversed(frames.folders) if len(folder.parts) > 1 and not folder.film}
    if not are_classes(within, classes.words):
        return []
    settings.set(_CENTRES_TOLD, True)
    known = next(name for name in within if are_classes((name,), classes.words))
    words = tr(
        "The class folders lie in other folders, such as {known} in {folder}. If those are hospitals, say so under Data > Check splits: "
        "a centre is the folder above the class. Then the class folders give their frames a class."
    )
    return [words.format(known=printable(known), folder=printable(within[known]))]


def news_of_cases(project: Project, frames: FrameRows, classes: LabelSet) -> list[str]:
    """For a project of an older program, once: what its cases are now, if they are others. EndoDeskError."""
    if not len(frames) or project.database.settings.get(_RULE) == CASE_FOLDER:
        return []
    project.database.settings.set(_RULE, CASE_FOLDER)
    return _other_cases_told(frames, classes)


def _beside_told(frames: FrameRows, classes: Container[str]) -> list[str]:
    rows = np.flatnonzero(frames.folder_of == frames.folders.index(ROOT)) if ROOT in frames.folders else np.empty(0, np.intp)
    if not len(rows) or not class_depth(frames.folders, classes):
        return []
    one = tr("1 frame lies beside the class folders ({frame}): it has a class only if a reader gives it one.")
    many = tr("{n:,} frames lie beside the class folders, such as {frame}: they have a class only where a reader gives them one.")
    return [(one if len(rows) == 1 else many).format(n=len(rows), frame=printable(frames.names[rows[0]]))]


def _spellings(frames: FrameRows, classes: LabelSet) -> list[list[str]]:
    folders = {classes.class_of(folder.label) for folder in frames.folders if not folder.film} - {""}
    if not class_depth(frames.folders, classes):  # folders that are cases may be called as they like
        return []
    return [list(same) for same in spellings(folders)]


def _same_told(names: Sequence[str]) -> str:
    words = tr("The folders {folders} are not one class. If they should be, give them one name.")
    return words.format(folders=_listed(*map(printable, names)))


def _listed(*names: str) -> str:
    return tr("{a} and {b}").format(a=", ".join(names[:-1]), b=names[-1])


def _other_cases_told(frames: FrameRows, classes: Container[str]) -> list[str]:
    """For a project of an older program: a case was the folder that a frame lies in, however deep."""
    if frames.cases is not None or frames.case_rule != CASE_FOLDER:
        return []
    below = class_depth(frames.folders, classes)
    before = {name for folder in frames.folders if (name := folder.case_below(below))}
    now = {folder.case_below(below, CASE_FOLDER) for folder in frames.folders} - {""}
    if before == now:
        return []
    words = tr(
        "A case is the first folder below the class now, such as {case}: there are {n:,} cases, where each of {before:,} folders was one. "
        "What was concluded of these is shown with their case. Data > Check splits can make each folder a case again."
    )
    return [words.format(case=printable(min(now - before or now)), n=len(now), before=len(before))]
