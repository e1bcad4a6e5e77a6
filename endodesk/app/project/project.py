"""Project: the folder with a reader's work on a folder of images."""

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from PySide6.QtCore import QLockFile

from endodesk.app.class_styles import in_usual_style
from endodesk.app.language import reason_of, tr
from endodesk.app.project.kept_places import beside, is_project, kept_place, new_place, point_to
from endodesk.app.project.own_files import BACKUPS, CACHE, LOCK, MODELS, RUNS, TAKEN, close_to_others
from endodesk.app.project.own_projects import is_on_network, is_own, take_on, user_folder
from endodesk.app.project.project_file import DATABASE_NAME, JOURNAL_NAME, leave_project_file, place_to_open
from endodesk.data.database import Database
from endodesk.data.image_store import FileStamp
from endodesk.data.model_store import StoredModel
from endodesk.data.safety.backups import Backup
from endodesk.data.safety.recovery import open_record, restore
from endodesk.data.setting_store import text_of
from endodesk.dataset.class_folders import means_no_label
from endodesk.domain.case_rules import CASE_FOLDER
from endodesk.domain.centre_rules import NO_CENTRE
from endodesk.domain.classes import ClassSet
from endodesk.domain.errors import BadProject, BadRequest, EndoDeskError
from endodesk.domain.images import Sha256
from endodesk.domain.label_set import LabelSet
from endodesk.system.leftovers import sweep
from endodesk.system.private import private_folder
from endodesk.system.task import TaskContext

_NOTHING = "nothing"
MAX_CLASSES_FROM_FOLDERS = 40
KNOWN_CLASSES = frozenset({
    "esophagitis", "polyps", "ulcerative-colitis", "normal", "normal-cecum", "normal-pylorus", "normal-z-line",
    "dyed-lifted-polyps", "dyed-resection-margins",
})  # fmt: skip
"""Classes of the paper, Kvasir and this program: one of them among the subfolders shows that these are classes, not cases."""


class Project:
    """`project.sqlite`, `models/`, `runs/`, `taken/` and `cache/` in one folder. Images lie elsewhere and are never changed."""

    def __init__(self, folder: Path, database: Database, lock: QLockFile | None, told: str = "") -> None:
        self.folder, self.database, self._lock = folder, database, lock
        self.told = told
        """What happened to its file while it was not open, as a sentence for the reader; empty as a rule."""
        self.keeps_pictures = True
        """Whether small pictures and features of frames may be kept on the disk, in the cache; else they live in memory alone."""
        self.moved: Sequence[tuple[Path, Sha256, FileStamp]] = ()
        """Files that are known by content, with that and how they look now, though the project has never read them where they lie."""
        self.is_own = is_own(folder)
        """Whether it was made, or taken on, by this account on this PC; others are not believed what they say of readers and places."""
        self._passing: TemporaryDirectory[str] | None = None

    @classmethod
    def open(cls, folder: Path, *, alone: bool = True) -> Self:
        """Open or create; `alone` keeps other windows out. BadProject with what to do if that cannot be."""
        folder = folder.absolute()
        try:
            private_folder(folder)
            close_to_others(folder)
        except OSError as error:
            raise BadProject(
                tr(
                    "The project folder {folder} cannot be made: {reason}. Your work would be kept there: ask for the right to write "
                    "to it, or open a project that lies elsewhere."
                ).format(folder=folder, reason=reason_of(error))
            ) from error
        lock, is_new = _locked(folder) if alone else None, not is_project(folder)
        try:
            database, told = _opened(folder, alone=alone)
            try:
                database.images.renew_hashes()
            except BaseException:
                database.close()
                raise
            project = cls(folder, database, lock, told)
        except BaseException:
            if lock:
                lock.unlock()
            raise
        if not project.is_nothing:
            leave_project_file(folder)
            if is_new:
                project.take_on()
        return project

    @classmethod
    def of_images(cls, folder: Path, *, alone: bool = True, label_set: LabelSet | None = None, at: Path | None = None) -> Self:
        """The project for a folder that a user names: the folder itself if it is one, else the one kept for these images.

        `at` is another one to go on with, or the place of a new one: from now on these are its images, whichever were before.
        With classes, they become the project's; labels given before stay as they are.
        """
        project = cls.open(at or project_folder(folder), alone=alone)
        try:
            if not is_project(folder) and (at or project.source is None):
                project.look_at(folder)
            if label_set and not (project.has_classes and project.label_set == label_set):
                project.label_set = label_set
        except BaseException:
            project.close()
            raise
        return project

    def look_at(self, images: Path) -> None:
        """Its images lie in this folder from now on. What is known of them hangs on their content, so nothing else changes."""
        settings, images = self.database.settings, images.absolute()
        if self._named_source is None:
            settings.set("case_rule", CASE_FOLDER)  # of an older program's project it is told what changed
        # of a project beside its images, so that both can be moved together
        settings.set("source", os.path.relpath(images, self.folder) if self.folder == beside(images) else str(images))
        with contextlib.suppress(OSError):  # then it is asked again the next time
            point_to(images, self.folder)

    def note_moved(self) -> None:
        """Take over what `moved` says of files, in a job: the next listing need not read them again. EndoDeskError."""
        moved, self.moved = self.moved, ()
        self.database.images.add_places(moved)

    @classmethod
    def nothing(cls) -> Self:
        """The project of a window without a folder; any number of windows may share it. It needs no home: it holds nothing."""
        try:
            return cls.open(user_folder() / _NOTHING, alone=False)
        except EndoDeskError:
            passing = TemporaryDirectory(prefix="endodesk-", ignore_cleanup_errors=True)
            project = cls.open(Path(passing.name) / _NOTHING, alone=False)
            project._passing = passing
            return project

    @property
    def is_nothing(self) -> bool:
        """Whether this is the project of a window without a folder."""
        return self._passing is not None or self.folder == (user_folder() / _NOTHING).absolute()

    @property
    def source(self) -> Path | None:
        """The folder of images; a relative one lies in the project (the demo's does) or beside it. None if it is withheld."""
        return None if self.withheld_source else self._named_source

    @property
    def withheld_source(self) -> Path | None:
        """A folder on another computer that a project from elsewhere names: nothing looks there until the reader has taken it on."""
        source = self._named_source
        return source if source and is_on_network(source) and not self.is_own else None

    @property
    def _named_source(self) -> Path | None:
        return self.database.settings.read("source", lambda kept: Path(os.path.normpath(self.folder / text_of(kept))), None)

    def take_on(self) -> None:
        """What it says of its reader and of places on the network is believed from now on."""
        if not self.is_own:
            take_on(self.folder)
            self.is_own = True

    @property
    def synthetic(self) -> bool:
        """Whether its frames are generated: the window says so."""
        return bool(self.database.settings.get("synthetic", False))

    @property
    def classes(self) -> ClassSet:
        """Names of the project's classes in order; the paper's three and normal until others were chosen."""
        return self.label_set.names

    @classes.setter
    def classes(self, classes: ClassSet) -> None:
        self.label_set = LabelSet.of(classes)

    @property
    def label_set(self) -> LabelSet:
        """The project's classes with their keys and colours."""
        return self.database.settings.label_set()

    @label_set.setter
    def label_set(self, label_set: LabelSet) -> None:
        self.database.settings.set("classes", label_set.to_json())

    @property
    def has_classes(self) -> bool:
        """Whether classes were chosen, by the reader or from class folders."""
        return self.database.settings.has("classes")

    @property
    def centre_rule(self) -> str:
        """What tells the centre of its frames (`endodesk.domain.centre_rules`, or a pattern); part of its grouping."""
        return self.database.settings.read("grouping", lambda kept: text_of(kept.get("centre", NO_CENTRE)), NO_CENTRE)

    def suggest_classes(self, subfolders: Sequence[str]) -> None:
        """Take class folders as the project's classes, if none were chosen yet and the folders look like classes."""
        if self.has_classes or not are_classes(subfolders):
            return
        names = sorted(name for name in subfolders if not means_no_label(name))
        if 2 <= len(names) <= MAX_CLASSES_FROM_FOLDERS:
            try:
                self.label_set = in_usual_style(LabelSet.of(names))
            except EndoDeskError:  # a name that is not fit for a class: the reader will choose; a full disk: they can look at frames
                return

    @property
    def active_model(self) -> StoredModel | None:
        """The model whose answers are shown."""
        return self.database.models.active()

    @property
    def models_folder(self) -> Path:
        """Where bundles are kept, a folder each."""
        return self.folder / MODELS

    @property
    def runs_folder(self) -> Path:
        """Where trainings are kept, a folder each."""
        return self.folder / RUNS

    @property
    def taken_folder(self) -> Path:
        """Where frames taken from films are kept, a folder a film."""
        return self.folder / TAKEN

    @property
    def cache_folder(self) -> Path:
        """What can be made again: thumbnails and preprocessed frames."""
        return self.folder / CACHE

    def close(self) -> None:
        """Let go of the database and of the lock."""
        self.database.close()
        if self._lock:
            self._lock.unlock()
        if self._passing:
            self._passing.cleanup()


def sweep_project(folder: Path, task: TaskContext) -> None:
    """Remove what killed processes left in a project's folder. Seconds for a large cache."""
    sweep(folder, task, deep=False, names=r"project\..*")  # frames may lie in it, and what else is the user's
    for own in (MODELS, RUNS, TAKEN, CACHE, BACKUPS):
        sweep(folder / own, task)


@contextmanager
def hold_project(place: Path) -> Iterator[Path]:
    """The folder of the project that is kept for a place that a user names, while no window may open it; its database is not opened.

    BadRequest if there is none, BadProject if a window has it open.
    """
    folder = project_folder(place_to_open(place))
    if not is_project(folder):
        raise BadRequest(tr("There is no project for {folder}: nothing is kept of it.").format(folder=place))
    lock = _locked(folder)
    try:
        yield folder
    finally:
        lock.unlock()


def restore_backup(folder: Path, backup: Backup) -> None:
    """Put a backup in the place of the record of a project that is closed, as `endodesk.data.safety.recovery.restore`. BadProject."""
    lock = _locked(folder)  # its database may be gone
    try:
        restore(folder / DATABASE_NAME, backup)
    finally:
        lock.unlock()


# Why: docs/decisions/app.md 1
def project_folder(images: Path) -> Path:
    """The project for a folder of images: the folder itself if it is one, else the one kept for it, else where it would be made."""
    return images if is_project(images) else kept_place(images) or new_place(images)


def are_classes(subfolders: Iterable[str], also: Iterable[str] = ()) -> bool:
    """Whether subfolders look like classes and not like cases: one of them is a class of the field, or one of `also`."""
    return not KNOWN_CLASSES.union(also).isdisjoint(subfolders)


def _opened(folder: Path, *, alone: bool) -> tuple[Database, str]:
    place, journal = folder / DATABASE_NAME, folder / JOURNAL_NAME
    if folder.name == _NOTHING and not alone:
        return Database.open(place), ""  # nobody does anything in it, and several windows share it
    # who is not alone puts nothing aside: another program may have it open
    return open_record(place, journal) if alone else (Database.open(place, journal=journal), "")


def _locked(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)  # a lock whose process is gone is stale at once, one whose process lives never
    if not lock.tryLock(0):
        if lock.error() == QLockFile.LockError.LockFailedError:
            raise BadProject(
                tr("The project {project} is open in another EndoDesk window. Close that one first.").format(project=folder.name)
            )
        raise BadProject(
            tr("The project folder {folder} cannot be written to. Ask for the right to, or choose another folder.").format(folder=folder)
        )
    return lock
