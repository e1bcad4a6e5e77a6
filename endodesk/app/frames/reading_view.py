"""ReadingView: what a reader sees of the frames of their reading list, while it is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from endodesk.app.language import tr
from endodesk.data.acts.standing_words import StandingWords, StoredCorrection, marks_among
from endodesk.domain.images import Sha256
from endodesk.domain.read_plan import ends_reading
from endodesk.domain.reviews import NO_MARKS, Correction, Marks


@dataclass(frozen=True, slots=True)
class ListedReads:
    """A reading list as it was made: frames that wait to be read, in their order."""

    rows: tuple[int, ...]
    since: Mapping[Sha256, datetime | None]
    """Of each frame, from when on the reader's own words may be seen; None: all of theirs."""
    done: int
    """Readings of the plan that were done when it was made."""
    total: int
    """Readings of the plan."""


# Why: docs/decisions/app.md 44
class ReadingView:
    """The reader's own words alone, and of a frame that comes again only those since it was due: until then it looks unread."""

    def __init__(self, reader: str, listed: ListedReads) -> None:
        self.reader, self.total = reader, listed.total
        self._since, self._done_before = listed.since, listed.done
        self._read: set[Sha256] = set()
        self._marks: dict[Sha256, Marks] = {}

    def holds(self, image: Sha256 | None) -> bool:
        """Whether a frame stands in the list."""
        return image in self._since

    @property
    def come_again(self) -> list[Sha256]:
        """Frames of which the reader has said something that is out of sight."""
        return [image for image, since in self._since.items() if since]

    def shows(self, said: Correction) -> bool:
        """Whether the reader may see a word."""
        since = self._since.get(said.image)
        return said.reader == self.reader and (since is None or said.at >= since)

    def marks_of(self, image: Sha256) -> Marks:
        """What the reader has said of a frame of the list beside its label, since the list was made."""
        return self._marks.get(image, NO_MARKS)

    def has_read(self, image: Sha256) -> bool:
        """Whether a frame of the list was read since the list was made."""
        return image in self._read

    @property
    def done(self) -> int:
        """Readings of the plan that are done by now."""
        return self._done_before + len(self._read)

    @property
    def told(self) -> str:
        """How far the reader has come, in words."""
        return tr("{done:,} of {total:,} read").format(done=self.done, total=self.total)

    def note(self, images: Iterable[Sha256], words: StandingWords) -> None:
        """Of these frames of the list, `words` are the newest that stand."""
        seen: dict[Sha256, list[StoredCorrection]] = {}
        for stored in words.every():
            if self.shows(stored.correction):
                seen.setdefault(stored.correction.image, []).append(stored)
        for image in images:
            self._read.discard(image)
            self._marks.pop(image, None)
        for image, of_frame in seen.items():
            self._marks[image] = marks_among(of_frame)
            if any(ends_reading(stored.correction) for stored in of_frame):
                self._read.add(image)
