"""Going through a film: by keys, by time, and playing it."""

from PySide6.QtCore import QObject, QTimer, Signal

from endodesk.app.films.frame_extractor import FrameExtractor
from endodesk.ui.widgets.class_keys import FixedKey


class FilmPlayer(QObject):
    """Moves an extractor about in its film. Whoever goes somewhere by hand stops what plays."""

    playing_changed = Signal(bool)

    def __init__(self, extractor: FrameExtractor, parent: QObject) -> None:
        super().__init__(parent)
        self._extractor = extractor
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._play_on)

    def keys(self) -> dict[str, FixedKey]:
        """Those that go through the film."""
        extractor = self._extractor
        return {
            "Space": FixedKey(self.turn),
            "Right": FixedKey(lambda: self.go_by(1), repeats=True),
            "Left": FixedKey(lambda: self.go_by(-1), repeats=True),
            "Shift+Right": FixedKey(lambda: self.go_by_seconds(1), repeats=True),
            "Shift+Left": FixedKey(lambda: self.go_by_seconds(-1), repeats=True),
            "PgDown": FixedKey(lambda: self.go_by_seconds(10), repeats=True),
            "PgUp": FixedKey(lambda: self.go_by_seconds(-10), repeats=True),
            "Home": FixedKey(lambda: self.go_by(-extractor.frames)),
            "End": FixedKey(lambda: self.go_by(extractor.frames)),
        }

    def go(self, index: int) -> None:
        """To a frame."""
        self.stop()
        self._extractor.go(index)

    def go_by(self, frames: int) -> None:
        """On or back by frames."""
        self.go(self._extractor.index + frames)

    def go_by_seconds(self, seconds: float) -> None:
        """On or back by time."""
        self.stop()
        self._extractor.go_by_seconds(seconds)

    def turn(self) -> None:
        """Play, from the start where the film is at its end; or stop."""
        film = self._extractor.film
        if self._clock.isActive():
            self.stop()
        elif film:
            if self._at_the_end:
                self._extractor.go(0)
            self._clock.start(max(1, round(1000 / film.rate)))
            self.playing_changed.emit(True)

    def stop(self) -> None:
        """Stay at the frame that is shown."""
        self._clock.stop()
        self.playing_changed.emit(False)

    @property
    def _at_the_end(self) -> bool:
        return self._extractor.index >= self._extractor.frames - 1

    def _play_on(self) -> None:
        if self._at_the_end:
            self.stop()
        elif not self._extractor.waiting:
            self._extractor.go(self._extractor.index + 1)
