"""One measurement of the window in a process of its own; prints one line of JSON. Started by `window.py`."""

import os
import sys
import time

STARTED = float(os.environ["ENDODESK_BENCH_STARTED"])
_FRAME_MS, _TICK_MS = 30_000, 1


def open_window(folder: str):
    """As the program opens it, from its command line's door on."""
    import gc
    from pathlib import Path

    gc.disable()  # as endodesk/__main__.py does
    from endodesk.ui import start

    application, window = start.make_window(Path(folder) if folder else None)
    if folder:  # beside other projects a folder is opened once it was looked into: until then the window has nothing
        until(application, lambda: not window.session.project.is_nothing)
    return application, window


def told(**figures: float) -> None:
    import json

    print(json.dumps(figures), flush=True)  # noqa: T201


def until(application, done, limit_s: float = 600) -> None:
    """Run the event loop until something is so."""
    end = time.monotonic() + limit_s
    while not done():
        application.processEvents()
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        time.sleep(0.001)


def usable(application, window) -> None:
    """Painted, and the event loop answers."""
    window.grab()
    application.processEvents()


def start_(folder: str, _model: str) -> None:
    application, window = open_window(folder)
    usable(application, window)
    told(s=time.time() - STARTED, cpu=time.process_time())
    window.close()


def first_screen(folder: str, _model: str) -> None:
    """Names, and every thumbnail of the first screen."""
    application, window = open_window(folder)
    session, view = window.session, window.gallery.view
    until(application, lambda: len(session.workspace.frames) > 0 and session.workspace.row >= 0)
    view.grab()
    until(application, lambda: session.thumbnails.idle and all_painted(window))
    view.grab()
    told(s=time.time() - STARTED, cpu=time.process_time(), mb=peak_mb())
    close(window)


def all_painted(window) -> bool:
    from PySide6.QtCore import Qt

    model, visible = window.gallery.model, window.gallery.view.visible
    frames = [place for place in visible if model.items[place] >= 0]
    return bool(frames) and all(model.index(place).data(Qt.ItemDataRole.DecorationRole) is not None for place in frames)


def read_all(folder: str, _model: str) -> None:
    application, window = open_window(folder)
    until(application, lambda: len(window.session.workspace.frames) and window.session.jobs.idle)
    told(s=time.time() - STARTED, mb=peak_mb())
    close(window)


def keys(folder: str, _model: str) -> None:
    """A key every 150 ms or more, once the next frame is fetched ahead: from the press until it is painted."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    application, window = open_window(folder)
    session = window.session
    until(application, lambda: session.workspace.open_frame is not None and session.jobs.idle)
    times, own = [], []
    for _ in range(100):
        pause = time.monotonic() + 0.15
        until(application, lambda end=pause: time.monotonic() > end and session.jobs.idle)
        began, worked = time.perf_counter(), time.thread_time()
        QTest.keyClick(window, Qt.Key.Key_Right)
        until(application, lambda: session.workspace.open_frame is not None)
        window.view.grab()
        times.append(1000 * (time.perf_counter() - began))
        own.append(1000 * (time.thread_time() - worked))
    told(**percentiles(times), own_p95=percentiles(own)["p95"])
    close(window)


def pauses(folder: str, model: str) -> None:
    """How late a timer comes that should come every millisecond, while the gallery scrolls and all frames are read and answered."""
    from PySide6.QtCore import QTimer

    application, window = open_window(folder)
    session, bar = window.session, window.gallery.view.verticalScrollBar()
    if model:
        from pathlib import Path

        from endodesk.app.project.kept_bundles import keep_bundle

        session.model.promote(keep_bundle(session.project, Path(model)), reader="bench", why="benchmark")
    until(application, lambda: len(session.workspace.frames) > 0)
    session.list_folder()
    last, times, own = (time.perf_counter(), time.thread_time()), [], []

    def tick() -> None:
        nonlocal last
        now = time.perf_counter(), time.thread_time()
        times.append(1000 * (now[0] - last[0]))
        own.append(1000 * (now[1] - last[1]))
        last = now

    timer, scroll = QTimer(interval=_TICK_MS), QTimer(interval=16)
    timer.timeout.connect(tick)
    scroll.timeout.connect(lambda: bar.setValue((bar.value() + 60) % max(1, bar.maximum())))
    timer.start()
    scroll.start()
    QTimer.singleShot(12_000, application.quit)
    application.exec()
    work = percentiles(own)
    told(**percentiles(times), own_longest=work["longest"], own_p99=work["p99"])
    close(window)


def percentiles(times: list[float]) -> dict[str, float]:
    import numpy as np

    return {
        "p50": float(np.percentile(times, 50)),
        "p95": float(np.percentile(times, 95)),
        "p99": float(np.percentile(times, 99)),
        "longest": max(times),
    }


def peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def close(window) -> None:
    window.close()


if __name__ == "__main__":
    {"start": start_, "first_screen": first_screen, "read_all": read_all, "keys": keys, "pauses": pauses}[sys.argv[1]](*sys.argv[2:4])
    os._exit(0)
