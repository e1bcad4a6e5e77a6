"""What can be known of a folder before a project is made of it."""

from collections import Counter
from contextlib import closing
from pathlib import Path

from endodesk.app.project.kept_places import is_project
from endodesk.app.project.project import Project, project_folder
from endodesk.dataset.class_folders import means_no_label
from endodesk.domain.centre_rules import ABOVE_CLASS
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadRequest, EndoDeskError
from endodesk.domain.images import ImageRecord
from endodesk.domain.label_set import LabelSet
from endodesk.system.walk import folders_in


def class_folders_in(folder: Path) -> list[str]:
    """Names of the folders right under it that are fit for classes and mean one, in order; none if it cannot be looked into."""
    try:
        names = folders_in(folder)
    except OSError:
        return []
    return [name for name in names if _is_fit(name) and not means_no_label(name)]


def known_label_set(folder: Path) -> LabelSet | None:
    """The classes of the project that is kept for these frames already; None if there is none, or it cannot be read."""
    kept = project_folder(folder)
    if not is_project(kept):
        return None
    try:
        project = Project.open(kept, alone=False)  # beside a window that has it open
    except EndoDeskError:
        return None
    try:
        return project.label_set if project.has_classes else None
    finally:
        project.close()


def labelled_frames(folder: Path) -> Counter[str]:
    """How many frames of the project kept for a folder any reader calls each class, else their own folder; none if it cannot be read."""
    try:
        with closing(Project.open(project_folder(folder), alone=False)) as project:  # beside a window that has it open
            label_set, root = project.label_set, project.source or folder
            said = project.database.corrections.words()
            above = int(project.centre_rule == ABOVE_CLASS)
            counts = Counter(name for words in said.values() for name in words.classes(label_set.class_of))
            for path, file in project.database.images.known().items():
                if isinstance(file.found, ImageRecord) and file.found.sha256 not in said and path.is_relative_to(root):
                    *folders, _ = path.relative_to(root).parts
                    counts.update(map(label_set.class_of, folders[above : above + 1]))
            return counts
    except EndoDeskError:
        return Counter()


def _is_fit(name: str) -> bool:
    try:
        ClassSet((name,))
    except BadRequest:
        return False
    return True
