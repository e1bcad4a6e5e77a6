"""What is wrong with a project, and what can be mended: `endodesk doctor`. Nothing that a reader did is ever dropped."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from endodesk.app.frames.active_overrides import ActiveOverrides
from endodesk.app.frames.frame_list import FrameList
from endodesk.app.frames.indexing import Indexed, index_files
from endodesk.app.frames.scan import list_images
from endodesk.app.frames.taken_frames import with_taken
from endodesk.app.places.found_again import KnownFolder
from endodesk.app.project.kept_bundles import kept_models
from endodesk.app.project.kept_places import is_project
from endodesk.app.project.project import Project, hold_project
from endodesk.app.project.project_file import DATABASE_NAME, JOURNAL_NAME
from endodesk.app.project.stored_pictures import pictures_of_gone, sweep_stored
from endodesk.data.database import MADE_AGAIN
from endodesk.data.safety.backups import Backup, backups_of, is_sound_file
from endodesk.data.safety.recovery import set_record_aside
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256, printable
from endodesk.domain.reviews import CLASSED
from endodesk.system.task import TaskContext


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, as a sentence; what mending would do to it, and does. Nothing can be done where `mend` is None."""

    told: str
    would: str = ""
    mend: Callable[[], None] | None = None


def examine(folder: Path, task: TaskContext, *, mend: bool, known: KnownFolder | None = None) -> Iterator[tuple[Finding, bool]]:
    """Each thing that is wrong with a project, and whether it was mended just now. `known`: where its frames were found.

    BadRequest if there is no project, BadProject if a window has it open, Cancelled.
    """
    database, journal = folder / DATABASE_NAME, folder / JOURNAL_NAME
    copies = backups_of(database)
    if not is_project(folder) and not journal.is_file() and not copies:
        raise BadRequest(f"There is no project in {folder}.")
    for finding in _of_the_record(folder, can_be_made_anew=bool(copies) or journal.is_file()):
        yield finding, _mended(finding, mend=mend)
        if not mend or finding.mend is None:
            return  # opening it would mend it, or cannot be done
    with _opened(folder) as project:
        if project.told:
            yield Finding(project.told), True
        for look in (_of_the_folder, _of_references, _of_the_journal, _of_the_chain, _of_classes, _of_models):
            for finding in look(project, known, task):
                yield finding, _mended(finding, mend=mend)
        for finding in _of_files(project, task):
            yield finding, _mended(finding, mend=mend)


def newest_backup(folder: Path) -> Backup | None:
    """The newest backup of a project; None if it has none."""
    return next(iter(backups_of(folder / DATABASE_NAME)), None)


@contextmanager
def _opened(folder: Path) -> Iterator[Project]:
    project = Project.open(folder)
    try:
        yield project
    finally:
        project.close()


def _mended(finding: Finding, *, mend: bool) -> bool:
    if mend and finding.mend:
        finding.mend()
    return mend and finding.mend is not None


def _of_the_record(folder: Path, *, can_be_made_anew: bool) -> Iterator[Finding]:
    """The database as a whole, before it is opened: opening makes a damaged one anew."""
    database = folder / DATABASE_NAME
    if is_project(folder):
        with hold_project(folder):
            if is_sound_file(database):
                return
    what = f"The file {DATABASE_NAME} is damaged." if is_project(folder) else f"The file {DATABASE_NAME} is missing."
    if not can_be_made_anew:
        yield Finding(f"{what} There is neither a backup nor a journal beside it: put a copy of your own in its place.")
        return

    def aside() -> None:
        if is_project(folder):
            with hold_project(folder):
                set_record_aside(database, "damaged")

    yield Finding(what, "make it anew from its newest backup that is sound and its journal; the damaged one stays beside it", aside)


def _of_the_folder(project: Project, known: KnownFolder | None, _task: TaskContext) -> Iterator[Finding]:
    source = project.source
    if source is None or source.is_dir():
        return
    told = f"The folder of frames {source} is not there."
    if known is None:
        yield Finding(f"{told} Name the folder where they are now instead of the project, or choose Locate in the window.")
        return

    def look_there() -> None:
        known.show_in(project, moves=True)
        project.note_moved()

    yield Finding(told, f"look in {known.folder} from now on, where {len(known.known)} of {known.frames} files are known", look_there)


def _of_references(project: Project, _known: KnownFolder | None, _task: TaskContext) -> Iterator[Finding]:
    broken = project.database.broken_references
    again = sum(number for table, number in broken.items() if table in MADE_AGAIN)
    if again:
        told = f"{again} answers of models or places of files name a frame or a model that the project does not know."
        yield Finding(told, "drop these rows: they are made again", project.database.drop_broken_references)
    if rest := {table: number for table, number in broken.items() if table not in MADE_AGAIN}:
        rows = ", ".join(f"{number} of {table}" for table, number in sorted(rest.items()))
        yield Finding(f"What readers did names what is not there ({rows}). The rows are left as they are.")


def _of_the_journal(project: Project, _known: KnownFolder | None, _task: TaskContext) -> Iterator[Finding]:
    for journal in project.database.kept_journals:
        if lacking := project.database.lacking(journal):

            def take_in(journal: Path = journal) -> None:
                project.database.take_in(journal)

            told = f"{journal.name} holds {lacking} labels, marks and other acts of readers that this project lacks."
            yield Finding(told, "take them in; what was said of a frame since stays on top", take_in)


def _of_the_chain(project: Project, _known: KnownFolder | None, task: TaskContext) -> Iterator[Finding]:
    verdict = project.database.chain.verify(task)
    if verdict.broken:
        broken = verdict.broken
        told = f"The chain of events is broken at row {broken.id} of {broken.table} ({broken.fault})."
        yield Finding(f"{told} Nothing can undo that: endodesk verify says more.")


def _of_classes(project: Project, _known: KnownFolder | None, _task: TaskContext) -> Iterator[Finding]:
    classes = project.label_set
    labels = (stored.correction.value for stored in project.database.corrections.words().every() if stored.correction.kind in CLASSED)
    lost = Counter(label for label in labels if label not in classes)
    if lost:
        named = ", ".join(f"{printable(name)} {number}" for name, number in lost.most_common())
        yield Finding(f"Labels of classes that the project lacks: {named}. They are kept; File > Classes brings a class back.")


def _of_models(project: Project, _known: KnownFolder | None, _task: TaskContext) -> Iterator[Finding]:
    gone = [model.bundle.name for model in kept_models(project) if not model.folder.is_dir()]
    if gone:
        named = ", ".join(map(printable, gone))
        yield Finding(f"The folders of these models are gone: {named}. Their answers are kept; add them again, or use another model.")


def _of_files(project: Project, task: TaskContext) -> Iterator[Finding]:
    """Places where files no longer lie, labelled frames in no file, and pictures of frames that are gone. Reads what is new."""
    source = project.source
    if source is None or not source.is_dir():
        return
    listing = with_taken(list_images(source, task), project.taken_folder, task)
    frames = FrameList(source, listing.names, taken=listing.taken)
    contents: set[Sha256] = set()

    def learn(found: list[Indexed]) -> None:
        contents.update(one.sha256 for one in found if one.sha256)

    index_files(listing.places, listing.names, project.database, task, learn)
    stale = {Path(path): image for path, _, image, _ in project.database.images.stamps() if _is_gone(path, frames)}
    if stale:
        found = sum(image in contents for image in stale.values())
        told = f"{len(stale)} files are no longer where they were; {found} of them were found again in the folder by their content."
        yield Finding(told, "forget the old places", lambda: project.database.images.drop_places(stale))
    if listing.closed:
        return  # what cannot be looked into may hold the rest
    if missing := project.database.corrections.words().keys() - contents:
        yield Finding(f"{len(missing)} labelled frames are in no file of {source}. Their labels are kept.")
    kept = {*contents, *ActiveOverrides(project.database).names(list(contents))}
    pictures = sum(1 for _ in pictures_of_gone(project.folder, kept, task))
    if pictures and contents:
        told = f"{pictures} small pictures of frames are kept that are gone."
        yield Finding(told, "remove these pictures", lambda: sweep_stored(project.folder, kept, task))


def _is_gone(path: str, frames: FrameList) -> bool:
    """Within the folder, and not there; what lies elsewhere may be on a drive that is not connected."""
    if not path.startswith(frames.places.prefix):
        return False
    with suppress(ValueError):
        return not os.path.lexists(path)
    return True
