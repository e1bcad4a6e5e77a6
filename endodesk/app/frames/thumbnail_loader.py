"""Pictures for what is on screen: the newest wish first, wishes that scrolled away forgotten or cancelled."""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from PySide6.QtGui import QImage

from endodesk.app.jobs import Jobs
from endodesk.app.viewing.pictures import to_qimage
from endodesk.domain.images import Sha256
from endodesk.imaging.hashing import sha256_bytes
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.read import read_bytes
from endodesk.imaging.thumbnail_store import make_thumbnail
from endodesk.system.task import TaskContext

_KEPT = 600
_WAITING = 120  # more than a screen shows
_AT_ONCE = 2
_LARGE_PX = 800


class PictureStore(Protocol):
    """Where Thumbnails gets its pictures from: a store on disk, or the files themselves. Worker threads ask it."""

    def get(self, path: Path, known: Sha256 | None = None) -> tuple[Sha256, RGB]:
        """The frame's name and its picture; UnreadableImage if the file cannot be shown. `known` is the name, where it is known."""


class LargePictures:
    """Frames with a longer side of 800 pixels, to look at two beside each other; nothing is kept on disk."""

    def get(self, path: Path, known: Sha256 | None = None) -> tuple[Sha256, RGB]:  # noqa: ARG002
        """A picture as PictureStore gives it; the file is always read."""
        data = read_bytes(path)
        return sha256_bytes(data), make_thumbnail(data, path.name, _LARGE_PX)


class _Kept(NamedTuple):
    picture: QImage | str
    """Or the reason why there is none."""
    contents: frozenset[Sha256 | None]
    """What was asked for, and what was found."""


class Thumbnails:
    """Asks the store in the background; keeps the latest 600 in memory (about 0.1 MB each) unless told otherwise."""

    def __init__(self, jobs: Jobs, store: PictureStore, arrived: Callable[[Path], None], *, kept: int = _KEPT) -> None:
        self._jobs, self._store, self._tell, self._most = jobs, store, arrived, kept
        self._kept: OrderedDict[Path, _Kept] = OrderedDict()
        self._wishes: deque[Path] = deque(maxlen=_WAITING)
        self._running: dict[Path, TaskContext] = {}
        self._names: dict[Path, Sha256] = {}

    def get(self, path: Path, known: Sha256 | None = None) -> QImage | str | None:
        """The picture, or the reason why there is none; None if it is on its way.

        One of another content than the one that is `known` by now is not shown: the file was exchanged.
        """
        kept = self._kept.get(path)
        if kept is not None and (known is None or known in kept.contents):
            self._kept.move_to_end(path)
            return kept.picture
        if path not in self._running and path not in self._wishes:
            self._wishes.append(path)
            if known is not None:
                self._names[path] = known
            self._next()
        return None

    def keep_to(self, paths: Sequence[Path]) -> None:
        """Fetch what is on screen, from the top down; whatever else was wished for is cancelled."""
        wished, visible = set(self._wishes), set(paths)
        # reversed: the newest wish is the last one, and is taken first
        self._wishes = deque((path for path in reversed(paths) if path in wished), maxlen=_WAITING)
        self._names = {path: name for path, name in self._names.items() if path in visible}
        for path in self._running.keys() - visible:
            self._running[path].cancel()

    def forget(self) -> None:
        """Ask the store again for whatever is shown: files may have changed."""
        self._kept.clear()

    @property
    def idle(self) -> bool:
        """Whether nobody waits for a picture."""
        return not self._running and not self._wishes

    def _next(self) -> None:
        while self._wishes and len(self._running) < _AT_ONCE:
            self._start(self._wishes.pop())

    def _start(self, path: Path) -> None:
        known = self._names.pop(path, None)
        self._running[path] = self._jobs.submit(
            lambda _: self._made(path, known),
            done=lambda kept: self._arrived(path, kept),
            failed=lambda reason: self._arrived(path, _Kept(reason, frozenset({known}))),
            cancelled=lambda: self._dropped(path),
        )

    def _made(self, path: Path, known: Sha256 | None) -> _Kept:
        found, pixels = self._store.get(path, known)
        return _Kept(to_qimage(pixels), frozenset({known, found}))

    def _dropped(self, path: Path) -> None:
        """Note that a wish was cancelled before it was begun: it may be wished for again."""
        self._running.pop(path, None)
        self._next()

    def _arrived(self, path: Path, kept: _Kept) -> None:
        self._running.pop(path, None)
        self._kept[path] = kept
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        self._tell(path)
        self._next()
