"""How soon a moved knob shows, off screen: `python -m tests.benchmarks.knobs`. A frame of 1280 x 1024, recipe `clean`; limit 100 ms.

From the slider's move until strip and frame are painted; and a drag, a move every 16 ms, with the longest pause of the event loop.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from endodesk.imaging.synthetic.frames import render_frame

_MOVES, _DRAGGED = 40, 60


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = folder
        image = cv2.resize(render_frame("polyps", case_seed=1, frame_seed=1, width=1280).image, (1280, 1024))
        frames = Path(folder) / "frames"
        frames.mkdir()
        cv2.imwrite(str(frames / "1.jpg"), image[..., ::-1])
        for line in measured(frames):
            print(line)  # noqa: T201


def measured(frames: Path) -> list[str]:
    """Lines to print."""
    from endodesk.app.project.project import Project
    from endodesk.ui.main_window import MainWindow

    application = QApplication([])
    window = MainWindow(Project.of_images(frames))
    window.remembers = False
    window.resize(1440, 900)
    window.show()
    window.start()
    until(application, lambda: window.session.workspace.open_frame is not None and window.view.box is not None and window.session.jobs.idle)
    window.strip.open_knobs()
    panel, shown = window.strip._panel, []
    assert panel is not None
    window.strip.explorer.explored.connect(lambda frame: shown.append(frame.recipe))
    lines = []
    for step, knob in (("box", "smallest_share"), ("lit-field", "lit_above"), ("inscribe", "overhang")):
        slider, times = panel.rows[step, knob].slider, []
        for n in range(_MOVES):
            shown.clear()
            began = time.perf_counter()
            slider.setValue(slider.minimum() + (n + 1) * (slider.maximum() - slider.minimum()) // (_MOVES + 1))
            until(application, lambda: bool(shown))
            window.strip.grab()
            window.view.grab()
            times.append(1000 * (time.perf_counter() - began))
        lines.append(
            f"{step}, {knob}: median {statistics.median(times):.1f} ms, 95th percentile {sorted(times)[int(0.95 * _MOVES)]:.1f} ms"
        )
    lines.append(dragged(application, window, panel.rows["lit-field", "lit_above"].slider, shown))
    window.close()
    return lines


def dragged(application, window, slider, shown) -> str:
    """A drag from one end to the other."""
    ticks, last = [], time.perf_counter()

    def tick() -> None:
        nonlocal last
        ticks.append(1000 * (time.perf_counter() - last))
        last = time.perf_counter()

    timer = QTimer(interval=1)
    timer.timeout.connect(tick)
    timer.start()
    shown.clear()
    for n in range(_DRAGGED):
        slider.setValue(slider.minimum() + n)
        pause = time.monotonic() + 0.016
        until(application, lambda end=pause: time.monotonic() > end)
    began = time.perf_counter()
    wanted = slider.value()
    until(application, lambda: bool(shown) and dict(shown[-1].steps[1].knobs)["lit_above"] == wanted)
    window.strip.grab()
    late = 1000 * (time.perf_counter() - began)
    return f"dragged: {_DRAGGED} moves, {len(shown)} shown, the last {late:.1f} ms after the end; longest pause {max(ticks):.1f} ms"


def until(application, done, limit_s: float = 60) -> None:
    """Run the event loop until something is so."""
    end = time.monotonic() + limit_s
    while not done():
        application.processEvents()
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        time.sleep(0.0005)


if __name__ == "__main__":
    main()
