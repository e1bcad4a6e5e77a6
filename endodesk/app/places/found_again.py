"""ReadersWork follows the pictures: the project that knows the frames of a folder, whatever the folder is called and wherever it lies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from endodesk.app.frames.scan import Listing, list_images
from endodesk.app.language import tr
from endodesk.app.project.kept_places import is_project, kept_place, user_projects
from endodesk.app.project.own_projects import is_on_network, is_own
from endodesk.app.project.project import Project
from endodesk.app.project.project_file import DATABASE_NAME
from endodesk.app.project.work_words import work_told
from endodesk.data.image_store import FileStamp
from endodesk.data.safety.glance import ReadersWork, glance
from endodesk.domain.errors import BadProject, UnreadableImage
from endodesk.domain.images import Sha256
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.reading.read import read_bytes
from endodesk.system.task import TaskContext

_SAMPLE = 16
_CANDIDATES = 3
"""Projects that are compared by all frames; of those that know as much of the sample."""

Known = tuple[Sha256, FileStamp]
"""What a file holds, and how it looked in that moment."""


@dataclass(frozen=True, slots=True)
class KnownFolder:
    """A folder of frames, and a project that knows them."""

    folder: Path
    project: Path
    name: str
    """What the project's own folder of frames is, or was, called."""
    frames: int
    """Files in the folder."""
    known: Mapping[Path, Known]
    """Those that hold what the project knows."""
    work: ReadersWork
    gone: bool
    """Whether the project's own folder of frames is no longer where it was."""

    @property
    def told_by_command(self) -> str:
        """The same, and what it comes to."""
        return tr("{known} What was done there counts here; add --new to begin anew.").format(known=self.told)

    @property
    def told(self) -> str:
        """Such as: These 6 frames are known from cases (2 labels, 1 conclusion)."""
        all_of_them = tr("These {n:,} frames are known from {name} ({work}).")
        some = tr("Of these {frames:,} frames {n:,} are known from {name} ({work}).")
        words = all_of_them if len(self.known) == self.frames else some
        return words.format(n=len(self.known), frames=self.frames, name=self.name, work=work_told(self.work))

    def show_in(self, project: Project, *, moves: bool) -> None:
        """Let the project, once it is open, know these files as soon as they are listed; `moves`: they are its images from now on."""
        if moves:
            project.look_at(self.folder)
        project.moved = [(path, *known) for path, known in self.known.items()]

    def open_project(self, *, moves: bool) -> Project:
        """Open it so. BadProject if it cannot be opened, such as while another window has it open."""
        project = Project.open(self.project)
        try:
            self.show_in(project, moves=moves)
        except BaseException:
            project.close()
            raise
        return project


def may_be_known(folder: Path) -> bool:
    """Whether it is worth looking: no project is kept for the folder, and there are other ones. Quick."""
    return not is_project(folder) and kept_place(folder) is None and bool(user_projects())


# Why: docs/decisions/app.md 43
def find_known(folder: Path, task: TaskContext) -> KnownFolder | None:
    """The project that knows most of a folder's frames, at least half of them: by a sample first, then by all.

    Projects that cannot be read are passed over. BadRequest if there is no such folder; Cancelled.
    """
    listing = list_images(folder, task)
    sample = _Contents(listing, task)
    sample.read(_evenly(listing.names, _SAMPLE))
    hits = {project: _held(project, sample.contents) for project in user_projects()}
    likely = [project for project, held in hits.items() if held and held * 2 >= len(sample.contents)]
    best = sorted(likely, key=lambda project: -hits[project])[:_CANDIDATES]
    if not best:
        return None
    sample.know_again(best)
    sample.read(listing.names, tell=True)
    found = [known for project in best if (known := _known_by(project, listing, sample)) is not None]
    return max(found, key=lambda known: (len(known.known), known.work.labels), default=None)


def look_in(folder: Path, project: Path, task: TaskContext) -> KnownFolder:
    """The folder as one project knows it, be it that it knows nothing of it. Raises as `find_known`; BadProject."""
    listing = list_images(folder, task)
    contents = _Contents(listing, task)
    contents.know_again([project])
    contents.read(listing.names, tell=True)
    return _as_known_by(project, listing, contents)


class _Contents:
    """What the files of a folder hold, as far as it was asked for."""

    def __init__(self, listing: Listing, task: TaskContext) -> None:
        self._places, self._task = listing.places, task
        self.known: dict[Path, Known] = {}
        self._stamps: dict[FileStamp, Sha256] = {}

    @property
    def contents(self) -> list[Sha256]:
        """Each once."""
        return list(dict.fromkeys(image for image, _ in self.known.values()))

    def know_again(self, projects: Iterable[Path]) -> None:
        """Files that look as these projects noted them hold what they held: in a folder that was renamed nothing is read."""
        for project in projects:
            try:
                with glance(project / DATABASE_NAME) as file:
                    self._stamps |= file.stamps()
            except BadProject:
                continue

    def read(self, names: Sequence[str], *, tell: bool = False) -> None:
        for done, name in enumerate(names):
            self._task.raise_if_cancelled()
            path = Path(self._places.path(name))
            if path not in self.known:
                self._read(path)
            if tell:
                self._task.report(done + 1, len(names))

    def _read(self, path: Path) -> None:
        try:
            stamp = FileStamp.of(path, 0)
            self.known[path] = self._stamps.get(stamp) or sha256_bytes(read_bytes(path)), stamp
        except (UnreadableImage, OSError, ValueError):
            return  # it is known to nobody


def _evenly(names: Sequence[str], number: int) -> Sequence[str]:
    return names if len(names) <= number else [names[round(n * (len(names) - 1) / (number - 1))] for n in range(number)]


def _held(project: Path, contents: Sequence[Sha256]) -> int:
    try:
        with glance(project / DATABASE_NAME) as file:
            return len(file.holding(contents))
    except BadProject:
        return 0


def _known_by(project: Path, listing: Listing, contents: _Contents) -> KnownFolder | None:
    try:
        found = _as_known_by(project, listing, contents)
    except BadProject:
        return None
    return found if len(found.known) * 2 >= len(listing.names) else None


def _as_known_by(project: Path, listing: Listing, contents: _Contents) -> KnownFolder:
    with glance(project / DATABASE_NAME) as file:
        held, work, source = file.holding(contents.contents), file.work(), file.source
    known = {path: one for path, one in contents.known.items() if one[0] in held}
    own = project / source if source else project
    gone = not (is_on_network(own) and not is_own(project)) and not own.is_dir()  # nobody looks there for a project from elsewhere
    return KnownFolder(listing.root, project, own.name, len(listing.names), known, work, gone)


def known_for(place: Path, task: TaskContext, *, new: bool = False) -> KnownFolder | None:
    """What a command goes on with instead of a new project for a folder, and is to say; None if one is kept for it, or with `new`.

    BadRequest if there is no such folder; Cancelled.
    """
    return find_known(place, task) if not new and place.is_dir() and may_be_known(place) else None
