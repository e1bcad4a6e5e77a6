"""Going through a film: by keys, by time, and playing it."""

from PySide6.QtCore import QObject, QTimer, Signal

from endodesk.app.films.frame_extractor import FrameExtractor
from endodesk.ui.widgets.class_keys import FixedKey


class FilmPlayer(QObject):
    """Goes through the film of an extractor, by keys or by playing it. Whoever goes somewhere by hand stops what plays."""

    playing_changed = Signal(bool)

    def __init__(self, extractor: FrameExtractor, parent: QObject) -> None:
        super().__init__(parent)
        self._extractor = extractor
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._play_on)

    def keys(self) -> dict[str, FixedKey]:
        """The keys that go through the film; those that go by steps repeat while they are held down."""
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
        """Show a frame, counted from 0; beyond an end it is the first or the last one."""
        self.stop()
        self._extractor.go(index)

    def go_by(self, frames: int) -> None:
        """Go on by so many frames, or back (below 0)."""
        self.go(self._extractor.index + frames)

    def go_by_seconds(self, seconds: float) -> None:
        """Go on by so many seconds of the film, or back (below 0)."""
        self.stop()
        self._extractor.go_by_seconds(seconds)

    def turn(self) -> None:
        """Play the film, from the start where it is at its end; or stop it if it plays."""
        film = self._extractor.film
        if self._clock.isActive():
            self.stop()
        elif film:
            if self._at_the_end:
                self._extractor.go(0)
            # Qt's timers take 0 for: whenever nothing else happens
            self._clock.start(max(1, round(1000 / film.rate)))
            self.playing_changed.emit(True)

    def stop(self) -> None:
        """Stop playing and stay at the frame that is shown."""
        self._clock.stop()
        self.playing_changed.emit(False)

    @property
    def _at_the_end(self) -> bool:
        return self._extractor.index >= self._extractor.frames - 1

    def _play_on(self) -> None:
        if self._at_the_end:
            self.stop()
        elif not self._extractor.waiting:  # a film that is read slowly plays slowly, and shows each frame
            self._extractor.go(self._extractor.index + 1)
