"""Thumbnails for what is on screen: the newest wish first, wishes that scrolled away forgotten."""

from collections import OrderedDict, deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QImage

from endodesk.app.jobs import Jobs
from endodesk.app.pictures import to_qimage
from endodesk.domain.ticket import Ticket
from endodesk.imaging.thumbnails import ThumbnailStore

_KEPT = 1500
_WAITING = 120  # more than a screen shows
_AT_ONCE = 2


class Thumbnails:
    """Asks the store in the background; keeps the latest 1,500 in memory (about 0.1 MB each)."""

    def __init__(self, jobs: Jobs, store: ThumbnailStore, arrived: Callable[[Path], None]) -> None:
        self._jobs, self._store, self._tell = jobs, store, arrived
        self._kept: OrderedDict[Path, QImage | str] = OrderedDict()
        self._wishes: deque[Path] = deque(maxlen=_WAITING)
        self._running: dict[Path, Ticket] = {}

    def get(self, path: Path) -> QImage | str | None:
        """The picture, or the reason why there is none; None if it is on its way."""
        kept = self._kept.get(path)
        if kept is not None:
            self._kept.move_to_end(path)
            return kept
        if path not in self._running and path not in self._wishes:
            self._wishes.append(path)
            self._next()
        return None

    def forget(self) -> None:
        """Ask the store again for whatever is shown: files may have changed."""
        self._kept.clear()

    @property
    def idle(self) -> bool:
        """Whether nobody waits for a picture."""
        return not self._running and not self._wishes

    def _next(self) -> None:
        while self._wishes and len(self._running) < _AT_ONCE:
            path = self._wishes.pop()
            self._running[path] = self._jobs.submit(
                lambda _, path=path: to_qimage(self._store.get(path)[1]),  # type: ignore[misc]
                done=lambda picture, path=path: self._arrived(path, picture),  # type: ignore[misc]
                failed=lambda reason, path=path: self._arrived(path, reason),  # type: ignore[misc]
            )

    def _arrived(self, path: Path, result: QImage | str) -> None:
        self._running.pop(path, None)
        self._kept[path] = result
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self._tell(path)
        self._next()
